"""How a node has answered the demands of a relay."""

from collections import defaultdict
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.command.models import Demand, Directive, Meeting, NoneHere
from bihuan.command.selectors.demands import demand_rows
from bihuan.command.selectors.sight import directive_of, fetch_relay, relays_of
from bihuan.command.types import AnswerRow, DemandRow, WorkRow
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor


def _work(row: Obligation, *, at: datetime) -> WorkRow:
    return WorkRow(
        id=row.pk, number=row.number, title=row.brief.title, place=row.place.name,
        owner=row.owner_post.title, issuer=row.issuer_org.name, state=row.state,
        due_at=row.due_at, overdue=row.closed_at is None and row.due_at <= at,
    )  # fmt: skip


def tasks_for(*, relay_id: int, brief_id: int) -> QuerySet[Obligation]:
    """Local tasks of a relay that implement one upper demand."""
    return Obligation.objects.filter(parent=relay_id, flow="task", brief__upper=brief_id).exclude(
        state="withdrawn"
    )


def _answered(relay: Obligation) -> Q:
    """Demands with a local task, a signed "none here", or a place in an own directive."""
    local = Obligation.objects.filter(parent=relay, flow="task", brief__upper=OuterRef("brief"))
    signed = NoneHere.objects.filter(relay=relay, demand=OuterRef("pk"), revoked_at=None)
    carried = Demand.objects.filter(directive__relay=relay, brief__upper=OuterRef("brief"))
    return Q(Exists(local.exclude(state="withdrawn"))) | Q(Exists(signed)) | Q(Exists(carried))


def unmapped(relay: Obligation) -> list[Demand]:
    """Demands of a relay without an answer; those sent directly need none. Two queries."""
    demands = Demand.objects.filter(directive=directive_of(relay), direct_level="")
    return list(demands.exclude(_answered(relay)).select_related("brief").order_by("ordinal"))


def answers(*, relay_id: int, by: Actor, at: datetime) -> list[AnswerRow]:
    """Each upper demand with the node's answer. Eight queries. Raises NotFound."""
    relay = fetch_relay(relay_id=relay_id, by=by)
    rows = demand_rows(directive_id=directive_of(relay).pk, path=relay.scope, at=at)
    tasks: dict[int, list[WorkRow]] = defaultdict(list)
    local = relay.parts.filter(flow="task").exclude(state="withdrawn")
    for task in local.select_related("brief", "place", "owner_post", "issuer_org").order_by("pk"):
        if task.brief.upper_id is not None:
            tasks[task.brief.upper_id].append(_work(task, at=at))
    carried: dict[int, set[str]] = defaultdict(set)
    for demand in Demand.objects.filter(directive__relay=relay).select_related(
        "directive", "brief"
    ):
        if demand.brief.upper_id is not None:
            carried[demand.brief.upper_id].add(demand.directive.number)
    signed = {n.demand_id: n for n in NoneHere.objects.filter(relay=relay, revoked_at=None)}
    found = []
    for row in rows:
        none = signed.get(row.id)
        done, down = tuple(tasks[row.brief_id]), tuple(sorted(carried[row.brief_id]))
        outcome = "tasks" if done or down else "none_here" if none else "missing"
        found.append(AnswerRow(
            demand=row, outcome="direct" if row.direct_level else outcome, tasks=done,
            handed_down=down, reason=none.reason if none else "",
            signed_by=none.signed_by if none else "", signed_at=none.signed_at if none else None,
        ))  # fmt: skip
    return found


def demand_in(*, relay_id: int, demand_id: int, by: Actor, at: datetime) -> DemandRow:
    """One demand that a relay carries. Raises NotFound("demand.not_found")."""
    directive = directive_of(fetch_relay(relay_id=relay_id, by=by))
    for row in demand_rows(directive_id=directive.pk, path=None, at=at):
        if row.id == demand_id:
            return row
    raise NotFound("demand.not_found", id=demand_id)


def meetings_for(relay: Obligation) -> list[Meeting]:
    """The meetings a node held on a relay, study sessions included. One query."""
    return list(Meeting.objects.filter(relay=relay).order_by("held_at"))


def directives_for(relay: Obligation) -> list[Directive]:
    """The directives by which a node handed a relay down. One query."""
    return list(Directive.objects.filter(relay=relay).order_by("pk"))


def open_relays(*, by: Actor, at: datetime) -> list[WorkRow]:
    """Relays the organisation still has to answer, soonest first. One query."""
    rows = (
        Obligation.objects.filter(relays_of(by), closed_at__isnull=True)
        .select_related("brief", "place", "owner_post", "issuer_org")
        .order_by("due_at")[:100]
    )
    return [_work(row, at=at) for row in rows]
