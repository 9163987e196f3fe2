"""Numbering as places in a tree: `L2.1` is item 1 of the second enumeration, `L1.2.3` nests."""

from __future__ import annotations

import re

from bihuan.intake.communique.demands.limits import number
from bihuan.intake.communique.demands.passages import Unit
from bihuan.intake.communique.demands.splitting import Span

_WORDS = "首其再最"


class Numbering:
    """Follows the labels of a text; a group lasts to the next label, turn or line end."""

    def __init__(self) -> None:
        self._count = 0
        self._path: list[tuple[str, int]] = []
        self._group: str | None = None
        self._paragraph = -1
        self._unit: Unit | None = None

    def place(self, span: Span) -> str | None:
        """The group of the next span of the text."""
        if span.unit is not self._unit and span.unit.opens_turn:
            self._path = []
        if span.label is not None:
            inside = span.unit.paragraph == self._paragraph and not span.unit.opens_turn
            self._group = self._enter(*_kind_and_value(span.label), inside=inside)
        elif span.unit is not self._unit and (
            span.unit.opens_turn or span.unit.paragraph != self._paragraph
        ):
            self._group = None
        self._paragraph, self._unit = span.unit.paragraph, span.unit
        return self._group

    def _enter(self, kind: str, value: int, *, inside: bool) -> str:
        kinds = [one for one, _ in self._path]
        if kind in kinds:
            depth = kinds.index(kind)
            if value == self._path[depth][1] + 1 or depth > 0:
                self._path = [*self._path[:depth], (kind, value)]
                return self._name()
        elif self._path and value == 1 and (inside or _inner(self._path[-1][0], kind)):
            self._path.append((kind, value))
            return self._name()
        self._count += 1
        self._path = [(kind, value)]
        return self._name()

    def _name(self) -> str:
        return f"L{self._count}." + ".".join(str(value) for _, value in self._path)


def ordinal(label: str) -> int:
    """The number a label stands for."""
    return _kind_and_value(label)[1]


def _inner(outer: str, kind: str) -> bool:
    """Whether a label of `kind` may open a list inside an item labelled `outer`."""
    order = ("stop", "bracket", "digit", "ordinal", "要", "是", "word")
    return order.index(kind) > order.index(outer)


def _kind_and_value(label: str) -> tuple[str, int]:
    digits = re.sub(r"[^一二三四五六七八九十\d]", "", label)
    value = int(number(digits) or 1)
    if label[:1] in _WORDS:
        return "word", _WORDS.index(label[:1]) + 1
    if label[:1] == "(":
        return "bracket", value
    if label[:1] == "第":
        return "ordinal", value
    if label[:1].isdigit():
        return "digit", value
    if label.rstrip("、,").endswith("要"):
        return "要", value
    return ("是", value) if label.endswith("是") else ("stop", value)
