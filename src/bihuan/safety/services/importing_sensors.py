"""The import of sensors: each names its establishment by the number of the licence."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from bihuan.core.evidence.cells import plain
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import prefix_range
from bihuan.safety.models import Upload
from bihuan.safety.rules.sheet import SENSOR
from bihuan.safety.rules.tables import Left
from bihuan.safety.services.importing_rows import (
    REFUSED,
    TWICE,
    Waiting,
    dumped,
    figure,
    words,
)

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
"""
_KNOWN = """
UPDATE safety_uploadrow r SET known = s.id FROM safety_sensor s
WHERE r.upload_id = %(upload)s AND s.code = r.code AND s.establishment_id = r.parent
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
UPDATE safety_uploadrow r SET differs = coalesce(said.differs, false) FROM said WHERE said.id = r.id
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

    key, action, columns = "code", "sensor.import", SENSOR

    def __init__(self, upload: Upload, by: Actor, at: datetime) -> None:
        low, high = prefix_range(by.scope)
        silent = registry.value("sensor.silent_seconds", at, scope=by.scope).value
        self.by = by
        self.facts = {
            "upload": upload.pk, "low": low, "high": high, "at": at, "org": by.org_id,
            "silent": int(silent),
        }  # fmt: skip

    def place_of(self, column: str) -> int:
        """Where a column stands among the cells."""
        return next(n for n, one in enumerate(SENSOR) if one.key == column)

    def read(self, cells: Sequence[str]) -> Waiting:
        """Code, name, place, scope and the rest of a row. Raises Left."""
        code, name, measure = words(cells[0], 40), words(cells[1], 120), words(cells[3], 20)
        for column, said in (("code", code), ("name", name), ("measure", measure)):
            if not said:
                raise Left(column, "sensor.incomplete")
        low, high = figure(cells[4], "low"), figure(cells[5], "high")
        if (low is None and high is None) or (None not in (low, high) and low >= high):  # type: ignore[operator]
            raise Left("high", "sensor.limits")
        silent = figure(cells[6], "silent")
        if silent is not None and (silent < 1 or silent != int(silent) or silent > 10_000_000):
            raise Left("silent", "field.whole")
        data: dict[str, Any] = {"licence": plain(cells[2]).replace("\0", ""), "measure": measure,
                                "low": low, "high": high}  # fmt: skip
        if silent is not None:
            data["silent"] = int(silent)
        return code, name, self.by.place_id, self.by.scope, dumped(data)

    def matching(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Find the establishment of each row by its licence, and the sensor by its number."""
        yield TWICE.format(thing="code", code="sensor.twice"), {}
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
