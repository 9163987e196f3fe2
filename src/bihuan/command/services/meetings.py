"""Record a meeting: one attendance list, however many bodies sat (M006, M008)."""

from datetime import datetime

from django.db import transaction

from bihuan.command.models import Branch, Meeting
from bihuan.command.selectors.sight import directive_of, fetch_relay
from bihuan.command.types import Form, Joined, MeetingInput
from bihuan.core.audit.services import emit, record
from bihuan.core.errors import Invalid, MoveBlocked, NotAllowed
from bihuan.core.loops.counts import totals
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor

BODY_KINDS = ("headquarters", "safety_committee", "government")


@transaction.atomic
def record_meeting(*, given: MeetingInput, by: Actor, at: datetime) -> Meeting:
    """Store the record, and freeze the situation report with the figures of this moment.

    Raises NotAllowed, Invalid("meeting.no_title" | "form" | "future" | "body"), NotFound for a
    relay that is not the organisation's.
    """
    if not by.has("directive.draft"):
        raise NotAllowed("not_allowed", duty="directive.draft")
    _refuse(given, at=at)
    bodies = list(Org.objects.filter(pk__in=given.body_ids, place=by.place_id, valid_to=None))
    if len(bodies) != len(set(given.body_ids)):
        raise Invalid("meeting.body", field="bodies")
    relay = None if given.relay_id is None else own_relay(relay_id=given.relay_id, by=by)
    meeting = Meeting.objects.create(
        title=given.title.strip()[:200], form=given.form, held_at=given.held_at,
        place_id=by.place_id, scope=by.scope, issuer_org_id=by.org_id, chair=given.chair[:200],
        speakers=_names(given.speakers), attendees=_names(given.attendees),
        attendees_complete=given.attendees_complete, agenda=given.agenda,
        relays_text=given.relays_text[:400], relay=relay, cutoff=at,
        report=totals(path=by.scope), recorded_at=at, recorded_by=by.name,
    )  # fmt: skip
    meeting.bodies.set(bodies)
    Branch.objects.bulk_create(
        Branch(meeting=meeting, name=name[:120], joined=joined)
        for name, joined in dict(given.branches).items()
    )
    subject = f"meeting:{meeting.pk}"
    emit("meeting.recorded", subject=subject, at=at)
    record(
        action="meeting.record", subject=subject, by=by, at=at,
        facts={"title": meeting.title, "form": meeting.form, "relay": given.relay_id,
               "bodies": [body.name for body in bodies]},
    )  # fmt: skip
    return meeting


def _refuse(given: MeetingInput, *, at: datetime) -> None:
    if not given.title.strip():
        raise Invalid("meeting.no_title", field="title")
    if given.form not in Form.values:
        raise Invalid("meeting.form", field="form", value=given.form)
    if given.held_at > at:
        raise Invalid("meeting.future", field="held_at")
    if any(joined not in Joined.values for _, joined in given.branches):
        raise Invalid("meeting.form", field="branches")


def _names(names: tuple[str, ...]) -> list[str]:
    return [name.strip()[:200] for name in names if name.strip()]


def own_relay(*, relay_id: int, by: Actor) -> Obligation:
    """A relay that the organisation itself owes, locked.

    Raises NotFound, NotAllowed without the duty to answer, MoveBlocked("loop.not_owner").
    """
    relay = fetch_relay(relay_id=relay_id, by=by, lock=True)
    directive_of(relay)
    if not by.has("relay.answer"):
        raise NotAllowed("not_allowed", duty="relay.answer")
    if relay.owner_org_id != by.org_id:
        raise MoveBlocked("loop.not_owner", number=relay.number)
    return relay
