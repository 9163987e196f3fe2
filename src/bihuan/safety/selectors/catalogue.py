"""Sectors with department and figures; kinds with their fields."""

from dataclasses import dataclass

from django.db.models import Count as Counted

from bihuan.core.loops.models import OPEN_HAZARD, Obligation
from bihuan.core.orgs.models import Sector, SectorOwner
from bihuan.core.orgs.rules import SEES_PLACE, SEES_SECTORS
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.rules import upper_paths
from bihuan.safety.models import Kind
from bihuan.safety.rules.fields import Field, fields_of
from bihuan.safety.selectors.tallies import OPEN, Part, hazard_counts

HAZARD = "hazard:"  # how the origin of a hazard's loop begins


@dataclass(frozen=True, slots=True)
class SectorRow:
    """One sector as the reader's area has it."""

    sector: Sector
    department: str
    establishments: int
    open_hazards: int


def sector_rows(*, by: Actor, counted: Part) -> tuple[SectorRow, ...]:
    """Every sector with the department that runs it here. Three queries."""
    paths = [*upper_paths(by.scope), by.scope]
    owners: dict[str, str] = {}
    rows = SectorOwner.objects.filter(place__path__in=paths).select_related("org", "place")
    for owner in sorted(rows, key=lambda one: len(one.place.path)):  # the nearest is written last
        owners[owner.sector_id] = owner.org.name
    hazards = _open_hazards(by)
    return tuple(
        SectorRow(sector, owners.get(sector.code, ""),
                  counted.count(OPEN, sector=sector.code), hazards.get(sector.code, 0))
        for sector in Sector.objects.order_by("name")
    )  # fmt: skip


def _open_hazards(by: Actor) -> dict[str, int]:
    """How many are open in each sector: a department is told of its own, a unit of its own."""
    if by.role in SEES_PLACE | SEES_SECTORS:
        told = hazard_counts(path=by.scope)
        return {key: n for key, n in told.items() if by.role in SEES_PLACE or key in by.sectors}
    rows = Obligation.objects.filter(OPEN_HAZARD).filter(sight(by))
    return dict(rows.values_list("sector").annotate(n=Counted("*")))


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind with its own fields and how many the reader sees."""

    kind: Kind
    fields: tuple[Field, ...]
    establishments: int


def kind_rows(*, counted: Part) -> tuple[KindRow, ...]:
    """Every kind. One query."""
    kinds = Kind.objects.select_related("sector").order_by("name")
    return tuple(KindRow(k, fields_of(k.schema), counted.count(OPEN, kind=k.pk)) for k in kinds)
