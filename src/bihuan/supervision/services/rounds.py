"""Draw a round of cross inspection: the rota, and a visit for each of its pairs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.supervision.models import Round, RoundPair, Visit
from bihuan.supervision.rules.rota import Impossible, Rota, rota


@dataclass(frozen=True, slots=True)
class NewRound:
    """Who takes part, what must be looked at, who must not inspect whom."""

    title: str
    org_ids: tuple[int, ...]
    links: tuple[str, ...]
    planned_for: datetime
    excluded: frozenset[tuple[int, int]] = frozenset()
    observer_org_id: int | None = None


@transaction.atomic
def draw_round(*, given: NewRound, by: Actor, at: datetime) -> Round:
    """Draw who inspects whom; nothing is written when no round can keep the rules.

    Raises NotAllowed, NotFound, Invalid("round.no_title" | "round.no_links"),
    Conflict("rota.…") naming the units that stand in the way.
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    links = [link.strip()[:60] for link in given.links if link.strip()]
    if not given.title.strip() or not links:
        field = "links" if given.title.strip() else "title"
        raise Invalid(f"round.no_{field}", field=field)
    orgs = {o.pk: o for o in Org.objects.filter(within("scope", by.scope), pk__in=given.org_ids)}
    if len(orgs) != len(set(given.org_ids)):
        raise NotFound("round.org_not_found")
    observer = _observer(given, orgs)
    earlier = Round.objects.filter(org=by.org_id).order_by("-pk")
    previous = earlier.first()
    found = rota(
        given.org_ids, last=_pairs(previous), excluded=given.excluded,
        observed=observer is not None, turn=earlier.count(),
    )  # fmt: skip
    if isinstance(found, Impossible):
        names = [orgs[pk].name for pk in found.units if pk in orgs]
        raise Conflict(found.code, units=names)
    row = Round.objects.create(
        title=given.title.strip()[:120], place_id=by.place_id, scope=by.scope, org_id=by.org_id,
        links=links, observer=observer, previous=previous, repeats=found.repeats, created_at=at,
        created_by=by.name,
    )  # fmt: skip
    _write_pairs(row, found, orgs, given, at=at)
    record(action="round.draw", subject=f"round:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"pairs": len(found.pairs), "repeats": found.repeats})  # fmt: skip
    return row


def _observer(given: NewRound, orgs: dict[int, Org]) -> Org | None:
    """A third party watches a swap of two; it takes no part itself."""
    if given.observer_org_id is None:
        return None
    observer = Org.objects.filter(pk=given.observer_org_id).first()
    if observer is None or observer.pk in orgs:
        raise NotFound("round.org_not_found", id=given.observer_org_id)
    return observer


def _pairs(previous: Round | None) -> dict[int, int]:
    if previous is None:
        return {}
    return dict(previous.pairs.values_list("inspector_id", "inspected_id"))


def _write_pairs(
    row: Round, found: Rota, orgs: dict[int, Org], given: NewRound, *, at: datetime
) -> None:
    desks = _desks(list(orgs))
    for inspector, inspected in found.pairs.items():
        pair = RoundPair.objects.create(round=row, inspector_id=inspector, inspected_id=inspected)
        desk = desks.get(inspected)
        if desk is None:
            raise NotFound("round.no_desk", org=orgs[inspected].name)
        Visit.objects.create(
            pair=pair, place_id=desk.place_id, scope=desk.scope, owner_post=desk,
            owner_org_id=inspected, issuer_org_id=row.org_id, inspector_org_id=inspector,
            announced=True, planned_for=given.planned_for, links=row.links, created_at=at,
        )  # fmt: skip


def _desks(org_ids: Sequence[int]) -> dict[int, Post]:
    """The post that answers for each organisation: its desk, else its first. One query."""
    posts = Post.objects.filter(org__in=org_ids, valid_to=None).order_by("desk", "-order")
    return {post.org_id: post for post in posts}
