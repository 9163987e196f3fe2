"""Oxygen, staff, devices, medicines of hospitals against the beds they will have in use."""

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
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
    beds: int  # ordinary beds in use in some days that it is for
    icu: int

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
    """Every hospital of these lines, those with most shortages first. One query.

    What is for an age is measured by the beds kept for that age, in hospitals that have such.
    """
    told: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        told[line.facility.id].append(line)
    counted = Holding.objects.filter(facility__in=told, at__lte=at)
    latest = counted.order_by("facility", "resource", "-at", "-pk").distinct("facility", "resource")
    held = {(row.facility_id, row.resource): row for row in latest}
    least, icus = int(registry.value("support.stock_days", at).value), icu_kinds(at)
    found = []
    for pk, mine in told.items():
        rules = registry.table("care_resource", at, scope=mine[0].facility.scope)
        kept = {line.kind for line in mine}
        rows = tuple(
            _support(rule, held.get((pk, str(rule["key"]))), _in_use(mine, rule, icus), least)
            for rule in rules
            if "lines" not in rule or kept.intersection(rule["lines"])
        )
        found.append(
            HospitalSupport(mine[0].facility, *_in_use(mine, {}, icus), mine[0].days, rows)
        )
    return tuple(sorted(found, key=lambda row: (-len(row.shortages), row.facility.name)))


def _in_use(
    lines: Iterable[Line], rule: Mapping[str, Any], icus: Container[str]
) -> tuple[int, int]:  # fmt: skip
    """Ordinary and intensive-care beds in use in some days, of the kinds that a resource is for."""
    meant = [line for line in lines if line.kind in rule.get("lines", (line.kind,))]
    icu = sum(line.forecast for line in meant if line.kind in icus)
    return sum(line.forecast for line in meant) - icu, icu


def _support(
    rule: Mapping[str, Any], held: Holding | None, in_use: tuple[int, int], least: int
) -> Support:  # fmt: skip
    beds, icu = in_use
    if held is None:
        return Support(rule, None, None, beds, icu)
    ratio = Ratio(float(rule["per_bed"]), float(rule["per_icu"]), rule["stock"], rule["whole"])
    verdict = judge(ratio, held=held.quantity, per_day=held.per_day, beds=beds, icu=icu, days=least)
    return Support(rule, held, verdict, beds, icu)
