"""Where each case and each link of a picture of chains stands. Time runs to the right."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the site starts half a second sooner without the numerics
    from bihuan.epidemic.analysis.chains import Linked, Picture

LEFT, TOP, RIGHT = 96, 30, 24
WIDEST, NARROWEST, ROOM = 36, 8, 1100  # pixels of a day
MANY = 60  # cases from which rows stand closer


@dataclass(frozen=True, slots=True)
class Dot:
    """A case as drawn."""

    one: "Linked"
    x: int
    y: int
    trace: str  # "" | here | above | below


@dataclass(frozen=True, slots=True)
class Line:
    """A link as drawn: along the source's day down to the row, then to the case."""

    path: str
    sure: str
    day: date
    trace: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A day on the axis."""

    day: date
    x: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole picture in pixels."""

    dots: tuple[Dot, ...]
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    width: int
    height: int
    text_x: int


def drawn(picture: "Picture", *, here: int, up: Collection[int], down: Collection[int]) -> Drawing:
    """Place a picture; the trace of one case is marked."""
    days = (picture.last - picture.first).days + 1
    step = max(NARROWEST, min(WIDEST, ROOM // days))
    high = 22 if len(picture.cases) <= MANY else 16

    def spot(one: "Linked") -> tuple[int, int]:
        x = LEFT + (one.node.day - picture.first).days * step
        return x, TOP + one.row * high + high // 2

    spots = {one.node.id: spot(one) for one in picture.cases}
    trace = {here: "here"} | dict.fromkeys(up, "above") | dict.fromkeys(down, "below")
    dots = tuple(
        Dot(one, *spots[one.node.id], trace.get(one.node.id, ""))
        for one in sorted(picture.cases, key=lambda one: one.row)
    )
    every = max(1, 70 // step)
    ticks = tuple(
        Tick(picture.first + timedelta(days=n), LEFT + n * step) for n in range(0, days, every)
    )
    return Drawing(
        dots, _lines(picture, spots, set(trace)), ticks, LEFT + days * step + RIGHT,
        TOP + len(dots) * high + 12, LEFT - 12,
    )  # fmt: skip


def _lines(
    picture: "Picture", spots: dict[int, tuple[int, int]], traced: set[int]
) -> tuple[Line, ...]:
    found = []
    for one in picture.cases:
        if one.source is None:
            continue
        (x1, y1), (x2, y2) = spots[one.source], spots[one.node.id]
        both = one.node.id in traced and one.source in traced
        found.append(Line(f"M{x1} {y1}V{y2}H{x2}", one.sure, one.node.day, both))
    return tuple(found)
