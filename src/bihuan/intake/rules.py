"""Text arithmetic of the review: pieces and cuts; what the names of a meeting tell. Pure."""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from bihuan.intake.types import Piece

_CUT = re.compile(r"[。;；,，、]")


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
