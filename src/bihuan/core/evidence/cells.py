"""Cells of a table as people write them, and what an import says of them. Pure.

A cell is read generously (full-width digits, other ways to write a date) and every mend is
reported; what cannot be read is refused with a code, never guessed.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from math import isfinite

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so would be run by a spreadsheet


@dataclass(frozen=True, slots=True)
class Column:
    """A column under its name in the code and in both languages."""

    key: str
    zh: str
    en: str

    def title(self, language: str) -> str:
        """The heading in a language."""
        return self.en if language.startswith("en") else self.zh


class CellFault(ValueError):
    """A cell that cannot be read; the message is the code."""


def columns_of(columns: Iterable[Column], heads: Sequence[str]) -> dict[str, int]:
    """Where each column stands, by its heading in either language."""
    seen = {plain(head).casefold(): place for place, head in enumerate(heads) if plain(head)}
    return {
        column.key: seen[plain(name).casefold()]
        for column in columns
        for name in (column.en, column.zh)
        if plain(name).casefold() in seen
    }


def plain(text: str) -> str:
    """One width, no blanks at the ends: how typed text is compared."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def shielded(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unshielded(text: str) -> str:
    """The text without the mark that `shielded` put before it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2})?)?"
)


def read_date(text: str) -> date:
    """A day. Raises CellFault("table.date")."""
    return _moment(text).date()


def read_moment(text: str) -> datetime:
    """A moment on the wall clock, without zone; a day alone means its last minute.

    Raises CellFault("table.date").
    """
    return _moment(text)


def _moment(text: str) -> datetime:
    found = _DATE.fullmatch(plain(text))
    if found is None:
        raise CellFault("table.date")
    clock = time(int(found[4]), int(found[5])) if found[4] and int(found[4]) < 24 else time(23, 59)
    try:
        return datetime.combine(date(int(found[1]), int(found[2]), int(found[3])), clock)
    except ValueError:
        raise CellFault("table.date") from None


def read_figure(text: str) -> float:
    """A number, its thousands marked or not. Raises CellFault("table.figure")."""
    try:
        figure = float(plain(text).replace(",", "").replace(" ", ""))
    except ValueError:
        raise CellFault("table.figure") from None
    if not isfinite(figure):
        raise CellFault("table.figure")
    return figure


def write_figure(figure: float | None) -> str:
    """A number as people write it."""
    return "" if figure is None else f"{figure:.10g}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A cell or row that an import leaves out, and why."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell that an import reads otherwise than it is written."""

    sheet: str
    row: int
    column: str
    value: str
    mended: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import will do, or did. `added` and `changed` name rows as "sheet row: number"."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    corrections: tuple[Correction, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def idle(self) -> bool:
        """Nothing to do: the file says what is here already."""
        return not (self.added or self.changed)
