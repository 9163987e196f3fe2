"""Sectors with department and figures; kinds with their fields."""

from dataclasses import dataclass

from django.db.models import Count as Counted
from django.db.models import Q

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Sector, SectorOwner
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.rules import upper_paths
from bihuan.safety.models import Establishment, Kind
from bihuan.safety.rules.fields import Field, fields_of

HAZARD = "hazard:"  # how the origin of a hazard's loop begins


@dataclass(frozen=True, slots=True)
class SectorRow:
    """One sector as the reader's area has it."""

    sector: Sector
    department: str
    establishments: int
    open_hazards: int


def sector_rows(*, by: Actor) -> tuple[SectorRow, ...]:
    """Every sector with the department that runs it here. Four queries."""
    paths = [*upper_paths(by.scope), by.scope]
    owners: dict[str, str] = {}
    rows = SectorOwner.objects.filter(place__path__in=paths).select_related("org", "place")
    for owner in sorted(rows, key=lambda one: len(one.place.path)):  # the nearest is written last
        owners[owner.sector_id] = owner.org.name
    places = Establishment.objects.filter(sight(by), closed_at=None).values_list("sector")
    counted = dict(places.annotate(n=Counted("pk")))
    found = Obligation.objects.filter(
        sight(by), Q(origin__startswith=HAZARD), flow="problem", closed_at=None
    )
    hazards = dict(found.values_list("sector").annotate(n=Counted("pk")))
    return tuple(
        SectorRow(sector, owners.get(sector.code, ""), counted.get(sector.code, 0),
                  hazards.get(sector.code, 0))
        for sector in Sector.objects.order_by("name")
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class KindRow:
    """One kind with its own fields and how many the reader sees."""

    kind: Kind
    fields: tuple[Field, ...]
    establishments: int


def kind_rows(*, by: Actor) -> tuple[KindRow, ...]:
    """Every kind. Two queries."""
    places = Establishment.objects.filter(sight(by), closed_at=None).values_list("kind")
    counted = dict(places.annotate(n=Counted("pk")))
    kinds = Kind.objects.select_related("sector").order_by("name")
    return tuple(KindRow(k, fields_of(k.schema), counted.get(k.pk, 0)) for k in kinds)
