"""End an event: when nobody is managed, cared for or restricted and its last case is long ago.

The product tells disease control that an event can end; a person says that it does. So the events
of people taken over from another installation end too.
"""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed
from bihuan.core.evidence.models import Kind
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import act
from bihuan.core.loops.services.opening import Deadline, brief_of
from bihuan.core.loops.services.raising import Raised, raise_many
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.models import Event
from bihuan.epidemic.selectors.closing import ORIGIN, left_of, may_end
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services.teams import SECTOR, judge_for, team_for

CLOCK = "event.close"


@transaction.atomic
def close_event(*, event_id: int, reason: str, by: Actor, at: datetime) -> Event:
    """End an event with its conclusion; a task that asked for it is submitted with the same words.

    Locks the event. Raises NotAllowed, NotFound, Invalid("event.no_reason"),
    Conflict("event.closed"), MoveBlocked("event.open").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    Event.objects.select_for_update().filter(pk=event_id).first()
    row = fetch_event(event_id=event_id, by=by)
    if row.closed_at is not None:
        raise Conflict("event.closed", event=row.title)
    if not reason.strip():
        raise Invalid("event.no_reason", field="reason")
    if left_of(row, at).any:
        raise MoveBlocked("event.open", event=row.title)
    row.closed_at = at
    row.save(update_fields=["closed_at"])
    record(action="event.close", subject=f"event:{row.pk}", by=by, at=at, scope=row.scope,
           after="closed", facts={"reason": reason.strip()[:400]})  # fmt: skip
    loop = Obligation.objects.filter(origin=f"{ORIGIN}{row.pk}", closed_at=None).first()
    if loop is not None and loop.owner_org_id == by.org_id:
        made = Made(at, text=reason.strip()[:400])
        add_statement(
            subject=loop.subject, scope=loop.scope, kind=Kind.STATEMENT, made=made, by=by, at=at
        )
        act(obligation_id=loop.pk, move="prove", by=by, at=at)
    return row


@transaction.atomic
def ask_to_close(*, at: datetime) -> int:
    """Give every event that can end to disease control, once; how many. Safe to repeat."""
    wanted = []
    for event in may_end(at):
        team, desk = team_for(event.scope, at)
        if team is None or desk is None:
            continue
        due = registry.due(CLOCK, at, scope=event.scope, disease=event.disease)
        brief = brief_of(
            given=BriefInput(
                title=f"结束事件:{event.title}"[:120], sector=SECTOR, domain=Domain.INVESTIGATION,
                text="没有在管接触者、在治病例和生效措施,末例已过观察期。请在事件页写明结论并结束。",
                criterion="事件已结束,写明结论", basis=due[1],
            ),
            place=event.place, at=at,
        )  # fmt: skip
        origin = f"{ORIGIN}{event.pk}"
        wanted.append(Raised("task", brief, team, judge_for(team, desk), Deadline(*due), origin))
    return len(raise_many(wanted, by=SYSTEM, at=at)) if wanted else 0


def closing_gates(row: Obligation, grade: str) -> dict[str, tuple[str, ...]]:
    """The task is done when the event has ended; the kernel asks it for every such loop."""
    del grade  # an event has none
    number = row.origin.removeprefix(ORIGIN)
    ended = Event.objects.filter(pk=int(number), closed_at__isnull=False).exists()
    return {} if ended else {"prove": ("event.not_closed",)}
