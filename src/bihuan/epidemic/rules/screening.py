"""How much of what must be checked was: the denominator first, excuses taken out of it. Pure."""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from bihuan.core.packs.types import Pack
from bihuan.epidemic.rules.lists import NUMBERLIKE

OPEN = ("due", "refused", "not_found")  # still to be checked, whatever was tried
MOST_LINES = 20_000
_DIVIDERS = re.compile(r"[,\uff0c\t]")  # a comma, the Chinese comma, a tab
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SPOKEN = re.compile(r"[^\W\d_]{2,}[\s·•.'\u2019]+[^\W\d_]{2,}")  # words one after the other
_SHORT = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]+[·•][\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Lines of a list by what came of them. overdue: the open ones once the moment has passed."""

    listed: int
    checked: int
    excused: int
    refused: int
    not_found: int
    overdue: int

    @property
    def wanted(self) -> int:
        """The denominator: all but the excused."""
        return self.listed - self.excused

    @property
    def rate(self) -> float | None:
        """checked / (listed - excused); None where nobody has to be checked."""
        return self.checked / self.wanted if self.wanted else None


def coverage(states: Mapping[str, int], *, late: bool) -> Coverage:
    """From how many lines are in each state, and whether the moment has passed."""
    told = {key: states.get(key, 0) for key in ("checked", "excused", *OPEN)}
    overdue = sum(told[key] for key in OPEN) if late else 0
    return Coverage(sum(told.values()), told["checked"], told["excused"], told["refused"],
                    told["not_found"], overdue)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was given: its number in the text, the code, the code of a place or ""."""

    row: int
    code: str
    place: str


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that cannot be taken, and the code of the reason."""

    row: int
    code: str
    fault: str


def endings(pack: Pack, *fields: str) -> tuple[str, ...]:
    """The last words by which labels are known: of sites, of checks."""
    rows = pack.tables.get("list_word", ())
    return tuple(str(said).casefold() for row in rows if row["field"] in fields
                 for said in row["said"])  # fmt: skip


def names_nobody(label: str, ends: tuple[str, ...]) -> bool:
    """Whether a label is a number or names a site: only such are kept, any other may be a person.

    A site is known by its last word; a number by a digit, beside which only single characters,
    words for what is numbered, and letters without a space stand.
    """
    said = label.casefold().rstrip(")\uff09 ")
    if said.endswith(ends):
        return True
    if not any(char.isdigit() for char in said) or _SPOKEN.search(said):
        return False
    return all(len(run) == 1 or run.endswith(ends) for run in _HAN.findall(said))


def may_be_a_name(title: str, ends: tuple[str, ...]) -> bool:
    """Whether a short title of Chinese characters says neither a site nor a check."""
    return bool(_SHORT.fullmatch(title)) and not title.endswith(ends)


def labels_of(text: str) -> set[str]:
    """What stands first in each row."""
    return {_DIVIDERS.split(said, maxsplit=1)[0].strip() for said in text.splitlines()} - {""}


def read_lines(
    text: str, *, ends: tuple[str, ...], known: Container[str] = ()
) -> tuple[tuple[Line, ...], tuple[Fault, ...]]:
    """Rows of "code" or "code,place": what can be taken, once each, and what cannot.

    A comma, a Chinese comma or a tab divides. Empty rows are passed over. `known`: names of
    places and bodies, which are labels whatever they end with.
    """
    taken: dict[str, Line] = {}
    faults = []
    for row, said in enumerate(text.splitlines(), start=1):
        code, place = (part.strip() for part in (*_DIVIDERS.split(said, maxsplit=1), "")[:2])
        if not code and not place:
            continue
        if not code or len(code) > 40:
            faults.append(Fault(row, code[:40], "screening.row_code"))
        elif NUMBERLIKE.fullmatch(code):
            faults.append(Fault(row, "…" + code[-4:], "screening.row_identifies"))
        elif code not in known and not names_nobody(code, ends):
            faults.append(Fault(row, code[:1] + "…", "screening.row_person"))
        elif code in taken:
            faults.append(Fault(row, code, "screening.row_twice"))
        elif len(taken) == MOST_LINES:
            faults.append(Fault(row, code, "screening.row_too_many"))
        else:
            taken[code] = Line(row, code, place.strip(",\uff0c"))
    return tuple(taken.values()), tuple(faults)
