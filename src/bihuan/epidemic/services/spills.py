"""Tell the nodes where exposed people of an event went, in time, and have them sign for it (M068)."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Greatest, Least

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import prove_by_deed
from bihuan.core.loops.services.opening import Deadline, brief_of
from bihuan.core.loops.services.raising import Raised, raise_many
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import under
from bihuan.epidemic.models import Event, ExportedCase, Peer, Spill
from bihuan.epidemic.rules.spills import receiver_of
from bihuan.epidemic.selectors.sight import fetch_case, fetch_event
from bihuan.epidemic.selectors.spills import Gone, fetch_spill, gone_out
from bihuan.epidemic.services import sealing
from bihuan.epidemic.services.cases import numbered
from bihuan.epidemic.services.peers import send, site_code
from bihuan.epidemic.services.teams import SECTOR, judge_for, team_for

NOTICE, OVERDUE = "spill.notice", "spill.overdue"
SIGNS = ("contact.do", "signal.verify")  # disease control, the desk, the office of a node


@dataclass(frozen=True, slots=True)
class NewSpill:
    """Somebody exposed went somewhere: by the code of a place here, or of one at a peer."""

    place_code: str
    exposed: int
    peer_id: int | None = None
    detected_at: datetime | None = None  # None: now


def _does(by: Actor) -> None:
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")


@transaction.atomic
def find_spills(*, at: datetime, event_id: int = 0) -> int:
    """Write down, by the files, who must be told of open events; how many are new. Repeatable.

    The clock of a notice runs from when the first of them was known, not from this moment.
    """
    found = gone_out(at=at, event_id=event_id)
    ids = sorted({key[0] for key in found})
    events = {row.pk: row for row in Event.objects.select_for_update(of=("self",))
              .select_related("place").filter(pk__in=ids).order_by("pk")}  # fmt: skip
    held: dict[tuple[int, str | int], Spill] = {
        (row.event_id, row.peer_id or row.scope): row  # type: ignore[misc]
        for row in Spill.objects.filter(event__in=ids, incoming=False).order_by("-pk")
    }
    paths = [key[1] for key in found if isinstance(key[1], str)]
    places = {p.path: p for p in Place.objects.filter(path__in=paths, valid_to=None)}
    peers = {
        p.pk: p for p in Peer.objects.filter(pk__in=[k[1] for k in found if k[1] not in paths])
    }
    new = 0
    for key, gone in found.items():
        row = held.get(key)
        to = peers.get(key[1]) if isinstance(key[1], int) else places.get(key[1])
        if row is None and to is not None:
            row = _owe(events[key[0]], to, gone, by=None, at=at)
            new += 1
        if row is not None:
            _grow(row, gone, at)
    return new


def _owe(event: Event, to: Place | Peer, gone: Gone, *, by: Actor | None, at: datetime,
         there: str = "") -> Spill:  # fmt: skip
    """A notice that is owed from the moment the first was known."""
    peer = to if isinstance(to, Peer) else None
    place = to if isinstance(to, Place) else sealing.place_of("")
    first = gone.first_at or at
    due_at, rule = registry.due(NOTICE, first, scope=event.scope, disease=event.disease)
    row = Spill.objects.create(
        event=event, peer=peer, place=place, scope=place.path, there=there,
        sender_scope=event.scope, sender=event.place.name, title=event.title,
        disease=event.disease, exposed=gone.exposed, last_exposure=gone.last_exposure,
        detected_at=first, due_at=due_at, due_rule=rule,
    )  # fmt: skip
    record(action="spill.owe", subject=f"spill:{row.pk}", by=by or SYSTEM, at=at,
           scope=event.scope, facts={"exposed": gone.exposed})  # fmt: skip
    return row


def _grow(row: Spill, gone: Gone, at: datetime) -> None:
    """More people, a later exposure, cases found there. What is known of a node only grows."""
    wider = {"exposed": Greatest("exposed", gone.exposed)}
    if gone.last_exposure and (row.last_exposure is None or gone.last_exposure > row.last_exposure):
        wider["last_exposure"] = gone.last_exposure  # type: ignore[assignment]
    if gone.exposed > row.exposed or len(wider) > 1:
        Spill.objects.filter(pk=row.pk).update(**wider)
    ExportedCase.objects.bulk_create(
        [ExportedCase(spill=row, case_id=case, found_at=reported, linked_at=at, linked_by="bihuan")
         for case, reported in gone.cases], ignore_conflicts=True,
    )  # fmt: skip


@transaction.atomic
def note_exposed(*, event_id: int, given: NewSpill, by: Actor, at: datetime) -> Spill:
    """Write down by hand that exposed people of an event went somewhere. Once for each node.

    Raises NotAllowed, NotFound, Invalid("spill.…" | "question.peer").
    """
    _does(by)
    event = fetch_event(event_id=event_id, by=by)
    first = given.detected_at or at
    if given.exposed < 1 or first > at:
        raise Invalid("spill.exposed", field="exposed")
    to = _to(given, event)
    where = {"peer": to, "there": given.place_code} if isinstance(to, Peer) else {"scope": to.path}
    held = Spill.objects.select_for_update().filter(event=event, incoming=False, **where).first()
    gone = Gone(given.exposed, first)
    if held is None:
        there = given.place_code if isinstance(to, Peer) else ""
        return _owe(event, to, gone, by=by, at=at, there=there)
    due_at, rule = registry.due(NOTICE, min(first, held.detected_at), scope=event.scope,
                                disease=event.disease)  # fmt: skip
    Spill.objects.filter(pk=held.pk).update(
        exposed=Greatest("exposed", given.exposed), detected_at=Least("detected_at", first),
        due_at=due_at, due_rule=rule,
    )  # fmt: skip
    record(action="spill.owe", subject=f"spill:{held.pk}", by=by, at=at, scope=event.scope,
           facts={"exposed": given.exposed})  # fmt: skip
    return held


def _to(given: NewSpill, event: Event) -> Place | Peer:
    if given.peer_id is not None:
        peers = Peer.objects.filter(pk=given.peer_id, suspended_at=None)
        peer = peers.exclude(confirmed_at=None).first()
        if peer is None:
            raise Invalid("question.peer", field="peer")
        return peer
    place = Place.objects.filter(code=given.place_code, valid_to=None).first()
    path = receiver_of(event.scope, place.path) if place else None
    node = Place.objects.filter(path=path, valid_to=None).first() if path else None
    if node is None:
        raise Invalid("spill.inside", field="place")
    return node


@transaction.atomic
def send_notice(
    *, spill_id: int, advice: str = "", late_reason: str = "", by: Actor, at: datetime
) -> Spill:
    """Tell the node, again when more are known. Only the place and how many. Locks the notice.

    A first notice past its limit says why; it is the proof of the task that was open for it, and
    stays late. Raises NotAllowed, NotFound, Conflict("spill.sent"), Invalid("spill.late_reason").
    """
    _does(by)
    row = fetch_spill(spill_id=spill_id, by=by, lock=True)
    if row.incoming or not under(row.sender_scope, by.scope):
        raise NotAllowed("spill.not_sender", number=row.number)
    if row.sent_at is not None and row.told >= row.exposed:
        raise Conflict("spill.sent", number=row.number)
    before = "sent" if row.sent_at else "owed"
    if row.sent_at is None and at > row.due_at:
        if not late_reason.strip():
            raise Invalid("spill.late_reason", field="late_reason", number=row.number)
        row.late_reason = late_reason.strip()[:200]
    row.told, row.told_at, row.advice = row.exposed, at, advice.strip()[:200]
    row.sent_at, row.sent_by = row.sent_at or at, row.sent_by or by.name
    if row.peer is not None:
        row.wire = row.wire or f"WY-{site_code(at)}-{row.pk:06d}"
        _send(row, row.peer, by=by, at=at)
    row.save(update_fields=["told", "told_at", "advice", "late_reason", "sent_at",
                            "sent_by", "wire"])  # fmt: skip
    if before == "owed":
        _prove_missing(row, by, at)
    record(action="spill.send", subject=f"spill:{row.pk}", by=by, at=at, scope=row.sender_scope,
           before=before, after="sent", facts={"exposed": row.told})  # fmt: skip
    return row


def _prove_missing(row: Spill, by: Actor, at: datetime) -> None:
    """The notice that was missing is the proof of its task, whoever of the sender's side sent it."""
    loops = Obligation.objects.select_for_update().filter(pk=row.loop_id or 0, closed_at=None)
    loop = loops.first()
    if loop is not None:
        said = f"{row.number} 已发出:{row.told} 人,超过时限({row.due_rule});{row.late_reason}"
        prove_by_deed(loop, said=said, by=by, at=at)


