"""The import of sensors: each names its establishment by the number of the licence."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import prefix_range
from bihuan.safety.models import Upload
from bihuan.safety.rules.registers import SensorRows
from bihuan.safety.services.importing_rows import REFUSED, TWICE, Statement

_DATA = (
    "jsonb_to_record(r.data) AS d(licence text, measure text, low float8, high float8,"
    " silent integer)"
)
_PARENT = """
UPDATE safety_uploadrow r SET parent = e.id, place_id = v.place_id, scope = e.scope
FROM safety_kind k JOIN safety_establishment e ON e.kind_id = k.code
JOIN orgs_venue v ON v.id = e.venue_id
WHERE r.upload_id = %(upload)s AND e.code = r.data->>'licence' AND NOT e.code = ''
  AND e.closed_at IS NULL AND e.scope >= %(low)s AND e.scope < %(high)s
  AND (r.parent, r.place_id, r.scope) IS DISTINCT FROM (e.id, v.place_id, e.scope::text)
"""
_KNOWN = """
UPDATE safety_uploadrow r SET known = s.id FROM safety_sensor s
WHERE r.upload_id = %(upload)s AND s.code = r.code AND s.establishment_id = r.parent
  AND r.known IS DISTINCT FROM s.id
"""
_TAKEN = "r.known IS NULL AND EXISTS (SELECT 1 FROM safety_sensor s WHERE s.code = r.code)"
_DIFFERS = f"""
WITH said AS (
    SELECT r.id, (r.name, d.measure) IS DISTINCT FROM (s.name, s.measure)
        OR (d.low, d.high) IS DISTINCT FROM (s.low::float8, s.high::float8)
        OR d.silent <> s.silent_seconds AS differs
    FROM safety_uploadrow r JOIN safety_sensor s ON s.id = r.known, {_DATA}
    WHERE r.upload_id = %(upload)s
)
UPDATE safety_uploadrow r SET differs = said.differs IS TRUE FROM said
WHERE said.id = r.id AND (said.differs IS TRUE) <> (r.differs IS TRUE)
"""  # noqa: S608
_WRITE = f"""
WITH gone AS (
    DELETE FROM safety_uploadrow WHERE upload_id = %(upload)s
        AND id BETWEEN %(first)s AND %(last)s AND (known IS NULL OR differs) RETURNING *
), part AS (
    SELECT r.known, r.code, r.name, r.parent, d.* FROM gone r, {_DATA}
), fresh AS (
    INSERT INTO safety_sensor (
        establishment_id, scope, sector, owner_org_id, issuer_org_id, code, name, measure, low,
        high, silent_seconds, created_at)
    SELECT e.id, e.scope, e.sector, e.owner_org_id, %(org)s, part.code, part.name, part.measure,
           part.low, part.high, coalesce(part.silent, %(silent)s), %(at)s
    FROM part JOIN safety_establishment e ON e.id = part.parent WHERE part.known IS NULL
), changed AS (
    UPDATE safety_sensor s SET name = part.name, measure = part.measure, low = part.low,
           high = part.high, silent_seconds = coalesce(part.silent, s.silent_seconds)
    FROM part WHERE s.id = part.known
)
SELECT count(*) FROM part
"""  # noqa: S608


class Sensors:
    """The register of sensors."""

    action = "sensor.import"

    def __init__(self, upload: Upload, by: Actor, at: datetime) -> None:
        low, high = prefix_range(by.scope)
        silent = registry.value("sensor.silent_seconds", at, scope=by.scope).value
        self.by = by
        self.facts = {
            "upload": upload.pk, "low": low, "high": high, "at": at, "org": by.org_id,
            "silent": int(silent),
        }  # fmt: skip

    def rows(self) -> SensorRows:
        """What a row must hold."""
        return SensorRows(self.by.place_id, self.by.scope)

    def once(self) -> Iterator[Statement]:
        """A number comes once."""
        yield TWICE.format(thing="code", code="sensor.twice"), {}

    def matching(self) -> Iterator[Statement]:
        """Find the establishment of each row by its licence, and the sensor by its number."""
        yield _PARENT, self.facts
        yield REFUSED.format(condition="r.parent IS NULL", column="licence",
                             value="coalesce(data->>'licence', '')", code="sensor.place",
                             facts="'{}'::jsonb"), self.facts  # fmt: skip
        yield _KNOWN, self.facts
        yield REFUSED.format(condition=_TAKEN, column="code", value="code", code="sensor.exists",
                             facts="jsonb_build_object('sensor', code)"), self.facts  # fmt: skip
        yield _DIFFERS, {}

    def write(self, cursor: Any, first: int, last: int) -> int:
        """New ones and changed ones; how many."""
        cursor.execute(_WRITE, self.facts | {"first": first, "last": last})
        return int(cursor.fetchone()[0])
