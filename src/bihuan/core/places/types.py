"""Scope helpers: a scope is the dotted path of a place, compared as a prefix range."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q
from django.db.models.functions import Left
from django.db.models.lookups import Exact

NATION_PATH = ""
"""The nation's path is the empty prefix: everything lies under it."""

_AFTER_EVERY_DIGIT = ":"

# How many characters the paths of three levels have: "44.01.", "44.01.06.", "44.01.06.003.".
CITY, COUNTY, TOWNSHIP = 6, 9, 13


def prefix_range(path: str) -> tuple[str, str]:
    """The half-open range [low, high) that holds `path` and everything below it.

    Paths end in a dot and compare by code point (C collation); "/" follows "." there, so that
    "44.01." becomes ("44.01.", "44.01/").
    """
    if path == NATION_PATH:
        return NATION_PATH, _AFTER_EVERY_DIGIT
    return path, path[:-1] + "/"


def under(path: str, other: str) -> bool:
    """Whether `path` is `other` or lies below it."""
    return path.startswith(other)


def within(field: str, path: str) -> Q:
    """A filter for the rows whose scope column `field` is `path` or below it; uses a B-tree."""
    low, high = prefix_range(path)
    return Q(**{f"{field}__gte": low, f"{field}__lt": high})


def in_order(path: str) -> Q:
    """`within("scope", path)` of a large table whose rows of a city and of a county are indexed in
    an order of their own, by the first characters of the scope.
    """
    if len(path) in {CITY, COUNTY}:
        return Q(Exact(Left("scope", len(path)), path))
    return within("scope", path)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to be written; level, path, parent and search key follow from the code."""

    code: str
    name: str
    valid_from: date
    valid_to: date | None = None
    households: int | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A place as lists show it."""

    id: int
    code: str
    name: str
    short_name: str
    level: str
    path: str


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """Places to be drawn: GeoJSON geometry by code, or else column and row of a tile by code."""

    places: tuple[PlaceRow, ...]
    outlines: dict[str, dict[str, object]]
    tiles: dict[str, tuple[int, int]]
    source: str


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What a load wrote: places in force by level, former places, changes."""

    levels: dict[str, int]
    former: int = 0
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """One line or feature that an import cannot take, and why."""

    line: int
    value: str
    code: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import will do (preview) or did (act): taken, already there, refused."""

    taken: int
    unchanged: int
    refused: tuple[Refusal, ...] = ()
    notes: dict[str, object] = field(default_factory=dict)
