"""The named problem a demand answers: in its own words, before its attribution, or from a list."""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final = re.compile(
    r"(?:针对|对于?|围绕|就|发现)(?:一处|有的)?(?P<what>[^,;。]{3,60}?)(?:的|"
    r"等)*(?:问题|情况|现象|难题)(?=,|$)"
)
_LIST_HEAD: Final = re.compile(
    r"(?:[一二三四五六七八九十两\d]{1,2}(?:个|项|类|条|方面)?[\u4e00-\u9fff]{0,6}?|"
    r"以下|如下|主要|突出)(?:问题|短板|事项|情况|难题|不足|隐患)(?:[^。\n]{0,24}?:|"
    r"[^。\n]{0,40}?,(?=一是))"
)
_ITEM: Final = re.compile(r"[一二三四五六七八九十]{1,2}是")
_TOPIC: Final = re.compile(
    r"^(?:[(][一二三四五六七八九十\d]{1,3}[)]|[一二三四五六七八九十]{1,3}[、是要]|"
    r"\d{1,2}[.、])?\s?(?:针?对)?于?(?P<what>[^,;。]{2,24})(?:,|$)"
)
_NOISE: Final = re.compile(r"[的了在和与及对有个等问题情况“”、]")
_ALIKE: Final = 0.5


def own_problem(text: str, frame: str) -> str | None:
    """The problem named in the demand, or in the frame before its attribution."""
    for source in (text, frame + "," if frame else ""):
        match = _NAMED.search(source)
        if match and not re.match(
            r"[^,]{0,6}(?:存在|反映|反馈|暴露|通报|检查)", match.group("what")
        ):
            return match.group("what")
    return None


def listed_problems(text: str) -> list[tuple[int, list[str]]]:
    """Lists of problems in the text: (offset behind the list, its entries)."""
    out: list[tuple[int, list[str]]] = []
    for match in _LIST_HEAD.finditer(text):
        stop = min(
            (i for i in (text.find("。", match.end()), text.find("\n", match.end())) if i >= 0),
            default=len(text),
        )
        body = text[match.end() : stop]
        if _ITEM.match(body):
            entries = [one.strip(",;、 ") for one in _ITEM.split(body)[1:]]
        elif text[match.end() - 1] == ":":
            entries = [one.strip() for one in re.split(r"[、;]", body)]
        else:
            continue
        entries = [one for one in entries if 3 <= len(one) <= 40]
        if len(entries) >= 2 and not any(
            re.match(r"要|必须|加强|落实|强化|做好", e) for e in entries
        ):
            out.append((stop, entries))
    return out


def from_list(text: str, entries: list[str], used: set[str]) -> str | None:
    """The listed problem that a demand takes up, told by the words they share."""
    match = _TOPIC.match(text)
    topic = match.group("what") if match else ""
    in_turn = next((entry for entry in entries if entry not in used), None)
    if in_turn and len(_pairs(in_turn) & _pairs(text[:40])) >= 2:
        return in_turn
    best, score = None, 0.0
    for entry in entries:
        if entry in used:
            continue
        close = max(_shared(topic, entry), 0.85 * _shared_first(text, entry))
        if close > score:
            best, score = entry, close
    return best if score >= _ALIKE else None


def _pairs(text: str) -> set[str]:
    bare = _NOISE.sub("", text)
    return {bare[i : i + 2] for i in range(len(bare) - 1)}


def _shared(topic: str, entry: str) -> float:
    """The share of the topic's character pairs that the entry has too."""
    mine = _pairs(topic)
    return len(mine & _pairs(entry)) / len(mine) if mine else 0.0


def _shared_first(text: str, entry: str) -> float:
    """The share of the entry's character pairs found in the demand's first clauses."""
    theirs = _pairs(entry)
    return len(theirs & _pairs(text[:40])) / len(theirs) if theirs else 0.0
