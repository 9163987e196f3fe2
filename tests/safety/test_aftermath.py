"""After an accident: telephone, investigation, review at the top, reading back, lessons."""

import pytest
from django.db import DatabaseError, transaction

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.core.loops.types import MoveInput
from bihuan.core.packs import registry
from bihuan.safety.models import PhoneCall
from bihuan.safety.rules.accidents import Harm
from bihuan.safety.selectors.accidents import fetch_accident
from bihuan.safety.selectors.aftermath import aftermath
from bihuan.safety.services.accidents import add_figure
from bihuan.safety.services.aftermath import Called, Lesson, log_call, read_back, teach
from bihuan.safety.services.statements import draw_statement, sign_statement
from tests.conftest import NOON
from tests.safety.conftest import of_factory
from tests.safety.test_accidents import DAY, HOUR, MINUTE, called, duties


def after(world, row, at=NOON):
    return aftermath(fetch_accident(accident_id=row.pk, by=world.head), at=at)


def grow(world, row, harm, at):
    add_figure(accident_id=row.pk, source="医院", harm=harm, as_of=at, by=world.county, at=at)
    row.refresh_from_db()


def test_the_class_says_who_investigates_and_a_rise_on_day_20_brings_in_the_level_above(world):
    row = called(world)
    (task,) = after(world, row).investigations
    assert (task.owner_post_id, task.due_at) == (world.county.post_id, NOON + 60 * DAY)
    grow(world, row, Harm(deaths=3), NOON + 20 * DAY)
    below, above = after(world, row).investigations
    assert (below.owner_post_id, above.owner_post_id) == (world.county.post_id, world.city.post_id)
    assert (below.state, below.closed_at, above.state) == ("withdrawn", NOON + 20 * DAY, "issued")
    (entry,) = Entry.objects.filter(subject=below.subject, action="task.supersede")
    assert above.number in entry.facts["note"]
    assert "第二十条" in entry.facts["note"]


def test_an_investigation_that_is_closed_stays_closed_and_no_post_may_supersede_one(world):
    row = called(world)
    (task,) = after(world, row).investigations
    with pytest.raises(NotAllowed):
        act(obligation_id=task.pk, move="supersede", by=world.head, at=NOON,
            given=MoveInput(note="不查了"))  # fmt: skip
    closed = NOON + 2 * DAY
    Obligation.objects.filter(pk=task.pk).update(state="closed", closed_at=closed)
    grow(world, row, Harm(deaths=3), NOON + 20 * DAY)
    below, above = after(world, row).investigations
    assert (below.state, below.closed_at, above.state) == ("closed", closed, "issued")


def test_a_major_accident_opens_the_review_at_the_top_level_by_itself(world):
    row = called(world, harm=Harm(9, 8, 0, 20_000_000))
    assert after(world, row).reviews == ()
    grow(world, row, Harm(10, 8, 0, 20_000_000), NOON + HOUR)
    (task,) = after(world, row).reviews
    assert row.grade == "major"
    assert (task.owner_post_id, task.due_at) == (world.head.post_id, NOON + HOUR + 7 * DAY)
    grow(world, row, Harm(11), NOON + 2 * HOUR)
    assert len(after(world, row).reviews) == 1


def test_51_seriously_injured_are_major_by_injuries_and_are_reviewed(world):
    row = called(world, harm=Harm(deaths=2, serious=51))
    assert (row.grade, len(after(world, row).reviews)) == ("major", 1)


def phoned(world, row, at, level="province", who="county"):
    given = Called(True, "省应急厅值班室", "三人死亡,正在搜救", at, level)
    return log_call(accident_id=row.pk, given=given, by=world.actor(who), at=at)


def test_a_larger_accident_is_told_to_the_province_by_telephone_within_an_hour(world):
    assert after(world, called(world)).phone is None
    row = called(world, harm=Harm(deaths=3))
    assert after(world, row).phone.state == "waiting"
    assert after(world, row, NOON + HOUR + MINUTE).phone.state == "missing"
    phoned(world, row, NOON + 10 * MINUTE, level="city")
    assert after(world, row, NOON + 2 * HOUR).phone.state == "missing"
    phoned(world, row, NOON + 30 * MINUTE)
    assert after(world, row, NOON + 2 * HOUR).phone.state == "on_time"


