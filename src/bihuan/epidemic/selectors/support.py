"""Oxygen, staff, devices, medicines of hospitals against the beds they will have in use."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.core.packs import registry
from bihuan.epidemic.models import Holding
from bihuan.epidemic.rules.support import Ratio, Verdict, judge
from bihuan.epidemic.selectors.capacity import Line
from bihuan.epidemic.selectors.care import FacilityRow, icu_kinds


@dataclass(frozen=True, slots=True)
class Support:
    """One resource of one hospital; without a count nobody knows whether it will do."""

    resource: Mapping[str, Any]
    holding: Holding | None
    verdict: Verdict | None

    @property
    def short(self) -> bool:
        """Whether it will not do."""
        return self.verdict is not None and self.verdict.short > 0


@dataclass(frozen=True, slots=True)
class HospitalSupport:
    """A hospital with what it has, and the beds in use that this is measured by."""

    facility: FacilityRow
    beds: int  # ordinary beds in use in some days
    icu: int
    days: int  # of the forecast
    rows: tuple[Support, ...]

    @property
    def shortages(self) -> list[Support]:
        """What will not do."""
        return [row for row in self.rows if row.short]

    @property
    def uncounted(self) -> int:
        """Resources nobody has counted."""
        return sum(row.holding is None for row in self.rows)


def supports(lines: Iterable[Line], at: datetime) -> tuple[HospitalSupport, ...]:
    """Every hospital of these lines, those with most shortages first. One query."""
    icus = icu_kinds(at)
    told: dict[int, tuple[Line, int, int]] = {}
    for line in lines:
        row, beds, icu = told.get(line.facility.id, (line, 0, 0))
        more = line.forecast
        told[line.facility.id] = (row, beds + (0 if line.kind in icus else more),
                                  icu + (more if line.kind in icus else 0))  # fmt: skip
    counted = Holding.objects.filter(facility__in=told, at__lte=at)
    latest = counted.order_by("facility", "resource", "-at", "-pk").distinct("facility", "resource")
    held = {(row.facility_id, row.resource): row for row in latest}
    least = int(registry.value("support.stock_days", at).value)
    found = [
        HospitalSupport(line.facility, beds, icu, line.days, tuple(
            _support(rule, held.get((pk, str(rule["key"]))), beds, icu, least)
            for rule in registry.table("care_resource", at, scope=line.facility.scope)
        ))
        for pk, (line, beds, icu) in told.items()
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: (-len(row.shortages), row.facility.name)))


def _support(
    rule: Mapping[str, Any], held: Holding | None, beds: int, icu: int, least: int
) -> Support:  # fmt: skip
    if held is None:
        return Support(rule, None, None)
    ratio = Ratio(float(rule["per_bed"]), float(rule["per_icu"]), rule["stock"], rule["whole"])
    verdict = judge(ratio, held=held.quantity, per_day=held.per_day, beds=beds, icu=icu, days=least)
    return Support(rule, held, verdict)
