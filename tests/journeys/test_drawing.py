"""The board on which the outline of an area is drawn, by thumb and by mouse."""

import pytest
from playwright.sync_api import Page, expect

from bihuan.core.places.models import Place
from bihuan.core.places.services import insert_places
from bihuan.core.places.types import NewPlace
from bihuan.epidemic.models import ControlOrder
from bihuan.epidemic.services.cases import report_case
from tests.epidemic.builders import add_health
from tests.epidemic.conftest import card, make_event
from tests.factories import DAY_ONE
from tests.journeys.conftest import DESK, PHONE, Desk

CROWD = 30
OVERLAPS = """() => {
  const shown = [...document.querySelectorAll(".draw-name")]
    .filter((name) => getComputedStyle(name).visibility === "visible")
    .map((name) => name.getBoundingClientRect());
  return shown.filter((one, n) => shown.slice(n + 1).some((other) => one.left < other.right
    && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).length;
}"""


@pytest.fixture
def event(world, at):
    add_health(world)
    for code, households, lon, lat in (("990101001001", 400, 110.0, 30.0),
                                       ("990101001002", 300, 110.1, 30.1)):  # fmt: skip
        Place.objects.filter(code=code).update(households=households, lon=lon, lat=lat)
    row = make_event(world, at)
    report_case(card=card(world, row, at), by=world.clinic, at=at)
    return row


@pytest.fixture
def crowd(event):
    """Thirty communities close together beside the two."""
    insert_places([NewPlace(f"990101001{100 + n}", f"临港新城第{n}社区", DAY_ONE)
                   for n in range(CROWD)])  # fmt: skip
    for n in range(CROWD):
        Place.objects.filter(code=f"990101001{100 + n}").update(
            households=n, lon=110.0 + (n % 6) * 0.01, lat=30.0 + (n // 6) * 0.01
        )


def spots(page: Page) -> list[dict[str, float]]:
    board = page.locator("[data-draw]")
    board.evaluate("board => board.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = board.bounding_box()
    assert box is not None
    shares = ((0.06, 0.55), (0.4, 0.55), (0.4, 0.94), (0.06, 0.94))
    return [{"x": box["x"] + box["width"] * x, "y": box["y"] + box["height"] * y}
            for x, y in shares]  # fmt: skip


def drag(page: Page, start: dict[str, float], end: dict[str, float]) -> None:
    """One finger, down, along, up."""
    wire = page.context.new_cdp_session(page)
    middle = {name: (start[name] + end[name]) / 2 for name in ("x", "y")}
    for kind, points in (("touchStart", [start]), ("touchMove", [middle]), ("touchMove", [end]),
                         ("touchEnd", [])):  # fmt: skip
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_an_outline_is_drawn_by_thumb_costed_and_kept(event, desk: Desk, look) -> None:
    page = desk("cdc", PHONE)
    page.goto(f"/epidemic/events/{event.pk}/areas/")
    count = page.locator("[data-draw-count]")
    corners = spots(page)
    for n, corner in enumerate(corners, start=1):
        page.touchscreen.tap(**corner)
        expect(count).to_have_text(f"已有点数 {n}")
    page.touchscreen.tap(**corners[0])
    expect(count).to_have_text("已有点数 4")  # a tap on a point adds none
    drawn = page.locator("[data-draw] polygon").get_attribute("points")
    drag(page, corners[1], {"x": corners[1]["x"] + 20, "y": corners[1]["y"] - 12})
    expect(page.locator("[data-draw] polygon")).not_to_have_attribute("points", drawn)
    page.touchscreen.tap(corners[0]["x"] + 70, corners[0]["y"] + 60)
    expect(count).to_have_text("已有点数 5")  # the first tap after a drag counts
    page.get_by_role("button", name="撤销一点").tap()
    expect(count).to_have_text("已有点数 4")
    look(page)
    page.locator("[data-draw-done]").tap()
    own = page.locator("#own [role=status]").first
    expect(own).to_contain_text("灯塔社区")
    expect(own).to_contain_text("400 户")
    page.locator("#own").get_by_role("link", name="以此起草").click()
    for label, value in (("热线", "0999-1234567"), ("例外", "急诊随时放行"), ("理由", "共用水源")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_label("天数").fill("7")
    page.get_by_label("为何更大范围").fill("共用水源")
    page.get_by_role("button", name="提交").tap()
    expect(page.get_by_role("img", name="划定的边界")).to_be_visible()
    row = ControlOrder.objects.get()
    assert (row.outline["type"], row.households) == ("Polygon", 400)


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_names_do_not_lie_on_each_other_and_the_list_shows_the_hidden(
    crowd, event, desk: Desk, size
) -> None:
    page = desk("cdc", size)
    page.goto(f"/epidemic/events/{event.pk}/areas/")
    names = page.locator(".draw-name")
    expect(names).to_have_count(CROWD + 2)
    hidden = page.locator(".draw-crowded")
    expect(hidden).not_to_have_count(0)
    assert page.evaluate(OVERLAPS) == 0
    expect(page.locator(".draw-at", has_text="灯塔社区").locator("text")).to_be_visible()
    height = page.evaluate("document.querySelector('.draw-name').getBoundingClientRect().height")
    assert height >= 12  # legible on a phone too
    code = hidden.first.get_attribute("data-code")
    page.locator(f".picks input[value='{code}']").focus()
    expect(page.locator(f".draw-at[data-code='{code}'] text")).to_be_visible()
