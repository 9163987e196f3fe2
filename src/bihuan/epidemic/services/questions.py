"""Co-investigation: a narrow question about the people of one case, and its answer (2.9)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.vault import services as vault
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Case, Contact, Peer, Question
from bihuan.epidemic.selectors.questions import fetch_question, put_to
from bihuan.epidemic.selectors.sight import fetch_case
from bihuan.epidemic.services import sealing
from bihuan.epidemic.services.peers import send, site_code

PURPOSE, ANSWERING = "co_investigation", "co_answer"
OUTCOMES = ("answered", "cannot", "refused")


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question as it is written: of one case, about contacts of it (or the case itself)."""

    case_id: int
    kind: str
    basis: str
    place_code: str  # of who answers
    peer_id: int | None = None
    contact_ids: tuple[int, ...] = ()
    window_from: datetime | None = None
    window_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: an outcome, and one word of the list for each person."""

    outcome: str
    words: tuple[str, ...] = field(default=())
    reason: str = ""


def pack_of(at: datetime, scope: str = "") -> Pack:
    """The closed list of questions in force."""
    return registry.edition("situation", at, scope=scope)


@transaction.atomic
def draft_question(*, given: NewQuestion, by: Actor, at: datetime) -> Question:
    """Write a question. Without a case, or about whoever is no contact of it, there is none.

    Raises NotAllowed, NotFound, Invalid("question.…").
    """
    if not by.has("question.ask"):
        raise NotAllowed("not_allowed", duty="question.ask")
    case = fetch_case(case_id=given.case_id, by=by)
    pack = pack_of(at, case.scope)
    row = pack.rows("co_question").get(given.kind)
    if row is None:
        raise Invalid("question.kind", field="kind", kind=given.kind)
    if not given.basis.strip():
        raise Invalid("question.basis", field="basis")
    if row.get("window") and (given.window_from is None or given.window_to is None):
        raise Invalid("question.window", field="window_from")
    subjects = _subjects(given, case, pack)
    peer, place = _side(given)
    keep = timedelta(days=int(pack.value_of("question.keep_days")))
    number = f"XC-{site_code(at)}-{at.year}-{(Question.objects.aggregate(n=Max('pk'))['n'] or 0) + 1:06d}"
    made = Question.objects.create(
        number=number, incoming=False, peer=peer, case=case, case_number=case.number,
        kind=given.kind, edition=pack.ref, purpose=PURPOSE, basis=given.basis.strip()[:200],
        subjects=subjects, subject_count=len(subjects), window_from=given.window_from,
        window_to=given.window_to, place=place, scope=place.path,
        there=given.place_code if peer else "", asker_scope=by.scope,
        drafted_at=at, drafted_by_id=by.person_id, drafted_by=by.name, expires_at=at + keep,
    )  # fmt: skip
    record(action="question.draft", subject=f"question:{made.pk}", by=by, at=at, scope=case.scope,
           facts={"kind": made.kind, "people": made.subject_count})  # fmt: skip
    return made


def _subjects(given: NewQuestion, case: Case, pack: Pack) -> list[str]:
    if not given.contact_ids:
        return [case.pseudonym]
    rows = Contact.objects.filter(case=case, pk__in=given.contact_ids).order_by("pk")
    found = list(rows.values_list("pseudonym", flat=True))
    most = int(pack.value_of("question.most_subjects"))
    if len(found) != len(set(given.contact_ids)) or len(found) > most:
        raise Invalid("question.subjects", field="contacts", most=most)
    return found


def _side(given: NewQuestion) -> tuple[Peer | None, Place]:
    """Who answers. Of a place in another installation we know the code only: it is told to them."""
    peer = None
    if given.peer_id is not None:
        peer = Peer.objects.filter(pk=given.peer_id, suspended_at=None).first()
        if peer is None or peer.confirmed_at is None:
            raise Invalid("question.peer", field="peer")
        return peer, sealing.place_of("")
    place = Place.objects.filter(code=given.place_code, valid_to=None).first()
    if place is None:
        raise Invalid("question.place", field="place")
    return None, place


def needed(row: Question) -> int:
    """Approvals: one, and two for more than one person."""
    return 2 if row.subject_count > 1 else 1


@transaction.atomic
def approve_question(*, question_id: int, by: Actor, at: datetime) -> Question:
    """Let a question go out. Nobody approves their own, or twice. With the last one it is sent.

    Locks it. Raises NotAllowed, NotFound, Conflict("question.sent" | "question.expired"),
    MoveBlocked("question.same_person").
    """
    if not by.has("question.approve"):
        raise NotAllowed("not_allowed", duty="question.approve")
    row = fetch_question(question_id=question_id, by=by, lock=True)
    if row.incoming or row.sent_at is not None:
        raise Conflict("question.sent", number=row.number)
    if row.expires_at <= at:
        raise Conflict("question.expired", number=row.number)
    if by.person_id in {row.drafted_by_id, *row.approved_by_ids}:
        raise MoveBlocked("question.same_person")
    row.approved_by_ids = [*row.approved_by_ids, by.person_id]
    if len(row.approved_by_ids) >= needed(row):
        row.sent_at = at
        row.due_at, _rule = registry.due("question.answer", at, scope=row.scope)
        if row.peer is not None:
            _send(row, row.peer, by=by, at=at)
    row.save(update_fields=["approved_by_ids", "sent_at", "due_at"])
    record(action="question.approve", subject=f"question:{row.pk}", by=by, at=at,
           scope=row.asker_scope, after="sent" if row.sent_at else "approved")  # fmt: skip
    return row


def asked_fields(row: Question) -> frozenset[str]:
    """The fields that travel with a question of its kind: the least it can be answered with."""
    return frozenset(registry.by_edition(row.edition).rows("co_question")[row.kind]["fields"])


def _send(row: Question, peer: Peer, *, by: Actor, at: datetime) -> None:
    fields = asked_fields(row)
    people = [vault.read(one, purpose=PURPOSE, by=by, at=at).only(fields) for one in row.subjects]
    assert row.due_at is not None
    body = {
        "number": row.number, "kind": row.kind, "case": row.case_number, "basis": row.basis,
        "place": row.there, "people": sealing.for_peer(people, peer),
        "from": row.window_from and row.window_from.isoformat(),
        "to": row.window_to and row.window_to.isoformat(),
        "due": row.due_at.isoformat(), "expires": row.expires_at.isoformat(),
        "asker": row.drafted_by,
    }  # fmt: skip
    send(peer=peer, kind="ask", body=body, at=at)


def take_ask(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """A peer asks: only questions of our own list, only as long as it said, and never longer."""
    place = sealing.place_of(str(body["place"]))
    pack = pack_of(at, place.path)
    row = pack.rows("co_question").get(str(body["kind"]))
    if row is None:
        raise Invalid("question.kind", field="kind", kind=body["kind"])
    longest = at + timedelta(days=int(pack.value_of("question.keep_days")))
    expires = min(datetime.fromisoformat(body["expires"]), longest)
    subjects = sealing.enrolled(
        body["people"], name=f"question:{body['number']}", place=place, expires_at=expires, at=at
    )
    if not 1 <= len(subjects) <= int(pack.value_of("question.most_subjects")):
        raise Invalid("question.subjects", field="people")
    moments = {name: body[key] and datetime.fromisoformat(body[key])
               for name, key in (("window_from", "from"), ("window_to", "to"))}  # fmt: skip
    made = Question.objects.create(
        number=str(body["number"])[:40], incoming=True, peer=peer, case_number=str(body["case"])[:24],
        kind=row["key"], edition=pack.ref, purpose=ANSWERING, basis=str(body["basis"])[:200],
        subjects=subjects, subject_count=len(subjects), place=place, scope=place.path,
        drafted_at=at, drafted_by=f"{peer.title}:{body['asker']}"[:200], sent_at=at,
        due_at=datetime.fromisoformat(body["due"]), expires_at=expires, **moments,
    )  # fmt: skip
    record(action="question.take", subject=f"question:{made.pk}", by=SYSTEM, at=at,
           scope=made.scope, facts={"peer": peer.code})  # fmt: skip


def people_of(*, question_id: int, by: Actor, at: datetime) -> list[Identity]:
    """Who a question is about, for whoever has to answer it: the asked fields alone, audited."""
    row = fetch_question(question_id=question_id, by=by)
    if not put_to(row, by):
        raise NotAllowed("not_allowed", duty="question.answer")
    fields = asked_fields(row)
    return [vault.read(one, purpose=ANSWERING, by=by, at=at).only(fields) for one in row.subjects]


@transaction.atomic
def answer_question(*, question_id: int, reply: Reply, by: Actor, at: datetime) -> Question:
    """Answer with words of the list; only the answer travels. Locks it.

    Raises NotAllowed, NotFound, Conflict("question.answered" | "question.expired"),
    Invalid("question.…").
    """
    row = fetch_question(question_id=question_id, by=by, lock=True)
    if not put_to(row, by):
        raise NotAllowed("not_allowed", duty="question.answer")
    if row.outcome:
        raise Conflict("question.answered", number=row.number)
    if row.expires_at <= at:
        raise Conflict("question.expired", number=row.number)
    _check(row, reply)
    _write_answer(row, reply, answered_by=by.name, at=at)
    if row.incoming:
        assert row.peer is not None
        body = {"number": row.number, "outcome": reply.outcome, "words": list(reply.words),
                "reason": reply.reason, "by": by.post_title, "at": at.isoformat()}  # fmt: skip
        send(peer=row.peer, kind="answer", body=body, at=at)
    record(action="question.answer", subject=f"question:{row.pk}", by=by, at=at, scope=row.scope,
           after=reply.outcome)  # fmt: skip
    return row


def _check(row: Question, reply: Reply) -> None:
    allowed = registry.by_edition(row.edition).rows("co_question")[row.kind]["answers"]
    if reply.outcome not in OUTCOMES:
        raise Invalid("question.outcome", field="outcome")
    if reply.outcome != "answered" and not reply.reason.strip():
        raise Invalid("question.reason", field="reason")
    fitting = len(reply.words) == row.subject_count and set(reply.words) <= set(allowed)
    if reply.outcome == "answered" and not fitting:
        raise Invalid("question.words", field="words")


def _write_answer(row: Question, reply: Reply, *, answered_by: str, at: datetime) -> None:
    row.outcome, row.outcome_reason = reply.outcome, reply.reason.strip()[:200]
    row.answer = {"words": list(reply.words)} if reply.outcome == "answered" else {}
    row.answered_at, row.answered_by = at, answered_by[:200]
    row.save(update_fields=["outcome", "outcome_reason", "answer", "answered_at", "answered_by"])


def take_answer(peer: Peer, body: dict[str, Any], at: datetime) -> None:
    """A peer answers what we asked it. Raises Invalid, Conflict("question.answered")."""
    rows = Question.objects.select_for_update().filter(peer=peer, incoming=False)
    row = rows.filter(number=body["number"]).first()
    if row is None or row.outcome or row.expired_at is not None:
        raise Conflict("question.answered", number=str(body["number"]))
    reply = Reply(str(body["outcome"]), tuple(map(str, body["words"])), str(body["reason"]))
    _check(row, reply)
    _write_answer(row, reply, answered_by=f"{peer.title}:{body['by']}",
                  at=min(datetime.fromisoformat(body["at"]), at))  # fmt: skip
    record(action="question.answered", subject=f"question:{row.pk}", by=SYSTEM, at=at,
           scope=row.asker_scope, after=row.outcome)  # fmt: skip


@transaction.atomic
def expire_questions(*, at: datetime) -> int:
    """Forget subjects and answers whose time is over; counts and times stay. Safe to repeat."""
    rows = Question.objects.filter(expires_at__lte=at, expired_at=None)
    done = rows.update(subjects=[], answer={}, expired_at=at)
    if done:
        record(action="question.expire", subject="question", by=SYSTEM, at=at, facts={"n": done})
    return done
