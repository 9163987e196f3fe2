"""The board of a campaign through HTTP: sectors ticked, the cube, who may read which part."""

import re
from datetime import timedelta

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.orgs.models import Sector
from bihuan.safety.models import Campaign
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.inspections import NewCampaign, open_campaign
from bihuan.safety.services.programmes import set_phase
from bihuan.safety.services.teams import hand_out
from tests.conftest import NOON
from tests.safety.conftest import establish
from tests.safety.test_coverage import SECTORS, lists, look
from tests.web.safety.test_registers import read

TODAY = local_date(NOON)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def catalogue(world):
    load_catalogue(by=SYSTEM, at=NOON)


@pytest.fixture
def campaign(world):
    lists(world)
    rows = [establish(world, name="一号车间"), establish(world, name="二号车间"),
            establish(world, name="东渡口", kind="ferry", code="990101002")]  # fmt: skip
    given = NewCampaign("大排查大整治", SECTORS, TODAY, TODAY + 29 * DAY)
    row = open_campaign(given=given, by=world.county, at=NOON)
    look(world, rows[0], row, "gap")
    return row


def plain(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_all_sectors_are_one_box_and_some_are_ticked(enter, world):
    establish(world, name="一号车间")
    county = enter("county")
    form = read(county, "/safety/campaigns/new/")
    assert 'value="*"' in form
    assert form.count('name="sectors"') == Sector.objects.count() + 1
    days = {"title": "大排查", "starts": "2026-03-01", "ends": "2026-03-31"}
    none = county.post("/safety/campaigns/new/", days)
    assert "form-error" in none.content.decode()
    county.post("/safety/campaigns/new/", days | {"sectors": ["*", "waterway"]})
    assert len(Campaign.objects.get().sectors) == Sector.objects.count()
    assert "全部行业" in read(county, "/safety/inspections/")
    county.post("/safety/campaigns/new/", days | {"sectors": ["industry_trade", "waterway"]})
    row = Campaign.objects.order_by("-pk")[0]
    assert sorted(row.sectors) == ["industry_trade", "waterway"]
    assert "水上交通" in read(county, f"/safety/campaigns/{row.pk}/")


def test_the_board_shows_checked_of_all_hazards_by_grade_and_opens_what_is_left(
    enter, world, campaign
):
    county = enter("county")
    address = f"/safety/campaigns/{campaign.pk}/"
    page = read(county, address)
    words = plain(page)
    assert "已查 / 应查 1 / 3" in words
    assert "未定级 1" in words
    assert "1 / 2 50% · 四成以上" in words
    assert "0 / 1 0% · 未开展" in words
    link = re.search(r'href="(/safety/establishments/\?unseen=[^"]*sector=waterway)"', page)
    left = read(county, link[1].replace("&amp;", "&"))
    assert "东渡口" in left
    assert "二号车间" not in left
    assert "第 1 周" in words
    assert "按阶段" not in words
    set_phase(campaign_id=campaign.pk, kind="start", starts=TODAY, ends=TODAY + 6 * DAY,
              by=world.county, at=NOON)  # fmt: skip
    assert "动员部署 截至 03-16" in plain(read(county, address))
    past = read(county, f"{address}?axis=week&upto=1")
    assert "unseen=" not in past.partition('id="cube"')[2]  # a list tells what is left now
    county.cookies["language"] = "en"
    english = plain(read(county, address))
    assert "Which places and sectors have not been inspected?" in english
    assert "Directly" not in english


def test_an_office_that_was_handed_places_reads_its_own_part_and_no_other_does(
    enter, world, campaign
):
    address = f"/safety/campaigns/{campaign.pk}/"
    town = enter("township")
    read(town, address, status=404)
    assert "大排查大整治" not in plain(read(town, "/safety/inspections/"))
    hand_out(campaign_id=campaign.pk, post_ids=(), by=world.county, at=NOON)
    words = plain(read(town, address))
    assert "已查 / 应查 1 / 2" in words
    assert "沙丘镇" not in words
    assert "结束行动" not in words
    assert f'href="{address}"' in read(town, "/safety/inspections/")
    assert town.post(address).status_code == 403
    for who in ("community", "factory", "county2"):
        read(enter(who), address, status=404)


def test_a_board_without_places_says_what_to_do(enter, world, campaign):
    page = read(enter("builder"), f"/safety/campaigns/{campaign.pk}/")
    assert "登记之后" in page
