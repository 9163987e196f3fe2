"""The four-colour map: the places below one, each by its gravest risk or by a rate."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bihuan.core.places.types import PlaceMap
from bihuan.safety.rules.risk import COLOURS
from bihuan.safety.selectors.risks import ColourMap, ColourRow
from bihuan.web.situation.picture import Band, bands, bounds_of, outlines, tint_of
from bihuan.web.templatetags.loops import percent
from bihuan.web.templatetags.safety import colour_word

HIGHEST, SHARE = "highest", "share"  # how a place is coloured
GRAVE = COLOURS[:2]


def highest(row: ColourRow) -> str:
    """The gravest colour that any establishment there has; "" where none is graded. Pure."""
    return next((colour for colour, n in row.counts if colour and n), "")


def grave_share(row: ColourRow) -> float | None:
    """The share of red and orange among the graded; None where none is graded. Pure."""
    graded = sum(n for colour, n in row.counts if colour)
    return sum(n for colour, n in row.counts if colour in GRAVE) / graded if graded else None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A map with its way of colouring and its legend."""

    found: ColourMap
    way: str

    @property
    def bounds(self) -> tuple[float, ...]:
        """Where a stronger tint begins."""
        return bounds_of([grave_share(row) for row in self.found.rows])

    @property
    def bands(self) -> tuple[Band, ...]:
        """The legend of the rate."""
        return bands(self.bounds)

    def tint(self, row: ColourRow) -> str | int | None:
        """Statutory colours for the gravest risk itself alone; a rate has tints of its own."""
        if self.way == SHARE:
            return tint_of(grave_share(row), self.bounds)
        return highest(row) or None

    def drawing(self, below: PlaceMap) -> dict[str, Any]:
        """What the script draws, with the words for each place."""
        rows = {row.path: row for row in self.found.rows}
        return {
            "flat": not below.outlines,
            "shapes": outlines(below),
            "places": [
                {
                    "code": place.code, "name": place.name, "short": place.short_name,
                    "tint": self.tint(rows[place.path]) if place.path in rows else None,
                    "told": _told(rows.get(place.path)), "href": _address(place.path, rows),
                }
                for place in below.places
            ],
        }  # fmt: skip


def _told(row: ColourRow | None) -> list[str]:
    """Each colour with its word."""
    if row is None:
        return []
    lines = [f"{colour_word(colour)} {n}" for colour, n in row.counts]
    return [*lines, f"{_('重大和较大占比')} {percent(grave_share(row))}"]


def _address(path: str, rows: Mapping[str, ColourRow]) -> str:
    """One level down, or the list where no place lies below."""
    row = rows.get(path)
    name = "safety:colours" if row is None or row.lower else "safety:establishments"
    return f"{reverse(name)}?{urlencode({'under': path})}"
