"""The tasks of a key period: opened for every owner, off when it is over, and its review."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from bihuan.core.audit.services import SYSTEM, record, together
from bihuan.core.clock import day_end
from bihuan.core.loops.models import Domain, Notice, Obligation
from bihuan.core.loops.rules import TASK_FLOW
from bihuan.core.loops.services import advance, write_brief
from bihuan.core.loops.services.opening import Deadline, brief_of
from bihuan.core.loops.services.raising import Raised, raise_loop, raise_many
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.sensing.models import KeyPeriod, PeriodMeasure, PeriodTask
from bihuan.sensing.rules.periods import DESK, OWN
from bihuan.sensing.selectors.periods import days_of


def origin_of(period: KeyPeriod) -> str:
    """One key for all tasks of a plan, and for the parts their owners hand down."""
    return f"period:{period.pk}"


def open_tasks(period: KeyPeriod, *, at: datetime) -> int:
    """Give every measure to its owners, by its day; how many tasks. For a locked plan.

    A measure that no post can owe falls to the desk of its place; a place without one has no task.
    """
    owners = Owners(period)
    wanted = [
        (measure, owner)
        for measure in period.measures.order_by("offset", "pk")
        for owner in owners.of(measure)
    ]
    loops = raise_many(
        [_raised(period, measure, owner, at) for measure, owner in wanted], by=SYSTEM, at=at
    )
    PeriodTask.objects.bulk_create(
        PeriodTask(measure=measure, task=task)
        for (measure, _owner), task in zip(wanted, loops, strict=True)
    )
    period.opened_at = at
    period.save(update_fields=["opened_at"])
    record(action="period.open", subject=origin_of(period), by=SYSTEM, at=at, scope=period.scope,
           facts={"tasks": len(loops)})  # fmt: skip
    return len(loops)


def _raised(period: KeyPeriod, measure: PeriodMeasure, owner: Post, at: datetime) -> Raised:
    due = Deadline(day_end(days_of(period).due(measure.offset)))
    if due.at <= at:
        due = Deadline(*registry.due("period.catch_up", at, scope=owner.scope))
    brief = brief_of(
        given=BriefInput(
            title=f"{period.title}:{measure.text}"[:200],
            text=f"{measure.text}(措施到 {period.ends.isoformat()} 止)", domain=measure.domain,
            sector="" if measure.owner == DESK else measure.owner, criterion=measure.criterion,
            basis=period.edition,
        ),
        place=owner.place, at=at,
    )  # fmt: skip
    return Raised("task", brief, owner, period.post, due, origin_of(period))


class Owners:
    """Who owes the measures of a plan, at each place of their level. Two queries."""

    def __init__(self, period: KeyPeriod) -> None:
        inside = Place.objects.filter(within("path", period.scope), valid_to=None)
        levels = set(period.measures.values_list("level", flat=True)) - {OWN}
        self.own = period.place
        self.places: dict[str, list[Place]] = {level: [] for level in levels}
        for place in inside.filter(level__in=levels).order_by("path"):
            self.places[place.level].append(place)
        ids = {period.place_id, *(p.pk for held in self.places.values() for p in held)}
        department = Q(role=Role.DEPARTMENT.value, org__attached=False)
        posts = Post.objects.filter(Q(desk=True) | department, place__in=ids, valid_to=None)
        self.desks: dict[int, Post] = {}
        self.departments: dict[tuple[int, str], Post] = {}
        for post in posts.select_related("org", "place").order_by("order", "pk"):
            if post.desk:
                self.desks[post.place_id] = post
                continue
            for sector in {*post.sectors, *post.org.sectors}:
                self.departments.setdefault((post.place_id, sector), post)

    def of(self, measure: PeriodMeasure) -> Iterator[Post]:
        """One post for each place; the plan's own place where there is none of that level."""
        for place in self.places.get(measure.level) or [self.own]:
            desk = self.desks.get(place.pk)
            owner = self.departments.get((place.pk, measure.owner), desk)
            if owner is not None:
                yield owner


def lapse(period: KeyPeriod, *, by: Actor | None, at: datetime) -> int:
    """End what is open of a plan, as lapsed and not as done, and open its review; how many ended.

    For a locked plan; `by` is who ended it early, None when its day came.
    """
    note = f"{period.title}的措施已于 {period.ends.isoformat()} 到期失效"
    if by is not None:
        note = f"{period.title}的措施提前结束:{period.ended_why}"
    rows = Obligation.objects.select_for_update(of=("self",)).filter(
        origin=origin_of(period), closed_at=None
    )
    ended = list(rows.order_by("pk"))
    with together():
        for task in ended:
            advance(TASK_FLOW, task, "lapse", facts={"note": note}, by=SYSTEM, at=at,
                    given=MoveInput(note=note))  # fmt: skip
    Notice.objects.bulk_create(
        Notice(post_id=task.owner_post_id, obligation=task, kind="task.lapsed", at=at)
        for task in ended
    )
    period.review, period.lapsed_at = _review(period, len(ended), at), at
    period.save(update_fields=["review", "lapsed_at", "ended_why"])
    record(action="period.lapse", subject=origin_of(period), by=by or SYSTEM, at=at,
           scope=period.scope, facts={"tasks": len(ended)})  # fmt: skip
    return len(ended)


def _review(period: KeyPeriod, lapsed: int, at: datetime) -> Obligation:
    total = PeriodTask.objects.filter(measure__period=period).count()
    owner = desk_of(place_ids=[period.place_id]).get(period.place_id, period.post)
    brief = write_brief(
        given=BriefInput(
            title=f"复盘:{period.title}",
            text=f"措施已全部失效。任务 {total} 项,其中 {lapsed} 项到期时还没有办结。",
            domain=Domain.COMMAND, basis=period.edition,
            criterion="写明哪些措施有效、哪些没有办结和原因、明年的方案改什么",
        ),
        place=period.place, at=at,
    )  # fmt: skip
    return raise_loop(
        flow="task", brief=brief, owner=owner, issuer=owner.leader or period.post,
        deadline=Deadline(*registry.due("period.review", at, scope=period.scope)),
        origin=f"period-review:{period.pk}", by=SYSTEM, at=at,
    )  # fmt: skip
