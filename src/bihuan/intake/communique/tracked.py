"""Text that remembers where each of its characters came from."""

from __future__ import annotations

from collections.abc import Iterable

from bihuan.intake.communique.types import Repair

Edit = tuple[int, int, str]


class Tracked:
    """A text under repair. `at[i]` and `to[i]` bound character i's source in `original`.

    Every change goes through `edit`, so that the repairs and the offsets cannot drift apart.
    """

    __slots__ = ("at", "original", "repairs", "text", "to")

    def __init__(self, original: str) -> None:
        self.original = original
        self.text = original
        self.at: list[int] = list(range(len(original)))
        self.to: list[int] = list(range(1, len(original) + 1))
        self.repairs: list[Repair] = []

    def edit(self, edits: Iterable[Edit], kind: str, *, recorded: bool = True) -> None:
        """Apply edits (start, end, new text), sorted and disjoint, to the current text.

        `recorded` False is for spaces and line ends, which no reader needs to be shown.
        """
        pieces: list[str] = []
        at: list[int] = []
        to: list[int] = []
        here = moved = 0
        for start, end, new in edits:
            if start < here or (start == end and not new):
                continue
            pieces += (self.text[here:start], new)
            first, last = self._source(start, end)
            if len(new) != end - start:
                at += self.at[moved:start]
                to += self.to[moved:start]
                at += [first] * len(new)
                to += [last] * len(new)
                moved = end
            if recorded:
                self.repairs.append(Repair(kind, first, last, self.original[first:last], new))
            here = end
        pieces.append(self.text[here:])
        self.text = "".join(pieces)
        if at or moved:
            self.at = at + self.at[moved:]
            self.to = to + self.to[moved:]

    def propose(self, start: int, end: int, new: str, kind: str) -> None:
        """Record a repair that a person must decide; the text stays as it is."""
        first, last = self._source(start, end)
        self.repairs.append(Repair(kind, first, last, self.original[first:last], new, False))

    def source(self, start: int, end: int) -> tuple[int, int]:
        """The bounds in the original of a non-empty span of the current text."""
        return self.at[start], self.to[end - 1]

    def _source(self, start: int, end: int) -> tuple[int, int]:
        if start < end:
            return self.at[start], self.to[end - 1]
        point = self.at[start] if start < len(self.at) else len(self.original)
        return point, point
