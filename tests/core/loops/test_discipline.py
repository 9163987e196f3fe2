"""Missed deadlines propose one step at a time; the post hears of it and may reply first."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict
from bihuan.core.loops import services
from bihuan.core.loops.discipline import next_step, proposals
from bihuan.core.loops.models import Notice
from bihuan.core.loops.selectors import mine
from bihuan.core.loops.types import Filter
from tests.conftest import NOON
from tests.factories import build_world, task

HOUR = timedelta(hours=1)
LATER = NOON + 2 * HOUR


@pytest.fixture
def world(db):
    return build_world(NOON)


@pytest.mark.parametrize(
    ("missed", "entered", "step"),
    [(2, 0, None), (3, 0, "notice"), (5, 1, None), (6, 1, "talk"), (9, 2, "referral"),
     (12, 3, "referral")],
)  # fmt: skip
def test_each_third_missed_deadline_proposes_the_next_step(missed, entered, step):
    assert next_step(missed=missed, entered=entered, each=3) == step


def miss(world, times: int, owner: str = "city") -> None:
    for _ in range(times):
        task(world, owner=owner, due=NOON + HOUR)
    services.tick(at=LATER)


def test_the_third_missed_deadline_proposes_a_notice_and_nothing_happens_by_itself(world):
    miss(world, 2)
    assert proposals(by=world.head, at=LATER) == []
    miss(world, 1)
    (found,) = proposals(by=world.head, at=LATER)
    assert (found.post_id, found.missed, found.step) == (world.city.post_id, 3, "notice")
    assert not Notice.objects.filter(kind__startswith="responsibility").exists()


def test_the_post_is_told_may_reply_for_three_days_and_the_next_needs_three_more(world):
    miss(world, 3)
    (found,) = proposals(by=world.head, at=LATER)
    entry = services.propose_responsibility(
        obligation_id=found.obligation_id, party="territory", post_id=found.post_id,
        duty="三次误期", by=world.head, at=LATER,
    )  # fmt: skip
    told = Notice.objects.get(kind="responsibility.proposed")
    assert (told.post_id, told.facts) == (world.city.post_id, {"responsibility": entry.pk})
    assert proposals(by=world.head, at=LATER) == []
    ask = {"responsibility_id": entry.pk, "met": False, "consequence": "通报", "by": world.governor}
    with pytest.raises(Conflict) as refused:
        services.decide_responsibility(**ask, at=LATER + 71 * HOUR)
    assert refused.value.code == "responsibility.awaits_reply"
    services.decide_responsibility(**ask, at=LATER + 73 * HOUR)
    assert Notice.objects.filter(kind="responsibility.decided").count() == 1


def test_who_cannot_see_the_place_sees_no_proposal(world):
    miss(world, 3)
    assert proposals(by=world.outsider, at=LATER) == []


def test_news_is_read_by_the_post_it_went_to_alone(world):
    task(world)
    task(world)
    first, second = Notice.objects.filter(post=world.city.post_id).order_by("pk")
    assert services.read_notices(notice_id=first.pk, by=world.outsider, at=LATER) == 0
    assert services.read_notices(notice_id=first.pk, by=world.city, at=LATER) == 1
    second.refresh_from_db()
    assert second.read_at is None
    assert services.read_notices(by=world.city, at=LATER) == 1


def test_my_loops_can_be_narrowed(world):
    task(world, due=NOON + HOUR)
    task(world, domain="testing")
    rows = mine(by=world.city, at=LATER, wanted=Filter(stage="overdue")).rows
    assert [row.domain for row in rows] == ["work-safety"]
