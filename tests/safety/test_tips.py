"""Reports from the public lead back by a code alone; near misses are counted as good."""

from datetime import timedelta

import pytest
from django.db import connection

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, Invalid, NotFound, TooMany
from bihuan.core.loops.models import Obligation
from bihuan.safety.models import NearMiss, Tip
from bihuan.safety.selectors.tips import tips
from bihuan.safety.services.tips import (
    NewTip,
    TipAnswer,
    answer_tip,
    fetch_tip,
    forget_tips,
    pay_reward,
    send_tip,
    tell_near_miss,
    tip_by_code,
)
from tests.conftest import NOON
from tests.safety.conftest import establish, of_factory

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sent(world, category="exit", at=NOON, **changes):
    wanted = {"place_id": world.places["990101001"].pk} | changes
    return send_tip(given=NewTip(category, "三楼安全出口上了锁", **wanted), at=at)


def test_an_anonymous_tip_gets_a_code_and_on_confirmation_the_reward_is_released_to_it(world):
    place = establish(world)
    code = sent(world, token=str(place.token), place_id=None)
    tip = tip_by_code(code=code.lower().replace("-", " "))
    assert (tip.reward, tip.task.owner_post_id) == (0, world.township.post_id)
    given = TipAnswer(confirmed=True, answer="已责令拆锁")
    answer_tip(tip_id=tip.pk, given=given, by=world.township, at=NOON + DAY)
    tip = tip_by_code(code=code)
    assert (tip.reward, tip.confirmed, tip.answer) == (1000, True, "已责令拆锁")
    assert tip.hazard.establishment_id == place.pk
    with pytest.raises(Conflict):
        answer_tip(tip_id=tip.pk, given=given, by=world.township, at=NOON + DAY)


def test_a_reward_is_paid_once_and_only_to_the_code(world):
    code, other = sent(world), sent(world)
    tip = tip_by_code(code=code)
    ask = {"tip_id": tip.pk, "by": world.township, "at": NOON + 2 * DAY}
    with pytest.raises(Conflict, match=r"tip\.no_reward"):
        pay_reward(code=code, **ask)
    answer_tip(tip_id=tip.pk, given=TipAnswer(True, "已查实"), by=world.township, at=NOON + DAY)
    with pytest.raises(Invalid, match=r"tip\.wrong_code"):
        pay_reward(code=other, **ask)
    paid = pay_reward(code=code.lower(), **ask)
    assert (paid.paid_at, paid.paid_by) == (NOON + 2 * DAY, world.township.name)
    entry = Entry.objects.get(action="tip.pay")
    assert (entry.subject, entry.facts) == (tip.task.subject, {"reward": 1000})
    with pytest.raises(Conflict, match=r"tip\.paid"):
        pay_reward(code=code, **ask)
    with pytest.raises(NotFound):
        pay_reward(**ask | {"by": world.outsider}, code=code)


def test_nobody_can_list_who_reported(world):
    code = sent(world)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM safety_tip t")
        kept = cursor.fetchone()[0]
    assert code not in kept
    assert code.replace("-", "") not in kept
    columns = {field.name for field in Tip._meta.get_fields()}
    assert not columns & {"by", "name", "phone", "reach", "ip", "account", "person", "session"}
    assert not Entry.objects.filter(facts__icontains=code.replace("-", "")).exists()


def test_a_tip_on_an_unlicensed_filling_point_is_visited_in_24_hours_and_again_at_30_days(world):
    code = sent(world, category="illegal")
    tip = tip_by_code(code=code)
    assert tip.task.due_at == NOON + DAY
    given = TipAnswer(confirmed=True, answer="已取缔")
    answer_tip(tip_id=tip.pk, given=given, by=world.township, at=NOON + 20 * HOUR)
    tip.refresh_from_db()
    assert tip.recheck_at == NOON + 20 * HOUR + 30 * DAY


def test_only_the_desk_and_those_above_see_a_tip(world):
    sent(world)
    assert len(tips(by=world.township)) == len(tips(by=world.county)) == 1
    assert tips(by=world.outsider) == tips(by=world.factory) == []
    with pytest.raises(NotFound):
        fetch_tip(tip_id=Tip.objects.get().pk, by=world.outsider)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (NewTip("gossip", "邻居总是晚回家"), "tip.category"),
        (NewTip("fire", "乱"), "tip.empty"),
        (NewTip("fire", "隔壁的人核酸阳性还出门"), "tip.person"),
        (NewTip("fire", "三楼安全出口上了锁"), "tip.nowhere"),
        (NewTip("fire", "三楼安全出口上了锁", token="no-such"), "tip.nowhere"),
    ],
)
def test_a_tip_is_about_a_danger_somewhere_and_never_about_people(world, given, code):
    with pytest.raises((Invalid, NotFound)) as refused:
        send_tip(given=given, at=NOON)
    assert refused.value.code == code


def test_a_flood_of_tips_is_stopped_and_a_wrong_code_leads_nowhere(world):
    for _ in range(60):
        sent(world)
    with pytest.raises(TooMany):
        sent(world)
    sent(world, at=NOON + HOUR + timedelta(seconds=1))
    with pytest.raises(NotFound):
        tip_by_code(code="AAAA-AAAA-AAAA")


def test_tips_are_forgotten_30_days_after_their_answer(world):
    tip = tip_by_code(code=sent(world))
    answer_tip(tip_id=tip.pk, given=TipAnswer(False, "不属实"), by=world.township, at=NOON)
    assert forget_tips(at=NOON + 30 * DAY - HOUR) == 0
    assert forget_tips(at=NOON + 30 * DAY) == 1
    assert Obligation.objects.filter(pk=tip.task_id).exists()


def test_a_near_miss_creates_a_cause_analysis_and_keeps_no_name(world):
    place = of_factory(world)
    row = tell_near_miss(establishment_id=place.pk, text="吊物擦过工人头顶", by=world.factory,
                         happened_at=NOON - HOUR, at=NOON)  # fmt: skip
    task = row.task
    assert (task.owner_post_id, task.due_at) == (world.factory.post_id, NOON + 7 * DAY)
    columns = {field.name for field in NearMiss._meta.get_fields()}
    assert not columns & {"by", "person_id", "post", "told_by"}
    for text, when, code in (("撞", NOON, "near_miss.empty"), ("吊物擦过工人", NOON + HOUR,
                                                           "near_miss.future")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            tell_near_miss(establishment_id=place.pk, text=text, by=world.factory,
                           happened_at=when, at=NOON)  # fmt: skip
        assert refused.value.code == code
