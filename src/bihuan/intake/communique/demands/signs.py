"""The signs of `signs.txt`: which stand in a text, and where.

A text is walked once. Its next two characters tell which words and which expressions can open at a
place, so thousands of them cost little more than a few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple, cast

from bihuan.intake.communique.types import Domain

Section = tuple[Domain, float]  # a domain and the weight of its signs
_WIDTH: Final = 2  # characters that tell which signs may open at a place
_PIECE: Final = re.compile(r"(?P<look>\(\?<?!)|(?P<group>\(\?:)|\[(?P<set>[^\]]+)\]|(?P<one>.)")
# What 防汛 or 消防 only describes: stores are stores, discipline is discipline, whatever they are for.
_NOT_OF: Final = (
    "(?!物资|装备|纪律|资金|经费|预案|方案|演练|演习|培训|宣传|知识|值班|值守|责任|队伍|队员|救援|站|队|"
    "考核|督查|督导|投入|保险|补助)"
)
_TIMES: Final = re.compile(r"[?*+]|\{[\d,]+\}")


class _Opening(NamedTuple):
    """The signs that open with the same characters: expressions with their section's number, words."""

    patterns: tuple[tuple[int, re.Pattern[str]], ...]
    words: tuple[tuple[int, str], ...]


@cache
def _sections(kind: str) -> tuple[tuple[Section, tuple[str, ...]], ...]:
    """The sections of a kind (`sign` or `party`) in the file of signs, with their expressions."""
    found: list[tuple[str, str, float, list[str]]] = []
    text = (files("bihuan.intake.communique.demands") / "signs.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            heading, domain, weight = line.strip("[]").split(" ")
            found.append((heading, domain, float(weight), []))
        elif line and not line.startswith("#"):
            found[-1][3].extend(line.replace("~", _NOT_OF).split())
    return tuple(
        ((cast("Domain", domain), weight), tuple(words))
        for heading, domain, weight, words in found
        if heading == kind
    )


@cache
def executors() -> tuple[tuple[Section, re.Pattern[str]], ...]:
    """The sections of executors, each as one expression."""
    return tuple((section, re.compile("|".join(signs))) for section, signs in _sections("party"))


def openings(expression: str, width: int = _WIDTH) -> frozenset[str]:
    """The first characters a match can have, `width` at most; fewer where anything may follow.

    Knows what signs are written with: characters, sets, groups of alternatives, looks aside.
    """
    piece = _PIECE.match(expression) if width else None
    if piece is None:
        return frozenset(("",))
    end = _closing(expression) if piece["look"] or piece["group"] else piece.end()
    if piece["look"]:
        return openings(expression[end:], width)
    times = _TIMES.match(expression, end)
    rest = expression[times.end() if times else end :]
    chars = piece["set"] or piece["one"] or ""
    if (times and times.group() != "?") or (piece["set"] and ("-" in chars or "^" in chars)):
        return frozenset(("",))
    found = set(openings(rest, width)) if times else set()
    if piece["group"]:
        for one in _alternatives(expression[piece.end() : end - 1]):
            found |= openings(one + rest, width)
    else:
        following = openings(rest, width - 1)
        found |= {one + more for one in chars for more in following}
    return frozenset(found)


def _closing(expression: str) -> int:
    """The end of the bracket that the expression opens with."""
    depth = 0
    for place, mark in enumerate(expression):
        depth += (mark == "(") - (mark == ")")
        if not depth:
            return place + 1
    return len(expression)


def _alternatives(inside: str) -> Iterable[str]:
    """The alternatives of a group; those of a group inside it stay together."""
    depth = 0
    here = 0
    for place, mark in enumerate(inside):
        depth += (mark == "(") - (mark == ")")
        if mark == "|" and not depth:
            yield inside[here:place]
            here = place + 1
    yield inside[here:]


@cache
def _index() -> dict[str, dict[str, _Opening]]:
    """By the first character and the second: what opens so. By the first and "": whatever follows it.

    The first includes the second.
    """
    patterns: dict[str, list[tuple[int, int, str]]] = {}
    words: dict[str, list[tuple[int, str]]] = {}
    for number, (_, signs) in enumerate(_sections("sign")):
        for place, sign in enumerate(signs):
            if sign.isalnum():
                words.setdefault(sign[:_WIDTH], []).append((number, sign))
                continue
            for opening in openings(sign):
                patterns.setdefault(opening, []).append((number, place, sign))
    index: dict[str, dict[str, _Opening]] = {}
    for key in {*patterns, *words}:
        told = sorted({one for known in {key, key[:1]} for one in patterns.get(known, ())})
        plain = sorted(words.get(key, ()), key=lambda one: -len(one[1]))
        plain += words.get(key[:1], ()) if len(key) > 1 else ()
        row = index.setdefault(key[:1], {})
        row[key[1:]] = _Opening(_by_section(told), tuple(plain))
    return index


def _by_section(told: list[tuple[int, int, str]]) -> tuple[tuple[int, re.Pattern[str]], ...]:
    """One expression a section, its alternatives in the order of the file."""
    return tuple(
        (number, re.compile("|".join(sign for _, _, sign in signs)))
        for number, signs in groupby(told, key=itemgetter(0))
    )


def hits(text: str) -> Iterator[tuple[Section, int, str]]:
    """Where signs stand: their section, the offset, the words. The expressions come first.

    No two expressions of a section overlap, and no word starts inside what its section has taken.
    """
    index = _index()
    sections = _sections("sign")
    told: list[tuple[int, int, str]] = []
    plain: list[tuple[int, int, str]] = []
    free: dict[int, int] = {}  # by section, where its last expression ended
    taken: dict[int, int] = {}  # by section, where its last expression or word ended
    for place, first in enumerate(text):
        row = index.get(first)
        opening = row and (row.get(text[place + 1 : place + 2]) or row.get(""))
        if not opening:
            continue
        for number, pattern in opening.patterns:
            if place >= free.get(number, 0) and (match := pattern.match(text, place)):
                free[number] = match.end()
                taken[number] = max(match.end(), taken.get(number, 0))
                told.append((number, place, match.group()))
        for number, word in opening.words:
            if place >= taken.get(number, 0) and text.startswith(word, place):
                taken[number] = place + len(word)
                plain.append((number, place, word))
    told.sort(key=itemgetter(0))
    for number, place, words in (*told, *plain):
        yield sections[number][0], place, words


def is_attitude(text: str) -> bool:
    """Whether a sign of stance, spirit or slogan stands in the text."""
    return any(domain == "governance-political" for (domain, _), _, _ in hits(text))
