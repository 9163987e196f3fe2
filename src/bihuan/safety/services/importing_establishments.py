"""The import of establishments: how a row is read, found again and written, in sets."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bihuan.core.orgs.models import Org, OrgKind, Sector
from bihuan.core.orgs.services import open_venues_of
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import prefix_range, within
from bihuan.safety.models import Upload
from bihuan.safety.rules.registers import EstablishmentRows
from bihuan.safety.rules.sheet import columns_for
from bihuan.safety.services.importing_rows import REFUSED, TWICE, Statement

# Taken out one by one: a function that returns a record is begun anew for each row.
_DATA = """LATERAL (
    SELECT r.data->>'sector' AS sector, r.data->>'address' AS address,
           r.data->>'registered_in' AS registered_in, r.data->>'head' AS head,
           (r.data->>'unit_id')::bigint AS unit_id, (r.data->>'lon')::float8 AS lon,
           (r.data->>'lat')::float8 AS lat, r.data->'own' AS own) d"""
_THING = "CASE code WHEN '' THEN 'n' || name || '|' || place_id ELSE 'c' || code END"
# `NOT e.code = ''` is how the unique index knows its rows: without it every row is compared.
_BY_CODE = """
UPDATE safety_uploadrow r SET known = e.id FROM safety_establishment e
WHERE r.upload_id = %(upload)s AND e.kind_id = %(kind)s AND e.code = r.code AND NOT e.code = ''
  AND e.scope >= %(low)s AND e.scope < %(high)s AND r.known IS DISTINCT FROM e.id
"""
_BY_NAME = """
UPDATE safety_uploadrow r SET known = e.id
FROM orgs_venue v JOIN safety_establishment e ON e.venue_id = v.id
WHERE r.upload_id = %(upload)s AND r.known IS NULL AND v.place_id = r.place_id
  AND v.name = r.name AND e.kind_id = %(kind)s
"""
_TAKEN = (
    "r.known IS NULL AND r.code <> '' AND EXISTS (SELECT 1 FROM safety_establishment e"
    " WHERE e.kind_id = %(kind)s AND e.code = r.code AND NOT e.code = '')"
)
_DIFFERS = f"""
WITH said AS (
    SELECT r.id, (r.code <> '' AND r.code <> e.code) OR d.address <> e.address
        OR d.registered_in <> e.registered_in OR d.head <> e.head
        OR e.fields || d.own <> e.fields OR r.name <> v.name
        OR d.lon IS DISTINCT FROM v.lon AND d.lon IS NOT NULL
        OR d.lat IS DISTINCT FROM v.lat AND d.lat IS NOT NULL AS differs
    FROM safety_uploadrow r JOIN safety_establishment e ON e.id = r.known
    JOIN orgs_venue v ON v.id = e.venue_id, {_DATA}
    WHERE r.upload_id = %(upload)s
)
UPDATE safety_uploadrow r SET differs = said.differs IS TRUE FROM said
WHERE said.id = r.id AND (said.differs IS TRUE) <> (r.differs IS TRUE)
"""  # noqa: S608
# Rows of one place stand together, so that the indexes by scope are written page after page.
_TABLE = """
CREATE TEMP TABLE safety_fresh (
    id bigint, code text, name text, kind text, place_id bigint, scope text COLLATE "C",
    sector text, address text, registered_in text, head text, unit_id bigint, lon float8,
    lat float8, own jsonb)
"""
_FRESH = f"""
WITH gone AS (
    DELETE FROM safety_uploadrow WHERE upload_id = %(upload)s
        AND id BETWEEN %(first)s AND %(last)s AND known IS NULL RETURNING *
)
INSERT INTO safety_fresh
SELECT nextval(pg_get_serial_sequence('orgs_venue', 'id')), r.code, r.name, %(kind)s, r.place_id,
       r.scope, coalesce(d.sector, ''), coalesce(d.address, ''), coalesce(d.registered_in, ''),
       coalesce(d.head, ''), d.unit_id, d.lon, d.lat, d.own
