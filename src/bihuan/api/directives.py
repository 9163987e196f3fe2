"""Directives and relays over the API: issue, measure, answer."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema, Status

from bihuan.api import schemas as s
from bihuan.api.access import READ, WRITE, ApiRequest
from bihuan.api.loops import answer_with, version_read
from bihuan.command import services
from bihuan.command.selectors import reach, relays
from bihuan.command.selectors.demands import demand_rows
from bihuan.command.selectors.directives import directive_list, directive_rows
from bihuan.command.selectors.sight import fetch_directive, watched_path
from bihuan.command.services.ready import shares_of
from bihuan.command.types import DemandInput, DirectiveInput, MeetingInput
from bihuan.core.errors import NotFound
from bihuan.core.loops.types import BriefInput
from bihuan.core.places.models import Place

router = Router(tags=["directives"])


class DirectiveOut(Schema):
    """One directive and how far it came."""

    id: int
    number: str
    title: str
    place: str
    issuer: str
    issued_at: datetime
    stage: str
    demands: int
    nodes: int
    answered: int
    open: int
    overdue: int
    mine_relay_id: int | None


class DirectivePageOut(Schema):
    """One page, newest first."""

    rows: list[DirectiveOut]
    after: str


class DemandOut(Schema):
    """One demand of a directive."""

    id: int
    brief_id: int
    ordinal: int
    label: str
    speaker: str
    title: str
    text: str
    domain: str
    responsible: str
    due_at: datetime | None
    criterion: str
    direct_level: str


class ReachOut(Schema):
    """Depth and breadth at one level."""

    level: str
    places: int
    reached: int
    acknowledged: int
    planned: int
    proven: int
    missing: int


class DirectiveDetailOut(Schema):
    """One directive with its demands; `levels` only for who watches it."""

    directive: DirectiveOut
    demands: list[DemandOut]
    levels: list[ReachOut]


class DemandIn(Schema):
    """One demand to be issued."""

    title: str
    text: str
    domain: str
    criterion: str = ""
    sector: str = ""
    label: str = ""
    speaker: str = ""
    responsible: str = ""
    due_at: datetime | None = None
    owner_post_id: int | None = None
    support_post_ids: list[int] = []
    direct_level: str = ""


class DirectiveIn(Schema):
    """A directive to be issued to child places, named by their codes."""

    title: str
    demands: list[DemandIn]
    place_codes: list[str] = []
    basis: str = ""
    relay_id: int | None = None


class MeetingIn(Schema):
    """The node's own meeting, or the decision it took without one (`form` decision)."""

    title: str
    form: str
    held_at: datetime
    chair: str = ""
    attendees: list[str] = []


class NoneHereIn(Schema):
    """Why a demand has nothing to do here."""

    reason: str


class LocalTaskIn(DemandIn):
    """A local task that answers an upper demand."""

    owner_post_id: int


class AnswerOut(Schema):
    """How a node answers one upper demand."""

    demand: DemandOut
    outcome: str
    reason: str
    signed_by: str
    task_ids: list[int]


@router.get("/directives", auth=READ, response=DirectivePageOut, operation_id="list_directives")
def list_directives(request: ApiRequest, side: str = "", text: str = "", after: str = "") -> Any:
    """Directives the post may see; `side` is issued, received or empty for both."""
    rows, more = directive_list(by=request.actor, at=request.at, side=side, text=text, after=after)
    return {"rows": rows, "after": more}


@router.get(
    "/directives/{directive_id}", auth=READ, response=DirectiveDetailOut,
    operation_id="get_directive",
)  # fmt: skip
def get_directive(request: ApiRequest, directive_id: int) -> Any:
    """One directive with its demands and how deep and wide it came."""
    by, at = request.actor, request.at
    found = fetch_directive(directive_id=directive_id, by=by)
    scope = reach.measured(found, by=by)
    return {
        "directive": directive_rows([found], by=by, at=at)[0],
        "demands": demand_rows(directive_id=found.pk, path=watched_path(found, by=by), at=at),
        "levels": [] if scope is None else reach.level_reach(scope),
    }


