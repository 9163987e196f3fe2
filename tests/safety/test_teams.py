"""A campaign is handed out to those who inspect; its page says who is how far."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.safety.models import Assignment, Checklist, Inspection
from bihuan.safety.selectors.coverage import cube
from bihuan.safety.selectors.establishments import Wanted, establishments
from bihuan.safety.selectors.hazards import UNGRADED, hazards
from bihuan.safety.selectors.hazards import Wanted as WantedHazards
from bihuan.safety.selectors.inspections import end_missing
from bihuan.safety.selectors.programmes import teams
from bihuan.safety.services.checklists import NewChecklist, plain_items, write_checklist
from bihuan.safety.services.hazards import NewHazard, report_hazard
from bihuan.safety.services.inspections import (
    NewCampaign,
    answer_item,
    begin_inspection,
    end_inspection,
    open_campaign,
)
from bihuan.safety.services.teams import hand_out
from tests.conftest import NOON
from tests.safety.conftest import establish

DAY = timedelta(days=1)


@pytest.fixture
def places(world):
    return [establish(world, name=f"{n}号车间") for n in range(4)]


@pytest.fixture
def campaign(world, places):
    today = local_date(NOON)
    given = NewCampaign("大排查", ("industry_trade",), today, today + 29 * DAY)
    return open_campaign(given=given, by=world.county, at=NOON)


def listed(world):
    given = NewChecklist(
        "trade", "通用", "industry_trade", plain_items([("安全出口畅通", "出口堵塞")])
    )
    return write_checklist(given=given, by=world.county, at=NOON)


def given_out(world, campaign, posts=(), at=NOON):
    return hand_out(campaign_id=campaign.pk, post_ids=posts, by=world.county, at=at)


def inspected(world, place, at):
    """The township inspects by its route, outside of any campaign as far as it says."""
    ask = {"by": world.actor("township"), "at": at}
    checklist = Checklist.objects.get(code="trade")
    row = begin_inspection(establishment_id=place.pk, checklist_id=checklist.pk, **ask)
    answer_item(inspection_id=row.pk, item="1", answer="gap", **ask)
    end_inspection(inspection_id=row.pk, **ask)


def test_every_place_goes_to_the_desk_of_its_township_over_the_working_days(
    world, places, campaign
):
    listed(world)
    given_out(world, campaign)
    stops = Assignment.objects.filter(campaign=campaign)
    assert {stop.post_id for stop in stops} == {world.actor("township").post_id}
    assert {stop.establishment_id for stop in stops} == {place.pk for place in places}
    assert len({stop.day for stop in stops}) == 4
    with pytest.raises(Conflict, match="all_out"):
        given_out(world, campaign)
    establish(world, name="后来的车间")
    given_out(world, campaign, posts=(world.county.post_id,))
    assert [(one.total, one.done) for one in teams(campaign, by=world.county, at=NOON)] == [
        (1, 0), (4, 0)]  # fmt: skip


def test_what_is_inspected_on_the_route_counts_for_post_place_and_list(world, places, campaign):
    listed(world)
    given_out(world, campaign)
    later = NOON + 10 * DAY
    inspected(world, places[0], later)
    assert Inspection.objects.get().campaign_id == campaign.pk
    (team,) = teams(campaign, by=world.county, at=later)
    assert (team.total, team.done, team.late, team.found) == (4, 1, 3, 1)
    (town,) = cube(campaign, by=world.county, at=later).lines
    assert (town.whole.checked, town.whole.left, town.found, town.open) == (1, 3, 1, 1)
    unseen, _more = establishments(by=world.county, wanted=Wanted(unseen=str(campaign.pk)))
    assert {row.name for row in unseen} == {"1号车间", "2号车间", "3号车间"}


def test_a_place_that_is_inspected_before_its_day_counts_too(world, places, campaign):
    listed(world)
    given_out(world, campaign)
    last = Assignment.objects.order_by("-day").first()
    assert last.day > local_date(NOON)
    inspected(world, last.establishment, NOON)
    assert Inspection.objects.get().campaign_id == campaign.pk
    assert Assignment.objects.get(pk=last.pk).inspection_id == Inspection.objects.get().pk


def test_the_rows_behind_the_figures_are_those_of_the_campaign_alone(world, places, campaign):
    ask = {"establishment_id": places[0].pk, "by": world.county}
    report_hazard(given=NewHazard("以前的", "", ""), at=NOON - 40 * DAY, **ask)
    report_hazard(given=NewHazard("这次的", "", ""), at=NOON, **ask)

    def rows(**wanted):
        found, _more = hazards(by=world.county, at=NOON, wanted=WantedHazards(**wanted))
        return [row.title for row in found]

    assert rows(campaign=str(campaign.pk), grade=UNGRADED) == ["这次的"]
    assert rows(campaign=str(campaign.pk), grade="major") == []
    assert rows(campaign="999999999") == []
    assert sorted(rows(grade=UNGRADED)) == ["以前的", "这次的"]


def test_why_a_campaign_cannot_end_is_said_before_anybody_tries(world, places, campaign):
    report_hazard(establishment_id=places[0].pk, given=NewHazard("堵", "", ""), by=world.county,
                  at=NOON)  # fmt: skip
    over = NOON + 30 * DAY
    assert end_missing(campaign, by=world.county, at=NOON) == (
        "campaign.running", "campaign.ungraded")  # fmt: skip
    assert end_missing(campaign, by=world.county, at=over) == ("campaign.ungraded",)


def test_nothing_is_handed_out_without_a_list_in_time_and_the_right(world, places, campaign):
    with pytest.raises(Invalid, match="no_list"):
        given_out(world, campaign)
    listed(world)
    with pytest.raises(Conflict, match="over"):
        given_out(world, campaign, at=NOON + 40 * DAY)
    with pytest.raises(NotAllowed):
        hand_out(campaign_id=campaign.pk, post_ids=(), by=world.actor("inspector"), at=NOON)
