"""Plan inspections by the matrix, write down staff."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.safety.models import Assignment, Checklist, Establishment, InspectionPlan, Staffing
from bihuan.safety.rules.targeting import Cell, shared_out
from bihuan.safety.selectors.inspections import everyday_lists
from bihuan.safety.selectors.targeting import fetch_town, matrix

MOST_CHECKS = 5_000


@dataclass(frozen=True, slots=True)
class NewPlan:
    """How many checks in which time, by whom."""

    title: str
    starts: date
    ends: date
    checks: int
    post_ids: tuple[int, ...]


@transaction.atomic
def draw_plan(*, given: NewPlan, by: Actor, at: datetime) -> InspectionPlan:
    """Aim part of the checks at the key cells of the period, spread the others evenly.

    Places longest not inspected come first. Raises NotAllowed, NotFound("post.not_found"),
    Invalid("inspection_plan.…").
    """
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    _refuse_wrong(given, at)
    posts = posts_of(given.post_ids, by)
    found = matrix(by=by, at=at)
    months = {day.month for day in working_days(given.starts, given.ends)}
    keys = [(cell, rate) for cell, rate in found.keys if cell.month in months]
    aimed = given.checks * found.share // 100 if keys else 0
    row = InspectionPlan.objects.create(
        title=given.title.strip()[:120], scope=by.scope, org_id=by.org_id, starts=given.starts,
        ends=given.ends, share=found.share, created_at=at, created_by=by.name,
        cells=[[cell.problem, cell.month, cell.sector, round(rate, 4)] for cell, rate in keys],
    )  # fmt: skip
    lists = everyday_lists(scope=by.scope, at=at)
    chosen = _aim(keys, aimed, lists, by)
    seen = [place.pk for place, *_rest in chosen]
    chosen += _spread(given.checks - len(chosen), seen, lists, by)
    stops = assign_stops(row, chosen, posts)
    if not stops:
        raise Invalid("inspection_plan.no_places", field="checks")
    record(action="inspection_plan.draw", subject=f"inspection_plan:{row.pk}", by=by, at=at,
           scope=row.scope, facts={"checks": stops, "aimed": aimed})  # fmt: skip
    return row


def _refuse_wrong(given: NewPlan, at: datetime) -> None:
    wrong = {
        "title": not given.title.strip(), "starts": given.starts < local_date(at),
        "ends": given.ends < given.starts, "checks": not 0 < given.checks <= MOST_CHECKS,
    }  # fmt: skip
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise Invalid("inspection_plan.wrong", field=name, most=MOST_CHECKS)


def posts_of(ids: Sequence[int], by: Actor) -> list[Post]:
    """The posts that are named, one's own when none is. Raises NotFound("post.not_found")."""
    wanted = list(ids) or [by.post_id]
    found = list(Post.objects.filter(within("scope", by.scope), pk__in=wanted, valid_to=None))
    if len(found) != len(set(wanted)):
        raise NotFound("post.not_found", id=wanted)
    return found


def working_days(first: date, last: date) -> list[date]:
    """The working days of a time; all its days where it has none."""
    calendar = registry.calendar()
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if calendar.is_working_day(day)] or days


Chosen = tuple[Establishment, Checklist, bool, float | None]


def _aim(
    keys: Sequence[tuple[Cell, float]], total: int, lists: Mapping[str, Checklist], by: Actor
) -> list[Chosen]:
    """Checks for the key cells by their expected rates; a place is chosen once."""
    chosen: list[Chosen] = []
    taken: set[int] = set()
    parts = shared_out(total, [rate for _cell, rate in keys])
    for (cell, rate), part in zip(keys, parts, strict=True):
        if cell.sector not in lists:
            continue
        rows = _longest_unseen(by).filter(sector=cell.sector).exclude(pk__in=taken)[:part]
        for place in rows:
            taken.add(place.pk)
            chosen.append((place, lists[cell.sector], True, rate))
    return chosen


def _spread(
    total: int, taken: Sequence[int], lists: Mapping[str, Checklist], by: Actor
) -> list[Chosen]:
    """The even part: whoever was not seen the longest, whatever the sector."""
    rows = _longest_unseen(by).filter(sector__in=lists).exclude(pk__in=taken)[: max(total, 0)]
    return [(place, lists[place.sector], False, None) for place in rows]


def _longest_unseen(by: Actor) -> QuerySet[Establishment]:
    rows = Establishment.objects.filter(within("scope", by.scope), closed_at=None)
    return rows.order_by(F("surveyed_at").asc(nulls_first=True), "pk")


def assign_stops(row: InspectionPlan, chosen: Sequence[Chosen], posts: Sequence[Post]) -> int:
    """Each place to the post nearest to it, over the working days of the plan."""
    days = working_days(row.starts, row.ends)
    return spread_stops(chosen, posts, days, plan=row, asked_by_id=row.org_id)


def spread_stops(
    chosen: Sequence[Chosen], posts: Sequence[Post], days: Sequence[date], **asked: Any
) -> int:
    """Each place to the post nearest to it, over some days; how many stops were written."""
    queues: dict[int, int] = {}
    stops = []
    for place, checklist, aimed, rate in sorted(chosen, key=lambda one: one[0].scope):
        near = [post for post in posts if place.scope.startswith(post.scope)] or list(posts)
        deepest = max(len(post.scope) for post in near)
        able = [post for post in near if len(post.scope) == deepest]
        post = min(able, key=lambda one: (queues.get(one.pk, 0), one.pk))
        number = queues[post.pk] = queues.get(post.pk, 0) + 1
        stops.append(
            Assignment(post=post, establishment=place, checklist=checklist, aimed=aimed,
                       expected=rate, day=days[(number - 1) % len(days)], position=number,
                       **asked)
        )  # fmt: skip
    return len(Assignment.objects.bulk_create(stops, ignore_conflicts=True, batch_size=1000))


@dataclass(frozen=True, slots=True)
class NewStaffing:
    """Posts of a place, and who is there."""

    posts: int
    present: int
    licensed: int = 0
    trained: int = 0


@transaction.atomic
def set_staffing(*, place_id: int, given: NewStaffing, by: Actor, at: datetime) -> Staffing:
    """Write down the supervision staff of a place. Raises NotAllowed, NotFound, Invalid."""
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    place = fetch_town(place_id=place_id, by=by)
    figures = (given.posts, given.present, given.licensed, given.trained)
    if min(figures) < 0 or max(given.licensed, given.trained) > given.present:
        raise Invalid("staffing.figures", field="present")
    told = {"posts": given.posts, "present": given.present, "licensed": given.licensed,
            "trained": given.trained, "changed_at": at, "changed_by": by.name}  # fmt: skip
    row, _fresh = Staffing.objects.update_or_create(place=place, defaults=told)
    record(action="staffing.set", subject=f"place:{place.pk}", by=by, at=at, scope=place.path,
           facts={"posts": given.posts, "present": given.present})  # fmt: skip
    return row
