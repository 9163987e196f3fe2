"""Write risks down, grade them, name their controls; a failed control raises the risk at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Domain
from bihuan.core.loops.services import issue, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Establishment, Measure, RiskEvent, RiskObject
from bihuan.safety.rules.gb18218 import Substance, identify
from bihuan.safety.rules.risk import (
    Control,
    FactorWrong,
    colour_of,
    matrix_colour,
    residual,
    score,
    worst,
)
from bihuan.safety.selectors.establishments import fetch_establishment, owner_post
from bihuan.safety.selectors.risks import MATRIX, matrix_cells, method_of, source_tables
from bihuan.safety.services.standing import standing_for
from bihuan.safety.types import Colour, Defence


def _writable(establishment_id: int, by: Actor) -> Establishment:
    """The establishment, locked, for itself or whoever keeps the register. Raises as the door."""
    row = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if row.owner_org_id != by.org_id and not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    return row


@transaction.atomic
def add_object(
    *, establishment_id: int, name: str, substances: Mapping[str, str], people: int, by: Actor,
    at: datetime,
) -> RiskObject:  # fmt: skip
    """Write a risk object down; with substances it is graded by GB 18218. Locks the place.

    Raises NotFound, NotAllowed, Invalid("risk.no_name" | "risk.substance" | "risk.people").
    """
    place = _writable(establishment_id, by)
    if not name.strip():
        raise Invalid("risk.no_name", field="name")
    if people < 0:
        raise Invalid("risk.people", field="people")
    row = RiskObject(establishment=place, name=name.strip()[:120], people=people, created_at=at)
    if substances:
        tables = source_tables(at=at, scope=place.scope)
        found = identify([_substance(k, q, at) for k, q in substances.items()], people, tables)
        row.substances = [{"key": k, "quantity": q} for k, q in substances.items()]
        row.ratio, row.value, row.level = str(found.s), str(found.r), found.level
    row.save()
    record(action="risk.object", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"name": row.name, "S": row.ratio, "R": row.value, "level": row.level})  # fmt: skip
    return row


def _substance(key: str, quantity: str, at: datetime) -> Substance:
    rows = {row["key"]: row for row in registry.table("safety_substance", at)}
    try:
        tonnes = Fraction(quantity)
    except (ValueError, ZeroDivisionError):
        tonnes = Fraction(-1)
    if key not in rows or tonnes < 0:
        raise Invalid("risk.substance", field="substances", value=f"{key} {quantity}")
    return Substance(tonnes, Fraction(rows[key]["threshold"]), Fraction(rows[key]["beta"]))


@dataclass(frozen=True, slots=True)
class NewEvent:
    """What may happen, with the factors of its method; `rated` is the colour under control."""

    unit: str
    name: str
    method: str
    factors: Mapping[str, str]
    rated: str


@transaction.atomic
def add_event(*, object_id: int, given: NewEvent, by: Actor, at: datetime) -> RiskEvent:
    """Grade an event by a method of the pack. Locks the place.

    Raises NotFound, NotAllowed, Invalid("risk.no_name" | "risk.method" | "risk.factor" |
    "risk.rated").
    """
    found = RiskObject.objects.filter(pk=object_id).first()
    if found is None:
        raise NotFound("risk.not_found", id=object_id)
    place = _writable(found.establishment_id, by)
    if not given.unit.strip() or not given.name.strip():
        raise Invalid("risk.no_name", field="name" if given.unit.strip() else "unit")
    value, inherent = _graded(given, place.scope, at)
    if given.rated not in Colour.values or worst((given.rated, inherent)) != inherent:
        raise Invalid("risk.rated", field="rated")
    event = RiskEvent.objects.create(
        object=found, unit=given.unit.strip()[:120], name=given.name.strip()[:120],
        method=given.method, factors=dict(given.factors), score=value, inherent=inherent,
        rated=given.rated, residual=residual(inherent, given.rated, ()), graded_at=at,
        graded_by=by.name,
    )  # fmt: skip
    _recolour(place, at=at)
    record(action="risk.event", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"name": event.name, "score": value, "colour": inherent})  # fmt: skip
    return event


def _graded(given: NewEvent, scope: str, at: datetime) -> tuple[str, str]:
    """The score as text, and the inherent colour."""
    try:
        if given.method == MATRIX:
            cells = matrix_cells(at=at, scope=scope)
            place = {name: int(value) for name, value in given.factors.items()}
            return "", matrix_colour(
                cells, likelihood=place.get("l", 0), severity=place.get("s", 0)
            )
        method = method_of(given.method, at=at, scope=scope)
        value = score(method, {name: Decimal(said) for name, said in given.factors.items()})
    except (FactorWrong, InvalidOperation, ValueError) as fault:
        raise Invalid("risk.factor", field="factors", name=str(fault)) from fault
    return f"{value.normalize():f}", colour_of(method, value)


@dataclass(frozen=True, slots=True)
class NewMeasure:
    """A control: its kind, its layer, and until when it counts."""

    kind: str
    layer: str
    text: str
    valid_to: date | None = None


@transaction.atomic
def add_measure(*, event_id: int, given: NewMeasure, by: Actor, at: datetime) -> Measure:
    """Name a control of an event. Locks the place. Raises NotFound, NotAllowed, Invalid."""
    event = _event(event_id)
    place = _writable(event.object.establishment_id, by)
    if given.kind not in Defence.values or not given.text.strip() or not given.layer.strip():
        raise Invalid("risk.measure", field="text")
    row = Measure.objects.create(
        event=event, kind=given.kind, layer=given.layer.strip()[:60],
        text=given.text.strip()[:200], valid_to=given.valid_to,
    )  # fmt: skip
    recompute(event, at=at)
    _recolour(place, at=at)
    record(action="risk.measure", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"text": row.text, "kind": row.kind})  # fmt: skip
    return row


def _event(event_id: int) -> RiskEvent:
    event = RiskEvent.objects.select_related("object").filter(pk=event_id).first()
    if event is None:
        raise NotFound("risk.not_found", id=event_id)
    return event


@transaction.atomic
def fail_measure(*, measure_id: int, reason: str, by: Actor, at: datetime) -> Measure:
    """A control failed: the risk rises at once, and a temporary measure is owed in a day.

    Locks the place. Raises NotFound, NotAllowed, Invalid("loop.no_reason"),
    Conflict("risk.failed").
    """
    row, place = _measure(measure_id, by)
    if not reason.strip():
        raise Invalid("loop.no_reason", field="reason")
    if row.failed_at is not None:
        raise Conflict("risk.failed")
    row.failed_at, row.failure = at, reason.strip()[:200]
    owner = owner_post(place)
    if owner is not None:
        owner = Post.objects.select_related("org", "place").get(pk=owner.pk)
        brief = write_brief(
            given=BriefInput(
                title=f"管控措施失效,落实临时措施:{row.text}"[:200], text=row.failure,
                domain=Domain.SAFETY, sector=place.sector, criterion="临时措施已落实并有照片",
            ),
            place=place.venue.place, at=at,
        )  # fmt: skip
        row.task = issue(
            brief=brief, owner_post_id=owner.pk, by=standing_for(owner, "风险管控"), at=at,
            deadline=Deadline(*registry.due("risk.temporary", at, scope=place.scope)),
            origin=f"establishment:{place.pk}",
        )  # fmt: skip
    row.save()
    return _after(row, place, "risk.fail", by=by, at=at)


@transaction.atomic
def restore_measure(*, measure_id: int, valid_to: date | None, by: Actor, at: datetime) -> Measure:
    """A control works again, and until when. Locks the place. Raises NotFound, NotAllowed."""
    row, place = _measure(measure_id, by)
    row.failed_at, row.failure, row.valid_to = None, "", valid_to
    row.save()
    return _after(row, place, "risk.restore", by=by, at=at)


def _measure(measure_id: int, by: Actor) -> tuple[Measure, Establishment]:
    row = Measure.objects.select_related("event__object").filter(pk=measure_id).first()
    if row is None:
        raise NotFound("risk.not_found", id=measure_id)
    return row, _writable(row.event.object.establishment_id, by)


def _after(row: Measure, place: Establishment, action: str, *, by: Actor, at: datetime) -> Measure:
    recompute(row.event, at=at)
    _recolour(place, at=at)
    record(action=action, subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"text": row.text, "residual": row.event.residual})  # fmt: skip
    return row


def controls_of(measures: Sequence[Measure], *, on: date) -> list[Control]:
    """The controls as they count on a day: not failed, not past due."""
    return [
        Control(
            one.kind, one.layer,
            one.failed_at is None and (one.valid_to is None or one.valid_to >= on),
        )
        for one in measures
    ]  # fmt: skip


def recompute(event: RiskEvent, *, at: datetime) -> str:
    """Compute the residual colour of an event anew."""
    controls = controls_of(list(event.measures.all()), on=local_date(at))
    event.residual = residual(event.inherent, event.rated, controls)
    event.save(update_fields=["residual"])
    return event.residual


def _recolour(place: Establishment, *, at: datetime) -> None:
    """An establishment has the colour of its gravest event; grading is a survey."""
    events = RiskEvent.objects.filter(object__establishment=place)
    place.colour = worst(list(events.values_list("residual", flat=True)))
    place.surveyed_at = at
    place.save(update_fields=["colour", "surveyed_at"])


@transaction.atomic
def expire_controls(*, at: datetime) -> int:
    """Let controls whose day has passed stop counting; how many events changed. Repeatable."""
    due = RiskEvent.objects.filter(measures__valid_to__lt=local_date(at), measures__failed_at=None)
    changed = 0
    for event in due.select_related("object__establishment").distinct():
        before = event.residual
        if recompute(event, at=at) != before:
            changed += 1
            place = event.object.establishment
            colours = RiskEvent.objects.filter(object__establishment=place)
            place.colour = worst(list(colours.values_list("residual", flat=True)))
            place.save(update_fields=["colour"])
    return changed
