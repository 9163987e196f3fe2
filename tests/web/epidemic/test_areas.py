"""An area is proposed, chosen from the list or drawn; each way says what it costs."""

import json
import re

import pytest

from bihuan.core.places.models import Boundary, Place
from bihuan.epidemic.models import ControlOrder
from bihuan.epidemic.services.cases import report_case
from tests.epidemic.builders import add_health
from tests.epidemic.conftest import card, make_event

NEAR, FAR = "990101001001", "990101001002"
AROUND = {"type": "Polygon", "coordinates": [[[4, 1], [6, 1], [6, 3], [4, 3], [4, 1]]]}
ASIDE = {"type": "Polygon", "coordinates": [[[19, 1], [21, 1], [21, 3], [19, 1]]]}
DRAFT = {
    "place": NEAR, "level": "affected", "unit": "building", "area": "灯塔社区", "days": "7",
    "measures": ["stay_in"], "services": ["food", "medicine", "urgent_care", "help_line"],
    "help_line": "0999-1234567", "exceptions": "急诊随时放行", "reason": "两例", "larger_reason": "共用水源",
    "last_case": "2026-03-09", "households": "1", "people": "2", "enterprises": "0",
}  # fmt: skip


@pytest.fixture
def page(world, at):
    add_health(world)
    for code, households, lon in ((NEAR, 400, 5.0), (FAR, 300, 20.0)):
        Place.objects.filter(code=code).update(households=households, lon=lon, lat=2.0)
    county = {"type": "Polygon", "coordinates": [[[0, 0], [30, 0], [30, 9], [0, 0]]]}
    Boundary.objects.create(
        place=world.places["990101"], geojson=county, source="x", imported_at=at
    )
    event = make_event(world, at)
    report_case(card=card(world, event, at), by=world.clinic, at=at)
    return f"/epidemic/events/{event.pk}/areas/"


def test_the_board_shows_outline_places_and_exposure_and_the_list_the_same(page, enter):
    html = enter("cdc").get(page).content.decode()
    assert "draw.js" in html
    assert html.count('class="draw-land"') == 1
    assert (html.count('class="draw-exposed"'), html.count('class="draw-spot"')) == (1, 1)
    assert re.search(rf'value="{NEAR}" checked', html)
    assert not re.search(rf'value="{FAR}" checked', html)


def test_places_chosen_from_the_list_are_one_area_with_its_cost(page, enter):
    cdc = enter("cdc")
    html = cdc.get(f"{page}?pick={NEAR}&pick={FAR}").content.decode()
    assert "灯塔社区、渔村" in html
    assert "700 户,1834 人" in html
    assert "漏掉" not in html
    html = cdc.get(f"{page}?pick={FAR}").content.decode()
    assert "漏掉的暴露地点:灯塔社区" in html
    assert "以此起草" not in html.split('id="own"')[1]
    assert "没有选中" in cdc.get(f"{page}?pick=9902&pick=x").content.decode()


def test_a_drawn_area_is_costed_drafted_and_kept(page, enter):
    cdc = enter("cdc")
    html = cdc.get(page, {"outline": json.dumps(AROUND)}).content.decode()
    own = html.split('id="own"')[1]
    assert "400 户,1048 人" in own
    link = re.search(r'href="([^"]+/order/[^"]+)"', own)[1].replace("&amp;", "&")
    form = cdc.get(link).content.decode()
    assert 'name="outline"' in form
    sent = cdc.post(link.split("?")[0], DRAFT | {"outline": json.dumps(AROUND)})
    assert sent.status_code == 302, sent.content.decode()
    row = ControlOrder.objects.get()
    assert (row.outline, row.households, row.people) == (AROUND, 400, 1048)


def test_what_leaves_the_exposure_out_or_is_no_polygon_says_so_and_is_not_drafted(page, enter):
    cdc = enter("cdc")
    assert "漏掉的暴露地点" in cdc.get(page, {"outline": json.dumps(ASIDE)}).content.decode()
    assert "不是一个闭合的多边形" in cdc.get(page, {"outline": '{"type":'}).content.decode()
    sent = cdc.post(page.replace("areas", "order"), DRAFT | {"outline": json.dumps(ASIDE)})
    assert sent.status_code == 200
    assert not ControlOrder.objects.exists()


@pytest.mark.parametrize("name", ["cdc_hill", "police", "factory", "outsider", "community"])
def test_nobody_else_reaches_the_board(page, enter, name):
    assert enter(name).get(page).status_code in {403, 404}


def test_the_board_speaks_english(page, enter):
    cdc = enter("cdc")
    cdc.cookies["language"] = "en"
    html = cdc.get(f"{page}?pick={NEAR}").content.decode()
    assert "Choose or draw an area yourself" in html
    assert "400 households" in html
