"""The map of a place by its children: rates for colour, figures for the table beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.urls import reverse

from bihuan.core.loops.types import TallyRow
from bihuan.core.places.types import PlaceMap
from bihuan.web.templatetags.loops import percent

SHARES = ("overdue", "open", "closed")
DARKEST = 4  # tints run from 0, the faintest, to this


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


def bounds_of(shares: Sequence[float | None]) -> tuple[float, ...]:
    """Where a stronger tint begins, so that the tints hold about as many places each. Pure.

    Cut at whole percents, at tenths where every share is small; each tint in use has a place.
    """
    known = sorted(share for share in shares if share is not None)
    if not known:
        return ()
    scale = 100 if known[-1] >= 0.1 else 1000
    n = len(known)
    first = max(n // (DARKEST + 1), known.count(known[0]))  # the lowest alone may be more
    starts = {first + (n - first) * part // DARKEST for part in range(DARKEST)} - {n}
    cuts = {int(known[at] * scale + 1e-9) / scale for at in starts}  # never above the share
    return tuple(sorted(cut for cut in cuts if cut > known[0]))


def tint_of(share: float | None, bounds: Sequence[float]) -> int | None:
    """The tint of a share; with fewer than five the faintest and the darkest stay. Pure."""
    if share is None:
        return None
    return _spread(sum(share >= bound for bound in bounds), len(bounds))


def _spread(step: int, steps: int) -> int:
    return step * DARKEST // steps if steps else 0


@dataclass(frozen=True, slots=True)
class Band:
    """One line of the legend: a tint, from one share up to another; None: no bound there."""

    tint: int
    low: float | None
    high: float | None


def bands(bounds: Sequence[float]) -> tuple[Band, ...]:
    """The legend where shares differ, the faintest tint first. Pure."""
    edges = (None, *bounds, None)
    return tuple(
        Band(_spread(step, len(bounds)), low, high)
        for step, (low, high) in enumerate(pairwise(edges))
    )


def lines(rows: Sequence[TallyRow], kind: str) -> tuple[Line, ...]:
    """The children in the order of their codes. Pure."""
    shares = [share_of(row, kind) for row in rows]
    bounds = bounds_of(shares)
    return tuple(
        Line(row, share, tint_of(share, bounds)) for row, share in zip(rows, shares, strict=True)
    )


def worst_first(found: Sequence[Line]) -> tuple[Line, ...]:
    """The children for the table: the highest share first, those without any last. Pure."""
    return tuple(sorted(found, key=lambda line: (line.share is None, -(line.share or 0.0))))


def drawing(found: Sequence[Line], below: PlaceMap) -> dict[str, Any]:
    """What the chart needs: a polygon for each place, drawn or a tile, and its figures. Pure."""
    named = {place.code: place.short_name for place in below.places}
    return {
        "flat": not below.outlines,
        "shapes": outlines(below),
        "places": [
            {
                "code": line.tally.code, "name": line.tally.name,
                "short": named.get(line.tally.code, line.tally.name),
                "share": percent(line.share), "tint": line.tint, "known": line.share is not None,
                "open": line.tally.active, "overdue": line.tally.overdue,
                "closed": line.done, "href": reverse("situation:below", args=[line.tally.place_id]),
            }
            for line in found
        ],
    }  # fmt: skip


def outlines(below: PlaceMap) -> dict[str, Any]:
    """A polygon for each place, drawn or a tile of the grid, named by its code. Pure."""
    shapes = below.outlines or {code: _tile(*spot) for code, spot in below.tiles.items()}
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"name": code}, "geometry": shape}
            for code, shape in shapes.items()
        ],
    }


def _tile(column: int, row: int) -> dict[str, Any]:
    """A square of the grid, with a gap to its neighbours; north is up."""
    low, high = 0.04, 0.96
    corners = ((low, low), (high, low), (high, high), (low, high), (low, low))
    ring = [[column + x, -row - 1 + y] for x, y in corners]
    return {"type": "Polygon", "coordinates": [ring]}
