"""Documents have a number, a law, a deadline and an appeal, and are printed as they were issued."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.services import act
from bihuan.core.loops.types import MoveInput
from bihuan.safety.models import Writ
from bihuan.safety.selectors.writs import fetch_writ
from bihuan.safety.services.hazards import Grading, NewHazard, grade_hazard, report_hazard
from bihuan.safety.services.orders import NewOrder, answer_step, order_stop
from bihuan.safety.services.writs import issue_hazard_writ, issue_order_writ
from tests.conftest import NOON
from tests.safety.conftest import of_factory

HOUR = timedelta(hours=1)


@pytest.fixture
def hazard(world):
    place = of_factory(world)
    return report_hazard(establishment_id=place.pk, given=NewHazard("出口锁闭", "东侧挂锁"),
                         by=world.county, at=NOON)  # fmt: skip


def issue(world, hazard, kind="rectify", who="county"):
    return issue_hazard_writ(hazard_id=hazard.pk, kind=kind, by=world.actor(who), at=NOON + HOUR)


def graded(world, hazard):
    return grade_hazard(hazard_id=hazard.pk, given=Grading("none"), by=world.county, at=NOON)


def test_an_order_to_rectify_says_number_law_deadline_and_appeal_and_stays(world, hazard):
    with pytest.raises(Conflict, match=r"writ\.not_graded"):
        issue(world, hazard)
    graded(world, hazard)
    first, second = issue(world, hazard), issue(world, hazard)
    assert first.number.endswith("责改〔2026〕1号")
    assert second.number.endswith("责改〔2026〕2号")
    said = first.content
    assert "第六十五条" in said["law"]
    assert said["deadline"].startswith("2026年")
    assert "60日内" in said["appeal"]
    assert "6个月" in said["appeal"]
    with pytest.raises(DatabaseError), transaction.atomic():
        Writ.objects.filter(pk=first.pk).update(content={})


def test_no_order_names_a_deadline_that_is_over(world, hazard):
    graded(world, hazard)
    late = hazard.due_at + timedelta(days=30)
    ask = {"hazard_id": hazard.pk, "kind": "rectify", "by": world.county, "at": late}
    with pytest.raises(Conflict, match=r"writ\.past_due"):
        issue_hazard_writ(**ask)
    until = MoveInput(note="配件到货晚", until=late + timedelta(days=5))
    act(obligation_id=hazard.pk, move="extend", by=world.county, at=late, given=until)
    deadline = issue_hazard_writ(**ask).content["deadline"]
    day = local_date(until.until)
    assert deadline == f"{day.year}年{day.month}月{day.day}日"


def test_only_an_authority_issues_and_only_what_fits(world, hazard):
    graded(world, hazard)
    with pytest.raises(NotAllowed):
        issue(world, hazard, who="factory")
    with pytest.raises(NotFound):
        issue(world, hazard, who="outsider")
    with pytest.raises(Invalid):
        issue(world, hazard, kind="stop")
    with pytest.raises(Conflict, match=r"writ\.no_recheck"):
        issue(world, hazard, kind="recheck")


def test_the_restart_is_written_only_when_the_order_is_lifted(world, hazard):
    order = order_stop(
        establishment_id=hazard.hazard.establishment_id, by=world.county, at=NOON,
        given=NewOrder("三层", "出口锁闭", "安全生产法第六十五条", ("打开出口",), hazard.pk),
    )  # fmt: skip
    answer_step(order_id=order.pk, index=0, fine=True, by=world.county, at=NOON)
    ask = {"order_id": order.pk, "by": world.county, "at": NOON}
    row = issue_order_writ(kind="stop", **ask)
    assert row.content["findings"] == [["打开出口", "合格"]] or row.content["findings"]
    assert fetch_writ(writ_id=row.pk, by=world.factory).pk == row.pk
    with pytest.raises(Conflict, match=r"writ\.still_stopped"):
        issue_order_writ(kind="restart", **ask)
    with pytest.raises(NotFound):
        fetch_writ(writ_id=row.pk, by=world.outsider)
