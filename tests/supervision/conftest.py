"""A world with problems, tasks and proofs to build lists from."""

from datetime import timedelta

import pytest

from bihuan.core.audit.models import Event
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act, open_problem
from bihuan.core.loops.types import MoveInput
from bihuan.core.orgs.models import Sector, Venue
from bihuan.supervision.services import effects
from tests.conftest import NOON
from tests.factories import brief, build_world

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def world(db):
    return build_world(NOON)


def problem(world, *, owner="county", by="city", at=NOON, **changes) -> Obligation:
    """A problem found by one account's post, owed by another's."""
    finder = world.actor(by)
    wanted = {"title": "消防通道堵塞", "text": "三号车间消防通道堆放货物。"} | changes
    demand = brief(world.places["9901"], at, **wanted)
    return open_problem(
        brief=demand, owner_post_id=world.actor(owner).post_id, by=finder, at=at, type_code="通道"
    )


def prove(world, row: Obligation, who: str, *, at=NOON + HOUR) -> Obligation:
    by = world.actor(who)
    add_statement(
        subject=row.subject, scope=row.scope, kind="reading",
        made=Made(at, quantity=12.0, measure="处"), by=by, at=at,
    )  # fmt: skip
    return act(obligation_id=row.pk, move="prove", by=by, at=at)


def rectifying(world, row: Obligation, *, owner="county", by="city", at=NOON) -> Obligation:
    """Lead a found problem to its rectification."""
    for move, who, given in (
        ("register", by, MoveInput()), ("grade", by, MoveInput(grade="general")),
        ("assign", by, MoveInput()), ("begin", owner, MoveInput()),
    ):  # fmt: skip
        row = act(obligation_id=row.pk, move=move, by=world.actor(who), at=at, given=given)
    return row


HANDLERS = {
    "task.accept": effects.task_ended, "task.confirm_withdraw": effects.task_ended,
    "task.prove": effects.task_proven, "problem.begin": effects.problem_begun,
}  # fmt: skip


def deliver(at=NOON + HOUR) -> None:
    """Hand out the news of the outbox, as the worker does."""
    for event in Event.objects.filter(handled_at=None, name__in=HANDLERS).order_by("pk"):
        HANDLERS[event.name](event, at=at)
        Event.objects.filter(pk=event.pk).update(handled_at=at)


def say(kind: str, code: str) -> str:
    """Words of one language, marked by their kind."""
    return f"{kind}:{code}"


def venues(world, count: int, *, code="990101", kind="restaurant", name="店") -> list[Venue]:
    place = world.places[code]
    sector = Sector.objects.get(code="transport")
    return Venue.objects.bulk_create(
        Venue(name=f"{name}{number:04d}", kind=kind, place=place, scope=place.path, sector=sector)
        for number in range(count)
    )
