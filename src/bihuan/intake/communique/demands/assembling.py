"""Spans to directives: every field of the label guide filled for one demand after the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from bihuan.intake.communique.demands.actions import is_actionable
from bihuan.intake.communique.demands.domains import domains, topic_of
from bihuan.intake.communique.demands.grammar import LABEL
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
    topic = topic_of(title, text)
    lists = listed_problems(text)
    used: set[str] = set()
    numbering = Numbering()
    out: list[Directive] = []
    last: Span | None = None
    lent: tuple[str, ...] = ()
    near: Domain | None = None
    for span in spans:
        plain = _ASCII_QUOTES.sub(r"“\1”", text[span.start : span.end])
        own = responsible(plain)
        same_turn = last is not None and last.unit.paragraph == span.unit.paragraph
        if not same_turn or span.unit.opens_turn or span.label:
            lent = ()
        around = near if last and span.start - last.end <= _NEAR and not span.label else None
        act = is_actionable(plain)
        named = domains(plain, actionable=act, parties=own, near=around, topic=topic)
        limits = limits_in(plain, span.start, anchor)
        shown_own = tuple(_verbatim(one, text, shown, span) for one in own)
        first, end = source(span.start, span.end)
        out.append(
            Directive(
                index=len(out) + 1,
                text=shown[span.start : span.end],
                start=span.start,
                end=span.end,
                original_start=first,
                original_end=end,
                speaker=span.unit.speaker,
                number_label=_shown_label(span, shown),
                group=numbering.place(span),
                domain=named[0],
                domains=named,
                responsible=shown_own,
                responsible_inherited=() if own else lent,
                deadline=limits,
                objects=tuple(objects_in(plain)),
                places=tuple(places_in(plain)),
                actionable=act,
                problem=_problem(plain, span, lists, used),
            )
        )
        lent = shown_own or lent
        near, last = named[0], span
    return out


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
        bare = LABEL.sub("", plain, count=1)
        found = from_list(bare, entries, used) or _by_ordinal(span, bare, entries, used)
        if found:
            used.add(found)
            return found
    return own
