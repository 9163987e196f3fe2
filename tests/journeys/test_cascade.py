"""A directive on its way down: acknowledged, decided, mapped, handed down, seen from above."""

import pytest

from bihuan.command import services
from bihuan.command.selectors.sight import ordered_demands
from bihuan.core.loops.models import Obligation
from tests.command.builders import demand, directive, meeting, relay_of
from tests.journeys.conftest import DESK, PHONE


@pytest.fixture
def row(world, at):
    return directive(
        world, demand(1, text="要排查渡口安全"), demand(2, text="要储备检测试剂"),
        to=("9901", "9902"), at=at,
    )  # fmt: skip


def test_a_city_answers_demand_by_demand_and_the_province_sees_it(desk, look, world, row) -> None:
    page = desk("city")
    page.goto("/directives/?side=received")
    look(page)
    page.get_by_role("link", name="我们的回应").click()
    page.get_by_role("button", name="签收").click()
    page.get_by_text("还有 2 条没有回应").wait_for()
    look(page)

    page.get_by_role("button", name="完成分解").click()
    page.get_by_role("heading", name="上级要求与本地任务").wait_for()
    page.get_by_role("link", name="记录会议或决定").click()
    look(page)
    page.get_by_label("形式").select_option("decision")
    page.get_by_label("召开时间").fill("今天 11:00")
    page.get_by_role("button", name="保存").click()

    page.get_by_role("link", name="分解为本地任务").first.click()
    look(page)
    page.get_by_label("责任岗位").select_option(str(world.county.post_id))
    page.get_by_label("验收标准").fill("每个渡口有记录")
    page.get_by_role("button", name="下达任务").click()
    page.get_by_role("button", name="完成分解").click()
    page.locator(".alert", has_text="要求2").wait_for()
    look(page)
    page.get_by_role("link", name="本地不涉及").first.click()
    page.get_by_label("为什么本地不涉及").fill("由省级统一储备")
    page.get_by_role("button", name="签署").click()
    page.get_by_role("button", name="完成分解").click()
    page.get_by_text("已完成分解").wait_for()
    assert relay_of(row, world).state == "planned"

    above = desk("head")
    above.goto(f"/directives/{row.pk}/")
    above.get_by_text("已分解").first.wait_for()
    look(above)
    above.get_by_role("link", name="1 / 2").first.click()
    above.get_by_text("南渡市").wait_for()
    look(above)


def test_the_tree_opens_level_by_level_and_a_demand_says_why(desk, look, world, row, at) -> None:
    urgent = directive(world, demand(3, direct_level="township"), to=("9901",), at=at)
    page = desk("head")
    page.goto(f"/directives/{urgent.pk}/")
    page.get_by_role("link", name="展开下一级").click()
    page.get_by_text("港城县").wait_for()
    page.locator(".tree .tree").get_by_role("link", name="展开下一级").click()
    page.get_by_text("码头镇").wait_for()
    look(page)
    page.goto(f"/demands/{ordered_demands(urgent.pk)[0].pk}/")
    page.get_by_role("heading", name="为什么").wait_for()
    look(page)
    assert Obligation.objects.filter(origin=urgent.origin, flow="task").count() == 2


@pytest.mark.parametrize(("size", "language"), [(PHONE, "zh-hans"), (DESK, "en"), (PHONE, "en")])
def test_the_pages_can_be_read_everywhere(desk, look, world, row, size, language, at) -> None:
    relay = relay_of(row, world)
    held = services.record_meeting(
        given=meeting(held_at=at, chair="李某", attendees=("甲", "乙"), branches=(("丙镇", "phone"),)),
        by=world.city, at=at,
    )  # fmt: skip
    page = desk("city", size, language)
    for address in (
        "/directives/", f"/directives/{row.pk}/", f"/relays/{relay.pk}/", "/meetings/",
        f"/meetings/{held.pk}/", "/ledgers/", "/stricter/", "/meetings/new/",
        f"/demands/{ordered_demands(row.pk)[0].pk}/",
        f"/directives/{row.pk}/missing/?level=city&step=planned",
    ):  # fmt: skip
        page.goto(address)
        look(page)
