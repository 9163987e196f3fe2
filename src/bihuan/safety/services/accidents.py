"""Call an accident in, keep what each source knows, report level by level within the limits."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.models import Kind as Proof
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import Domain, Notice
from bihuan.core.loops.services import act, issue, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import under
from bihuan.safety.models import Accident, Falsity, Figure, Report, ReportDuty
from bihuan.safety.rules.accidents import (
    Harm,
    classify,
    counts_until,
    destination,
    late_minutes,
    most,
    next_level,
)
from bihuan.safety.selectors.accidents import fetch_accident, fetch_duty, harms
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.services.aftermath import follow_class
from bihuan.safety.services.standing import standing_for
from bihuan.safety.types import AccidentKind


@dataclass(frozen=True, slots=True)
class Call:
    """The three fields that start the clock, and what may come with them."""

    what: str
    where: str
    harm: Harm
    kind: str = AccidentKind.PRODUCTION
    place_id: int | None = None
    establishment_id: int | None = None
    occurred_at: datetime | None = None
    known_at: datetime | None = None


@transaction.atomic
def call_accident(*, given: Call, by: Actor, at: datetime) -> Accident:
    """Take the call: the accident is there, its class computed, the first clock runs.

    Raises NotAllowed, NotFound, Invalid("accident.empty" | "accident.kind" | "accident.time" |
    "accident.harm").
    """
    if not by.has("problem.find"):
        raise NotAllowed("not_allowed", duty="problem.find")
    occurred, known = _checked(given, at)
    site = None
    if given.establishment_id is not None:
        site = fetch_establishment(establishment_id=given.establishment_id, by=by)
    place = site.venue.place if site else _place(given.place_id or by.place_id, by)
    row = Accident.objects.create(
        establishment=site, place=place, scope=place.path, sector=site.sector if site else "",
        owner_org_id=site.owner_org_id if site else None, issuer_org_id=by.org_id,
        kind=given.kind, what=given.what.strip()[:200], where=given.where.strip()[:200],
        occurred_at=occurred, known_at=known, called_at=at, called_by=by.name, grade="general",
        counts_until=_window(given.kind, occurred, place.path),
        investigate_by=registry.due("accident.investigate", occurred, scope=place.path)[0],
    )  # fmt: skip
    record(action="accident.call", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"what": row.what, "known": known.isoformat()})  # fmt: skip
    _figure(row, by.org_name, given.harm, as_of=known, by=by, at=at)
    _open_duty(row, _start_level(by, row), start=known, at=at)
    follow_class(row, at=at)
    return row


def _window(kind: str, occurred_at: datetime, scope: str) -> datetime:
    """Until when a change of casualties counts; shorter for traffic and fire."""
    short = kind in {AccidentKind.TRAFFIC, AccidentKind.FIRE}
    key = "accident.window_days_short" if short else "accident.window_days"
    return counts_until(occurred_at, int(registry.value(key, occurred_at, scope=scope).value))


def _refuse_unclear(what: str, kind: str, *, placed: bool) -> None:
    if not what.strip() or not placed:
        raise Invalid("accident.empty", field="where" if what.strip() else "what")
    if kind not in AccidentKind.values:
        raise Invalid("accident.kind", field="kind")


def _checked(given: Call, at: datetime) -> tuple[datetime, datetime]:
    placed = bool(given.where.strip() or given.establishment_id)
    _refuse_unclear(given.what, given.kind, placed=placed)
    known = given.known_at or at
    occurred = given.occurred_at or known
    if not occurred <= known <= at:
        raise Invalid("accident.time", field="known_at")
    return occurred, known


def _place(place_id: int, by: Actor) -> Place:
    place = Place.objects.filter(pk=place_id, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise NotFound("place.not_found", id=place_id)
    return place


def _start_level(by: Actor, row: Accident) -> str:
    """The level that knows first and must report upward."""
    if by.role is Role.UNIT:
        return "unit"
    level = Place.objects.values_list("level", flat=True).get(pk=by.place_id)
    level = {"community": "township", "grid": "township"}.get(level, level)
    above = {"nation": "nation", "province": "province", "city": "city", "county": "county"}
    return above.get(level, "township") if under(row.scope, by.scope) else "township"


@transaction.atomic
def add_figure(
    *, accident_id: int, source: str, harm: Harm, as_of: datetime, by: Actor, at: datetime
) -> Figure:
    """Write down what a source knows; the class is computed anew inside the window.

    A class that rises opens the duties of the levels above. Locks the accident.
    Raises NotFound, NotAllowed, Invalid("accident.source" | "accident.harm" | "accident.time").
    """
    row = fetch_accident(accident_id=accident_id, by=by, lock=True)
    if not by.has("evidence.add"):
        raise NotAllowed("not_allowed", duty="evidence.add")
    if not source.strip():
        raise Invalid("accident.source", field="source")
    if not row.occurred_at <= as_of <= at:
        raise Invalid("accident.time", field="as_of")
    before = row.grade
    figure = _figure(row, source.strip()[:60], harm, as_of=as_of, by=by, at=at)
    _tell_class(row, before, at=at)
    return figure


def _tell_class(row: Accident, before: str, *, at: datetime) -> None:
    """Tell those who reported of another class, and open what it asks."""
    if row.grade == before:
        return
    for duty in row.duties.all():
        Notice.objects.create(
            post_id=duty.post_id, kind="accident.class", at=at,
            facts={"accident": row.pk, "number": row.number, "title": row.what},
        )  # fmt: skip
    _carry_on(row, at=at)
    follow_class(row, at=at)


@dataclass(frozen=True, slots=True)
class Details:
    """What the call left out or took down wrongly. When it was known stays: the clocks ran from it."""

    what: str
    where: str
    kind: str
    occurred_at: datetime


@transaction.atomic
def correct_accident(*, accident_id: int, given: Details, by: Actor, at: datetime) -> Accident:
    """Complete the call; the window follows kind and time, and the class the window. Locks it.

    Raises NotFound, NotAllowed, Invalid("accident.empty" | "accident.kind" | "accident.time").
    """
    row = fetch_accident(accident_id=accident_id, by=by, lock=True)
    if not by.has("problem.find"):
        raise NotAllowed("not_allowed", duty="problem.find")
    placed = bool(given.where.strip() or row.establishment_id)
    _refuse_unclear(given.what, given.kind, placed=placed)
    if row.figures.filter(as_of__lt=given.occurred_at).exists():
        raise Invalid("accident.time", field="occurred_at")
    former = {"what": row.what, "where": row.where, "kind": row.kind,
              "occurred_at": row.occurred_at.isoformat()}  # fmt: skip
    row.what, row.where = given.what.strip()[:200], given.where.strip()[:200]
    row.kind, row.occurred_at = given.kind, given.occurred_at
    row.counts_until = _window(row.kind, row.occurred_at, row.scope)
    row.investigate_by = registry.due("accident.investigate", row.occurred_at, scope=row.scope)[0]
    before = _sum_up(row)
    record(action="accident.correct", subject=row.subject, by=by, at=at, scope=row.scope,
           before=before, after=row.grade, facts={"former": former})  # fmt: skip
    _tell_class(row, before, at=at)
    return row


def _figure(
    row: Accident, source: str, harm: Harm, *, as_of: datetime, by: Actor, at: datetime
) -> Figure:
    if min(asdict(harm).values()) < 0:
        raise Invalid("accident.harm", field="deaths")
    figure = Figure.objects.create(
        accident=row, source=source, **asdict(harm), as_of=as_of, at=at, by=by.name,
        counts=as_of <= row.counts_until,
    )  # fmt: skip
    before = _sum_up(row)
    record(action="accident.figure", subject=row.subject, by=by, at=at, scope=row.scope,
           before=before, after=row.grade,
           facts={"source": source, **asdict(harm), "counts": figure.counts})  # fmt: skip
    return figure


def _sum_up(row: Accident) -> str:
    """Compute sums and class from the figures that count, and keep them; the class before."""
    told = most(harms(row))
    table = registry.table("accident_class", row.occurred_at, scope=row.scope)
    before, row.grade = row.grade, classify(told, table)
    row.deaths, row.serious = told.deaths, told.serious
    row.missing, row.loss = told.missing, told.loss
    row.save()
    return before


def _carry_on(row: Accident, *, at: datetime) -> None:
    """Open the duty above the highest level that has heard, if the class leads further up."""
    heard = [duty for duty in row.duties.order_by("pk") if duty.reports.exists()]
    if heard:
        _open_duty(row, heard[-1].to_level, start=at, at=at)


def _open_duty(row: Accident, level: str, *, start: datetime, at: datetime) -> ReportDuty | None:
    """Make a level owe its report to the next one; None where the chain has ended."""
    table = registry.table("accident_addressee", row.occurred_at, scope=row.scope)
    to = next_level(level, destination(row.grade, table))
    if to is None or row.duties.filter(from_level=level).exists():
        return None
    sender, receiver = _posts(row, level, to)
    if sender is None:
        return None
    clock = "accident.unit" if level == "unit" else "accident.level"
    due = Deadline(*registry.due(clock, start, scope=row.scope))
    rule = registry.clock(clock, start, scope=row.scope)
    brief = write_brief(
        given=BriefInput(
            title=f"事故报告:{row.what}"[:200], text=f"{row.what}\n{row.where}",
            domain=Domain.SAFETY, sector=row.sector, criterion="已按规定内容上报",
            basis=rule.article or rule.source,
        ),
        place=row.place, at=at,
    )  # fmt: skip
    # A call that comes late is taken all the same: the clock shows how late it is.
    shown = due if due.at > at else Deadline(at + (due.at - start), due.rule)
    task = issue(
        brief=brief, owner_post_id=sender.pk, by=standing_for(receiver or sender, "事故报告时钟"),
        at=at, deadline=shown, origin=f"accident:{row.pk}",
    )  # fmt: skip
    return ReportDuty.objects.create(
        accident=row, from_level=level, to_level=to, post=sender, org_id=sender.org_id,
        due_at=due.at, due_rule=due.rule, task=task,
    )  # fmt: skip


def _posts(row: Accident, level: str, to: str) -> tuple[Post | None, Post | None]:
    """The desk that reports and the desk that hears; none above the province."""
    paths = [*upper_paths(row.scope), row.scope]
    places = Place.objects.filter(path__in=paths, valid_to=None)
    by_level = {place.level: place.pk for place in places}
    desks = desk_of(place_ids=by_level.values())
    receiver = desks.get(by_level.get(to, 0))
    if level == "unit":
        own = Post.objects.filter(org=row.owner_org_id or row.issuer_org_id, valid_to=None)
        return own.select_related("org", "place").order_by("order", "pk").first(), receiver
    return desks.get(by_level.get(level, 0)), receiver


@dataclass(frozen=True, slots=True)
class Content:
    """What article 12 asks beyond what the accident itself says."""

    course: str
    measures: str
    scene: str = ""
    aftermath: str = ""
    other: str = ""


# What each kind of report must say beyond the figures (art. 12; a final one sums up).
REQUIRED = {
    "first": ("scene", "course", "measures"), "progress": ("course", "measures"),
    "final": ("course", "measures", "aftermath"),
}  # fmt: skip


@transaction.atomic
def send_report(
    *, duty_id: int, given: Content, kind: str = "first", by: Actor, at: datetime
) -> Report:
    """Send a report to the next level, as an immutable version of what is known now.

    The first one proves the task and starts the clock of the level above. Locks the accident.
    Raises NotFound, NotAllowed, Invalid("accident_report.kind" | "accident_report.scene" |
    "accident_report.course" | "accident_report.measures" | "accident_report.aftermath"),
    Conflict("accident_report.first_sent" | "accident_report.no_first").
    """
    duty = fetch_duty(duty_id=duty_id, by=by)
    row = fetch_accident(accident_id=duty.accident_id, by=by, lock=True)
    if not by.has("task.do"):
        raise NotAllowed("not_allowed", duty="task.do")
    if kind not in REQUIRED:
        raise Invalid("accident_report.kind", field="kind")
    for name in REQUIRED[kind]:
        if not getattr(given, name).strip():
            raise Invalid(f"accident_report.{name}", field=name)
    sent = duty.reports.filter(kind=kind).count()
    if kind == "first" and sent:
        raise Conflict("accident_report.first_sent")
    if kind != "first" and not duty.reports.filter(kind="first").exists():
        raise Conflict("accident_report.no_first")
    report = Report.objects.create(
        duty=duty, kind=kind, serial=sent + 1, content=_snapshot(row, given), sent_at=at,
        sent_by=by.name, late_minutes=late_minutes(due=duty.due_at, sent=at) if not sent else 0,
    )  # fmt: skip
    record(action="accident.report", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"kind": kind, "serial": report.serial, "to": duty.to_level,
                  "late_minutes": report.late_minutes})  # fmt: skip
    if kind == "first":
        words = Made(at, text=f"{given.course}\n{given.measures}")
        add_statement(subject=duty.task.subject, scope=duty.task.scope, kind=Proof.STATEMENT,
                      made=words, by=by, at=at)  # fmt: skip
        act(obligation_id=duty.task_id, move="prove", by=by, at=at)
        _open_duty(row, duty.to_level, start=at, at=at)
    return report


def _snapshot(row: Accident, given: Content) -> dict[str, object]:
    """Everything a report must say (art. 12), as it is known now."""
    site = row.establishment
    return {
        "unit": site.venue.name if site else "", "what": row.what, "where": row.where,
        "place": row.place.name, "occurred_at": row.occurred_at.isoformat(),
        "class": row.grade, "deaths": row.deaths, "serious": row.serious,
        "missing": row.missing, "loss": row.loss, "course": given.course.strip(),
        "measures": given.measures.strip(), "scene": given.scene.strip(),
        "aftermath": given.aftermath.strip(), "other": given.other.strip(),
        "sources": [
            {"source": f.source, "deaths": f.deaths, "serious": f.serious, "missing": f.missing,
             "loss": f.loss, "as_of": f.as_of.isoformat()}
            for f in row.figures.order_by("pk")
        ],
    }  # fmt: skip


@transaction.atomic
def find_false(*, report_id: int, reason: str, by: Actor, at: datetime) -> Falsity:
    """Find that a report was false; another organisation does, with its reason.

    Raises NotFound, NotAllowed, Invalid("loop.no_reason"), Conflict("accident_report.own" |
    "accident_report.found_false").
    """
    report = Report.objects.select_related("duty").filter(pk=report_id).first()
    if report is None:
        raise NotFound("accident_report.not_found", id=report_id)
    row = fetch_accident(accident_id=report.duty.accident_id, by=by, lock=True)
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    if report.duty.org_id == by.org_id:
        raise Conflict("accident_report.own")
    if not reason.strip():
        raise Invalid("loop.no_reason", field="reason")
    if Falsity.objects.filter(report=report).exists():
        raise Conflict("accident_report.found_false")
    falsity = Falsity.objects.create(report=report, reason=reason.strip(), at=at, by=by.name)
    record(action="accident.false", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"report": report.pk, "reason": falsity.reason})  # fmt: skip
    return falsity
