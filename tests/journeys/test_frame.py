"""The frame in a browser: every page of the rail, keys, language, offline, drafts."""

import re
from datetime import timedelta

import pyotp
import pytest

from bihuan.core.orgs.models import Account
from bihuan.web.nav import rail
from tests.factories import World
from tests.journeys.conftest import DESK, PHONE

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("username", "language", "size"),
    [("head", "zh-hans", DESK), ("head", "en", PHONE), ("admin", "en", DESK)],
    ids=["head-zh-desk", "head-en-phone", "admin-en-desk"],
)
def test_every_page_of_the_rail_can_be_read_by_everybody(
    desk, look, world, at, username: str, language: str, size
) -> None:
    page = desk(username, size, language)
    groups = rail(world.actor(username), path="/", at=at)
    untranslated = []
    for address in [line.href for group in groups for line in group.lines] + ["/account/"]:
        page.goto(address)
        look(page)
        words = page.locator("h1, nav, .card-header h2, th, .btn, .form-label").all_inner_texts()
        untranslated += [(address, said) for said in words if CHINESE.search(nameless(said, world))]
    assert language != "en" or untranslated == []


def nameless(said: str, world: World) -> str:
    """What is said without the names of places, which stay as they are in every language."""
    for name in sorted((place.name for place in world.places.values()), key=len, reverse=True):
        said = said.replace(name, "")
    return said


def test_somebody_signs_in_sets_up_a_second_factor_and_needs_it_next_time(
    desk, look, world, at, monkeypatch
) -> None:
    account = Account.objects.get(username="head")
    account.set_password("a long harbour bridge")
    account.save()
    page = desk()
    page.goto("/account/")
    look(page)
    page.get_by_label("用户名").fill("head")
    page.get_by_label("密码").fill("a long harbour bridge")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="启用第二重验证").click()
    look(page)
    device = pyotp.TOTP(page.locator(".secret").inner_text())
    page.get_by_label("验证码").fill(device.at(at))
    page.get_by_role("button", name="确认启用").click()
    page.get_by_text("只显示这一次").wait_for()
    look(page)
    page.get_by_text("某head").first.click()
    page.get_by_role("button", name="退出").click()
    later = at + timedelta(minutes=3)
    monkeypatch.setattr("bihuan.web.middleware.read_clock", lambda: later)
    page.get_by_label("用户名").fill("head")
    page.get_by_label("密码").fill("a long harbour bridge")
    page.get_by_role("button", name="登录").click()
    page.get_by_label("验证码").fill(device.at(later))
    page.get_by_role("button", name="验证").click()
    page.get_by_text("某head").first.wait_for()


def test_the_keyboard_alone_finds_a_post_and_opens_it(desk, world) -> None:
    page = desk("head")
    page.goto("/admin/posts/")
    page.keyboard.press("?")
    page.get_by_role("heading", name="键盘快捷键").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    chosen = page.locator("[data-row][aria-selected='true'] [data-open]").get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{chosen}")
    page.keyboard.press("Control+k")
    page.wait_for_url("**/search/")
    page.keyboard.type("某mayor")
    page.keyboard.press("Enter")
    page.get_by_text("北原市mayor").wait_for()


def test_the_language_changes_on_the_spot(desk, look) -> None:
    page = desk("head", PHONE)
    page.goto("/rules/")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Rules in force").wait_for()
    look(page)


def test_a_lost_network_is_said_and_a_found_one_too(desk) -> None:
    page = desk("head")
    page.goto("/rules/")
    page.context.set_offline(True)
    page.get_by_text("网络已断开").wait_for()
    page.context.set_offline(False)
    page.get_by_text("网络已断开").wait_for(state="hidden")


def test_somebody_is_appointed_on_a_phone(desk, look, world) -> None:
    page = desk("city", PHONE)
    page.goto("/admin/posts/?text=county2")
    page.get_by_role("link", name="丘山县county2").click()
    page.get_by_text("任命", exact=True).first.click()
    look(page)
    page.locator("#id_appoint-name").fill("新任")
    page.locator("#id_appoint-starts").fill("soon")
    page.get_by_role("button", name="任命").click()
    page.get_by_text("看不懂这个时间").wait_for()
    look(page)
    assert page.locator("#id_appoint-name").input_value() == "新任", "nothing typed is lost"
    page.locator("#id_appoint-starts").fill("今天")
    page.get_by_role("button", name="任命").click()
    page.get_by_text("已任命。").wait_for()


def test_on_a_phone_targets_are_large_enough_for_gloves(desk) -> None:
    page = desk("head", PHONE)
    page.goto("/admin/posts/")
    small = page.evaluate(
        """[...document.querySelectorAll("button, .btn, .bar-button, .phonebar a, input, select")]
             .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
             .map((e) => e.outerHTML.slice(0, 80))"""
    )
    assert small == []


def test_without_scripts_a_page_still_works(browser, site, desk) -> None:
    context = browser.new_context(base_url=site, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto("/rules/")
    page.get_by_label("用户名").fill("nobody")
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    page.get_by_text("用户名或密码不正确").wait_for()
    context.close()
