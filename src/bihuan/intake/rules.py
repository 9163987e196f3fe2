"""Text arithmetic of the review: pieces, cuts, likeness; what names of meetings tell. Pure."""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from itertools import pairwise

from bihuan.intake.communique import links
from bihuan.intake.types import Piece

ALIKE_FROM = 0.38  # likeness of two clauses from which a link is proposed; a person decides
SHORTEST_CLAUSE = 6
MOST_WEIGHED = 4
_CLAUSE = re.compile(r"[,，。;；:：、]")
_CUT = re.compile(r"[。;；,，、]")


@lru_cache(maxsize=20_000)
def _clauses(text: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The clauses of a demand that say something, each with its pairs of characters."""
    parts = (part for part in _CLAUSE.split(text) if len(part) >= SHORTEST_CLAUSE)
    return tuple((p, frozenset(p[n : n + 2] for n in range(len(p) - 1))) for p in parts)


@lru_cache(maxsize=20_000)
def _alike(a: str, b: str) -> float:
    return links.similarity(a, b)


def nearest(text: str, others: Sequence[str]) -> tuple[int, float] | None:
    """The demand among others that says one clause of a text most nearly, and how nearly (0–1).

    Papers say the same in other company, so clauses are compared and not whole demands. A cheap
    count of shared pairs picks the few that are weighed. None when nothing comes near.
    """
    scored: list[tuple[float, int]] = []
    for clause, pairs in _clauses(text):
        shared = [
            (2 * len(pairs & theirs) / (len(pairs) + len(theirs)), place, other)
            for place, words in enumerate(others)
            for other, theirs in _clauses(words)
        ]
        for _count, place, other in nlargest(MOST_WEIGHED, shared):
            scored.append((_alike(clause, other), -place))
    score, place = max(scored, default=(0.0, 0))
    return (-place, score) if score >= ALIKE_FROM else None


Pieces = tuple[tuple[str, bool], ...]


def difference(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Two texts cut where they differ: each piece, and whether the other text has it too.

    A shared run of one character between two differences says nothing and counts as different.
    """
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    shared = [(a, b, size) for a, b, size in blocks if size > 1]
    first = _pieces(old, [(a, a + size) for a, _, size in shared])
    return first, _pieces(new, [(b, b + size) for _, b, size in shared])


def _pieces(text: str, shared: Sequence[tuple[int, int]]) -> Pieces:
    edges = sorted({0, len(text), *(edge for span in shared for edge in span)})
    inside = {start for start, _ in shared}
    return tuple((text[a:b], a in inside) for a, b in pairwise(edges))


def cuts(text: str) -> tuple[tuple[int, str], ...]:
    """Where a demand may be split: the offset after each stop, and how the rest begins."""
    found = [match.end() for match in _CUT.finditer(text)]
    return tuple((n, text[n : n + 12]) for n in found if 2 <= n <= len(text) - 2)


def marked(text: str, spans: Iterable[tuple[int, int, Piece]]) -> tuple[Piece, ...]:
    """The text cut at the spans; each piece takes the earliest span that covers it."""
    known = sorted(_inside(spans, len(text)), key=lambda span: span[:2])
    edges = sorted({0, len(text), *(s for s, _, _ in known), *(e for _, e, _ in known)})
    pieces: list[Piece] = []
    ahead = deque(known)
    open_spans: list[tuple[int, int, Piece]] = []
    for low, high in pairwise(edges):
        open_spans = [span for span in open_spans if span[1] > low]
        while ahead and ahead[0][0] <= low:
            open_spans.append(ahead.popleft())
        cover = open_spans[0][2] if open_spans else Piece("")
        pieces.append(replace(cover, text=text[low:high], start=low))
    return tuple(pieces)


def _inside(
    spans: Iterable[tuple[int, int, Piece]], length: int
) -> Iterable[tuple[int, int, Piece]]:
    return ((s, e, piece) for s, e, piece in spans if 0 <= s < e <= length)


def form_of(meetings: Sequence[str]) -> str:
    """The form of a meeting by its names."""
    said = "".join(meetings)
    for words, form in (
        ("电视电话", "televised"), ("视频", "video"), ("扩大", "enlarged"), ("现场", "on_site"),
        ("专题", "special"), ("学习", "study"),
    ):  # fmt: skip
        if words in said and not (form == "study" and "领导小组" in said):
            return form
    return "plenary"


def body_kinds(meetings: Sequence[str]) -> frozenset[str]:
    """Which bodies sat, by the names of the meeting (M006)."""
    said = "".join(meetings)
    kinds = set()
    if re.search(r"防控|指挥部|疫情", said):
        kinds.add("headquarters")
    if re.search(r"安全生产委员会|安委|安全生产", said):
        kinds.add("safety_committee")
    return frozenset(kinds)


_PARTY_CUT = re.compile(r"[、,，;；]|(?<=[局厅委会室部办署司队站])[和与及]")
_LEVEL = re.compile(r"^(?:全|各|本)?[省市县区](?:直)?")
_KIND = re.compile(r"(?:管理)?(?:委员会|办公室|总队|支队|大队|部门|厅局|厅|局|委|办|署)$")
_HEADQUARTERS = re.compile(r"指挥部|防控领导小组|防控办|疫情防控(?:工作)?领导小组")
_SAFETY = re.compile(r"安委会|安委办|安全生产委员会")


def parties(texts: str, demand: str) -> tuple[str, ...]:
    """The parties that a demand names, who leads (牵头) first; otherwise in their order (M019)."""
    names = [name.strip() for name in _PARTY_CUT.split(texts) if name.strip()]
    leads = [name for name in names if re.search(rf"{re.escape(name)}.{{0,6}}牵头", demand)]
    return tuple(dict.fromkeys([*leads, *names]))


def same_party(name: str, *, org: str, kind: str, place: str) -> bool:
    """Whether a party of a text is an organisation of the place, by its kind or by its name."""
    if kind == "headquarters":
        return bool(_HEADQUARTERS.search(name))
    if kind == "safety_committee":
        return bool(_SAFETY.search(name))
    said, own = (_stem(text.removeprefix(place)) for text in (name, org))
    return min(len(said), len(own)) > 1 and (said.startswith(own) or own.startswith(said))


def _stem(name: str) -> str:
    return _KIND.sub("", _LEVEL.sub("", name))


def sessions(
    chairs: Sequence[str], said: Sequence[tuple[int, int, str]]
) -> tuple[tuple[str, int], ...]:
    """Meetings held one after the other under one headline: each chair, and where it ends.

    `said` are the spans of the demands with their speakers. Chairs who speak in turns sat in one
    meeting, as do a chair and whoever else speaks: then there is nothing to part (M008).
    """
    spans = [
        (chair, [(start, end) for start, end, speaker in said if speaker == chair])
        for chair in dict.fromkeys(chairs)
    ]
    if len(spans) < 2 or not all(own for _chair, own in spans):
        return ()
    blocks = sorted(
        (min(start for start, _ in own), max(end for _, end in own), chair) for chair, own in spans
    )
    if any(end > start for (_, end, _), (start, _, _) in pairwise(blocks)):
        return ()
    return tuple((chair, end) for _start, end, chair in blocks)
