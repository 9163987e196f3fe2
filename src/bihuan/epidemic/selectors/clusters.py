"""Files of clusters: the door to one, the list of an event, cases and steps."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.epidemic.models import Case, Cluster, ClusterStep, Event
from bihuan.epidemic.selectors.sight import apart, cases_seen, events_seen
from bihuan.epidemic.types import Bar


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """A file in a list."""

    id: int
    number: str
    name: str
    cases: int
    leader: str
    due_at: datetime
    state: str
    closed_at: datetime | None
    overdue: bool
    done: int
    steps: int


@dataclass(frozen=True, slots=True)
class StepRow:
    """A line of the checklist with its words."""

    step: ClusterStep
    words: dict[str, str]
    late: bool


def fetch_cluster(*, cluster_id: int, by: Actor, lock: bool = False) -> Cluster:
    """The one door to the file of a cluster. Raises NotFound("cluster.not_found")."""
    rows = Cluster.objects.select_related(
        "event__place", "obligation__owner_post__org", "obligation__issuer_post"
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    seen = within("scope", by.scope) if by.has("case.read") else None
    row = rows.filter(seen, pk=cluster_id).first() if seen is not None else None
    if row is None or not Event.objects.filter(events_seen(by), pk=row.event_id).exists():
        raise NotFound("cluster.not_found", id=cluster_id)
    return row


def cluster_rows(*, event: Event, by: Actor, at: datetime) -> tuple[ClusterRow, ...]:
    """Files of an event, open ones first, the soonest due first. Three queries."""
    rows = list(
        Cluster.objects.filter(event=event, opened_at__lte=at).select_related(
            "obligation__owner_post"
        )
    )
    steps = Counter(
        (pk, bool(state))
        for pk, state in ClusterStep.objects.filter(cluster__in=rows).values_list(
            "cluster_id", "state"
        )
    )
    told = Case.objects.filter(apart(at), cases_seen(by), event=event, reported_at__lte=at)
    there = {
        (name.casefold(), case)
        for name, case in told.exclude(kind="excluded").values_list("places__name", "pk")
        if name
    }
    met = Counter(name for name, _case in there)
    found = [
        ClusterRow(
            r.pk, r.number, r.name, met[r.key], r.obligation.owner_post.title,
            r.obligation.due_at, r.obligation.state, r.obligation.closed_at,
            r.obligation.closed_at is None and r.obligation.due_at <= at, steps[r.pk, True],
            steps[r.pk, True] + steps[r.pk, False],
        )
        for r in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: (r.closed_at is not None, r.due_at, r.id)))


def members(*, row: Cluster, by: Actor, at: datetime) -> list[Case]:
    """Cases noted at the place, by onset. One query."""
    rows = Case.objects.filter(
        apart(at), cases_seen(by), event=row.event_id, reported_at__lte=at,
        places__name__iexact=row.name,
    )  # fmt: skip
    found = rows.exclude(kind="excluded").select_related("place", "event").distinct()
    return sorted(found, key=lambda c: (day_of(c), c.pk))


def day_of(case: Case) -> date:
    """The day a case stands on: its onset, else its diagnosis."""
    return case.onset or local_date(case.diagnosed_at)


def bars_of(cases: list[Case]) -> tuple[Bar, ...]:
    """Cases by day without gaps. Pure."""
    if not cases:
        return ()
    counted = Counter(day_of(case) for case in cases)
    first, last = min(counted), max(counted)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(Bar(day, (counted[day],)) for day in days)


def step_rows(*, row: Cluster, at: datetime) -> list[StepRow]:
    """The checklist in order, with the words of the pack. One query."""
    words = {
        one["key"]: one
        for one in registry.table("cluster_task", row.opened_at, scope=row.scope,
                                  disease=row.event.disease)
    }  # fmt: skip
    return [
        StepRow(step, words.get(step.key, {"key": step.key}), not step.state and step.due_at <= at)
        for step in row.steps.order_by("order")
    ]


def subject_of(*, obligation_id: int) -> tuple[str, int]:
    """What a loop of this domain is about: ("case", id), ("cluster", id), ("spill", id)…; or ("", 0)."""
    file = Cluster.objects.filter(obligation=obligation_id).values_list("pk", flat=True).first()
    if file is not None:
        return "cluster", file
    told = Obligation.objects.filter(pk=obligation_id).values_list("origin", flat=True).first()
    kind, _sep, rest = (told or "").partition(":")
    number = rest.partition(":")[0]
    return (kind, int(number)) if number.isdecimal() else ("", 0)
