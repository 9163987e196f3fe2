"""Report, grade and undertake a hazard; look again; draft the next legal step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.services import Made, add_file
from bihuan.core.loops.models import Domain, Obligation, Problem
from bihuan.core.loops.services import act, keep_promise, open_problem, write_brief
from bihuan.core.loops.services.moves import fetch
from bihuan.core.loops.services.opening import Origin
from bihuan.core.loops.services.proof import File
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Hazard, LegalStep, Recheck
from bihuan.safety.rules.hazards import NO_CRITERION, gates, promised_until
from bihuan.safety.selectors.establishments import fetch_establishment, owner_post

ORIGIN = "hazard:"


@dataclass(frozen=True, slots=True)
class NewHazard:
    """A hazard as it is found on the spot."""

    title: str
    text: str = ""
    type_code: str = ""
    origin: str = ""  # tip, visit, campaign…; empty: by who found it
    origin_name: str = ""
    inspection_id: int | None = None
    owner_post_id: int | None = None  # None: who answers for the place
    domains: tuple[str, ...] = ()  # besides safety


@transaction.atomic
def report_hazard(
    *,
    establishment_id: int,
    given: NewHazard,
    photos: Iterable[File] = (),
    made: Made | None = None,
    by: Actor,
    at: datetime,
) -> Obligation:
    """Find and register a hazard in one go; its territory is where the establishment lies.

    Raises NotFound, NotAllowed, Invalid("brief.…" | "evidence.…"), Conflict("hazard.no_owner").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    owner = owner_post(place) if given.owner_post_id is None else None
    owner_id = owner.pk if owner is not None else given.owner_post_id
    if owner_id is None:
        raise Conflict("hazard.no_owner", name=place.venue.name)
    own = place.owner_org_id == by.org_id
    brief = write_brief(
        given=BriefInput(
            given.title, given.text.strip() or given.title, Domain.SAFETY, sector=place.sector,
            domains=(Domain.SAFETY, *given.domains),
        ),
        place=place.venue.place, at=at,
    )  # fmt: skip
    kind = given.origin or ("self" if own else "inspection")
    row = open_problem(
        brief=brief, owner_post_id=owner_id, by=by, at=at, type_code=given.type_code.strip()[:60],
        origin=Origin(kind, given.origin_name), found_in=f"{ORIGIN}{place.pk}",
    )  # fmt: skip
    Hazard.objects.create(obligation=row, establishment=place, scope=row.scope, own_find=own,
                          inspection_id=given.inspection_id)  # fmt: skip
    row = act(obligation_id=row.pk, move="register", by=by, at=at)
    for photo in photos:
        add_file(subject=row.subject, scope=row.scope, name=photo.name, chunks=photo.chunks(),
                 made=made or Made(at), by=by, at=at)  # fmt: skip
    return row


def hazard_gates(row: Obligation, grade: str) -> dict[str, tuple[str, ...]]:
    """What a hazard's moves still lack; the kernel asks it for every loop that is a hazard."""
    hazard = Hazard.objects.filter(pk=row.pk).values().first()
    if hazard is None:
        return {}
    place = Hazard.objects.select_related("establishment").get(pk=row.pk).establishment
    stopped = place.stop_orders.filter(hazard=row, lifted_at=None).exists()
    return gates(hazard, grade=grade, stopped=stopped)


def hazard_promise(row: Obligation) -> datetime | None:
    """Until when its commitments promise it done; the kernel asks it where a clock is set."""
    day = Hazard.objects.filter(pk=row.pk).values_list("finish_by", flat=True).first()
    return None if day is None else promised_until(day)


def fetch_hazard(*, hazard_id: int, by: Actor, lock: bool = False) -> Hazard:
    """The one door to a hazard: that of its loop. Raises NotFound("hazard.not_found")."""
    try:
        fetch(obligation_id=hazard_id, by=by, lock=lock)
    except NotFound:
        raise NotFound("hazard.not_found", id=hazard_id) from None
    rows = Hazard.objects.select_related(
        "obligation__brief", "obligation__problem", "establishment__venue__place"
    )
    row = rows.filter(pk=hazard_id).first()
    if row is None:
        raise NotFound("hazard.not_found", id=hazard_id)
    return row


@dataclass(frozen=True, slots=True)
class Grading:
    """By which criterion a hazard is major, or that none applies; the measure until it is gone."""

    criterion: str
    interim: str = ""
    interim_post_id: int | None = None
    rehousing: str = ""  # who helps whoever sleeps there; some criteria ask for it (M122)


@transaction.atomic
def grade_hazard(*, hazard_id: int, given: Grading, by: Actor, at: datetime) -> Obligation:
    """Grade by the criteria of its industry: one that applies makes it major. Locks the hazard.

    A major one needs its interim measure in the same act (2.1 I5). Raises NotFound,
    Invalid("hazard.criterion" | "hazard.rehousing"), MoveBlocked("problem.no_interim") and what `act` raises.
    """
    hazard = fetch_hazard(hazard_id=hazard_id, by=by, lock=True)
    ref = ""
    if given.criterion != NO_CRITERION:
        rows = registry.table("safety_criterion", at, scope=hazard.obligation.scope)
        found = next((row for row in rows if row["key"] == given.criterion), None)
        if found is None:
            raise Invalid("hazard.criterion", field="criterion", value=given.criterion)
        if found.get("rehousing") and not given.rehousing.strip():
            raise Invalid("hazard.rehousing", field="rehousing")
        ref = str(found["source"])[:120]
    hazard.criterion, hazard.criterion_ref = given.criterion, ref
    hazard.rehousing = given.rehousing.strip()[:200]
    hazard.save(update_fields=["criterion", "criterion_ref", "rehousing"])
    grade = "general" if given.criterion == NO_CRITERION else "major"
    move = MoveInput(grade=grade, interim=given.interim.strip(),
                     interim_post_id=given.interim_post_id)  # fmt: skip
    return act(obligation_id=hazard_id, move="grade", by=by, at=at, given=move)


