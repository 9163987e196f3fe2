"""Reports of an event: made of what is already entered, once, and never changed after."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from bihuan.core.audit.services import record
from bihuan.core.clock import day_end, local_date
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.epidemic.models import Event, Judgement, SituationReport
from bihuan.epidemic.selectors.orders import order_rows
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.situation import Situation, situation

FAMILY = "situation"


def report_kinds(at: datetime, *, scope: str = "") -> dict[str, dict[str, Any]]:
    """The kinds of report of the pack in force."""
    return registry.edition(FAMILY, at, scope=scope).rows("event_report")


def asked_of(kind: str, at: datetime, *, scope: str = "") -> list[dict[str, Any]]:
    """What only a person can say in a report. Raises Invalid("sitreport.kind")."""
    pack = registry.edition(FAMILY, at, scope=scope)
    row = pack.rows("event_report").get(kind)
    if row is None:
        raise Invalid("sitreport.kind", field="kind", kind=kind)
    asks = pack.rows("report_ask")
    return [asks[key] for key in row["asks"]]


def due_of(
    event: Event, kind: str, known_at: datetime, at: datetime, *, scope: str = ""
) -> tuple[datetime, str]:
    """Until when a report of a kind is due, and by which rule."""
    key = report_kinds(at, scope=scope)[kind]["clock"]
    start = event.opened_at
    if kind == "daily":
        start = day_end(local_date(known_at))
    elif kind == "final":
        start = event.closed_at or at
    elif kind == "progress":
        earlier = SituationReport.objects.filter(event=event, kind__in=("first", "progress"))
        last = earlier.filter(made_at__lt=at).aggregate(last=Max("made_at"))["last"]
        start = last or event.opened_at
    due, ref = registry.due(key, start, scope=scope)
    return due, ref


@dataclass(frozen=True, slots=True)
class NewReport:
    """A report somebody asks for: which, of when, and what only a person can say."""

    event_id: int
    place: Place
    kind: str
    known_at: datetime
    words: dict[str, str] = field(default_factory=dict)
    late_reason: str = ""


@transaction.atomic
def make_report(*, given: NewReport, by: Actor, at: datetime) -> SituationReport:
    """Make a report from what is known. A late one goes out too, with its reason. Locks the event.

    Raises NotAllowed, NotFound, Invalid("sitreport.…").
    """
    if not by.has("report.file"):
        raise NotAllowed("not_allowed", duty="report.file")
    event = fetch_event(event_id=given.event_id, by=by)
    Event.objects.select_for_update().get(pk=event.pk)
    _check(given, event, at)
    due, rule = due_of(event, given.kind, given.known_at, at, scope=given.place.path)
    late = max(int((at - due).total_seconds() // 60), 0)
    if late and not given.late_reason.strip():
        raise Invalid("sitreport.late", field="late_reason", minutes=late)
    found = situation(event=event, place=given.place, at=given.known_at)
    judged = _judgement(event, given.place, given.known_at, at)
    content = content_of(event, given.place, found, by=by) | {
        "words": {key: words.strip() for key, words in given.words.items() if words.strip()},
        "judgement": _judged(judged), "kind": given.kind,
    }  # fmt: skip
    row = SituationReport.objects.create(
        event=event, place=given.place, scope=given.place.path, kind=given.kind, day=found.day,
        version=_next_version(event, given, found), content=content, digest=digest_of(content),
        edition=found.edition, due_at=due, due_rule=rule, made_at=at, made_by=by.name,
        late_minutes=late, late_reason=given.late_reason.strip() if late else "",
        judgement=judged,
    )  # fmt: skip
    record(action="sitreport.make", subject=f"sitreport:{row.pk}", by=by, at=at, scope=row.scope,
           after=row.kind, facts={"digest": row.digest, "late": late})  # fmt: skip
    return row


def _check(given: NewReport, event: Event, at: datetime) -> None:
    if given.known_at > at:
        raise Invalid("judgement.future", field="known_at")
    asked = [row["key"] for row in asked_of(given.kind, at, scope=given.place.path)]
    lacking = [key for key in asked if not given.words.get(key, "").strip()]
    if lacking:
        raise Invalid("sitreport.incomplete", field=lacking[0], lacking=lacking)
    if given.kind == "final" and event.closed_at is None:
        raise Invalid("sitreport.open", field="kind")


def _next_version(event: Event, given: NewReport, found: Situation) -> int:
    earlier = SituationReport.objects.filter(event=event, place=given.place, kind=given.kind)
    last = earlier.filter(day=found.day).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def _judgement(event: Event, place: Place, known_at: datetime, at: datetime) -> Judgement | None:
    rows = Judgement.objects.filter(event=event, place=place, day=local_date(known_at))
    return rows.filter(signed_at__lte=at).order_by("-version").first()


def _judged(row: Judgement | None) -> dict[str, str] | None:
    if row is None:
        return None
    assert row.signed_at is not None
    return {"text": row.text, "version": str(row.version), "written_by": row.written_by,
            "signed_by": row.signed_by, "signed_at": row.signed_at.isoformat()}  # fmt: skip


def content_of(event: Event, place: Place, found: Situation, *, by: Actor) -> dict[str, Any]:
    """The figures of a report, as they will be read in years: no later edition changes them."""
    pack = edition_of(event, found.at, scope=place.path)
    classes = pack.rows("case_class")
    guess = found.estimate
    orders = order_rows(by=by, at=found.at, event_id=event.pk)
    return {
        "title": event.title, "disease": event.disease, "place": place.name,
        "known_at": found.at.isoformat(), "day": found.day.isoformat(), "edition": found.edition,
        "lines": [
            {"title": classes.get(line.kind, {}).get("title", line.kind),
             "title_en": classes.get(line.kind, {}).get("title_en", line.kind),
             "figures": [line.new, line.existing, line.cured_all, line.died_all, line.total]}
            for line in found.lines
        ],
        "days": [[f.day.isoformat(), f.new, f.community, f.controlled, f.out, f.stock]
                 for f in found.flows],
        "share_week": list(found.share_week), "origins": [list(row) for row in found.origins],
        "areas": _areas(place, found),
        "zero": {"run": found.zero.run, "achieved": found.zero.achieved},
        "estimate": {
            "lacking": guess.lacking, "r": [guess.r, guess.r_low, guess.r_high],
            "growth": [guess.growth, guess.growth_low, guess.growth_high],
            "turned": guess.turned.isoformat() if guess.turned else None,
            "until": guess.until.isoformat() if guess.until else None,
            "ahead": [[a.day.isoformat(), a.low, a.middle, a.high] for a in guess.ahead],
        },
        "orders": [[o.area, o.ends_at.isoformat(), o.people] for o in orders
                   if o.state == "in_force"],
    }  # fmt: skip


def _areas(place: Place, found: Situation) -> list[list[Any]]:
    """New and all cases of each county below. One query."""
    names = dict(
        Place.objects.filter(within("path", place.path), level="county", valid_to=None)
        .order_by("code").values_list("path", "name")
    )  # fmt: skip
    return [[name, *found.areas[path]] for path, name in names.items() if path in found.areas]


def digest_of(content: dict[str, Any]) -> str:
    """The sum by which a report is recognised."""
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def missing_reports(*, event: Event, at: datetime, scope: str = "") -> list[tuple[str, datetime]]:
    """Reports that should have gone out by now and did not: kind and since when (M052)."""
    made = SituationReport.objects.filter(event=event, made_at__lte=at)
    told = []
    first = made.filter(kind="first").exists()
    due, _ = due_of(event, "first", at, at, scope=scope)
    if not first and due < at:
        told.append(("first", due))
    yesterday = at - timedelta(days=1)
    daily, _ = due_of(event, "daily", yesterday, at, scope=scope)
    known = event.opened_at <= yesterday and (event.closed_at is None or event.closed_at > daily)
    if known and daily < at and not made.filter(kind="daily", day=local_date(yesterday)).exists():
        told.append(("daily", daily))
    if first or made.filter(kind="progress").exists():
        progress, _ = due_of(event, "progress", at, at, scope=scope)
        if progress < at and event.closed_at is None:
            told.append(("progress", progress))
    return told