def notice_gates(row: Obligation, _grade: str) -> dict[str, tuple[str, ...]]:
    """What a task for a missing notice still misses: the notice itself."""
    sent = Spill.objects.filter(loop_id=row.pk, sent_at__isnull=False).exists()
    return {} if sent else {"prove": ("spill.unsent",)}


def _send(row: Spill, peer: Peer, *, by: Actor, at: datetime) -> None:
    body = {
        "number": row.wire, "place": row.there, "title": row.title, "disease": row.disease,
        "exposed": row.told, "last": row.last_exposure and row.last_exposure.isoformat(),
        "detected": row.detected_at.isoformat(), "due": row.due_at.isoformat(),
        "rule": row.due_rule, "advice": row.advice, "by": by.post_title, "from": row.sender,
    }  # fmt: skip
    send(peer=peer, kind="spill", body=body, at=at)


@transaction.atomic
def acknowledge_notice(*, spill_id: int, by: Actor, at: datetime) -> Spill:
    """The node signs for a notice, and again for one that tells of more. Locks the notice.

    Only a post of the node itself does. Raises NotAllowed, NotFound, Conflict("spill.…").
    """
    if not any(by.has(duty) for duty in SIGNS):
        raise NotAllowed("not_allowed", duty=SIGNS[0])
    row = fetch_spill(spill_id=spill_id, by=by, lock=True)
    if row.scope != by.scope or (row.peer_id and not row.incoming):
        raise NotAllowed("spill.not_receiver", number=row.number)
    if row.told_at is None:
        raise Conflict("spill.not_sent", number=row.number)
    if row.acknowledged_at is not None and row.acknowledged_at >= row.told_at:
        raise Conflict("spill.acknowledged", number=row.number)
    row.acknowledged_at, row.acknowledged_by = at, by.name
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    if row.incoming and row.peer is not None:
        body = {"number": row.wire, "by": by.post_title, "at": at.isoformat(), "told": row.told}
        send(peer=row.peer, kind="spill_ack", body=body, at=at)
    record(action="spill.acknowledge", subject=f"spill:{row.pk}", by=by, at=at, scope=row.scope,
           after="received")  # fmt: skip
    return row


