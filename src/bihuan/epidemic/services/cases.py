"""Open events, take report cards, classify, file the investigation."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from bihuan.core.audit.services import record, together
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.diseases import disease, report_limit
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.places.types import under
from bihuan.core.vault import services as vault
from bihuan.epidemic.models import Case, CaseClass, CaseMerge, Event, NotSame
from bihuan.epidemic.rules.classify import classify
from bihuan.epidemic.selectors.sight import fetch_case
from bihuan.epidemic.services.teams import assign_team
from bihuan.epidemic.types import AGES, Card, FoundIn, Origin, Twin

CONTROL = "control-plan"


@transaction.atomic
def open_event(
    *, title: str, disease_code: str, place_id: int, by: Actor, at: datetime, origin: str = ""
) -> Event:
    """Open an event of a listed disease. Raises NotAllowed, Invalid("event.…"), NotFound."""
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    place = Place.objects.filter(pk=place_id, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise Invalid("event.place", field="place")
    if not title.strip():
        raise Invalid("event.no_title", field="title")
    disease(disease_code, at, scope=place.path)
    row = Event.objects.create(
        title=title.strip()[:120], disease=disease_code, place=place, scope=place.path,
        origin=origin, opened_at=at, opened_by=by.name,
    )  # fmt: skip
    record(action="event.open", subject=f"event:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"disease": disease_code})  # fmt: skip
    return row


def edition_of(event: Event, at: datetime, *, scope: str = "") -> Pack:
    """The control plan for an event at a moment and place."""
    return registry.edition(CONTROL, at, scope=scope or event.scope, disease=event.disease)


@transaction.atomic
def report_case(*, card: Card, by: Actor, at: datetime) -> Case:
    """Take a statutory report card. A late one is taken too, stamped, with its reason.

    The person goes to the vault; likely twins stop the card until somebody has looked at them.
    The team is assigned and its clocks run at once. Raises NotAllowed, NotFound,
    Invalid("case.…"), Conflict("case.twins").
    """
    if not (by.has("case.report") or by.has("case.write")):
        raise NotAllowed("not_allowed", duty="case.report")
    event, place = _where(card, by)
    pack = edition_of(event, card.diagnosed_at, scope=place.path)
    check_card(card, pack, at)
    twins = twins_of(card, scope=event.scope, at=at)
    if twins:
        raise Conflict("case.twins", twins=[f"{t.pseudonym} ({t.score:.0%})" for t in twins])
    due = due_of(card, event, at)
    with together():
        case = _create(card, event, place, pack, due=due, by=by, at=at)
        assign_team(case=case, by=by, at=at)
        late = due[1] is not None and at > due[1]
        record(action="case.report", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope,
               after=case.kind, facts={"late": late})  # fmt: skip
    return case


def due_of(card: Card, event: Event, at: datetime) -> tuple[str, datetime | None]:
    """The statutory rule of a card and until when it was due. Raises Invalid("case.late")."""
    limit = report_limit(disease(event.disease, card.diagnosed_at), card.diagnosed_at)
    due = card.diagnosed_at + timedelta(hours=limit.hours or 0) if limit else None
    if due is not None and at > due and not card.late_reason.strip():
        late = int((at - due).total_seconds() // 60)
        raise Invalid("case.late", field="late_reason", minutes=late)
    return (limit.ref if limit else ""), due


def reportable_event(*, event_id: int, by: Actor) -> Event:
    """An open event of the reporter's area, which a clinic need not be able to read.

    Raises NotFound("event.not_found").
    """
    event = Event.objects.filter(pk=event_id, closed_at=None).first()
    near = event is not None and (under(event.scope, by.scope) or under(by.scope, event.scope))
    if event is None or not near:
        raise NotFound("event.not_found", id=event_id)
    return event


def _where(card: Card, by: Actor) -> tuple[Event, Place]:
    event = reportable_event(event_id=card.event_id, by=by)
    place = Place.objects.filter(pk=card.place_id, valid_to=None).first()
    if place is None:
        raise Invalid("case.place", field="place")
    return event, place


def check_card(card: Card, pack: Pack, at: datetime) -> None:
    """Raises Invalid("case.…") for what no card can say."""
    unknown = sorted(card.findings - set(pack.rows("criterion")))
    if unknown:
        raise Invalid("case.finding", field="findings", findings=unknown)
    if card.diagnosed_at > at or (card.onset and card.onset > local_date(at)):
        raise Invalid("case.future", field="diagnosed_at")
    if card.age_band not in AGES:
        raise Invalid("case.age_band", field="age_band")
    if card.found_in not in FoundIn.values or card.origin not in Origin.values:
        raise Invalid("case.found_in", field="found_in")


def twins_of(card: Card, *, scope: str, at: datetime) -> list[Twin]:
    """People already known who may be this one, without those found to be somebody else."""
    found = vault.twins(card.person, scope=scope, at=at)
    return [twin for twin in found if twin.pseudonym not in card.other_than]


def _create(
    card: Card, event: Event, place: Place, pack: Pack, *, due: tuple[str, datetime | None],
    by: Actor, at: datetime,
) -> Case:  # fmt: skip
    keep = at + timedelta(days=int(registry.value("keep.open_days", at).value))
    pseudonym = vault.enrol(
        card.person, collection=event.collection, scope=place.path, expires_at=keep, by=by, at=at
    )
    found = classify(pack, card.findings)
    case = file_of(card, event, place, pack, given=Filing(pseudonym, due, keep), by=by, at=at)
    case.save(force_insert=True)
    CaseClass.objects.create(
        case=case, at=at, kind=case.kind, proposed=found.key, edition=pack.ref,
        met=list(found.met), by=by.name,
    )  # fmt: skip
    NotSame.objects.bulk_create(
        NotSame(one=pseudonym, other=other, by=by.name, at=at) for other in card.other_than
    )
    return case


@dataclass(frozen=True, slots=True)
class Filing:
    """What a file says beyond its card: who stands for it, its statutory limit, how long it stays."""

    pseudonym: str
    due: tuple[str, datetime | None]  # rule and moment
    keep: datetime


def file_of(
    card: Card, event: Event, place: Place, pack: Pack, *, given: Filing, by: Actor, at: datetime
) -> Case:
    """The file of a card, not stored yet."""
    return Case(
        event=event, pseudonym=given.pseudonym, place=place, scope=place.path,
        kind=classify(pack, card.findings).key or "suspected", age_band=card.age_band,
        findings=sorted(card.findings), onset=card.onset, diagnosed_at=card.diagnosed_at,
        reported_at=at, report_due_at=given.due[1], report_rule=given.due[0],
        late_reason=card.late_reason.strip(), origin=card.origin, found_in=card.found_in,
        reporter_org_id=by.org_id, expires_at=given.keep,
    )  # fmt: skip


@transaction.atomic
def classify_case(
    *, case_id: int, kind: str, findings: frozenset[str], reason: str, by: Actor, at: datetime
) -> Case:
    """Give a case its class. A class other than the pack's needs a reason. Locks the case.

    Raises NotAllowed, NotFound, Invalid("case.kind" | "case.finding" | "case.no_reason").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    case = fetch_case(case_id=case_id, by=by, lock=True)
    pack = edition_of(case.event, at, scope=case.scope)
    unknown = sorted(findings - set(pack.rows("criterion")))
    if unknown:
        raise Invalid("case.finding", field="findings", findings=unknown)
    if kind not in {*pack.rows("case_class"), "excluded"}:
        raise Invalid("case.kind", field="kind", kind=kind)
    found = classify(pack, findings)
    if kind != found.key and not reason.strip():
        raise Invalid("case.no_reason", field="reason", proposed=found.key)
    before, case.kind, case.findings = case.kind, kind, sorted(findings)
    case.save(update_fields=["kind", "findings"])
    CaseClass.objects.create(
        case=case, at=at, kind=kind, proposed=found.key, edition=pack.ref, met=list(found.met),
        reason=reason.strip()[:400], by=by.name,
    )  # fmt: skip
    record(action="case.classify", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope,
           before=before, after=kind)  # fmt: skip
    return case