@router.post(
    "/directives", auth=WRITE, response={201: DirectiveDetailOut}, operation_id="issue_directive"
)
def issue_directive(request: ApiRequest, given: DirectiveIn) -> Any:
    """Issue a directive: one relay for each place, tasks for named owners and direct levels."""
    places = dict(
        Place.objects.filter(code__in=given.place_codes, valid_to=None).values_list("code", "pk")
    )
    unknown = sorted(set(given.place_codes) - places.keys())
    if unknown:
        raise NotFound("place.not_found", id=unknown)
    row = services.issue_directive(
        given=DirectiveInput(
            title=given.title, demands=tuple(_demand(one) for one in given.demands),
            place_ids=tuple(places.values()), basis=given.basis, relay_id=given.relay_id,
        ),
        by=request.actor, at=request.at,
    )  # fmt: skip
    return Status(201, get_directive(request, row.pk))


def _brief(given: DemandIn) -> BriefInput:
    return BriefInput(
        title=given.title, text=given.text, domain=given.domain, criterion=given.criterion,
        sector=given.sector,
    )  # fmt: skip


def _demand(given: DemandIn) -> DemandInput:
    return DemandInput(
        brief=_brief(given), label=given.label, speaker=given.speaker,
        responsible=given.responsible, due_at=given.due_at, owner_post_id=given.owner_post_id,
        support_post_ids=tuple(given.support_post_ids), direct_level=given.direct_level,
    )  # fmt: skip


@router.get("/relays/{relay_id}", auth=READ, response=list[AnswerOut], operation_id="get_relay")
def get_relay(request: ApiRequest, relay_id: int) -> Any:
    """How the node answers each upper demand; acknowledge and prove go through `/loops`."""
    rows = relays.answers(relay_id=relay_id, by=request.actor, at=request.at)
    return [
        {"demand": row.demand, "outcome": row.outcome, "reason": row.reason,
         "signed_by": row.signed_by, "task_ids": [task.id for task in row.tasks]}
        for row in rows
    ]  # fmt: skip


@router.post("/relays/{relay_id}/meeting", auth=WRITE, response={201: None},
             operation_id="record_decision")  # fmt: skip
def record_decision(request: ApiRequest, relay_id: int, given: MeetingIn) -> Any:
    """Record the own meeting or decision that the plan rests on."""
    told = given.dict(exclude={"attendees"})
    meeting = MeetingInput(**told, attendees=tuple(given.attendees), relay_id=relay_id)
    services.record_meeting(given=meeting, by=request.actor, at=request.at)
    return Status(201, None)


@router.post(
    "/relays/{relay_id}/demands/{demand_id}/task", auth=WRITE, response={201: s.LoopOut},
    operation_id="map_to_task",
)  # fmt: skip
def map_to_task(
    request: ApiRequest, relay_id: int, demand_id: int, given: LocalTaskIn, response: HttpResponse
) -> Any:
    """Answer an upper demand with a local task."""
    row = services.map_to_task(
        relay_id=relay_id, demand_id=demand_id,
        shares=shares_of(given.owner_post_id, given.support_post_ids),
        given=_brief(given), due_at=given.due_at, by=request.actor, at=request.at,
    )  # fmt: skip
    return Status(201, answer_with(request, row, response))


@router.post(
    "/relays/{relay_id}/demands/{demand_id}/none", auth=WRITE, response={201: None},
    operation_id="say_none_here",
)  # fmt: skip
def say_none_here(request: ApiRequest, relay_id: int, demand_id: int, given: NoneHereIn) -> Any:
    """Sign that a demand has nothing to do here."""
    services.say_none_here(
        relay_id=relay_id, demand_id=demand_id, reason=given.reason, by=request.actor,
        at=request.at,
    )  # fmt: skip
    return Status(201, None)


@router.post("/relays/{relay_id}/plan", auth=WRITE, response=s.LoopOut, operation_id="plan_relay")
def plan_relay(request: ApiRequest, relay_id: int, response: HttpResponse) -> Any:
    """Lay down the local plan; refused while a demand has no answer, naming it.

    Needs `If-Match` with the version that was read.
    """
    row = services.plan_relay(
        relay_id=relay_id, by=request.actor, at=request.at, version=version_read(request)
    )
    return answer_with(request, row, response)