@dataclass(frozen=True, slots=True)
class Commitments:
    """五落实: measures, funds, responsible person, deadline, plan."""

    measures: str
    funds: str
    charged_post_id: int | None
    finish_by: date | None
    plan: str


@transaction.atomic
def undertake(*, hazard_id: int, given: Commitments, by: Actor, at: datetime) -> Hazard:
    """Write down the five commitments; only the one who owes the hazard may. Locks it.

    A new day earlier than the clock binds; a later one is the plan's alone, the clock runs on.
    Raises NotFound, NotAllowed("hazard.not_owner"), Conflict("problem.closed"),
    Invalid("task.due_past").
    """
    hazard = fetch_hazard(hazard_id=hazard_id, by=by, lock=True)
    row = hazard.obligation
    if row.owner_org_id != by.org_id:
        raise NotAllowed("hazard.not_owner")
    if row.closed_at is not None:
        raise Conflict("problem.closed", number=row.number)
    post = given.charged_post_id
    if post is not None and not Post.objects.filter(pk=post, org=by.org_id).exists():
        raise NotFound("post.not_found", id=post)
    promised = given.finish_by if given.finish_by != hazard.finish_by else None
    if promised is not None and promised_until(promised) <= at:
        raise Invalid("task.due_past", field="finish_by")
    hazard.measures, hazard.funds = given.measures.strip(), given.funds.strip()[:120]
    hazard.charged_id, hazard.finish_by = post, given.finish_by
    hazard.plan = given.plan.strip()
    hazard.save()
    record(action="hazard.undertake", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"funds": hazard.funds, "finish_by": str(hazard.finish_by)})  # fmt: skip
    if promised is not None:
        keep_promise(obligation_id=row.pk, by=by, at=at)
    return hazard


@transaction.atomic
def recheck(*, hazard_id: int, fine: bool, note: str, by: Actor, at: datetime) -> Recheck:
    """Look again at what was rectified. A fault found again reopens the same record.

    Before the rectification is verified, a look after the deadline drafts the next legal step
    (M130). Locks the hazard. Raises NotFound, NotAllowed, Invalid("loop.no_reason"),
    Conflict("loop.same_person" | "hazard.not_due").
    """
    hazard = fetch_hazard(hazard_id=hazard_id, by=by, lock=True)
    row = hazard.obligation
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    if by.person_id == row.submitted_by_id:
        raise Conflict("loop.same_person")
    if not fine and not note.strip():
        raise Invalid("loop.no_reason", field="note")
    done = row.state in {"verified", "closed"}
    if not done and (fine or row.due_at > at):
        raise Conflict("hazard.not_due", number=row.number)
    look = Recheck.objects.create(hazard=hazard, fine=fine, note=note.strip(), at=at, by=by.name)
    record(action="hazard.recheck", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"fine": fine, "note": look.note})  # fmt: skip
    if not fine:
        if done:
            move = "reopen" if row.state == "closed" else "return"
            act(obligation_id=row.pk, move=move, by=by, at=at, given=MoveInput(note=look.note))
        _draft_step(hazard, at=at)
    elif row.state == "closed":
        Problem.objects.filter(pk=row.pk).update(recheck_at=None)
    return look


def _draft_step(hazard: Hazard, *, at: datetime) -> LegalStep | None:
    """Draft the step that follows the last one taken; one that waits to be decided stays alone."""
    steps = registry.table("safety_step", at, scope=hazard.obligation.scope)
    past = list(hazard.steps.order_by("pk"))
    if any(step.decided_at is None for step in past):
        return None
    taken = {step.step for step in past if step.taken}
    following = next((step for step in steps if step["key"] not in taken), None)
    if following is None:
        return None
    return LegalStep.objects.create(
        hazard=hazard, step=following["key"], title=following["title"],
        article=following["article"], drafted_at=at,
    )  # fmt: skip


@transaction.atomic
def decide_step(*, step_id: int, taken: bool, reason: str, by: Actor, at: datetime) -> LegalStep:
    """A person decides whether the drafted step is taken, with a reason. Locks the step.

    Raises NotFound, NotAllowed, Invalid("loop.no_reason"), Conflict("hazard.step_decided").
    """
    step = LegalStep.objects.select_for_update().filter(pk=step_id).first()
    if step is None:
        raise NotFound("hazard.not_found", id=step_id)
    hazard = fetch_hazard(hazard_id=step.hazard_id, by=by)
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    if not reason.strip():
        raise Invalid("loop.no_reason", field="reason")
    if step.decided_at is not None:
        raise Conflict("hazard.step_decided")
    step.taken, step.reason = taken, reason.strip()
    step.decided_at, step.decided_by = at, by.name
    step.save()
    record(action="hazard.step", subject=hazard.obligation.subject, by=by, at=at,
           scope=hazard.obligation.scope, facts={"step": step.step, "taken": taken})  # fmt: skip
    return step
