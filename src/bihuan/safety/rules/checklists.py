"""The items of a checklist: what may be asked, what may be answered, what is a gap. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

from bihuan.safety.rules.expressions import Tree, holds

ANSWERS = ("fine", "gap", "absent")  # of a "check": the three large buttons
KINDS = ("check", "select_one", "select_multiple", "text", "integer", "decimal", "date", "image",
         "note", "geopoint")  # fmt: skip
SAFETY, EPIDEMIC, BOTH = "safety", "epidemic", "both"
MOST_ITEMS = 200
LONGEST = 2000
LONGEST_TITLE = 120
NOT_MET = "不符合:"  # the field app has it in both languages: words.py of its area


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a checklist. `type` is the word for a hazard found by it.

    `gap` is the choice that means a hazard; a check has its own. `relevant` and `constraint`
    are trees of `rules/expressions.py`. `domain` says for which side the answer counts: one look
    may serve both (M120).
    """

    code: str
    text: str
    text_en: str = ""
    type: str = ""
    kind: str = "check"
    required: bool = True
    choices: tuple[tuple[str, str, str], ...] = ()  # name, Chinese, English
    gap: str = ""
    relevant: Tree | None = None
    constraint: Tree | None = None
    message: str = ""
    group: str = ""
    group_en: str = ""
    domain: str = SAFETY

    def counts_for(self, domain: str) -> bool:
        """Whether its answer counts in a domain."""
        return self.domain in {domain, BOTH}

    @property
    def number(self) -> str:
        """Its number before the question, where it has one."""
        return f"{self.code}. " if self.code.isdecimal() else ""

    @property
    def finding(self) -> str:
        """What is wrong where it is a gap: an item tells the good state, a hazard must not."""
        if self.kind == "check":
            return f"{NOT_MET}{self.text}"[:LONGEST_TITLE]
        chosen = next((told for name, told, _english in self.choices if name == self.gap), self.gap)
        return f"{self.text}:{chosen}"[:LONGEST_TITLE]

    def words(self, language: str) -> str:
        """The question in a language."""
        return self.text_en if language.startswith("en") and self.text_en else self.text


def items_of(lines: Sequence[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The items as a checklist keeps them; what a line does not say is as usual."""
    return tuple(
        Item(**{**line, "choices": tuple(tuple(one) for one in line.get("choices", ()))})
        for line in lines
    )


def line_of(item: Item) -> dict[str, Any]:
    """How an item is kept: only what is not as usual."""
    usual = Item(item.code, item.text)
    kept: dict[str, Any] = {"code": item.code, "text": item.text}
    for name in ("text_en", "type", "kind", "required", "gap", "relevant", "constraint",
                 "message", "group", "group_en", "domain"):  # fmt: skip
        value = getattr(item, name)
        if value != getattr(usual, name):
            kept[name] = value
    if item.choices:
        kept["choices"] = [list(one) for one in item.choices]
    return kept


def is_asked(item: Item, answers: Mapping[str, Any]) -> bool:
    """Whether the item is to be answered, given the others' answers."""
    return item.kind != "note" and (item.relevant is None or holds(item.relevant, answers))


def is_gap(item: Item, answer: Any) -> bool:
    """Whether an answer is a hazard found on the spot."""
    if item.kind == "check":
        return bool(answer == "gap")
    return bool(item.gap) and answer == item.gap


@dataclass(frozen=True, slots=True)
class Counted:
    """What one look says for one domain: items asked, gaps among them."""

    asked: int
    gaps: int


def counted(items: Sequence[Item], answers: Mapping[str, Any], domain: str) -> Counted:
    """The answers that count in a domain; what is not there and what is only told is left out."""
    mine = [
        answers[item.code] for item in items
        if item.counts_for(domain) and item.kind == "check" and item.code in answers
    ]  # fmt: skip
    return Counted(sum(answer != "absent" for answer in mine), mine.count("gap"))


def left_open(items: Sequence[Item], answers: Mapping[str, Any]) -> tuple[Item, ...]:
    """What must still be answered."""
    return tuple(
        item for item in items
        if item.required and is_asked(item, answers) and item.code not in answers
    )  # fmt: skip


def answer_fault(item: Item, answer: Any, answers: Mapping[str, Any]) -> str | None:
    """The code of what is wrong with an answer; None when it may stand."""
    if not _fits(item, answer):
        return "inspection.answer"
    if item.constraint is not None and not holds(item.constraint, answers, answer):
        return "inspection.constraint"
    return None


def _fits(item: Item, answer: Any) -> bool:
    names = [name for name, *_words in item.choices]
    if item.kind in {"check", "select_one"}:
        return answer in (ANSWERS if item.kind == "check" else names)
    if item.kind == "select_multiple":
        return isinstance(answer, list) and bool(answer) and all(one in names for one in answer)
    return item.kind in _FITTING and _FITTING[item.kind](answer)


def _is_date(answer: Any) -> bool:
    try:
        return isinstance(answer, str) and date.fromisoformat(answer).isoformat() == answer
    except ValueError:
        return False


def _is_point(answer: Any) -> bool:
    pair = isinstance(answer, list) and len(answer) == 2
    if not pair or not all(type(part) in {int, float} for part in answer):
        return False
    lon, lat = float(answer[0]), float(answer[1])
    return -180 <= lon <= 180 and -90 <= lat <= 90


_FITTING: dict[str, Callable[[Any], bool]] = {
    "text": lambda said: isinstance(said, str) and 0 < len(said.strip()) <= LONGEST,
    "integer": lambda said: type(said) is int and abs(said) < 10**15,
    "decimal": lambda said: type(said) in {int, float} and isfinite(said),
    "image": lambda said: type(said) is int and said > 0,  # how many photos were attached
    "date": _is_date,
    "geopoint": _is_point,
}


def read_answer(item: Item, text: str, chosen: Sequence[str] = ()) -> Any:
    """What was typed in a box or chosen from a list, as the item's kind has it.

    What cannot be read is given back as it is, and `answer_fault` says no.
    """
    said = text.strip()
    if item.kind == "select_multiple":
        return list(chosen)
    try:
        if item.kind == "integer":
            return int(said)
        if item.kind == "decimal":
            return float(said)
        if item.kind == "geopoint":
            return [float(part) for part in said.replace(",", " ").split()]
    except ValueError:
        return said
    return said


def shown_answer(item: Item, answer: Any, language: str) -> str:
    """An answer in words; the three of a check have theirs on the page."""
    told = {name: (en if language.startswith("en") and en else zh) for name, zh, en in item.choices}
    if isinstance(answer, list):
        return "、".join(told.get(str(one), str(one)) for one in answer)
    return told.get(str(answer), str(answer))
