"""Call, hold and close the numbered plenary sessions of a body (M004)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from bihuan.command.models import Demand, Explanation, Plenary, Seat
from bihuan.command.selectors.plenaries import (
    BODIES,
    LEADS,
    fetch_plenary,
    may_lead,
    meetings_to_hold,
    missing,
    overdue_demands,
)
from bihuan.command.types import Came
from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed
from bihuan.core.orgs.models import Org, OrgKind
from bihuan.core.orgs.types import Actor

MEMBERS = (OrgKind.DEPARTMENT, OrgKind.CENTRAL)


@transaction.atomic
def call_plenary(*, body_id: int, planned_for: datetime, by: Actor, at: datetime) -> Plenary:
    """Call the next session of a body in the year of its day; every department is on the roll.

    Raises NotAllowed, Invalid("plenary.body"), Conflict("plenary.before_last").
    """
    if not by.has(LEADS):
        raise NotAllowed("not_allowed", duty=LEADS)
    rows = Org.objects.select_for_update().filter(place=by.place_id, valid_to=None)
    body = rows.filter(pk=body_id, kind__in=BODIES).first()
    if body is None:
        raise Invalid("plenary.body", field="body_id")
    year = local_date(planned_for).year
    held = Plenary.objects.filter(body=body, year=year)
    last = held.aggregate(number=Max("number"), day=Max("planned_for"))
    if last["day"] is not None and planned_for <= last["day"]:
        raise Conflict("plenary.before_last", field="planned_for", day=local_date(last["day"]))
    plenary = Plenary.objects.create(
        body=body, year=year, number=(last["number"] or 0) + 1, place_id=by.place_id,
        scope=by.scope, planned_for=planned_for, called_at=at, called_by=by.name,
    )  # fmt: skip
    members = Org.objects.filter(place=by.place_id, kind__in=MEMBERS, valid_to=None)
    Seat.objects.bulk_create(Seat(plenary=plenary, org=org) for org in members)
    _record("call", plenary, by, at, number=plenary.number, year=year, body=body.name)
    return plenary


@transaction.atomic
def call_roll(*, plenary_id: int, came: Mapping[int, str], by: Actor, at: datetime) -> None:
    """Say of members, by organisation, whether they came.

    Raises NotFound, NotAllowed, Conflict("plenary.closed"), Invalid("plenary.came").
    """
    plenary = _open(plenary_id, by)
    if not set(came.values()) <= set(Came.values):
        raise Invalid("plenary.came", field="came")
    seats = list(plenary.seats.filter(org__in=came))
    for seat in seats:
        seat.came = came[seat.org_id]
    Seat.objects.bulk_update(seats, ["came"])
    _record("roll", plenary, by, at, present=sum(one == Came.PRESENT for one in came.values()))


@transaction.atomic
def hold_plenary(*, plenary_id: int, meeting_id: int, by: Actor, at: datetime) -> None:
    """Name the record of the meeting at which the session was held.

    Raises NotFound, NotAllowed, Conflict("plenary.closed"), Invalid("plenary.meeting").
    """
    plenary = _open(plenary_id, by)
    meeting = meetings_to_hold(plenary).filter(pk=meeting_id).first()
    if meeting is None:
        raise Invalid("plenary.meeting", field="meeting_id")
    plenary.meeting = meeting
    plenary.save(update_fields=["meeting"])
    _record("hold", plenary, by, at, meeting=meeting.pk)


@transaction.atomic
def explain_demands(
    *, plenary_id: int, demand_ids: Sequence[int], text: str, by: Actor, at: datetime
) -> int:
    """Tell the session why demands of earlier ones are overdue; a later word replaces an earlier.

    Raises NotFound, NotAllowed, Conflict("plenary.closed"), Invalid("plenary.no_text").
    """
    plenary = _open(plenary_id, by)
    owed = {row.id for row in overdue_demands(plenary, at=at)}
    told = sorted(owed & set(demand_ids))
    if not text.strip() or not told:
        raise Invalid("plenary.no_text", field="text")
    for demand in Demand.objects.filter(pk__in=told):
        Explanation.objects.update_or_create(
            plenary=plenary, demand=demand,
            defaults={"text": text.strip(), "signed_by": by.name, "signed_at": at},
        )  # fmt: skip
    _record("explain", plenary, by, at, demands=told)
    return len(told)


@transaction.atomic
def close_plenary(*, plenary_id: int, by: Actor, at: datetime) -> None:
    """Close a session that was held, with its roll taken and what is overdue explained.

    Raises NotFound, NotAllowed, Conflict("plenary.closed"), MoveBlocked with the first of
    "plenary.not_held" | "plenary.roll_open" | "plenary.unexplained".
    """
    plenary = _open(plenary_id, by)
    owed = overdue_demands(plenary, at=at)
    ways = missing(plenary, owed)
    if ways:
        lacking = [row.title for row in owed if not row.explanation]
        raise MoveBlocked(ways[0], demands="、".join(lacking[:5]))
    plenary.closed_at, plenary.closed_by = at, by.name
    plenary.save(update_fields=["closed_at", "closed_by"])
    _record("close", plenary, by, at, overdue=len(owed))


def _open(plenary_id: int, by: Actor) -> Plenary:
    plenary = fetch_plenary(plenary_id=plenary_id, by=by)
    if not may_lead(plenary, by):
        raise NotAllowed("not_allowed", duty=LEADS)
    plenary = Plenary.objects.select_for_update(of=("self",)).get(pk=plenary.pk)
    if plenary.closed_at is not None:
        raise Conflict("plenary.closed")
    return plenary


def _record(act: str, plenary: Plenary, by: Actor, at: datetime, **facts: object) -> None:
    record(action=f"plenary.{act}", subject=plenary.subject, by=by, at=at, facts=facts)
