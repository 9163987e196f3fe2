"""Files of clusters: opened once for a place, led by a post, closed by judgement of another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, System, record, together
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.evidence.models import Kind
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import act, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.models import CasePlace, Cluster, ClusterStep, Event
from bihuan.epidemic.selectors.clusters import fetch_cluster
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.teams import SECTOR, judge_for, team_for, teams_of

ORIGIN = "cluster:"
CLOCK = "cluster.close"
STATES = ("done", "waived")


@dataclass(frozen=True, slots=True)
class Found:
    """A cluster as it was found: the place's name as noted, and the first onset there."""

    name: str
    first: date


@transaction.atomic
def open_cluster(
    *, event_id: int, found: Found, by: Actor, at: datetime
) -> Cluster:  # fmt: skip
    """Open the file of a place where cases of an event met; its leader is told at once.

    Raises NotAllowed, NotFound, Conflict("cluster.there" | "cluster.no_team"), Invalid.
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    event = fetch_event(event_id=event_id, by=by)
    key = found.name.strip().casefold()
    if not CasePlace.objects.filter(case__event=event, name__iexact=found.name.strip()).exists():
        raise Invalid("cluster.no_place", field="name", place=found.name)
    if Cluster.objects.filter(event=event, key=key).exists():
        raise Conflict("cluster.there", place=found.name)
    return _open(event, found, by=by, at=at)


def _open(event: Event, found: Found, *, by: Actor | System, at: datetime) -> Cluster:
    where = {"scope": event.scope, "disease": event.disease}
    team, desk = team_for(event.scope, at)
    if team is None or desk is None:
        raise Conflict("cluster.no_team", place=event.title)
    due = registry.due(CLOCK, at, **where)
    name = found.name.strip()[:80]
    brief = write_brief(
        given=BriefInput(
            title=f"聚集性疫情 {name}"[:200], text=f"{event.title}:{name}", sector=SECTOR,
            domain=Domain.INVESTIGATION, criterion="清单逐项完成或说明不需要,并作出结论", basis=due[1],
        ),
        place=event.place, at=at,
    )  # fmt: skip
    with together():
        loop = raise_loop(
            flow="task", brief=brief, owner=team, issuer=judge_for(team, desk), deadline=Deadline(*due),
            origin=f"{ORIGIN}{event.pk}", by=by, at=at,
        )  # fmt: skip
        row = Cluster.objects.create(
            event=event, scope=event.scope, name=name, key=name.casefold(), first=found.first,
            edition=edition_of(event, at).ref, obligation=loop, opened_at=at, opened_by=by.name,
        )  # fmt: skip
        ClusterStep.objects.bulk_create(
            ClusterStep(cluster=row, key=task["key"], order=n,
                        due_at=at + timedelta(hours=float(task["hours"])))
            for n, task in enumerate(registry.table("cluster_task", at, **where))
        )  # fmt: skip
        record(action="cluster.open", subject=f"cluster:{row.pk}", by=by, at=at, scope=row.scope,
               facts={"event": event.pk})  # fmt: skip
    return row


@transaction.atomic
def open_missing(*, event: Event, found: Iterable[Found], at: datetime) -> int:
    """Open files for clusters that have none yet, as the product itself; how many. Repeatable."""
    Event.objects.select_for_update().get(pk=event.pk)
    there = set(Cluster.objects.filter(event=event).values_list("key", flat=True))
    missing = {one.name.strip().casefold(): one for one in found}
    missing = {key: one for key, one in missing.items() if key not in there}
    if not missing or teams_of(event.scope) is None:
        return 0
    for one in missing.values():
        _open(event, one, by=SYSTEM, at=at)
    return len(missing)


@transaction.atomic
def tick_step(
    *, cluster_id: int, key: str, state: str, note: str, by: Actor, at: datetime
) -> ClusterStep:
    """A line of the checklist is done, or not needed for a reason. Locks the file.

    Raises NotFound, NotAllowed, Conflict("cluster.submitted"), Invalid("cluster.…").
    """
    row = _working(cluster_id, by)
    step = row.steps.filter(key=key).first()
    if step is None or state not in STATES:
        raise Invalid("cluster.step", field="key")
    if state == "waived" and not note.strip():
        raise Invalid("cluster.no_reason", field="note")
    step.state, step.note, step.at, step.by = state, note.strip()[:400], at, by.name
    step.save(update_fields=["state", "note", "at", "by"])
    record(action="cluster.step", subject=f"cluster:{row.pk}", by=by, at=at, scope=row.scope,
           after=state, facts={"step": key})  # fmt: skip
    return step


@transaction.atomic
def state_hypothesis(*, cluster_id: int, text: str, by: Actor, at: datetime) -> Cluster:
    """Say what is held to be the source and the way of spread. Locks the file."""
    row = _working(cluster_id, by)
    row.hypothesis = text.strip()[:400]
    row.save(update_fields=["hypothesis"])
    record(action="cluster.hypothesis", subject=f"cluster:{row.pk}", by=by, at=at,
           scope=row.scope)  # fmt: skip
    return row


@transaction.atomic
def conclude(*, cluster_id: int, outcome: str, reason: str, by: Actor, at: datetime) -> Cluster:
    """Submit the file with its outcome: the desk above, another person, accepts or returns it.

    Raises what `act` raises, Invalid("cluster.outcome" | "cluster.no_reason"),
    MoveBlocked("cluster.steps_open").
    """
    row = _working(cluster_id, by)
    outcomes = {one["key"] for one in outcomes_of(row, at)}
    if outcome not in outcomes:
        raise Invalid("cluster.outcome", field="outcome")
    if not reason.strip():
        raise Invalid("cluster.no_reason", field="reason")
    row.outcome, row.outcome_reason = outcome, reason.strip()[:400]
    row.save(update_fields=["outcome", "outcome_reason"])
    loop = row.obligation
    add_statement(
        subject=loop.subject, scope=loop.scope, kind=Kind.STATEMENT,
        made=Made(at, text=row.outcome_reason), by=by, at=at,
    )  # fmt: skip
    act(obligation_id=loop.pk, move="prove", by=by, at=at)
    return row


def outcomes_of(row: Cluster, at: datetime) -> tuple[dict[str, str], ...]:
    """What a file may end with, as the pack says."""
    return registry.table("cluster_outcome", at, scope=row.scope, disease=row.event.disease)


def _working(cluster_id: int, by: Actor) -> Cluster:
    """The file, locked, while its leader still works on it."""
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    row = fetch_cluster(cluster_id=cluster_id, by=by, lock=True)
    if row.obligation.owner_org_id != by.org_id:
        raise NotAllowed("cluster.not_leader", number=row.number)
    if row.obligation.closed_at is not None or row.obligation.state == "submitted":
        raise Conflict("cluster.submitted", number=row.number)
    return row


def cluster_gates(row: Obligation, grade: str) -> dict[str, tuple[str, ...]]:
    """What the loop of a cluster still lacks; the kernel asks it for every such loop."""
    del grade  # a cluster has none
    file = Cluster.objects.filter(obligation=row.pk).first()
    if file is None:
        return {}
    missing = ["cluster.steps_open"] if file.steps.filter(state="").exists() else []
    missing += [] if file.outcome else ["cluster.no_outcome"]
    return {"prove": tuple(missing)}
