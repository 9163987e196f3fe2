"""A programme of several years: phases, topics, two lists (M117)."""

from copy import copy
from datetime import date, timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Brief, Obligation, Problem
from bihuan.safety.models import Campaign
from bihuan.safety.selectors.programmes import phases, topics
from bihuan.safety.services.hazards import NewHazard, report_hazard
from bihuan.safety.services.inspections import NewCampaign, open_campaign
from bihuan.safety.services.programmes import add_measure, add_topic, set_phase
from tests.conftest import NOON
from tests.safety.conftest import establish, of_factory

YEAR = timedelta(days=365)


@pytest.fixture
def campaign(world):
    of_factory(world)
    establish(world, name="二号车间")
    given = NewCampaign("三年行动", ("industry_trade",), date(2026, 1, 1), date(2028, 12, 31))
    return open_campaign(given=given, by=world.county, at=NOON)


def phase(world, campaign, kind, year, who="county"):
    return set_phase(campaign_id=campaign.pk, kind=kind, starts=date(year, 1, 1),
                     ends=date(year, 12, 31), by=world.actor(who), at=NOON)  # fmt: skip


def topic(world, campaign, title="出口", types=("出口锁闭",)):
    return add_topic(campaign_id=campaign.pk, title=title, types=types, by=world.county, at=NOON)


def test_a_topic_whose_problems_are_open_when_the_attack_ends_is_reported(world, campaign):
    for kind, year in (("start", 2026), ("attack", 2027), ("consolidate", 2028)):
        phase(world, campaign, kind, year)
    made = topic(world, campaign)
    place = campaign_place(world)
    hazard = report_hazard(establishment_id=place, given=NewHazard("出口锁闭", "", "出口锁闭"),
                           by=world.county, at=NOON)  # fmt: skip
    add_measure(campaign_id=campaign.pk, topic_id=made.pk, title="出口每日打卡",
                number=hazard.number, by=world.county, at=NOON)  # fmt: skip
    (row,) = topics(campaign, by=world.county, at=NOON)
    assert (row.problems, row.closed, row.due) == (1, 0, False)
    assert row.measures[0][0].hazard_id == hazard.pk
    (row,) = topics(campaign, by=world.county, at=NOON + 2 * YEAR)
    assert row.due
    assert [one.kind for one in phases(campaign)] == ["start", "attack", "consolidate"]


def campaign_place(world):
    return establish(world, name="三号车间").pk


def test_phases_lie_inside_and_do_not_overlap(world, campaign):
    phase(world, campaign, "start", 2026)
    for kind, year in (("attack", 2026), ("attack", 2030), ("nothing", 2027)):
        with pytest.raises(Invalid):
            phase(world, campaign, kind, year)
    with pytest.raises(NotAllowed):
        phase(world, campaign, "attack", 2027, who="inspector")


def test_topics_and_measures_say_enough_and_belong_to_the_campaign(world, campaign):
    with pytest.raises(Invalid):
        topic(world, campaign, types=(" ",))
    made = topic(world, campaign)
    ask = {"campaign_id": campaign.pk, "by": world.county, "at": NOON}
    with pytest.raises(Invalid):
        add_measure(topic_id=made.pk, title="x", number="YH-0", **ask)
    with pytest.raises(NotFound):
        add_measure(topic_id=made.pk + 1, title="x", number="", **ask)
    Campaign.objects.filter(pk=campaign.pk).update(ended_at=NOON)
    with pytest.raises(Conflict):
        add_measure(topic_id=made.pk, title="x", number="", **ask)


def twins(row, n):
    """Copies that are not written yet."""
    made = [copy(row) for _ in range(n)]
    for one in made:
        one.pk = None
    return made


def many(world, place, n, at):
    """The same hazard found n times: rows beside one that the service made."""
    row = report_hazard(establishment_id=place, given=NewHazard("气瓶", "", "气瓶未固定"),
                        by=world.county, at=at)  # fmt: skip
    briefs = Brief.objects.bulk_create(twins(row.brief, n - 1))
    copies = twins(row, n - 1)
    for twin, brief in zip(copies, briefs, strict=True):
        twin.brief = brief
    made = Obligation.objects.bulk_create(copies)
    Problem.objects.bulk_create(Problem(obligation=one, type_code="气瓶未固定") for one in made)
    return row


def test_unlocked_cylinders_fell_from_84_to_19_and_the_measure_says_77_percent(world, campaign):
    place = campaign_place(world)
    quarter = timedelta(days=90)
    many(world, place, 84, NOON - timedelta(days=30))
    many(world, place, 7, NOON - quarter - timedelta(days=1))  # too long ago to be counted
    made = topic(world, campaign, title="气瓶", types=("气瓶未固定",))
    add_measure(campaign_id=campaign.pk, topic_id=made.pk, title="气瓶笼和链条统一配发", number="",
                by=world.county, at=NOON)  # fmt: skip
    many(world, place, 19, NOON + timedelta(days=30))
    (row,) = topics(campaign, by=world.county, at=NOON + timedelta(days=40))
    told = row.measures[0][1]
    assert (told.before, told.after, told.complete, told.change) == (84, 19, False, None)
    (row,) = topics(campaign, by=world.county, at=NOON + quarter)
    assert row.measures[0][1].change == -77
