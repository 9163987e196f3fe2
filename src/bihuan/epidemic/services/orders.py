"""Draft, sign and lift control orders; take and answer appeals. The end needs no act."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import day_end, local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.places.types import CITY, COUNTY, under
from bihuan.epidemic.models import Appeal, ControlOrder, Event
from bihuan.epidemic.rules.areas import read_outline
from bihuan.epidemic.rules.lint import Draft, lint
from bihuan.epidemic.rules.zones import step_beyond
from bihuan.epidemic.selectors.areas import cost_inside, exposures, outside
from bihuan.epidemic.selectors.sight import fetch_event, fetch_order
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.types import OrderDraft


@transaction.atomic
def draft_order(*, given: OrderDraft, by: Actor, at: datetime) -> ControlOrder:
    """Write an order. It must name a grade, a unit and measures of the rules, end, services, help.

    With an outline it must also hold every exposed place.

    Raises NotAllowed, NotFound, Invalid("order.…"), MoveBlocked("order.leaves_out").
    """
    if not by.has("order.draft"):
        raise NotAllowed("not_allowed", duty="order.draft")
    event = fetch_event(event_id=given.event_id, by=by)
    place = Place.objects.filter(pk=given.place_id, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise Invalid("order.place", field="place")
    pack = edition_of(event, at, scope=place.path)
    menu = registry.edition("response", at, scope=place.path).rows("measure")
    _check(given, pack, set(menu))
    wanted = {service for key in given.measures for service in menu[key]["services"]}
    lacking = sorted(wanted - set(given.services))
    if lacking:
        raise Invalid("order.services", field="services", services=lacking)
    longest = min(int(menu[key]["max_days"]) for key in given.measures)
    if given.days < 1 or given.days > longest:
        raise Invalid("order.days", field="days", most=longest)
    basis = "、".join(dict.fromkeys(str(menu[key]["basis"]) for key in given.measures))
    row = _write(given, event, place, pack, basis, by=by, at=at)
    if given.outline:
        return outline_order(order_id=row.pk, text=given.outline, by=by, at=at)
    return row


def _check(given: OrderDraft, pack: Pack, menu: set[str]) -> None:
    zones = pack.rows("zone")
    if given.level not in zones:
        raise Invalid("order.level", field="level", level=given.level)
    if not given.measures or set(given.measures) - menu:
        raise Invalid("order.measures", field="measures")
    beyond = step_beyond(pack, given.level, given.unit)
    if beyond < 0:
        raise Invalid("order.unit", field="unit", units=zones[given.level]["units"])
    if beyond > 0 and not given.larger_reason.strip():
        raise Invalid("order.larger", field="larger_reason")
    for name in ("area", "help_line", "exceptions", "reason"):
        if not getattr(given, name).strip():
            raise Invalid("order.incomplete", field=name)


def _write(
    given: OrderDraft, event: Event, place: Place, pack: Pack, basis: str, *, by: Actor,
    at: datetime,
) -> ControlOrder:  # fmt: skip
    ends_at = day_end(local_date(at) + timedelta(days=given.days))
    row = ControlOrder.objects.create(
        event=event, place=place, scope=place.path, level=given.level, unit=given.unit,
        area=given.area.strip(), measures=list(given.measures), basis=basis[:400],
        edition=pack.ref, reason=given.reason.strip(), larger_reason=given.larger_reason.strip(),
        expert_note=given.expert_note.strip(), services=list(given.services),
        help_line=given.help_line.strip(), exceptions=given.exceptions.strip(),
        households=given.households, people=given.people, enterprises=given.enterprises,
        last_case=given.last_case, drafted_at=at, drafted_by_id=by.person_id, ends_at=ends_at,
    )  # fmt: skip
    record(action="order.draft", subject=f"order:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"level": row.level, "until": ends_at.isoformat()})  # fmt: skip
    return row


def findings(order: ControlOrder, pack: Pack) -> tuple[tuple[str, str], ...]:
    """What the rules say against an order: rule and level."""
    days = (local_date(order.ends_at) - local_date(order.drafted_at)).days - 1
    draft = Draft(
        measures=tuple(order.measures), days=days, zone_level=order.level,
        expert_note=order.expert_note, checkpoint="checkpoint" in order.measures,
        whole_area_test="testing_round" in order.measures and order.unit == "county",
    )  # fmt: skip
    return tuple((found.rule, found.level) for found in lint(draft, pack))


@transaction.atomic
def sign_order(*, order_id: int, by: Actor, at: datetime) -> ControlOrder:
    """Put an order in force until its end. Another person signs; a larger area, a higher level.

    Locks the order. Raises NotAllowed, NotFound, Conflict("order.signed"),
    MoveBlocked("order.blocked" | "order.same_person" | "order.higher" | "order.past").
    """
    if not by.has("order.sign"):
        raise NotAllowed("not_allowed", duty="order.sign")
    row = fetch_order(order_id=order_id, by=by, lock=True)
    if row.signed_at is not None:
        raise Conflict("order.signed", number=row.number)
    if row.drafted_by_id == by.person_id:
        raise MoveBlocked("order.same_person")
    # A county signs; an area larger than the grade's needs one level higher.
    if len(by.scope) > (CITY if row.larger_reason else COUNTY):
        raise MoveBlocked("order.higher")
    if row.ends_at <= at:
        raise MoveBlocked("order.past")
    blocks = [rule for rule, level in findings(row, edition_of(row.event, at, scope=row.scope))
              if level == "block"]  # fmt: skip
    if blocks:
        raise MoveBlocked("order.blocked", rules=blocks)
    row.signed_at, row.signed_by_id, row.signed_by = at, by.person_id, by.name
    row.save(update_fields=["signed_at", "signed_by_id", "signed_by"])
    record(action="order.sign", subject=f"order:{row.pk}", by=by, at=at, scope=row.scope,
           after="in_force", facts={"until": row.ends_at.isoformat()})  # fmt: skip
    return row


@transaction.atomic
def outline_order(*, order_id: int, text: str, by: Actor, at: datetime) -> ControlOrder:
    """Give a draft the outline of its area; whom it restricts is counted from the places inside.

    Locks the order. Raises NotAllowed, NotFound, Conflict("order.signed"),
    Invalid("order.outline"), MoveBlocked("order.leaves_out") naming exposed places outside.
    """
    if not by.has("order.draft"):
        raise NotAllowed("not_allowed", duty="order.draft")
    row = fetch_order(order_id=order_id, by=by, lock=True)
    if row.signed_at is not None:
        raise Conflict("order.signed", number=row.number)
    outline = read_outline(text)
    if outline is None:
        raise Invalid("order.outline", field="outline")
    pack = edition_of(row.event, at, scope=row.scope)
    missed = outside(outline, exposures(row.event, at, pack))
    if missed:
        raise MoveBlocked("order.leaves_out", places=missed)
    cost = cost_inside(outline, row.scope, at)
    row.outline = outline
    if cost.households:
        row.households, row.people, row.enterprises = cost.households, cost.people, cost.enterprises
    row.save(update_fields=["outline", "households", "people", "enterprises"])
    record(action="order.outline", subject=f"order:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"people": row.people})  # fmt: skip
    return row


@transaction.atomic
def lift_order(*, order_id: int, by: Actor, at: datetime) -> ControlOrder:
    """End an order before its time. Locks the order. Raises NotAllowed, NotFound, Conflict."""
    if not by.has("order.sign"):
        raise NotAllowed("not_allowed", duty="order.sign")
    row = fetch_order(order_id=order_id, by=by, lock=True)
    if row.signed_at is None or row.lifted_at is not None or row.ends_at <= at:
        raise Conflict("order.not_in_force", number=row.number)
    row.lifted_at, row.lifted_by = at, by.name
    row.save(update_fields=["lifted_at", "lifted_by"])
    record(action="order.lift", subject=f"order:{row.pk}", by=by, at=at, scope=row.scope,
           before="in_force", after="lifted")  # fmt: skip
    return row


@transaction.atomic
def appeal(*, order_id: int, text: str, at: datetime) -> Appeal:
    """Anybody asks for an exception from an order in force; the code reads the answer.

    Raises NotFound("order.not_found"), Invalid("appeal.empty").
    """
    rows = ControlOrder.objects.filter(pk=order_id, signed_at__lte=at, ends_at__gt=at)
    order = rows.filter(lifted_at=None).first()
    if order is None:
        raise NotFound("order.not_found", id=order_id)
    if len(text.strip()) < 4:
        raise Invalid("appeal.empty", field="text")
    due, _ = registry.due("order.appeal", at, scope=order.scope)
    code = secrets.token_hex(6).upper()
    return Appeal.objects.create(
        order=order, code=code, text=text.strip()[:2000], at=at, due_at=due
    )


@transaction.atomic
def answer_appeal(*, appeal_id: int, granted: bool, answer: str, by: Actor, at: datetime) -> Appeal:
    """Answer an appeal; whoever drafted or signed the order may not. Locks the appeal.

    Raises NotAllowed, NotFound, Conflict("appeal.answered" | "appeal.involved"), Invalid.
    """
    if not (by.has("order.draft") or by.has("order.sign")):
        raise NotAllowed("not_allowed", duty="order.sign")
    rows = Appeal.objects.select_for_update(of=("self",)).select_related("order")
    row = rows.filter(pk=appeal_id).first()
    if row is None or not under(row.order.scope, by.scope):
        raise NotFound("appeal.not_found", id=appeal_id)
    if row.answered_at is not None:
        raise Conflict("appeal.answered")
    if by.person_id in {row.order.drafted_by_id, row.order.signed_by_id}:
        raise Conflict("appeal.involved")
    if not answer.strip():
        raise Invalid("appeal.no_answer", field="answer")
    row.answered_at, row.granted, row.answer, row.answered_by = at, granted, answer.strip(), by.name
    row.save(update_fields=["answered_at", "granted", "answer", "answered_by"])
    record(action="appeal.answer", subject=f"appeal:{row.pk}", by=by, at=at,
           scope=row.order.scope, after="granted" if granted else "refused")  # fmt: skip
    return row
