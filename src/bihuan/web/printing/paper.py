"""What stands on a printed page, as data. Whoever prints says what, never how it looks."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading inside the paper; with a tint, after a patch of that colour."""

    text: str
    tint: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. `quiet`: a note in small type."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """Names with their values, one under another."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `numeric`: columns set to the right. The head is repeated on each page."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line to sign on, or who signed and when."""

    label: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """A square code that leads somewhere, with the words under it."""

    target: str
    caption: str = ""


Block = Heading | Text | Pairs | Grid | Signature | Code


@dataclass(frozen=True, slots=True)
class Paper:
    """An A4 paper: its number stands at the foot of every page."""

    title: str
    blocks: Sequence[Block]
    number: str = ""
    sub: str = ""
    language: str = "zh"
