"""The map of a place by its children: rates for colour, figures for the table beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from bihuan.core.loops.types import TallyRow
from bihuan.core.places.types import PlaceMap

SHARES = ("overdue", "open", "closed")
STEPS = (0.05, 0.1, 0.2, 0.4)  # bounds between the five tints, as shares


@dataclass(frozen=True, slots=True)
class Line:
    """One child with its figures and the share that colours it; None: nothing was ever asked."""

    tally: TallyRow
    share: float | None
    tint: int | None

    @property
    def done(self) -> int:
        """Closed, in time or late."""
        return self.tally.closed + self.tally.late


def share_of(row: TallyRow, kind: str) -> float | None:
    """The share of what was not withdrawn; of the open ones for what is overdue. Pure."""
    whole = row.total - row.withdrawn
    if kind == "overdue":
        return row.overdue / row.active if row.active else (0.0 if whole else None)
    part = row.active if kind == "open" else row.closed + row.late
    return part / whole if whole else None


def tint_of(share: float | None) -> int | None:
    """Which of the five tints a share has: 0 palest. Pure."""
    return None if share is None else sum(share >= bound for bound in STEPS)


def lines(rows: Sequence[TallyRow], kind: str) -> tuple[Line, ...]:
    """The children in the order of their codes. Pure."""
    return tuple(Line(row, share := share_of(row, kind), tint_of(share)) for row in rows)


def worst_first(found: Sequence[Line]) -> tuple[Line, ...]:
    """The children for the table: the highest share first, those without any last. Pure."""
    return tuple(sorted(found, key=lambda line: (line.share is None, -(line.share or 0.0))))


def drawing(found: Sequence[Line], below: PlaceMap) -> dict[str, Any]:
    """What the chart needs: a polygon for each place, drawn or a tile, and its figures. Pure."""
    named = {place.code: place.short_name for place in below.places}
    shapes = below.outlines or {code: _tile(*spot) for code, spot in below.tiles.items()}
    return {
        "flat": not below.outlines,
        "shapes": {
            "type": "FeatureCollection",
            "features": [
                {"type": "Feature", "properties": {"name": code}, "geometry": shape}
                for code, shape in shapes.items()
            ],
        },
        "places": [
            {
                "code": line.tally.code, "name": line.tally.name,
                "short": named.get(line.tally.code, line.tally.name), "share": line.share,
                "tint": line.tint, "open": line.tally.active, "overdue": line.tally.overdue,
                "closed": line.done, "href": reverse("situation:below", args=[line.tally.place_id]),
            }
            for line in found
        ],
    }  # fmt: skip


def _tile(column: int, row: int) -> dict[str, Any]:
    """A square of the grid, with a gap to its neighbours; north is up."""
    low, high = 0.04, 0.96
    corners = ((low, low), (high, low), (high, high), (low, high), (low, low))
    ring = [[column + x, -row - 1 + y] for x, y in corners]
    return {"type": "Polygon", "coordinates": [ring]}
