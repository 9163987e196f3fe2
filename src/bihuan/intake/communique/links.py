"""Links between demands of different papers: repeats, and how a lower meeting answers an upper one.

Similarity is Dice on character pairs, weighed so that the common words of the genre (加强, 落实, 工作)
count little. No model, no download; the same pair of texts always gives the same score.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal, Protocol

from bihuan.intake.communique.demands.grammar import without_label
from bihuan.intake.communique.demands.limits import limits_in, number
from bihuan.intake.communique.lexicon import words
from bihuan.intake.communique.width import narrow

_COMMON: Final = frozenset(words("common_pairs"))
_COMMON_WEIGHT: Final = 0.35
_SYNONYMS: Final = (
    ("主要负责同志", "一把手"), ("党委政府", "党政"), ("排查", "大排查"), ("整治", "大整治"), ("检查", "大检查"), ("遏制", "扼制"),
)  # fmt: skip
_STRIP: Final = re.compile(r"[^\u3400-\u9fffA-Za-z0-9%]")
_LEAD: Final = re.compile(r"^(?:同时|另外|特别是?|尤其是?|还|也|要|必须|务必)+")
_NUMBER: Final = re.compile(
    r"(?<![第\d])(\d+(?:\.\d+)?|[一二三四五六七八九十两]{1,3})(?=个|"
    r"名|次|%|人|天|日|小时|分钟|项|处|家|台|支|吨|米)"
)
_ABSOLUTE: Final = re.compile("一律|全部|全覆盖|100%|百分之百|不得|严禁|逐一|逐户|每一|零")
_REPEAT: Final = 0.5
_ANSWER: Final = 0.3
_SAME_DOMAIN: Final = 0.06

Standing = Literal["answered", "stricter", "looser", "missing", "added"]
STANDINGS: Final[tuple[Standing, ...]] = ("answered", "stricter", "looser", "missing", "added")


class Demand(Protocol):
    """What a link needs of a demand: its words and, when known, its domain."""

    @property
    def text(self) -> str: ...

    @property
    def domain(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Repeat:
    """A new demand that says an old one again; `only_new` and `only_old` are the differing words."""

    new: int
    old: int
    score: float
    only_new: tuple[str, ...]
    only_old: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """One row of the table of an upper and a lower meeting; None where a side has nothing."""

    upper: int | None
    lower: int | None
    standing: Standing
    score: float
    why: str


def similarity(a: str, b: str) -> float:
    """How alike two demands are, 0 to 1; labels, punctuation and a leading 要 do not count."""
    return _dice(_pairs(a), _pairs(b))


def repeats(
    new: Sequence[Demand], old: Sequence[Demand], *, least: float = _REPEAT
) -> list[Repeat]:
    """For each new demand the most alike old one, if it reaches `least`."""
    known = [_pairs(one.text) for one in old]
    found: list[Repeat] = []
    for number_, one in enumerate(new):
        mine = _pairs(one.text)
        scored = [(_answers(mine, other, 0.7), place) for place, other in enumerate(known)]
        score, place = max(scored, default=(0.0, -1), key=lambda pair: (pair[0], -pair[1]))
        if score >= least:
            only_new, only_old = differing(one.text, old[place].text)
            found.append(Repeat(number_, place, score, only_new, only_old))
    return found


def differing(new: str, old: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words only one of two texts has, in their order; single characters are left out."""
    first, second = _core(new), _core(old)
    only_new: list[str] = []
    only_old: list[str] = []
    matcher = SequenceMatcher(None, second, first, autojunk=False)
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            only_old.append(second[i:j])
            only_new.append(first[k:m])
    return tuple(w for w in only_new if len(w) > 1), tuple(w for w in only_old if len(w) > 1)


def coverage(
    upper: Sequence[Demand], lower: Sequence[Demand], *, least: float = _ANSWER
) -> list[Coverage]:
    """Which upper demands the lower meeting answers, which are missing, what it adds.

    One lower demand may answer several upper ones; the best pair decides. Rows follow the upper
    meeting, then the additions of the lower one.
    """
    mine = [_pairs(one.text) for one in lower]
    rows: list[Coverage] = []
    used: set[int] = set()
    for place, one in enumerate(upper):
        theirs = _pairs(one.text)
        scored = [
            (_answers(theirs, other) + (_SAME_DOMAIN if lower[i].domain == one.domain else 0.0), i)
            for i, other in enumerate(mine)
        ]
        score, best = max(scored, default=(0.0, -1), key=lambda pair: (pair[0], -pair[1]))
        if score < least:
            rows.append(Coverage(place, None, "missing", score, ""))
            continue
        used.add(best)
        standing, why = _compare(one.text, lower[best].text)
        rows.append(Coverage(place, best, standing, min(1.0, score), why))
    rows += [Coverage(None, i, "added", 0.0, "") for i in range(len(lower)) if i not in used]
    return rows


def _compare(upper: str, lower: str) -> tuple[Standing, str]:
    """Stricter when the lower limit is shorter, its number higher or its wording absolute."""
    shorter = _limits(upper, lower)
    if shorter:
        return ("stricter" if shorter > 0 else "looser"), "deadline"
    first, second = _numbers(upper), _numbers(lower)
    shared = [key for key in first if key in second and first[key] != second[key]]
    if shared:
        harder = second[shared[0]] > first[shared[0]]
        return ("stricter" if harder else "looser"), "number"
    more = len(set(_ABSOLUTE.findall(lower))) - len(set(_ABSOLUTE.findall(upper)))
    if more > 0:
        return "stricter", "absolute"
    return "answered", ""


def _limits(upper: str, lower: str) -> int:
    """1 when the lower limit is shorter, -1 when longer, 0 when alike or not comparable."""
    for one in limits_in(narrow(upper), 0, None):
        for two in limits_in(narrow(lower), 0, None):
            if one.hours is not None and two.hours is not None and one.hours != two.hours:
                return 1 if two.hours < one.hours else -1
            if one.due is not None and two.due is not None and one.due != two.due:
                return 1 if two.due < one.due else -1
    return 0


def _numbers(text: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for match in _NUMBER.finditer(narrow(text)):
        value = number(match.group(1)) if not match.group(1)[0].isdigit() else float(match.group(1))
        unit = text[match.end() : match.end() + 1]
        if value is not None and unit not in "天日小":
            found.setdefault(unit, value)
    return found


def _core(text: str) -> str:
    bare = without_label(narrow(text).strip())
    for usual, other in _SYNONYMS:
        bare = bare.replace(other, usual)
    return _LEAD.sub("", _STRIP.sub("", bare))


def _pairs(text: str) -> Counter[str]:
    core = _core(text)
    return Counter(core[i : i + 2] for i in range(len(core) - 1))


def _dice(first: Counter[str], second: Counter[str]) -> float:
    shared = sum(_weight(pair) * count for pair, count in (first & second).items())
    total = sum(_weight(pair) * count for pair, count in (first + second).items())
    return 2 * shared / total if total else 0.0


def _answers(upper: Counter[str], lower: Counter[str], trust: float = 0.8) -> float:
    """Alike as a whole, or the shorter one nearly contained in the longer: answers are often terser."""
    shared = sum(_weight(pair) * count for pair, count in (upper & lower).items())
    smaller = min(sum(_weight(p) * c for p, c in one.items()) for one in (upper, lower))
    contained = shared / smaller if smaller else 0.0
    return max(_dice(upper, lower), trust * contained)


def _weight(pair: str) -> float:
    return _COMMON_WEIGHT if pair in _COMMON else 1.0
