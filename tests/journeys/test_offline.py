"""The network goes while somebody writes on a phone, and comes back: nothing typed is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bihuan.core.loops.models import Obligation
from tests.factories import World, task
from tests.journeys.conftest import PHONE, Desk, until

Look = Callable[[Page], None]
WORDS = "查了 3 处,渡口两处已封"


@pytest.fixture(autouse=True)
def evidence_folder(settings, tmp_path: Path) -> None:
    """Nothing is left behind."""
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def acknowledged(world: World, desk: Desk) -> tuple[Page, Obligation]:
    """A phone at the form in which a task is proven, the worker in charge."""
    row = task(world, title="排查全部渡口")
    page = desk("city", PHONE)
    page.goto("/work/")
    page.locator(f"#loop-{row.pk}").get_by_role("button", name="签收").click()
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(f"/loops/{row.pk}/prove/")
    return page, row


def kept(page: Page) -> int:
    count: int = page.evaluate(
        "Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length"
    )
    return count


def test_the_words_of_a_proof_survive_a_lost_network_and_go_once_they_are_taken(
    acknowledged, look: Look
) -> None:
    page, row = acknowledged
    page.get_by_label("情况说明").fill(WORDS)
    page.context.set_offline(True)
    page.locator("form.panel .btn-primary").click()
    expect(page.get_by_text("没有网络,尚未提交")).to_be_visible()
    assert page.get_by_label("情况说明").input_value() == WORDS

    page.reload()
    expect(page.get_by_role("heading", name="没有网络")).to_be_visible()
    expect(page.locator("[data-kept-list] a")).to_have_count(1)
    page.said.clear()  # chromium reports the lost connection itself
    look(page)

    page.context.set_offline(False)
    expect(page.get_by_label("情况说明")).to_have_value(WORDS)
    expect(page.get_by_text("已恢复您上次写到一半的内容")).to_be_visible()
    look(page)
    page.locator("form.panel .btn-primary").click()
    expect(page.locator(".state").first).to_contain_text("待验收")
    row.refresh_from_db()
    assert row.state == "submitted"
    until(page, lambda: kept(page) == 0)  # its script runs once the page is read


def test_a_form_that_is_refused_keeps_its_draft_for_whoever_wrote_it(acknowledged) -> None:
    page, row = acknowledged
    page.get_by_label("形成时间").fill("乱写")
    page.locator("form.panel .btn-primary").click()
    page.get_by_text("看不懂这个时间").wait_for()
    assert kept(page) == 1
    person = row.owner_post.tenures.get().person_id
    assert page.evaluate("Object.keys(localStorage)") == [f"draft:{person}:loop-{row.pk}-prove"]


def test_a_draft_that_is_not_wanted_goes(acknowledged) -> None:
    page, _row = acknowledged
    page.get_by_label("情况说明").fill(WORDS)
    page.reload()
    page.get_by_role("button", name="不要了").click()
    expect(page.get_by_label("情况说明")).to_have_value("")
    assert kept(page) == 0
