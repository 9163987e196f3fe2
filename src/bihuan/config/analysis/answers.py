"""An answer: a table with notes and charts, told on the terminal or written to files."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bihuan.config.speech import say, tell
from bihuan_analytics import NumericsError
from bihuan_analytics.arrays import Days, Floats
from bihuan_analytics.picture import Picture, page

SHOWN = 40
Cell = str | float | int | bool | None


@dataclass(frozen=True, slots=True)
class Answer:
    """head and rows of one table; notes: what is to be said about it; pictures: to be drawn."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    pictures: Sequence[Picture] = ()


def number(value: float, digits: int = 4) -> float | None:
    """For a table: rounded, nothing where there is no number."""
    return round(float(value), digits) if np.isfinite(value) else None


def day_ticks(days: Days, count: int = 5) -> list[tuple[float, str]]:
    """Dates for the axis of a chart over 0, 1, ..."""
    places = np.unique(np.linspace(0, days.size - 1, min(count, days.size)).round().astype(int))
    return [(float(place), str(days[place])) for place in places]


def top_of(*values: Floats) -> float:
    """A round number above everything that is drawn."""
    highest = max((float(np.nanmax(v)) for v in values if np.isfinite(v).any()), default=1.0)
    scale = 10 ** np.floor(np.log10(max(highest, 1e-9)))
    return float(np.ceil(highest / scale * 2) / 2 * scale)


def deliver(answer: Answer, *, files: Sequence[Path], as_json: bool) -> int:
    """Write the answer to the files asked for, and tell it."""
    for path in files:
        path.write_bytes(_encoded(answer, path))
    if as_json:
        tell(_json(answer))
        return 0
    told = _texts(answer)
    shown = told[: SHOWN + 1]
    width = [max(_width(row[i]) for row in shown) for i in range(len(answer.head))]
    tell(answer.title)
    for row in shown:
        cells = (cell + " " * (room - _width(cell)) for cell, room in zip(row, width, strict=True))
        tell("  ".join(cells).rstrip())
    if len(told) > len(shown):
        tell(say("… 另有 {} 行", "… {} rows more").format(len(told) - len(shown)))
    for note in answer.notes:
        tell(note)
    return 0


def _encoded(answer: Answer, path: Path) -> bytes:
    """The answer in the form that the ending of the file names."""
    match path.suffix.lower():
        case ".json":
            return _json(answer).encode()
        case ".csv":
            out = io.StringIO(newline="")
            csv.writer(out).writerows(_texts(answer))
            return out.getvalue().encode("utf-8-sig")
        case ".parquet":
            return _parquet(answer)
        case ".html":
            return page(answer.title, answer.pictures, _texts(answer)).encode()
        case ".svg" if answer.pictures:
            return answer.pictures[0].svg().encode()
        case ".png" if answer.pictures:
            return answer.pictures[0].png()
    raise NumericsError("argument.unknown", name="--out", value=path.name)


def _parquet(answer: Answer) -> bytes:
    import polars as pl

    columns = list(zip(*answer.rows, strict=True)) or [()] * len(answer.head)
    frame = pl.DataFrame(
        {name: list(column) for name, column in zip(answer.head, columns, strict=True)},
        strict=False,
    )
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def _json(answer: Answer) -> str:
    rows = [dict(zip(answer.head, row, strict=True)) for row in answer.rows]
    return json.dumps(
        {"title": answer.title, "rows": rows, "notes": list(answer.notes)}, ensure_ascii=False
    )


def _texts(answer: Answer) -> list[list[str]]:
    return [list(answer.head), *([_text(cell) for cell in row] for row in answer.rows)]


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return say("是", "yes") if cell else ""
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def _width(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)
