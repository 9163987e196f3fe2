"""Plain charts of the answers, as SVG, PNG or a page: lines, bands, bars and points over one axis.

SVG needs nothing; PNG needs Pillow. The texts on a PNG are Latin only.
"""

import io
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 56, 12, 44, 40
DARK, BLUE, RED, GREY, PALE = "#222222", "#1f6fb2", "#c0392b", "#9aa5b1", "#dddddd"
FONT = "font-family='Noto Sans SC, Noto Sans, sans-serif'"

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Point = tuple[float, float]
Points = list[Point]


class Stroke(NamedTuple):
    """A line through points; dashed or not."""

    points: Points
    colour: str
    width: float = 2.0
    dashed: bool = False


class Area(NamedTuple):
    """A closed shape, three quarters transparent."""

    points: Points
    colour: str


class Dot(NamedTuple):
    """A filled circle."""

    x: float
    y: float
    radius: float
    colour: str


class Words(NamedTuple):
    """A text; anchor start, middle or end."""

    x: float
    y: float
    text: str
    size: int = 11
    anchor: str = "start"


Mark = Stroke | Area | Dot | Words


class Picture:
    """One chart over a common x axis; the y axis begins at 0.

    title, labels: of the chart and of the two axes. x: places, rising. top: end of the y axis.
    ticks: (place, text) on the x axis; None: five round numbers.
    """

    def __init__(
        self,
        title: str,
        x: npt.ArrayLike,
        top: float,
        labels: tuple[str, str],
        *,
        ticks: Sequence[tuple[float, str]] | None = None,
    ) -> None:
        self.title = title
        self.x = np.asarray(x, dtype=np.float64)
        self.top = top if top > 0 else 1.0
        self.marks: list[Mark] = [Words(LEFT, 18, title, 14)]
        self.marks.append(Words(WIDTH - RIGHT, HEIGHT - 6, labels[0], 12, "end"))
        self.marks.append(Words(8, 36, labels[1], 12))
        for share in (0.0, 0.5, 1.0):
            y = self.down(share * self.top)
            self.marks.append(Stroke([(LEFT, y), (WIDTH - RIGHT, y)], PALE, 1.0))
            self.marks.append(Words(LEFT - 6, y + 4, f"{share * self.top:g}", 11, "end"))
        if ticks is None:
            places = np.rint(np.linspace(self.x[0], self.x[-1], 5))
            ticks = [(float(place), f"{place:g}") for place in places]
        for place, text in ticks:
            self.marks.append(Words(self.right(place), HEIGHT - 22, text, 11, "middle"))

    def right(self, x: float) -> float:
        """From data to the picture."""
        span = float(self.x[-1] - self.x[0]) or 1.0
        return round(LEFT + (x - float(self.x[0])) / span * (WIDTH - RIGHT - LEFT), 1)

    def down(self, y: float) -> float:
        """From data to the picture; what lies above the top is drawn at the top."""
        return round(TOP + (1 - min(max(y, 0.0), self.top) / self.top) * (HEIGHT - BOTTOM - TOP), 1)

    def line(self, values: npt.ArrayLike, colour: str, *, dashed: bool = False) -> None:
        """A line that leaves gaps where there is no value."""
        for run in self._runs(np.asarray(values, dtype=np.float64)):
            self.marks.append(Stroke(run, colour, 2.0, dashed))

    def band(self, low: npt.ArrayLike, high: npt.ArrayLike, colour: str) -> None:
        """The area between two lines."""
        below, above = np.asarray(low, dtype=np.float64), np.asarray(high, dtype=np.float64)
        both = np.isfinite(below) & np.isfinite(above)
        upper = self._runs(np.where(both, above, np.nan))
        lower = self._runs(np.where(both, below, np.nan))
        for up, down in zip(upper, lower, strict=True):
            self.marks.append(Area(up + down[::-1], colour))

    def bars(self, values: npt.ArrayLike, colour: str) -> None:
        """A bar for each value."""
        room = max(min(0.7 * (WIDTH - RIGHT - LEFT) / max(self.x.size, 1), 8.0), 1.0)
        for run in self._runs(np.asarray(values, dtype=np.float64)):
            for x, y in run:
                self.marks.append(Stroke([(x, self.down(0)), (x, y)], colour, round(room, 1)))

    def points(self, values: npt.ArrayLike, colour: str) -> None:
        """A dot for each value."""
        for run in self._runs(np.asarray(values, dtype=np.float64)):
            self.marks.extend(Dot(x, y, 4.0, colour) for x, y in run)

    def legend(self, entries: Sequence[tuple[str, str]]) -> None:
        """Colours and what they mean, in one row above the chart."""
        place = float(LEFT + 60)
        for text, colour in entries:
            self.marks.append(Stroke([(place, 32), (place + 16, 32)], colour, 4.0))
            self.marks.append(Words(place + 22, 36, text))
            place += 40 + sum(12 if ord(letter) > 255 else 6.5 for letter in text)

    def _runs(self, values: Floats) -> list[Points]:
        """Neighbouring finite values, as points of the picture."""
        runs: list[Points] = []
        before = False
        for x, y in zip(self.x, values, strict=True):
            finite = bool(np.isfinite(y))
            if finite and not before:
                runs.append([])
            if finite:
                runs[-1].append((self.right(float(x)), self.down(float(y))))
            before = finite
        return runs

    def svg(self) -> str:
        """The chart as a picture that scales."""
        body = "\n".join(_svg(mark) for mark in self.marks)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>\n'
            f"<title>{escape(self.title)}</title>\n"
            f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>\n{body}\n</svg>\n'
        )

    def png(self, scale: int = 2) -> bytes:
        """The chart as pixels, `scale` for each unit."""
        from PIL import Image, ImageDraw

        image = Image.new("RGB", (WIDTH * scale, HEIGHT * scale), "white")
        draw = ImageDraw.Draw(image, "RGBA")
        for mark in self.marks:
            _draw(draw, mark, scale)
        out = io.BytesIO()
        image.save(out, "PNG")
        return out.getvalue()


