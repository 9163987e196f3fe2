"""From the province to a township and back: proven on the spot, accepted by others, seen above."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Obligation
from tests.command.builders import demand, directive
from tests.factories import World
from tests.journeys.conftest import PHONE, Desk


@pytest.fixture(autouse=True)
def evidence_folder(settings, tmp_path: Path) -> None:
    """Nothing is left behind."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """What a phone takes."""
    out = io.BytesIO()
    Image.effect_noise((1600, 1200), 90).convert("RGB").save(out, "JPEG")
    path = tmp_path / "渡口.jpg"
    path.write_bytes(out.getvalue())
    return path


def test_a_township_proves_on_its_phone_and_the_province_reads_who_is_missing(
    world: World, desk: Desk, look: Callable[[Page], None], photo: Path, at
) -> None:
    row = directive(world, demand(1, text="要排查渡口安全", direct_level="township"), at=at)
    owed = Obligation.objects.get(
        origin=row.origin, flow="task", owner_post=world.township.post_id
    )  # fmt: skip
    phone = desk("township", PHONE)
    phone.goto("/work/")
    line = phone.locator(f"#loop-{owed.pk}")
    line.get_by_role("button", name="签收").click()
    expect(line.locator(".state")).to_contain_text("已签收")
    line.get_by_role("link", name="举证").click()
    line.locator("input[type=file]").set_input_files(photo)
    phone.get_by_label("情况说明").fill("3 处渡口都查了")
    look(phone)
    line.locator("button[type=submit]").click()
    expect(line.locator(".state")).to_contain_text("待验收")
    look(phone)
    told = Item.objects.filter(subject=f"obligation:{owed.pk}")
    assert "3 处渡口都查了" in {item.text for item in told}
    assert any(item.blob_id for item in told)

    boss = desk("head")
    boss.goto("/work/accept/")
    boss.locator(f"#loop-{owed.pk}").get_by_role("button", name="验收").click()
    expect(boss.locator(f"#loop-{owed.pk} .state")).to_contain_text("已销号")
    look(boss)
    boss.goto(f"/directives/{row.pk}/")
    boss.locator("a[href*='level=township'][href*='step=proven']").click()
    expect(boss.locator("main")).to_contain_text("沙丘镇")
    expect(boss.locator("main tbody")).not_to_contain_text("码头镇")
    look(boss)


def test_on_a_phone_the_filters_wait_behind_one_button(desk: Desk, look, world: World) -> None:
    phone = desk("city", PHONE)
    phone.goto("/loops/?flow=task")
    field = phone.get_by_label("标题")
    expect(field).to_be_hidden()
    button = phone.locator("summary", has_text="筛选")
    expect(button).to_contain_text("已用 1 项")
    look(phone)
    button.click()
    expect(field).to_be_visible()
    look(phone)

    wide = desk("city")
    wide.goto("/loops/?flow=task")
    expect(wide.get_by_label("标题")).to_be_visible()
    expect(wide.locator("summary", has_text="筛选")).to_be_hidden()