@transaction.atomic
def file_inquiry(
    *, case_id: int, part: str, answers: dict[str, Any], by: Actor, at: datetime
) -> Case:
    """File the core facts or the whole report of a case and stop that clock. Locks the case.

    Raises NotFound, Invalid("inquiry.answer"), MoveBlocked("inquiry.incomplete").
    """
    case = fetch_case(case_id=case_id, by=by, lock=True)
    pack = edition_of(case.event, at, scope=case.scope)
    asked = set(pack.rows("question"))
    if set(answers) - asked:
        raise Invalid("inquiry.answer", questions=sorted(set(answers) - asked))
    case.answers = {**case.answers, **{k: v for k, v in answers.items() if v not in {"", None}}}
    loop = Obligation.objects.filter(origin=f"case:{case.pk}:{part}", closed_at=None).first()
    if loop is None:
        raise NotFound("inquiry.none", part=part)
    complete = case.onset is not None or bool(case.findings)
    if part == "case.report":
        complete = complete and asked <= set(case.answers)
    act(obligation_id=loop.pk, move="file", by=by, at=at, extra={"filed": complete})
    case.save(update_fields=["answers"])
    return case


def numbered(number: str) -> int:
    """The id in a number such as BL-2026-000012; 0 for what is no number."""
    tail = number.strip().rpartition("-")[2]
    return int(tail) if tail.isascii() and tail.isdecimal() and len(tail) <= 15 else 0