def test_the_telephone_log_is_written_once_and_says_whom_and_what(world):
    row = called(world)
    phoned(world, row, NOON)
    with pytest.raises(DatabaseError), transaction.atomic():
        PhoneCall.objects.update(text="")
    ask = {"accident_id": row.pk, "by": world.county, "at": NOON + HOUR}
    for given, code in (
        (Called(True, " ", "x", NOON), "phone_call.empty"),
        (Called(True, "x", "x", NOON, "moon"), "phone_call.level"),
        (Called(True, "x", "x", NOON + 2 * HOUR), "accident.time"),
    ):
        with pytest.raises(Invalid) as refused:
            log_call(given=given, **ask)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        phoned(world, row, NOON, who="outsider")


def test_a_stricter_local_limit_of_20_minutes_holds_where_it_is_in_force(
    world, tmp_path, monkeypatch
):
    (tmp_path / "local.toml").write_text(
        f"""[pack]
id = "local-reporting"
family = "reporting"
title = "县里更严的时限"
title_en = "Stricter limits of a county"
version = "1"
source = "县通知 2018"
valid_from = 2018-01-01
mark = "reported"
scope = "{world.places["990101"].path}"
[[clock]]
key = "accident.unit"
title = "20 分钟电话报告"
title_en = "By telephone within 20 minutes"
hours = 0.3333333333333333
starts = "known"
""",
        encoding="utf-8",
    )
    monkeypatch.setenv("BIHUAN_PACKS", str(tmp_path))
    registry.all_packs.cache_clear()
    try:
        near = called(world, "factory", establishment_id=of_factory(world).pk)
        assert duties(world, near)[0].duty.due_at == NOON + 20 * MINUTE
        assert "local-reporting" in duties(world, near)[0].duty.due_rule
    finally:
        monkeypatch.undo()
        registry.all_packs.cache_clear()


@pytest.fixture
def stated(world):
    """An establishment whose unit signed its statement a month before."""
    place = of_factory(world)
    ask = {"establishment_id": place.pk, "by": world.county, "at": NOON - 30 * DAY}
    draw_statement(party="unit", post_id=world.factory.post_id, duties="每班检查压力表", **ask)
    row = draw_statement(party="territory", post_id=world.county.post_id, duties="每季检查", **ask)
    unit = place.statements.get(party="unit")
    sign_statement(statement_id=unit.pk, by=world.factory, at=NOON - 29 * DAY)
    return place, row


def test_an_accident_is_read_back_against_what_each_party_had_signed(world, stated):
    place, _unsigned = stated
    row = called(world, establishment_id=place.pk)
    lines = {one.party: one for one in after(world, row).parties}
    assert lines["unit"].statement.signed_at == NOON - 29 * DAY
    assert lines["department"].statement is None
    ask = {"accident_id": row.pk, "at": NOON + DAY, "finding": "压力表三个月未检"}
    read_back(party="unit", kept=False, by=world.city, **ask)
    found = {one.party: one.found for one in after(world, row).parties}
    assert found["unit"].kept is False
    with pytest.raises(Conflict, match=r"read_back\.done"):
        read_back(party="unit", kept=True, by=world.city, **ask)
    with pytest.raises(Conflict, match=r"read_back\.unsigned"):
        read_back(party="territory", kept=True, by=world.city, **ask)
    with pytest.raises(Conflict, match=r"read_back\.own"):
        read_back(party="territory", kept=False, by=world.county, **ask)
    with pytest.raises(Invalid):
        read_back(party="individual", kept=False, by=world.city, **ask)
    with pytest.raises(NotAllowed):
        read_back(party="department", kept=False, by=world.factory, **ask)


def test_a_statement_drawn_up_after_the_accident_does_not_cover_it(world):
    place = of_factory(world)
    row = called(world, establishment_id=place.pk)
    draw_statement(establishment_id=place.pk, party="unit", post_id=world.factory.post_id,
                   duties="补签", by=world.county, at=NOON + DAY)  # fmt: skip
    assert {one.statement for one in after(world, row).parties} == {None}


def test_a_lesson_becomes_a_task_with_an_owner_and_a_criterion(world):
    row = called(world, "factory")
    given = Lesson("压力容器全部复检", "辖区内同型釜", "每台有检验报告", world.township.post_id)
    task = teach(accident_id=row.pk, given=given, by=world.county, at=NOON + DAY)
    assert [one.pk for one in after(world, row).lessons] == [task.pk]
    assert Obligation.objects.get(pk=task.pk).owner_post_id == world.township.post_id
    with pytest.raises(NotAllowed):
        teach(accident_id=row.pk, given=given, by=world.factory, at=NOON + DAY)