def page(title: str, pictures: Sequence[Picture], rows: Sequence[Sequence[str]]) -> str:
    """A page without scripts: the charts, then a table whose first row is its head."""
    drawn = "\n".join(picture.svg() for picture in pictures)
    head, *body = rows or [[]]
    table = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    lines = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in body
    )
    return (
        "<!doctype html>\n<html><head><meta charset='utf-8'>"
        f"<title>{escape(title)}</title>\n<style>body{{font:16px/1.5 sans-serif;max-width:60rem;"
        "margin:2rem auto;padding:0 1rem}table{border-collapse:collapse}td,th{padding:.2rem .6rem;"
        "border-bottom:1px solid #ccc;text-align:left}svg{max-width:100%}</style></head>\n"
        f"<body><h1>{escape(title)}</h1>\n{drawn}\n<table><thead><tr>{table}</tr></thead>\n"
        f"<tbody>{lines}</tbody></table></body></html>\n"
    )


def _svg(mark: Mark) -> str:
    match mark:
        case Stroke(points, colour, width, dashed):
            path = "M" + "L".join(f"{x} {y}" for x, y in points)
            dash = ' stroke-dasharray="6 4"' if dashed else ""
            return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dash}/>'
        case Area(points, colour):
            path = "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
            return f'<path d="{path}" fill="{colour}" fill-opacity="0.25"/>'
        case Dot(x, y, radius, colour):
            return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}"/>'
        case Words(x, y, text, size, anchor):
            return (
                f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}"'
                f' fill="{DARK}">{escape(text)}</text>'
            )


def _draw(draw: "ImageDraw", mark: Mark, scale: int) -> None:
    match mark:
        case Stroke(points, colour, width, dashed):
            for start, end in _pieces(points, dashed=dashed):
                ends = (scale * start[0], scale * start[1], scale * end[0], scale * end[1])
                draw.line(ends, fill=colour, width=max(round(width * scale), 1))
        case Area(points, colour):
            if len(points) > 2:
                draw.polygon([(scale * x, scale * y) for x, y in points], fill=f"{colour}40")
        case Dot(x, y, radius, colour):
            corner = scale * (x - radius), scale * (y - radius)
            draw.ellipse((corner, (scale * (x + radius), scale * (y + radius))), fill=colour)
        case Words(x, y, text, size, anchor):
            from PIL import ImageFont

            font = ImageFont.load_default(size * scale)
            side = {"start": "ls", "middle": "ms", "end": "rs"}[anchor]
            draw.text((scale * x, scale * y), text, fill=DARK, font=font, anchor=side)


def _pieces(points: Points, *, dashed: bool) -> list[tuple[Point, Point]]:
    """The stretches of a line that are drawn: all of it, or 6 of every 10 units."""
    if not dashed:
        return list(pairwise(points))
    pieces: list[tuple[Point, Point]] = []
    walked = 0.0
    for (ax, ay), (bx, by) in pairwise(points):
        length = float(np.hypot(bx - ax, by - ay))
        steps = max(int(np.ceil(length / 2.0)), 1)
        for step in range(steps):
            if walked % 10.0 < 6.0:
                low, high = step / steps, (step + 1) / steps
                start = (ax + (bx - ax) * low, ay + (by - ay) * low)
                pieces.append((start, (ax + (bx - ax) * high, ay + (by - ay) * high)))
            walked += length / steps
    return pieces