FROM gone r, {_DATA} ORDER BY r.scope, r.id
"""  # noqa: S608
_INSERT = """
INSERT INTO safety_establishment (
    venue_id, kind_id, sector, scope, owner_org_id, issuer_org_id, code, address, registered_in,
    head, fields, kind_version, colour, token, created_at)
SELECT id, kind, sector, scope, unit_id, %(org)s, code, address, registered_in, head, own,
       %(version)s, '', gen_random_uuid(), %(at)s FROM safety_fresh
"""
_CHANGE = f"""
WITH gone AS (
    DELETE FROM safety_uploadrow WHERE upload_id = %(upload)s
        AND id BETWEEN %(first)s AND %(last)s AND differs RETURNING *
), part AS (
    SELECT r.known, r.code, r.name, d.* FROM gone r, {_DATA}
), moved AS (
    UPDATE orgs_venue v SET name = part.name, lon = coalesce(part.lon, v.lon),
           lat = coalesce(part.lat, v.lat)
    FROM part JOIN safety_establishment e ON e.id = part.known WHERE v.id = e.venue_id
), changed AS (
    UPDATE safety_establishment e SET code = coalesce(nullif(part.code, ''), e.code),
           address = coalesce(part.address, e.address), head = coalesce(part.head, e.head),
           registered_in = coalesce(part.registered_in, e.registered_in),
           fields = e.fields || part.own, kind_version = CASE
               WHEN e.fields || part.own <> e.fields THEN %(version)s ELSE e.kind_version END
    FROM part WHERE e.id = part.known
)
SELECT count(*) FROM part
"""  # noqa: S608


class Establishments:
    """The register of establishments of one kind."""

    action = "establishment.import"

    def __init__(self, upload: Upload, by: Actor, at: datetime) -> None:
        assert upload.kind is not None
        self.kind, self.by = upload.kind, by
        low, high = prefix_range(by.scope)
        self.facts = {
            "upload": upload.pk, "kind": self.kind.pk, "low": low, "high": high, "at": at,
            "org": by.org_id, "version": self.kind.version,
        }  # fmt: skip

    def rows(self) -> EstablishmentRows:
        """What a row must hold. Three queries."""
        here = Place.objects.filter(within("path", self.by.scope), valid_to=None)
        places = {code: (pk, path) for code, pk, path in here.values_list("code", "pk", "path")}
        mine = (code for code, (pk, _path) in places.items() if pk == self.by.place_id)
        units = Org.objects.filter(within("scope", self.by.scope), kind=OrgKind.UNIT)
        return EstablishmentRows(
            columns_for(self.kind.schema), self.kind.schema, self.kind.sector_id or "", places,
            next(mine, ""), frozenset(Sector.objects.values_list("code", flat=True)),
            {(name, place): pk for name, place, pk in units.values_list("name", "place_id", "pk")},
        )  # fmt: skip

    def once(self) -> Iterator[Statement]:
        """A licence, or else a name in its place, comes once."""
        yield TWICE.format(thing=_THING, code="establishment.twice"), {}

    def matching(self) -> Iterator[Statement]:
        """Find each row by its licence, else by name and place; a licence from elsewhere is none."""
        yield _BY_CODE, self.facts
        yield _BY_NAME, self.facts
        facts = "jsonb_build_object('licence', code)"
        yield REFUSED.format(condition=_TAKEN, column="code", value="code",
                             code="establishment.code", facts=facts), self.facts  # fmt: skip
        yield _DIFFERS, {}

    def write(self, cursor: Any, first: int, last: int) -> int:
        """New ones with their key places and parties, and changed ones; how many."""
        told = self.facts | {"first": first, "last": last}
        cursor.execute(_TABLE)
        cursor.execute(_FRESH, told)
        count = int(cursor.rowcount)
        if count:
            open_venues_of("safety_fresh", by=self.by)
            cursor.execute(_INSERT, told)
        cursor.execute("DROP TABLE safety_fresh")
        cursor.execute(_CHANGE, told)
        return count + int(cursor.fetchone()[0])
