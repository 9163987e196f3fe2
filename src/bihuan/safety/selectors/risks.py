"""Methods of the pack in force; the risks of an establishment; colours by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Count as Counted
from django.db.models import Q

from bihuan.core.errors import Invalid
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Establishment, RiskEvent, RiskObject
from bihuan.safety.rules.gb18218 import Tables
from bihuan.safety.rules.risk import COLOURS, Cut, Method

MATRIX = "matrix"


def methods(*, at: datetime, scope: str) -> tuple[dict[str, Any], ...]:
    """Every method that may be chosen, the local one first."""
    own = registry.value("risk.method", at, scope=scope).value
    rows = (*registry.table("safety_method", at, scope=scope),
            *registry.table("safety_matrix", at, scope=scope))  # fmt: skip
    return tuple(sorted(rows, key=lambda row: row["key"] != own))


def method_of(key: str, *, at: datetime, scope: str) -> Method:
    """One method with its cut points. Raises Invalid("risk.method")."""
    for row in registry.table("safety_method", at, scope=scope):
        if row["key"] == key:
            factors = {
                name: tuple(Decimal(value) for value in values)
                for name, values in row["factors"].items()
            }
            cuts = tuple(Cut(colour, Decimal(at_), over) for colour, at_, over in row["cuts"])
            return Method(key, factors, cuts)
    raise Invalid("risk.method", field="method", value=key)


def matrix_cells(*, at: datetime, scope: str) -> Sequence[Sequence[str]]:
    """The cells of the matrix in force."""
    (row,) = registry.table("safety_matrix", at, scope=scope)
    cells: Sequence[Sequence[str]] = row["cells"]
    return cells


def source_tables(*, at: datetime, scope: str) -> Tables:
    """The tables of GB 18218 in force."""
    alpha = registry.table("hazard_source_alpha", at, scope=scope)
    levels = registry.table("hazard_source_level", at, scope=scope)
    return Tables(
        [(row["people"], Fraction(row["alpha"])) for row in alpha],
        [(Fraction(row["from"]), row["level"]) for row in levels],
    )


def objects(*, establishment_id: int) -> tuple[RiskObject, ...]:
    """The risks of an establishment the caller has seen, with events and measures. Three queries."""
    rows = RiskObject.objects.filter(establishment=establishment_id)
    return tuple(rows.prefetch_related("events__measures").order_by("pk"))


def top_events(*, establishment_id: int) -> tuple[RiskEvent, ...]:
    """The events of an establishment, the gravest first: what its card announces. Two queries."""
    rows = RiskEvent.objects.filter(object__establishment=establishment_id)
    found = list(rows.select_related("object").prefetch_related("measures"))
    return tuple(sorted(found, key=lambda event: COLOURS.index(event.residual)))


@dataclass(frozen=True, slots=True)
class ColourRow:
    """How many establishments of each colour a place has."""

    place: str
    path: str
    red: int
    orange: int
    yellow: int
    blue: int
    ungraded: int


def colours_by_place(*, by: Actor) -> tuple[ColourRow, ...]:
    """Establishments by place and colour, the gravest places first. One query."""
    rows = (
        Establishment.objects.filter(sight(by), closed_at=None)
        .values_list("venue__place__name", "scope")
        .annotate(
            **{colour: Counted("pk", filter=Q(colour=colour)) for colour in COLOURS},
            ungraded=Counted("pk", filter=Q(colour="")),
        )
    )
    found = [ColourRow(*row) for row in rows]
    return tuple(sorted(found, key=lambda row: (-row.red, -row.orange, -row.yellow, row.path)))
