"""The gates of a problem: what was found out, who answers for it, which tasks serve it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Notice, Obligation, Problem, ProblemTask, Responsibility
from bihuan.core.loops.services.moves import fetch
from bihuan.core.loops.services.opening import Deadline, write_brief
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Party, Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry


@dataclass(frozen=True, slots=True)
class Description:
    """Gate 1 and the problem–countermeasure pair; None leaves a field as it is."""

    cause: str | None = None
    extent: str | None = None
    similar: str | None = None
    type_code: str | None = None
    countermeasure: str | None = None
    figure_name: str | None = None
    figure_before: float | None = None
    figure_target: float | None = None
    figure_after: float | None = None
    remeasure_on: date | None = None


def fetch_problem(*, obligation_id: int, by: Actor) -> Problem:
    """The door to a problem, locked. Raises NotFound."""
    row = fetch(obligation_id=obligation_id, by=by, lock=True)
    problem = Problem.objects.select_for_update().filter(pk=row.pk).first()
    if problem is None:
        raise NotFound("problem.not_found", id=obligation_id)
    return problem


@transaction.atomic
def describe_problem(*, obligation_id: int, given: Description, by: Actor, at: datetime) -> Problem:
    """Write what was found out. Gate 1 is dated once cause, extent and similar are all there.

    Raises NotFound, NotAllowed, Conflict("problem.closed").
    """
    problem = fetch_problem(obligation_id=obligation_id, by=by)
    row = problem.obligation
    if not (by.has("problem.do") or by.has("problem.grade")):
        raise NotAllowed("not_allowed", duty="problem.do")
    if row.closed_at is not None:
        raise Conflict("problem.closed", number=row.number)
    changed = {
        name: new for name in Description.__dataclass_fields__
        if (new := getattr(given, name)) is not None and new != getattr(problem, name)
    }  # fmt: skip
    for name, new in changed.items():
        setattr(problem, name, new)
    if problem.cause and problem.extent and problem.similar and problem.found_out_at is None:
        problem.found_out_at = at
    problem.save()
    record(
        action="problem.describe", subject=row.subject, by=by, at=at, scope=row.scope,
        facts={name: str(new) for name, new in changed.items()},
    )  # fmt: skip
    return problem


@transaction.atomic
def serve_problem(*, problem_id: int, task_id: int, by: Actor, at: datetime) -> ProblemTask:
    """Link a task to a problem. Raises NotFound, Conflict("problem.closed")."""
    problem = fetch_problem(obligation_id=problem_id, by=by)
    task = fetch(obligation_id=task_id, by=by)
    if problem.obligation.closed_at is not None:
        raise Conflict("problem.closed", number=problem.obligation.number)
    link, fresh = ProblemTask.objects.get_or_create(problem=problem, task=task)
    if fresh:
        record(
            action="problem.serve", subject=problem.obligation.subject, by=by, at=at,
            scope=problem.obligation.scope, facts={"task": task.number},
        )  # fmt: skip
    return link


@transaction.atomic
def task_problem(
    *, problem: Obligation, criterion: str, deadline: Deadline, by: Actor, at: datetime
) -> Obligation:
    """Give a problem its task at once: its owner mends it, whoever judges it accepts (2.3 I1)."""
    said = problem.brief
    given = BriefInput(said.title, said.text, said.domain, sector=said.sector,
                       criterion=criterion, basis=deadline.rule, upper_id=said.pk)  # fmt: skip
    task = raise_loop(
        flow="task", brief=write_brief(given=given, place=problem.place, at=at),
        owner=problem.owner_post, issuer=problem.issuer_post, deadline=deadline,
        origin=f"problem:{problem.pk}", by=by, at=at,
    )  # fmt: skip
    ProblemTask.objects.create(problem_id=problem.pk, task=task)
    return task


@transaction.atomic
def propose_responsibility(
    *, obligation_id: int, party: str, post_id: int, duty: str, by: Actor, at: datetime
) -> Responsibility:
    """Name who had the duty; the person concerned may reply before it is decided.

    Raises NotFound, NotAllowed, Invalid("responsibility.…").
    """
    row = fetch(obligation_id=obligation_id, by=by, lock=True)
    if not (by.has("problem.grade") or by.has("problem.accept")):
        raise NotAllowed("not_allowed", duty="problem.accept")
    if party not in Party.values or not duty.strip():
        raise Invalid("responsibility.empty", field="duty" if party in Party.values else "party")
    if not Post.objects.filter(pk=post_id).exists():
        raise NotFound("post.not_found", id=post_id)
    entry = Responsibility.objects.create(
        obligation=row, party=party, post_id=post_id, scope=row.scope, duty=duty.strip(),
        proposed_at=at,
    )  # fmt: skip
    _tell(row, "responsibility.propose", entry, by=by, at=at)
    _notify(entry, "responsibility.proposed", at=at)
    return entry


@transaction.atomic
def reply_responsibility(
    *, responsibility_id: int, reply: str, by: Actor, at: datetime
) -> Responsibility:
    """The post concerned answers. Raises NotFound for anyone else, Conflict once decided."""
    entry = Responsibility.objects.select_for_update().filter(pk=responsibility_id).first()
    if entry is None or entry.post_id != by.post_id:
        raise NotFound("responsibility.not_found", id=responsibility_id)
    if entry.decided_at is not None:
        raise Conflict("responsibility.decided")
    entry.reply, entry.replied_at = reply.strip(), at
    entry.save(update_fields=["reply", "replied_at"])
    _tell(entry.obligation, "responsibility.reply", entry, by=by, at=at)
    return entry


@transaction.atomic
def decide_responsibility(
    *, responsibility_id: int, met: bool, consequence: str, by: Actor, at: datetime
) -> Responsibility:
    """Decide, after a reply or once the time for one has passed (E15, 2.2 G3).

    Raises NotFound, NotAllowed, Conflict("responsibility.awaits_reply"),
    Invalid("responsibility.no_consequence": say "none, because …").
    """
    entry = Responsibility.objects.select_for_update().filter(pk=responsibility_id).first()
    if entry is None:
        raise NotFound("responsibility.not_found", id=responsibility_id)
    row = fetch(obligation_id=entry.obligation_id, by=by, lock=True)
    if not (by.has("consequence.decide") or by.has("problem.accept")):
        raise NotAllowed("not_allowed", duty="consequence.decide")
    if by.post_id == entry.post_id:
        raise Conflict("responsibility.own_case")
    if not consequence.strip():
        raise Invalid("responsibility.no_consequence", field="consequence")
    until, _ = registry.due("reply.consequence", entry.proposed_at, scope=row.scope)
    if entry.replied_at is None and at < until:
        raise Conflict("responsibility.awaits_reply", until=until.isoformat())
    entry.met, entry.consequence = met, consequence.strip()
    entry.decided_at, entry.decided_by = at, by.name
    entry.save()
    Problem.objects.filter(pk=row.pk, answered_for_at=None).update(answered_for_at=at)
    _tell(row, "responsibility.decide", entry, by=by, at=at)
    _notify(entry, "responsibility.decided", at=at)
    return entry


def _tell(row: Obligation, action: str, entry: Responsibility, *, by: Actor, at: datetime) -> None:
    record(
        action=action, subject=row.subject, by=by, at=at, scope=row.scope,
        facts={"party": entry.party, "post": entry.post_id, "met": entry.met},
    )  # fmt: skip


def _notify(entry: Responsibility, kind: str, *, at: datetime) -> None:
    """Tell the post concerned, so that its right to reply is more than a rule."""
    Notice.objects.create(
        post_id=entry.post_id, obligation_id=entry.obligation_id, kind=kind, at=at,
        facts={"responsibility": entry.pk},
    )  # fmt: skip
