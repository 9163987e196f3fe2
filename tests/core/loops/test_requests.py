"""A matter goes up: level by level, or past the levels with a copy to each of them (M187)."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Notice, Obligation, Request
from bihuan.core.loops.selectors import loop_detail, to_accept
from bihuan.core.loops.services import Matter, act, ask
from bihuan.core.loops.stewardship import stewardship_of
from bihuan.core.loops.types import MoveInput
from tests.conftest import NOON
from tests.factories import build_world

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def world(db):
    return build_world(NOON)


def asked(world, *, by="county", to="99", at=NOON, **changes) -> Obligation:
    told = {
        "kind": "request", "title": "请求支援抽水设备", "text": "地下车库进水,请省里支援。",
        "domain": "natural-hazards", "place_id": world.places[to].pk,
    }  # fmt: skip
    return ask(given=Matter(**told | changes), by=world.actor(by), at=at)


def moved(world, row, move, who, at=NOON, note=""):
    return act(obligation_id=row.pk, move=move, by=world.actor(who), at=at,
               given=MoveInput(note=note))  # fmt: skip


def test_an_urgent_request_is_at_the_province_at_once_and_the_city_hears_the_same_second(world):
    row = asked(world, direct=True, urgent=True)
    assert (row.owner_post_id, row.due_at) == (world.head.post_id, NOON + HOUR)
    copy = Notice.objects.get(kind="request.copy")
    assert (copy.post_id, copy.at) == (world.city.post_id, NOON)
    assert loop_detail(obligation_id=row.pk, by=world.city, at=NOON).request.hops == 1
    moved(world, row, "answer", "head", NOON + 22 * MINUTE, "两台泵车已出发")
    assert [r.id for r in to_accept(by=world.county, at=NOON + HOUR).rows] == [row.pk]
    moved(world, row, "accept", "county", NOON + HOUR)
    row.refresh_from_db()
    told = Request.objects.get()
    assert (row.state, told.answer, told.reached_at) == ("closed", "两台泵车已出发", NOON)


def test_level_by_level_each_desk_answers_or_passes_on_with_a_clock_of_its_own(world):
    row = asked(world, by="township")
    assert (row.owner_post_id, row.due_at) == (world.county.post_id, NOON + 24 * HOUR)
    row = moved(world, row, "pass_on", "county", NOON + 2 * HOUR)
    assert (row.owner_post_id, row.due_at) == (world.city.post_id, NOON + 26 * HOUR)
    with pytest.raises(MoveBlocked) as blocked:
        moved(world, row, "answer", "county", NOON + 3 * HOUR, "好")
    assert blocked.value.code == "loop.not_owner"
    row = moved(world, row, "pass_on", "city", NOON + 5 * HOUR)
    with pytest.raises(MoveBlocked) as blocked:
        moved(world, row, "pass_on", "head", NOON + 6 * HOUR)
    assert blocked.value.code == "request.arrived"
    told = Request.objects.get()
    assert (told.hops, told.reached_at) == (3, NOON + 5 * HOUR)


def test_only_who_asked_says_that_it_is_answered_and_an_answer_has_words(world):
    row = asked(world)
    with pytest.raises(MoveBlocked) as blocked:
        moved(world, row, "answer", "city")
    assert blocked.value.code == "loop.no_reason"
    moved(world, row, "answer", "city", note="已安排")
    for who in ("head", "city"):
        with pytest.raises(MoveBlocked) as blocked:
            moved(world, row, "accept", who)
        assert blocked.value.code == "request.not_asker"
    back = moved(world, row, "return", "county", NOON + HOUR, note="没有说明数量")
    assert (back.state, back.due_at) == ("returned", NOON + 25 * HOUR)


def test_a_neighbour_learns_nothing_of_it(world):
    row = asked(world)
    with pytest.raises(NotFound):
        loop_detail(obligation_id=row.pk, by=world.county2, at=NOON)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "9902"}, "request.not_above"), ({"to": "990101"}, "request.not_above"),
        ({"kind": "x"}, "request.kind"), ({"title": " "}, "brief.empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(world, changes, code):
    with pytest.raises(Invalid) as refused:
        asked(world, **changes)
    assert refused.value.code == code
    assert not Obligation.objects.exists()


def test_a_unit_goes_to_its_township_and_not_upward(world):
    with pytest.raises(NotAllowed):
        asked(world, by="factory")


def test_a_late_answer_from_above_does_not_count_against_the_place_that_asked(world):
    row = asked(world)
    moved(world, row, "answer", "city", NOON + 99 * HOUR, "迟复")
    moved(world, row, "accept", "county", NOON + 99 * HOUR)
    ratios = stewardship_of(paths=[world.county.scope], at=NOON + 99 * HOUR)
    assert ratios[world.county.scope].due == 0