@transaction.atomic
def link_case(*, spill_id: int, number: str, by: Actor, at: datetime) -> ExportedCase:
    """Say that a case found at the node belongs to the event of a notice. Locks the notice.

    To a peer travels only that there is one, and since when. Raises NotAllowed, NotFound,
    Invalid("spill.case"), Conflict("spill.linked").
    """
    _does(by)
    row = fetch_spill(spill_id=spill_id, by=by, lock=True)
    try:
        case = fetch_case(case_id=numbered(number), by=by)
    except NotFound as fault:
        raise Invalid("spill.case", field="number", number=number) from fault
    if not under(case.scope, row.scope) or case.merged_into_id is not None:
        raise Invalid("spill.case", field="number", number=number)
    if ExportedCase.objects.filter(case=case).exists():
        raise Conflict("spill.linked", number=case.number)
    made = ExportedCase.objects.create(spill=row, case=case, found_at=case.reported_at,
                                       linked_at=at, linked_by=by.name)  # fmt: skip
    if row.incoming and row.peer is not None:
        body = {"number": row.wire, "found": case.reported_at.isoformat()}
        send(peer=row.peer, kind="spill_case", body=body, at=at)
    record(action="spill.case", subject=f"spill:{row.pk}", by=by, at=at, scope=case.scope,
           facts={"case": case.number})  # fmt: skip
    return made


@transaction.atomic
def assign_missing(*, at: datetime) -> int:
    """One task of the sending node for each notice that is missing past its limit. Repeatable."""
    late = Spill.objects.select_for_update(of=("self",)).filter(
        sent_at=None, due_at__lt=at, loop_id=None, incoming=False
    )
    rows = list(late.select_related("place", "event", "event__place", "peer").order_by("pk"))
    wanted = [(row, _task(row, at)) for row in rows]
    taken = [(row, task) for row, task in wanted if task is not None]
    loops = raise_many([task for _row, task in taken], by=SYSTEM, at=at)
    for (row, _task_of), loop in zip(taken, loops, strict=True):
        Spill.objects.filter(pk=row.pk).update(loop_id=loop.pk)
    return len(loops)


def _task(row: Spill, at: datetime) -> Raised | None:
    assert row.event is not None
    team, desk = team_for(row.event.scope, at)
    if team is None or desk is None:
        return None
    due = registry.due(OVERDUE, at, scope=row.event.scope, disease=row.disease)
    to = row.peer.title if row.peer else row.place.name
    brief = brief_of(
        given=BriefInput(
            title=f"外溢通报超时:{row.title} → {to}"[:120],
            text=f"{row.exposed} 人去向 {to},通报时限已过({row.number})", sector=SECTOR,
            domain=Domain.INVESTIGATION, criterion="发出通报,并说明为何超时", basis=row.due_rule,
        ),
        place=row.event.place, at=at,
    )  # fmt: skip
    return Raised("task", brief, team, judge_for(team, desk), Deadline(*due), f"spill:{row.pk}")