@transaction.atomic
def start_inquiry(*, case_id: int, by: Actor, at: datetime) -> Case:
    """Assign a team to a case that came by a list. Locks the case. Raises Conflict("inquiry.runs")."""
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    case = fetch_case(case_id=case_id, by=by, lock=True)
    if Obligation.objects.filter(origin__startswith=f"case:{case.pk}:").exists():
        raise Conflict("inquiry.runs", number=case.number)
    assign_team(case=case, by=by, at=at)
    return case


@transaction.atomic
def merge_cases(*, case_id: int, into_id: int, by: Actor, at: datetime) -> Case:
    """Two files are one person: one file speaks for both; can be taken back. Locks the case."""
    case = fetch_case(case_id=case_id, by=by, lock=True)
    into = fetch_case(case_id=into_id, by=by)
    if case.pk == into.pk or into.merged_into_id or case.event_id != into.event_id:
        raise Invalid("case.merge", field="into")
    if case.merged_into_id is None:
        CaseMerge.objects.create(case=case, since=at)
    case.merged_into = into
    case.save(update_fields=["merged_into"])
    record(action="case.merge", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope,
           after=into.number)  # fmt: skip
    return case


@transaction.atomic
def split_case(*, case_id: int, by: Actor, at: datetime) -> Case:
    """Take a merge back; remembered as not the same. Raises NotFound."""
    case = fetch_case(case_id=case_id, by=by, lock=True)
    if case.merged_into is None:
        raise NotFound("case.not_merged", id=case_id)
    NotSame.objects.get_or_create(
        one=case.pseudonym, other=case.merged_into.pseudonym,
        defaults={"by": by.name, "at": at},
    )  # fmt: skip
    case.merged_into = None
    case.save(update_fields=["merged_into"])
    case.merges.filter(until=None).update(until=at)
    record(action="case.split", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope)
    return case


@transaction.atomic
def mark_care(*, case_id: int, step: str, moment: datetime, by: Actor, at: datetime) -> Case:
    """Isolation or treatment began: two of the four early. It waits for no report.

    Raises NotFound, Invalid("case.step" | "case.future").
    """
    case = fetch_case(case_id=case_id, by=by, lock=True)
    if step not in {"isolated_at", "treated_at"}:
        raise Invalid("case.step", field="step")
    if moment > at or moment < case.diagnosed_at:
        raise Invalid("case.future", field="moment")
    setattr(case, step, moment)
    case.save(update_fields=[step])
    record(action="case.care", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope,
           after=step, facts={"at": moment.isoformat()})  # fmt: skip
    return case


@transaction.atomic
def break_glass(*, case_id: int, reason: str, by: Actor, at: datetime) -> dict[str, str]:
    """Who the case is, at once, in danger to life; somebody else reviews it within the limit."""
    case = fetch_case(case_id=case_id, by=by)
    seen = vault.break_glass(case.pseudonym, reason=reason, by=by, at=at)
    return {key: value for key, value in asdict(seen).items() if value}


@transaction.atomic
def read_person(*, case_id: int, purpose: str, by: Actor, at: datetime) -> dict[str, str]:
    """Who the case is, as far as a purpose allows. Every call is a reading that is told."""
    case = fetch_case(case_id=case_id, by=by)
    seen = vault.read(case.pseudonym, purpose=purpose, by=by, at=at)
    return {key: value for key, value in asdict(seen).items() if value}
