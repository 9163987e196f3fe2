"""One cleaned text to one record: structure first, then demands, then the verdict."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from bihuan.intake.communique.dates import Published, Sitting, published, sittings
from bihuan.intake.communique.demands.assembling import assemble
from bihuan.intake.communique.demands.grammar import unquoted
from bihuan.intake.communique.demands.passages import Passages
from bihuan.intake.communique.demands.splitting import Splitter
from bihuan.intake.communique.judge import reason_against
from bihuan.intake.communique.names import Mention, mentions
from bihuan.intake.communique.places import (
    inspected_place,
    jurisdiction_of,
    level_of,
    raised,
    without_watched,
)
from bihuan.intake.communique.structure import (
    Frame,
    Roles,
    doc_type_of,
    frame_of,
    meetings_of,
    relayed_of,
    roles_of,
    spoke_of,
)
from bihuan.intake.communique.tracked import Tracked
from bihuan.intake.communique.types import Communique, Directive, Fact, Hint, Level, Repair
from bihuan.intake.communique.width import narrow

_STOPS: Final = "。!?;”)"
_NO_PERSON: Final = frozenset(
    ("会议", "省会议", "国务院会议", "全国会议", "市会议", "国家会议", "全省会议")
)
_EVENT: Final = re.compile(
    r"召开|举行|主持|会议|[例大]会|调度会|批示|指示|调研|检查|督[导查]|"
    r"暗访|慰问|会商|察看"
)
_CLIPPED: Final = re.compile(r"^(?:委常委|委书记|月\d|政府党组|委、|府召开)")
_DAMAGE: Final = {
    "pinyin": "pinyin-in-parens",
    "traditional": "traditional",
    "slip.a": "byte-slip",
    "slip.b": "byte-slip",
    "comma.doubled": "doubled-commas",
    "brand": "brand-spam",
    "dropped.spam": "spam-lines",
    "dropped.tail": "other-article-tail",
    "dropped.repeated": "repeated-lead",
}


@dataclass(frozen=True, slots=True)
class _Setting:
    """What the text says about itself, before anything is judged."""

    text: str
    frame: Frame
    people: list[Mention]
    roles: Roles
    release: Published | None
    days: list[Sitting]


def analyse(
    tracked: Tracked, start: int, end: int, *, encoding: str, contacts: int, hint: Hint
) -> Communique:
    """The record of `tracked.text[start:end]`, refused or not."""
    clean_text = tracked.text[start:end]
    setting = _setting(tracked, start, end, hint)
    directives = _directives(setting, clean_text, tracked, start)
    speakers = tuple(
        dict.fromkeys(one.speaker for one in directives if one.speaker not in _NO_PERSON)
    )
    reason = _reason(setting, directives)
    blank = _record(setting, clean_text, tracked, encoding, contacts)
    if reason:
        return replace(blank, is_communique=False, reason=reason)
    level, jurisdiction, sure = _seat(setting, speakers, tracked.original, hint)
    persons = [one for one in speakers if any(one == m.name for m in setting.people)]
    absent = {*setting.roles.chair, *speakers}
    return replace(
        blank,
        doc_type=doc_type_of(setting.frame),
        dates=tuple(one.day for one in setting.days),
        level=level,
        jurisdiction=jurisdiction,
        meetings=tuple(meetings_of(setting.text, setting.frame)),
        chair=tuple(setting.roles.chair),
        speakers=tuple(persons) or speakers or tuple(spoke_of(setting.text, setting.people)),
        reporter=tuple(one for one in setting.roles.reporters if one not in absent),
        attendees=tuple(one for one in setting.roles.others if one not in absent),
        attendees_complete=not setting.roles.open_list,
        relayed_meetings=tuple(relayed_of(setting.frame.lead)),
        facts=_facts(setting, level, jurisdiction, sure=sure),
        directives=tuple(directives),
        warnings=(*blank.warnings, *_doubts(setting, level, directives, sure=sure)),
    )


def _setting(tracked: Tracked, start: int, end: int, hint: Hint) -> _Setting:
    text = narrow(tracked.text[start:end])
    frame = frame_of(text)
    people = mentions(text)
    kept = _kept_spans(tracked)
    release = published(tracked.original, kept, hint)
    days = sittings(text, frame.body, release.day if release else None, hint)
    return _Setting(text, frame, people, roles_of(text, people), release, days)


def _kept_spans(tracked: Tracked) -> list[tuple[int, int]]:
    """Runs of the original that are still in the clean text, coarsely by line."""
    spans: list[tuple[int, int]] = []
    here = 0
    for line in tracked.text.split("\n"):
        if line:
            spans.append(tracked.source(here, here + len(line)))
        here += len(line) + 1
    return spans


def _directives(
    setting: _Setting, clean_text: str, tracked: Tracked, shift: int
) -> list[Directive]:
    names = tuple(sorted({one.name for one in setting.people}, key=len, reverse=True))
    blotted = unquoted(setting.text)
    units = Passages(setting.text, blotted, names, setting.frame.body).units()
    spans = Splitter(setting.text, blotted).spans(units)
    anchor = setting.days[0].day if setting.days else None
    return assemble(
        setting.text,
        clean_text,
        spans,
        title=setting.frame.title or "",
        anchor=anchor,
        source=lambda a, b: tracked.source(a + shift, b + shift),
    )


def _reason(setting: _Setting, directives: list[Directive]) -> str:
    frame = setting.frame
    titled = sum(bool(one.title) for one in setting.people)
    return reason_against(
        setting.text,
        frame,
        demands=len(directives),
        voices=len({one.speaker for one in directives}),
        named=titled,
        dated=bool(setting.days),
        event=bool(_EVENT.search(frame.lead) or _EVENT.search(frame.head)),
    )


def _seat(
    setting: _Setting, speakers: tuple[str, ...], original: str, hint: Hint
) -> tuple[Level | None, str | None, bool]:
    """Level and jurisdiction, and whether the signs agree."""
    lead = without_watched(setting.frame.lead)
    order = [*setting.roles.chair[:1], *speakers]
    titles: list[str] = []
    for name in dict.fromkeys(order):
        title = next((m.title for m in setting.people if m.name == name and m.title), "")
        if title:
            titles.append(title)
    level, sure = level_of(lead, without_watched(setting.frame.head), titles, setting.text)
    inspected = inspected_place(lead) if doc_type_of(setting.frame) == "inspection" else None
    place = inspected or jurisdiction_of(
        level, f"{setting.frame.head}\n{lead}", setting.text, narrow(original)
    )
    return level if inspected else raised(level, place), place or hint.jurisdiction or None, sure


def _facts(
    setting: _Setting, level: Level | None, jurisdiction: str | None, *, sure: bool
) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    frame = setting.frame
    if frame.title:
        end = frame.title_start + len(frame.title)
        facts.append(Fact("title", frame.title, frame.title_start, end, "text", True))
    for one in setting.days:
        certain = "X" not in one.day and one.year_from != "context"
        facts.append(Fact("date", one.day, one.start, one.end, one.year_from, certain))
    if level:
        facts.append(Fact("level", level, None, None, "context", sure))
    if jurisdiction:
        place = setting.text.find(jurisdiction)
        if place >= 0:
            end = place + len(jurisdiction)
            facts.append(Fact("jurisdiction", jurisdiction, place, end, "text", True))
        else:
            facts.append(Fact("jurisdiction", jurisdiction, None, None, "context", False))
    return tuple(facts)


def _doubts(
    setting: _Setting, level: Level | None, directives: list[Directive], *, sure: bool
) -> list[str]:
    """Codes of what a person should look at first."""
    doubts = []
    if any("X" in one.day for one in setting.days):
        doubts.append("year_open")
    if not setting.days:
        doubts.append("date_missing")
    if level is None or not sure:
        doubts.append("level_unsure")
    if setting.roles.open_list:
        doubts.append("attendees_open")
    if not any(one.actionable for one in directives):
        doubts.append("nothing_actionable")
    return doubts


def _record(
    setting: _Setting, clean_text: str, tracked: Tracked, encoding: str, contacts: int
) -> Communique:
    """The record with the fields that even a refused text has."""
    repairs = tuple(sorted(tracked.repairs, key=lambda one: (one.start, one.end)))
    last = setting.text.rstrip()[-1:]
    truncated = bool(last) and last not in _STOPS
    damage = dict.fromkeys(_DAMAGE[one.kind] for one in repairs if one.kind in _DAMAGE)
    frame = setting.frame
    title = clean_text[frame.title_start :].split("\n", maxsplit=1)[0] if frame.title else None
    return Communique(
        original_text=_unspammed(tracked.original, repairs),
        clean_text=clean_text,
        is_communique=True,
        reason="",
        title=title,
        doc_type="other",
        dates=(),
        publish_date=setting.release.day.isoformat() if setting.release else None,
        level=None,
        jurisdiction=None,
        meetings=(),
        chair=(),
        speakers=(),
        reporter=(),
        attendees=(),
        attendees_complete=True,
        relayed_meetings=(),
        truncated=truncated,
        damage=tuple(damage),
        encoding=encoding,
        repairs=tuple(one if one.kind != "dropped.spam" else _blank(one) for one in repairs),
        warnings=_text_warnings(setting.text, repairs, truncated=truncated),
        dropped_contacts=contacts,
        facts=(),
        directives=(),
    )


def _text_warnings(text: str, repairs: tuple[Repair, ...], *, truncated: bool) -> tuple[str, ...]:
    """Codes of what is wrong with the text itself."""
    found = (
        ("repair_uncertain", any(not one.certain for one in repairs)),
        ("start_clipped", bool(_CLIPPED.match(text))),
        ("end_truncated", truncated),
    )
    return tuple(code for code, is_so in found if is_so)


def _unspammed(original: str, repairs: tuple[Repair, ...]) -> str:
    """Spam is never stored, not even beside the clean text: same length, blotted out."""
    pieces: list[str] = []
    here = 0
    for one in repairs:
        if one.kind == "dropped.spam" and one.start >= here:
            pieces += (original[here : one.start], "█" * (one.end - one.start))
            here = one.end
    return "".join(pieces) + original[here:]


def _blank(one: Repair) -> Repair:
    return Repair(one.kind, one.start, one.end, "█" * (one.end - one.start), one.after, one.certain)
