"""What holds for demands and cascades whatever the database says. Pure."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

EPIDEMIC = frozenset({
    "epidemic-sensing", "epidemic-investigation", "testing", "isolation-treatment",
    "vaccination", "entry", "key-venues",
})  # fmt: skip
SAFETY = frozenset({"work-safety", "natural-hazards", "emergency-drill"})
DOWNWARD = ("nation", "province", "city", "county", "township", "community", "grid")


def body_kind(domain: str) -> str:
    """Which of two bodies that meet together takes a demand into its ledger (M006)."""
    return "safety_committee" if domain in SAFETY else "headquarters"


def below(level: str) -> tuple[str, ...]:
    """The levels below one, from the top down, without grids: those a demand may be sent to."""
    return DOWNWARD[DOWNWARD.index(level) + 1 : -1]


def between(upper: str, lower: str) -> tuple[str, ...]:
    """The levels strictly between two, which a direct demand passes over (M187)."""
    return DOWNWARD[DOWNWARD.index(upper) + 1 : DOWNWARD.index(lower)]


def stricter_state(
    *, decide_by: datetime, consented_at: datetime | None, until: date | None, today: date,
    at: datetime,
) -> str:  # fmt: skip
    """Where a stricter demand stands: it lapses without consent in time (2.14 I1)."""
    if until is not None and until < today:
        return "ended"
    if consented_at is not None:
        return "consented"
    return "lapsed" if at >= decide_by else "waiting"


def title_of(text: str) -> str:
    """The first clause of a demand, short enough for a line."""
    first = text.strip()
    for stop in "。;；！!\n":
        first = first.split(stop, 1)[0]
    if len(first) <= 40:
        return first
    cut = max((first.rfind(stop, 12, 40) for stop in ",，、:："), default=-1)
    return first[:cut] if cut > 0 else f"{first[:39]}…"


MOST_STAFF = 20_000
_NUMBER = re.compile(r"[0-9A-Za-z\u4e00-\u9fff_./-]{1,20}")
_PERSONAL = re.compile(r"\d{11}|\d{17}[\dXx]")  # a telephone or an identity number
_BETWEEN = re.compile(r"[\s,;\uff0c\u3001\uff1b]+")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Staff numbers as they were typed: each once, in their order, and what is none."""

    taken: tuple[str, ...]
    refused: tuple[str, ...]


def read_numbers(text: str) -> Numbers:
    """A unit's own staff numbers, divided by blanks, lines or commas (M017).

    A telephone or an identity number is no staff number; it is told back by its end alone.
    """
    taken: dict[str, None] = {}
    refused = []
    for word in _BETWEEN.split(text.strip()):
        if _PERSONAL.fullmatch(word):
            refused.append(f"…{word[-4:]}")
        elif word and not _NUMBER.fullmatch(word):
            refused.append(word[:20])
        elif word:
            taken[word] = None
    return Numbers(tuple(taken), tuple(refused))


def missing_of(roll: Collection[str], declared: Collection[str]) -> tuple[str, ...]:
    """Who of the roll has not declared, in the roll's order."""
    said = set(declared)
    return tuple(number for number in roll if number not in said)


@dataclass(frozen=True, slots=True)
class Light:
    """How a goal stands: green, amber, red, or undefined with the reason; never green by default.

    `bound` is what it was held against.
    """

    colour: str
    value: float | None = None
    bound: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the counters say of the days of a goal, and of the same days a year before."""

    now: Mapping[str, float]
    before: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Told:
    """A figure that the responsible post reported, and whether it is too old to judge by."""

    value: float
    stale: bool


REPORTED = "reported"  # the figure of a rule that no counter has


def light(
    *, rule: Mapping[str, str] | None, most: float | None, owned: bool, figures: Figures,
    amber: float, told: Told | None = None,
) -> Light:  # fmt: skip
    """Judge one goal by its rule (M198).

    A goal without a rule, a figure that the rule asks for, or a responsible post is undefined; so
    is one whose figure is reported and was not, or too long ago.
    """
    known = {**figures.now, REPORTED: told.value if told else 0.0}
    if rule is None or rule["figure"] not in known:
        return Light("undefined", why="rule")
    if rule["figure"] == REPORTED and (told is None or told.stale):
        if told is None:
            return Light("undefined", bound=most, why="report")
        return Light("undefined", told.value, most, "stale")
    value = known[rule["figure"]]
    by_year = rule["against"] == "year"
    bound = figures.before.get(rule["figure"]) if by_year else most
    if bound is None:
        return Light("undefined", value, why="figure")
    if not owned:
        return Light("undefined", value, bound, "post")
    if by_year:
        return Light(_fallen(value, bound), value, bound)
    if value > bound:
        return Light("red", value, bound)
    near = bound > 0 and value >= amber * bound
    return Light("amber" if near else "green", value, bound)


def _fallen(value: float, before: float) -> str:
    """Fewer is green, as many is amber, more is red; nothing before and nothing now is green."""
    if value < before or value == before == 0:
        return "green"
    return "amber" if value == before else "red"
