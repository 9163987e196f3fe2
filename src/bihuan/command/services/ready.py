"""What a directive must have before it may be issued."""

from collections.abc import Iterable
from datetime import datetime

from bihuan.command.models import Demand
from bihuan.command.rules import below
from bihuan.command.selectors.sight import directive_of
from bihuan.command.types import DemandInput, DirectiveInput, Preview
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.joint import refuse_shares
from bihuan.core.loops.types import Share
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.selectors import children
from bihuan.core.places.types import under, within

ANSWERING = ("acknowledged", "planned", "returned")


def refuse_unready(
    given: DirectiveInput, *, relay: Obligation | None, by: Actor, at: datetime
) -> None:
    """Refuse a directive that lacks something, naming the demand. Raises Invalid or Conflict."""
    if not given.title.strip():
        raise Invalid("directive.no_title", field="title")
    if not given.demands:
        raise Invalid("directive.no_demand", field="demands")
    if not given.place_ids and not any(d.owner_post_id or d.direct_level for d in given.demands):
        raise Invalid("directive.nobody", field="place_ids")
    if relay is not None and relay.state not in ANSWERING:
        raise Conflict("directive.relay_state", number=relay.number, state=relay.state)
    foreign = set(given.place_ids) - {row.id for row in children(by.place_id, local_date(at))}
    if foreign:
        raise Invalid("directive.not_child", field="place_ids", ids=sorted(foreign))
    levels = below(Place.objects.values_list("level", flat=True).get(pk=by.place_id))
    for ordinal, demand in enumerate(given.demands, 1):
        _refuse_demand(demand, ordinal, levels=levels, at=at)
    _refuse_owners(given, by=by)
    _refuse_uppers(given, relay=relay)


def _refuse_demand(
    demand: DemandInput, ordinal: int, *, levels: tuple[str, ...], at: datetime
) -> None:
    brief = demand.brief
    said = {"ordinal": ordinal, "title": brief.title}
    if demand.direct_level and demand.direct_level not in levels:
        raise Invalid("demand.not_direct_level", field="direct_level", **said)
    if (demand.direct_level or demand.owner_post_id) and not brief.criterion.strip():
        raise Invalid("demand.no_criterion", field="criterion", **said)
    if demand.due_at is not None and demand.due_at <= at:
        raise Invalid("task.due_past", field="due_at", **said)
    if brief.stricter_until is not None and not brief.stricter.strip():
        raise Invalid("stricter.no_reason", field="stricter", **said)
    if brief.stricter.strip() and brief.stricter_until is None:
        raise Invalid("stricter.no_end", field="stricter_until", **said)


def shares_of(owner_post_id: int | None, support_post_ids: Iterable[int]) -> list[Share]:
    """The parts of a task: the owner leads, the others support."""
    lead = [Share(owner_post_id, "lead")] if owner_post_id else []
    return [*lead, *(Share(post_id, "support") for post_id in support_post_ids)]


def _refuse_owners(given: DirectiveInput, *, by: Actor) -> None:
    wanted: dict[int, int] = {}
    for n, demand in enumerate(given.demands, 1):
        shares = shares_of(demand.owner_post_id, demand.support_post_ids)
        if shares:
            refuse_shares(shares)
        wanted |= {share.post_id: n for share in shares}
    posts = Post.objects.filter(pk__in=wanted, valid_to=None).values_list("pk", "scope")
    known = {pk for pk, scope in posts if under(scope, by.scope)}
    for post_id, ordinal in wanted.items():
        if post_id not in known:
            raise Invalid("demand.owner_outside", field="owner_post_id", ordinal=ordinal)


def _refuse_uppers(given: DirectiveInput, *, relay: Obligation | None) -> None:
    """A demand implements one that the relay carries, and nobody else's."""
    uppers: set[int] = set()
    if relay is not None:
        directive = directive_of(relay)
        rows = Demand.objects.filter(directive=directive).values_list("brief_id", flat=True)
        uppers = {*rows, relay.brief_id}
    for ordinal, demand in enumerate(given.demands, 1):
        upper = demand.brief.upper_id
        if upper is not None and upper not in uppers:
            raise Invalid("demand.upper_foreign", field="upper_id", ordinal=ordinal)
        if demand.brief.stricter.strip() and upper is None:
            raise Invalid("stricter.not_found", field="upper_id", ordinal=ordinal)


def preview(*, given: DirectiveInput, by: Actor) -> Preview:
    """How many obligations a directive will open, and which chosen nodes have no desk."""
    desks = Post.objects.filter(desk=True, valid_to=None, place__valid_to=None)
    levels: dict[str, int] = {}
    for demand in given.demands:
        if demand.direct_level:
            levels[demand.direct_level] = levels.get(demand.direct_level, 0) + 1
    direct = sum(
        demands * desks.filter(within("scope", by.scope), place__level=level).count()
        for level, demands in levels.items()
    )
    chosen = Place.objects.filter(pk__in=given.place_ids)
    reached = set(desks.filter(place__in=given.place_ids).values_list("place_id", flat=True))
    relayed = any(not demand.direct_level for demand in given.demands)
    return Preview(
        relays=len(reached) if relayed else 0,
        own_tasks=sum(
            1 + len(demand.support_post_ids) for demand in given.demands if demand.owner_post_id
        ),
        direct_tasks=direct,
        without_desk=tuple(p.name for p in chosen.order_by("path") if p.pk not in reached),
    )
