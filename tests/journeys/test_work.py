"""A demand travels through My work: seen, proven with a photo, returned, proven again, accepted."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from bihuan.core.loops.models import Obligation
from tests.factories import World, task
from tests.journeys.conftest import DESK, PHONE, Desk

Look = Callable[[Page], None]


@pytest.fixture(autouse=True)
def evidence_folder(settings, tmp_path: Path) -> None:
    """Nothing is left behind."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture taken on the spot."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "steelblue").save(out, "PNG")
    path = tmp_path / "渡口.png"
    path.write_bytes(out.getvalue())
    return path


def state(row: Obligation) -> str:
    row.refresh_from_db()
    return row.state


def test_work_is_acknowledged_proven_returned_and_accepted_by_keyboard(
    world: World, desk: Desk, look: Look, photo: Path
) -> None:
    row = task(world, title="排查全部渡口")
    page = desk("city")
    page.goto("/work/")
    look(page)
    line = page.locator(f"#loop-{row.pk}")
    page.keyboard.press("j")
    page.keyboard.press("a")
    expect(line.locator(".state")).to_contain_text("已签收")
    page.keyboard.press("p")
    page.get_by_label("情况说明").fill("查了 3 处")
    line.locator("input[type=file]").set_input_files(photo)
    look(page)
    line.locator("button[type=submit]").click()
    expect(line.locator(".state")).to_contain_text("待验收")
    assert state(row) == "submitted"

    boss = desk("head")
    boss.goto("/work/accept/")
    boss.keyboard.press("j")
    boss.keyboard.press("r")
    waiting = boss.locator(f"#loop-{row.pk}")
    boss.get_by_label("理由").fill("缺航次记录")
    look(boss)
    waiting.locator("button[type=submit]").click()
    expect(waiting.locator(".state")).to_contain_text("已退回")

    page.goto(f"/loops/{row.pk}/")
    look(page)
    expect(page.locator("body")).to_contain_text("缺航次记录")
    page.keyboard.press("p")
    page.get_by_label("情况说明").fill("补航次记录")
    page.locator("form.panel button.btn-primary").click()
    expect(page.locator(".clock .state")).to_contain_text("待验收")

    boss.goto("/work/accept/")
    boss.keyboard.press("j")
    boss.keyboard.press("a")
    expect(boss.locator(f"#loop-{row.pk} .state")).to_contain_text("已销号")
    assert state(row) == "closed"


def test_a_refusal_in_a_row_is_told_and_loses_nothing(world: World, desk: Desk) -> None:
    row = task(world)
    page = desk("city")
    page.goto("/work/")
    page.keyboard.press("j")
    page.keyboard.press("p")
    line = page.locator(f"#loop-{row.pk}")
    page.get_by_label("形成时间").fill("乱写")
    page.get_by_label("情况说明").fill("查了 3 处")
    line.locator("button[type=submit]").click()
    expect(line.locator(".form-error")).to_contain_text("看不懂这个时间")
    expect(page.get_by_label("情况说明")).to_have_value("查了 3 处")
    assert state(row) == "issued"


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_of_work_and_situation_is_fit_to_be_seen(
    world: World, desk: Desk, look: Look, size: dict[str, int], language: str
) -> None:
    row = task(world)
    page = desk("city", size, language)
    place = world.places["9901"].pk
    for path in (
        "/work/", "/work/accept/", "/work/told/", "/loops/", f"/loops/{row.pk}/",
        f"/loops/{row.pk}/prove/", f"/loops/{row.pk}/slot/", "/situation/", f"/places/{place}/",
        f"/places/{place}/duties/", "/board/",
    ):  # fmt: skip
        page.goto(path)
        look(page)


def test_the_map_goes_down_one_level_on_a_click(world: World, desk: Desk) -> None:
    task(world, owner="county")
    page = desk("city")
    page.goto("/situation/")
    page.locator("[data-map] canvas").wait_for()
    box = page.locator("[data-map]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] * 0.35, box["y"] + box["height"] / 2)
    page.wait_for_url(f"**/situation/{world.places['990101'].pk}/")
