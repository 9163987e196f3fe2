"""How much of what must be checked was: the denominator first, excuses taken out of it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bihuan.epidemic.rules.lists import NUMBERLIKE

OPEN = ("due", "refused", "not_found")  # still to be checked, whatever was tried
MOST_LINES = 20_000
_DIVIDERS = re.compile(r"[,\uff0c\t]")  # a comma, the Chinese comma, a tab


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


def read_lines(text: str) -> tuple[tuple[Line, ...], tuple[Fault, ...]]:
    """Rows of "code" or "code,place": what can be taken, once each, and what cannot.

    A comma, a Chinese comma or a tab divides. Empty rows are passed over.
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
        elif code in taken:
            faults.append(Fault(row, code, "screening.row_twice"))
        elif len(taken) == MOST_LINES:
            faults.append(Fault(row, code, "screening.row_too_many"))
        else:
            taken[code] = Line(row, code, place.strip(",\uff0c"))
    return tuple(taken.values()), tuple(faults)
