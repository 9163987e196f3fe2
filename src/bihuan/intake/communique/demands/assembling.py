"""Spans to directives: every field of the label guide filled for one demand after the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bihuan.intake.communique.demands.actions import is_actionable
from bihuan.intake.communique.demands.domains import domains, topic_of
from bihuan.intake.communique.demands.grammar import without_label
from bihuan.intake.communique.demands.groups import Numbering, ordinal
from bihuan.intake.communique.demands.limits import limits_in
from bihuan.intake.communique.demands.objects import objects_in, places_in
from bihuan.intake.communique.demands.parties import responsible
from bihuan.intake.communique.demands.problems import from_list, listed_problems, own_problem
from bihuan.intake.communique.demands.splitting import Span
from bihuan.intake.communique.types import Directive, Domain

Source = Callable[[int, int], tuple[int, int]]
_ASCII_QUOTES: Final = re.compile(r"\"([^\"\n]{1,60})\"")
_LABEL_STOP: Final = re.compile(r"[、.,:，．：\s]+$")
_NEAR: Final = 3
_LIST_REACH: Final = 900


def assemble(
    text: str, shown: str, spans: list[Span], *, title: str, anchor: str | None, source: Source
) -> list[Directive]:
    """The directives of one text. `text` is `shown` in half width; verbatim fields come from `shown`."""
    desk = _Desk(text, shown, topic_of(title, text), anchor, source)
    return [desk.directive(number, span) for number, span in enumerate(spans, 1)]


class _Desk:
    """Fills in one demand after the other and remembers what the one before lends the next."""

    def __init__(
        self, text: str, shown: str, topic: Domain | None, anchor: str | None, source: Source
    ) -> None:
        self._text = text
        self._shown = shown
        self._topic = topic
        self._anchor = anchor
        self._source = source
        self._lists = listed_problems(text)
        self._used: set[str] = set()
        self._numbering = Numbering()
        self._last: Span | None = None
        self._lent: tuple[str, ...] = ()
        self._near: Domain | None = None

    def directive(self, number: int, span: Span) -> Directive:
        plain = self._text[span.start : span.end]
        if '"' in plain:
            plain = _ASCII_QUOTES.sub(r"“\1”", plain)
        own = responsible(plain)
        limits = limits_in(plain, span.start, self._anchor)
        act = is_actionable(plain, parties=own, limits=limits)
        named = domains(
            plain, actionable=act, parties=own, near=self._neighbour(span), topic=self._topic
        )
        parties = tuple(_verbatim(one, self._text, self._shown, span) for one in own)
        first, end = self._source(span.start, span.end)
        lent = () if own else self._lent
        self._lent, self._near, self._last = parties or self._lent, named[0], span
        return Directive(
            index=number,
            text=self._shown[span.start : span.end],
            start=span.start,
            end=span.end,
            original_start=first,
            original_end=end,
            speaker=span.unit.speaker,
            number_label=_shown_label(span, self._shown),
            group=self._numbering.place(span),
            domain=named[0],
            domains=named,
            responsible=parties,
            responsible_inherited=lent,
            deadline=limits,
            objects=tuple(objects_in(plain)),
            places=tuple(places_in(plain)),
            actionable=act,
            problem=_problem(plain, span, self._lists, self._used),
        )

    def _neighbour(self, span: Span) -> Domain | None:
        """The domain of an adjoining demand; forgets the parties lent when the turn changes."""
        last = self._last
        same_turn = last is not None and last.unit.paragraph == span.unit.paragraph
        if not same_turn or span.unit.opens_turn or span.label:
            self._lent = ()
        adjoining = last is not None and span.start - last.end <= _NEAR and not span.label
        return self._near if adjoining else None


def _verbatim(part: str, text: str, shown: str, span: Span) -> str:
    place = text.find(part, span.start, span.end)
    return shown[place : place + len(part)] if place >= 0 else part


def _shown_label(span: Span, shown: str) -> str | None:
    """The label as written, without the stop that may follow it."""
    if span.label is None:
        return None
    return _LABEL_STOP.sub("", shown[span.label_start : span.label_start + len(span.label)])


def _by_ordinal(span: Span, bare: str, entries: list[str], used: set[str]) -> str | None:
    """Item three of the answers takes up item three of the problems, when it opens with a topic."""
    if span.label is None or not bare.startswith(("对", "针对", "关于")):
        return None
    place = ordinal(span.label) - 1
    return entries[place] if place < len(entries) and entries[place] not in used else None


def _problem(
    plain: str, span: Span, lists: list[tuple[int, list[str]]], used: set[str]
) -> str | None:
    frame = span.unit.frame if span.start - span.unit.start < _NEAR else ""
    own = own_problem(plain, frame)
    for place, entries in lists:
        if not place <= span.start <= place + _LIST_REACH + 300 * len(entries):
            continue
        if own is not None:
            used.update(entry for entry in entries if own in entry or entry in own)
            continue
        bare = without_label(plain)
        found = from_list(bare, entries, used) or _by_ordinal(span, bare, entries, used)
        if found:
            used.add(found)
            return found
    return own
