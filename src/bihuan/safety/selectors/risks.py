"""Methods of the pack in force; the risks of an establishment; colours by place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Prefetch

from bihuan.core.errors import Invalid
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Level, Place
from bihuan.core.places.types import under
from bihuan.safety.models import Measure, RiskEvent, RiskObject
from bihuan.safety.rules.gb18218 import Tables
from bihuan.safety.rules.risk import COLOURS, Cut, Method
from bihuan.safety.selectors.tallies import OPEN, Part, place_counts

MATRIX = "matrix"
# A control keeps its line when it fails and works again.
MEASURES = Prefetch("measures", Measure.objects.order_by("pk"))
IN_ORDER = Prefetch("events__measures", Measure.objects.order_by("pk"))
LOWER = (Level.NATION, Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWNSHIP)


def methods(*, at: datetime, scope: str) -> tuple[dict[str, Any], ...]:
    """Every method that may be chosen, the local one first."""
    own = registry.value("risk.method", at, scope=scope).value
    rows = (*registry.table("safety_method", at, scope=scope),
            *registry.table("safety_matrix", at, scope=scope))  # fmt: skip
    return tuple(sorted(rows, key=lambda row: row["key"] != own))


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor of a method, each value it may have with what it means in both languages."""

    name: str
    title: str
    title_en: str
    steps: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Scale:
    """A method with its factors, as a person chooses from it."""

    key: str
    title: str
    title_en: str
    factors: tuple[Factor, ...]


def scales(*, at: datetime, scope: str) -> tuple[Scale, ...]:
    """Every method that may be chosen with the scales of its factors, the local one first."""
    told = {row["key"]: row for row in registry.table("safety_factor", at, scope=scope)}
    return tuple(
        Scale(row["key"], row["title"], row["title_en"], tuple(
            _factor(name, values, told.get(f"{row.get('scale', row['key'])}.{name}", {}))
            for name, values in _values(row).items()
        ))
        for row in methods(at=at, scope=scope)
    )  # fmt: skip


def _values(row: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    """The values of each factor; of a matrix the numbers of its rows and columns."""
    if "factors" in row:
        factors: Mapping[str, Sequence[str]] = row["factors"]
        return factors
    tall, wide = len(row["cells"]), len(row["cells"][0])
    return {"l": [str(n + 1) for n in range(tall)], "s": [str(n + 1) for n in range(wide)]}


def _factor(name: str, values: Sequence[str], told: Mapping[str, Any]) -> Factor:
    """A factor; a pack of one's own need not say what its values mean."""
    words = {step[0]: step for step in told.get("steps", ())}
    steps = tuple((one, words[one][1], words[one][2]) if one in words else (one, "", "")
                  for one in values)  # fmt: skip
    title = name.upper()
    return Factor(name, told.get("title", title), told.get("title_en", title), steps)


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


def substances(*, at: datetime, scope: str) -> tuple[dict[str, Any], ...]:
    """The substances of GB 18218 with their thresholds in force."""
    return registry.table("safety_substance", at, scope=scope)


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
    return tuple(rows.prefetch_related("events", IN_ORDER).order_by("pk"))


def top_events(*, establishment_id: int) -> tuple[RiskEvent, ...]:
    """The events of an establishment, the gravest first: what its card announces. Two queries."""
    rows = RiskEvent.objects.filter(object__establishment=establishment_id)
    found = list(rows.select_related("object").prefetch_related(MEASURES))
    return tuple(sorted(found, key=lambda event: COLOURS.index(event.residual)))


@dataclass(frozen=True, slots=True)
class ColourRow:
    """How many establishments of each colour a place has. Without a name: in none of the others."""

    place: str
    path: str
    counts: tuple[tuple[str, int], ...]  # colour, how many; the ungraded last, as ""
    lower: bool  # places may lie below it


@dataclass(frozen=True, slots=True)
class ColourMap:
    """The colours of a place and of those straight below it."""

    place: Place
    upper: str  # the path to go back to; empty at the top of the reader's area
    rows: tuple[ColourRow, ...]
    whole: ColourRow


def colours_by_place(*, by: Actor, path: str = "") -> ColourMap:
    """Establishments by place and colour, the gravest places first, from counters. Three queries.

    Raises NotFound("place.not_found").
    """
    counts = place_counts(by=by, path=path)
    found = [row for row in map(_colour_row, counts.parts) if any(n for _c, n in row.counts)]
    grave = sorted(found, key=lambda row: (*(-n for _c, n in row.counts[:3]), row.path))
    above = counts.place.parent
    upper = above.path if above and under(above.path, by.scope) else ""
    return ColourMap(counts.place, upper, tuple(grave), _colour_row(counts.whole))


def _colour_row(part: Part) -> ColourRow:
    counts = tuple(("" if one == "ungraded" else one, part.count((one,))) for one in OPEN)
    lower = part.place is not None and part.place.level in LOWER
    return ColourRow(part.name, part.path, counts, lower)
