"""A node answers the demands of a relay, one by one, and plans."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.command.models import Demand, Directive, Meeting, NoneHere, Receipt
from bihuan.command.selectors.relays import tasks_for, unmapped
from bihuan.command.selectors.sight import directive_of, fetch_directive
from bihuan.command.selectors.stricter import stricter_row
from bihuan.command.services.meetings import own_relay
from bihuan.command.services.ready import ANSWERING
from bihuan.command.types import Form
from bihuan.core.audit.services import emit, record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops import services as loops
from bihuan.core.loops.models import Brief, Obligation
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput, Share
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place


def _open_relay(*, relay_id: int, demand_id: int, by: Actor) -> tuple[Obligation, Demand]:
    """The own relay while it is being answered, locked, and one demand that it carries."""
    relay = own_relay(relay_id=relay_id, by=by)
    if relay.state not in ANSWERING:
        raise Conflict("directive.relay_state", number=relay.number, state=relay.state)
    demand = Demand.objects.filter(pk=demand_id, directive=directive_of(relay)).first()
    if demand is None:
        raise NotFound("demand.not_found", id=demand_id)
    return relay, demand


@transaction.atomic
def map_to_task(
    *,
    relay_id: int,
    demand_id: int,
    shares: Sequence[Share],
    given: BriefInput,
    due_at: datetime | None,
    by: Actor,
    at: datetime,
) -> Obligation:
    """Answer an upper demand with a local task for posts of the node or below; one of them leads.

    The task names the demand as its upper and the relay as its parent. Raises NotFound,
    NotAllowed, Conflict("directive.relay_state"), Invalid("task.…", "stricter.…", "joint.…").
    """
    relay, demand = _open_relay(relay_id=relay_id, demand_id=demand_id, by=by)
    if not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    if given.stricter.strip() and given.stricter_until is None:
        raise Invalid("stricter.no_end", field="stricter_until")
    said = {name: getattr(given, name) for name in BriefInput.__dataclass_fields__}
    brief = loops.write_brief(
        given=BriefInput(**said | {"upper_id": demand.brief_id}),
        place=Place.objects.get(pk=by.place_id), at=at,
    )  # fmt: skip
    task = loops.issue_joint(
        brief=brief, shares=shares, by=by, at=at, parent=relay, origin=relay.origin,
        deadline=Deadline(due_at) if due_at is not None else None,
    )  # fmt: skip
    NoneHere.objects.filter(relay=relay, demand=demand, revoked_at=None).update(revoked_at=at)
    record(
        action="relay.map", subject=relay.subject, by=by, at=at, scope=relay.scope,
        facts={"demand": demand.ordinal, "task": task.number},
    )  # fmt: skip
    return task


@transaction.atomic
def say_none_here(
    *, relay_id: int, demand_id: int, reason: str, by: Actor, at: datetime
) -> NoneHere:
    """Sign that a demand has nothing to do here, and why.

    Raises NotFound, NotAllowed, Conflict("relay.has_tasks" | "directive.relay_state"),
    Invalid("relay.no_reason").
    """
    relay, demand = _open_relay(relay_id=relay_id, demand_id=demand_id, by=by)
    if not reason.strip():
        raise Invalid("relay.no_reason", field="reason")
    if tasks_for(relay_id=relay.pk, brief_id=demand.brief_id).exists():
        raise Conflict("relay.has_tasks", ordinal=demand.ordinal)
    NoneHere.objects.filter(relay=relay, demand=demand, revoked_at=None).update(revoked_at=at)
    answer = NoneHere.objects.create(
        relay=relay, demand=demand, scope=relay.scope, reason=reason.strip(), signed_by=by.name,
        signed_at=at,
    )  # fmt: skip
    record(
        action="relay.none_here", subject=relay.subject, by=by, at=at, scope=relay.scope,
        facts={"demand": demand.ordinal, "reason": answer.reason},
    )  # fmt: skip
    return answer


@transaction.atomic
def plan_relay(*, relay_id: int, by: Actor, at: datetime, version: int | None = None) -> Obligation:
    """Lay down the local plan: every demand answered, after an own meeting or decision (M007).

    Raises what `loops.act` raises; MoveBlocked("relay.unmapped") names the demands without an
    answer in `unmapped`.
    """
    relay = own_relay(relay_id=relay_id, by=by)
    gaps = [f"{d.ordinal}. {d.brief.title}" for d in unmapped(relay)]
    decided = Meeting.objects.filter(relay=relay).exclude(form=Form.STUDY).exists()
    try:
        return loops.act(
            obligation_id=relay.pk, move="plan", by=by, at=at, version=version,
            extra={"unmapped": gaps, "decided": decided},
        )  # fmt: skip
    except MoveBlocked as blocked:
        raise MoveBlocked(blocked.code, **blocked.facts, unmapped=gaps) from blocked


@transaction.atomic
def confirm_read(*, directive_id: int, by: Actor, at: datetime) -> Receipt:
    """Note that the person has read a directive. Communication only. Raises NotFound."""
    directive: Directive = fetch_directive(directive_id=directive_id, by=by)
    receipt, fresh = Receipt.objects.get_or_create(
        directive=directive, person_id=by.person_id,
        defaults={"name": by.name, "place_id": by.place_id, "scope": by.scope, "read_at": at},
    )  # fmt: skip
    if fresh:
        record(action="directive.read", subject=directive.subject, by=by, at=at)
    return receipt


@transaction.atomic
def consent_to_stricter(*, brief_id: int, by: Actor, at: datetime) -> Brief:
    """The upper node agrees that a lower one may be stricter (2.14 I1). Locks the brief.

    Raises NotAllowed, NotFound("stricter.not_found"), MoveBlocked("stricter.lapsed").
    """
    if not by.has("stricter.consent"):
        raise NotAllowed("not_allowed", duty="stricter.consent")
    brief = (
        Brief.objects.select_for_update(of=("self",)).select_related("upper", "place")
        .filter(pk=brief_id, upper__place=by.place_id).exclude(stricter="").first()
    )  # fmt: skip
    if brief is None:
        raise NotFound("stricter.not_found", id=brief_id)
    row = stricter_row(brief, by=by, at=at)
    if row.state != "waiting":
        raise MoveBlocked("stricter.lapsed", state=row.state, until=row.decide_by.isoformat())
    brief.consented_at, brief.consented_by = at, by.name
    brief.save(update_fields=["consented_at", "consented_by"])
    emit("stricter.consented", subject=f"brief:{brief.pk}", at=at)
    record(
        action="stricter.consent", subject=f"brief:{brief.pk}", by=by, at=at, scope=brief.scope,
        facts={"title": brief.title, "reason": brief.stricter},
    )  # fmt: skip
    return brief
