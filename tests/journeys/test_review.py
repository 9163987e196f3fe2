"""From a pasted communiqué to an issued directive, in a browser, by keyboard and by thumb."""

import re

import pytest
from playwright.sync_api import expect

from bihuan.command.models import Directive
from bihuan.core.loops.models import Obligation
from bihuan.intake.models import Document
from tests.intake.reader import fake_read
from tests.journeys.conftest import DESK, PHONE

TEXT = (
    "记录:全省安全生产电视电话会议\n#要深入学习贯彻会议精神\n要排查渡口安全,要检查旅馆安全\n"
    "月底前完成检测\n要储备物资"
)


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    monkeypatch.setattr("bihuan.intake.communique.read", fake_read)


def cards(page):
    return page.locator("[data-draft-card]")


def test_a_communique_is_pasted_reviewed_by_keyboard_and_issued(desk, look, world) -> None:
    page = desk("head")
    page.goto("/directives/")
    page.get_by_role("link", name="新建指令").click()
    look(page)
    page.get_by_label("或直接粘贴文字").fill(TEXT)
    page.get_by_role("button", name="读入并提出要求").click()
    cards(page).nth(3).wait_for()
    look(page)

    page.keyboard.press("j")
    page.keyboard.press("j")
    chosen = page.locator("[data-draft-card][aria-selected='true']")
    expect(chosen).to_contain_text("要排查渡口安全")
    expect(page.locator("[data-mark][aria-current='true']")).to_contain_text("要排查渡口安全")
    page.keyboard.press("s")
    page.locator(".cut", has_text="要检查旅馆").click()
    page.get_by_text("撤销上一步").wait_for()
    expect(cards(page)).to_have_count(5)
    page.keyboard.press("x")
    page.locator(".draft-rejected").wait_for()
    page.keyboard.press("u")
    page.locator(".draft-rejected").wait_for(state="detached")
    page.keyboard.press("m")
    cards(page).nth(4).wait_for(state="detached")
    chosen.wait_for()  # the card that was merged into is the chosen one
    page.keyboard.press("u")
    cards(page).nth(4).wait_for()
    page.keyboard.press("d")
    page.locator(".draft-form select").first.wait_for()
    look(page)
    page.locator(".draft-form").get_by_label("领域").select_option("emergency-drill")
    page.locator(".draft-form").get_by_role("button", name="保存").click()
    page.locator(".draft .tag", has_text="应急演练").wait_for()

    page.locator("[data-mark]", has_text="月底前完成检测").click()
    page.keyboard.press("a")  # kept, and on to the next that waits
    page.locator("[data-draft-card][aria-selected='true']", has_text="要储备物资").wait_for()
    page.locator("[data-mark]").last.click()
    expect(page.locator("[data-draft-card][aria-selected='true']")).to_contain_text("要储备物资")
    page.get_by_role("button", name="全部采用").click()
    page.get_by_role("button", name="全部采用").wait_for(state="detached")
    page.get_by_role("link", name="下一步").click()
    look(page)
    page.get_by_label("南渡市").uncheck()
    page.get_by_text("1 个地方").wait_for()
    page.get_by_role("button", name="下达").click()
    page.get_by_role("heading", name="逐级传达").wait_for()
    look(page)
    assert Directive.objects.get().demands.count() == 4
    assert Obligation.objects.get().place == world.places["9901"]


def test_selected_words_become_a_demand(desk, look, world) -> None:
    page = desk("head")
    page.goto("/documents/new/")
    page.get_by_label("或直接粘贴文字").fill(TEXT)
    page.get_by_role("button", name="读入并提出要求").click()
    cards(page).nth(3).wait_for()
    page.evaluate("""() => {
        const text = document.querySelector("[data-prose] span").firstChild;
        getSelection().setBaseAndExtent(text, 3, text, 9);
    }""")
    page.locator("#add-text").wait_for()
    assert page.locator("#add-text").input_value() == "全省安全生产"
    page.get_by_role("button", name="添加").click()
    cards(page).nth(4).wait_for()
    added = Document.objects.get().drafts.get(text="全省安全生产")
    assert added.document.clean_text[added.start : added.end] == "全省安全生产"


@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh-hans"), (DESK, "en"), (PHONE, "en")])
def test_the_review_can_be_read_and_used_everywhere(desk, look, world, size, language) -> None:
    page = desk("city", size, language)
    page.goto("/documents/new/")
    page.locator("textarea").fill(TEXT)
    page.locator("form[data-draft] button").click()
    cards(page).nth(3).wait_for()
    look(page)
    page.locator("[data-key='x']").first.click()
    page.locator(".draft-rejected").wait_for()
    look(page)
    for address in ("?text=original", "minutes/", "send/"):
        page.goto(f"/documents/{Document.objects.get().pk}/{address}")
        look(page)
    if language == "en":
        left = page.locator("h1, nav, .card-header h2, .btn, .form-label, dt").all_inner_texts()
        assert [text for text in left if re.search(r"[\u4e00-\u9fff]", text)] == []


def test_what_cannot_be_read_is_told_and_nothing_is_kept(desk, look, world) -> None:
    page = desk("city")
    page.goto("/documents/new/")
    page.get_by_label("或直接粘贴文字").fill("BOMB")
    page.get_by_role("button", name="读入并提出要求").click()
    page.get_by_text("异常庞大").wait_for()
    look(page)
    assert not Document.objects.exists()
    page.get_by_label("或直接粘贴文字").fill("征稿启事")
    page.get_by_role("button", name="读入并提出要求").click()
    page.get_by_text("没有被认定为会议通稿").wait_for()
    look(page)
    page.get_by_role("button", name="仍按会议通稿处理").click()
    page.get_by_text("添加一条要求").wait_for()
