"""An outbreak as a new user meets it: from a count on a phone to an order that lapses by itself."""

import json
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bihuan.core.clock import day_start, local_date
from bihuan.core.places.services import insert_places
from bihuan.core.places.types import NewPlace
from bihuan.epidemic.models import Case, Contact, ControlOrder, Event, OutMessage
from bihuan.epidemic.services import peers
from bihuan.epidemic.services.cases import open_event, report_case
from tests.epidemic.builders import LI, add_health
from tests.epidemic.care import NINTH
from tests.epidemic.conftest import card, contact
from tests.factories import DAY_ONE
from tests.journeys.conftest import PHONE, Desk
from tests.sensing.conftest import QUIET, sentinel, weeks

DAY = timedelta(days=1)
BEYOND = (("98", "邻省"), ("9801", "远山市"), ("980101", "远山县"))  # another installation's


@pytest.fixture
def health(world):
    return add_health(world)


def known_peer(world, at):
    """Another province's installation, let in by two people."""
    told = {"code": "ab12cd34ef56", "public": "11" * 32, "box": "22" * 32}
    given = peers.NewPeer(json.dumps(told), "邻省", "https://other.example", "XY-2026-1")
    row = peers.add_peer(given=given, by=world.admin, at=at)
    return peers.confirm_peer(peer_id=row.pk, by=world.clerk, at=at)


def send(page: Page, name: str = "提交") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_count_on_a_phone_becomes_a_signal_an_event_a_case_and_contacts(
    health, desk: Desk, look, at
) -> None:
    row = sentinel(health)
    weeks(row, QUIET, last=local_date(at) - DAY)
    known_peer(health, at)
    insert_places([NewPlace(*row, DAY_ONE) for row in BEYOND])
    phone = desk("clinic", PHONE, "en")
    phone.goto("/sensing/report/")
    phone.get_by_label("Fever clinic visits").fill("15")
    send(phone, "File the counts")
    expect(phone.get_by_text("disease control has been told")).to_be_visible()
    look(phone)

    cdc = desk("cdc")
    cdc.goto("/sensing/")
    cdc.locator("tbody a").first.click()
    cdc.get_by_label("理由").fill("同一餐馆就餐,电话核实属实")
    send(cdc)
    cdc.get_by_role("link", name="开立事件").click()
    expect(cdc.get_by_label("所在地")).to_have_value("码头镇 990101001")
    cdc.get_by_label("病种").select_option("unknown")
    look(cdc)
    send(cdc)
    expect(cdc.get_by_role("link", name="查看信号")).to_be_visible()
    event = Event.objects.get()

    phone.goto("/epidemic/report/")
    phone.locator("main").get_by_role("link", name="Report cases").click()
    for label, value in (("Name", "李建国"), ("Phone", LI.phone), ("Residence", "灯塔社区"),
                         ("Time of diagnosis", "11:00")):  # fmt: skip
        phone.get_by_label(label, exact=False).first.fill(value)
    phone.get_by_label("Age group").select_option("15-44")
    phone.get_by_label("Fever", exact=True).check()
    look(phone)
    send(phone, "Submit")
    expect(phone.get_by_text("BL-2026-")).to_be_visible()
    case = Case.objects.get()

    cdc.goto(f"/epidemic/events/{event.pk}/")
    cdc.get_by_role("link", name=case.number).click()
    cdc.get_by_role("link", name="填写").first.click()
    cdc.get_by_label("到过的地方").first.fill("望海楼")
    cdc.get_by_label("从").first.fill(str(local_date(at) - DAY))
    look(cdc)
    send(cdc, "提交核心信息")
    expect(cdc.get_by_role("cell", name="望海楼")).to_be_visible()

    for name, home in (("王秀英", "码头镇"), ("赵远", "远山县")):
        cdc.goto(f"/epidemic/cases/{case.pk}/")
        cdc.get_by_role("link", name="登记接触者").click()
        cdc.get_by_label("姓名").fill(name)
        cdc.get_by_label("居住地").fill(home)
        cdc.get_by_label("首次接触").fill(str(local_date(at) - DAY))
        cdc.get_by_label("末次接触").fill(str(local_date(at)))
        send(cdc)
        expect(cdc.get_by_text("已登记 MJ-")).to_be_visible()
    far = Contact.objects.get(place__name="远山县")  # nobody here looks after it
    cdc.get_by_role("link", name=far.number).click()
    cdc.get_by_role("link", name="移交给对接单位").click()
    cdc.get_by_label("此人所在地").fill("远山县")
    send(cdc)
    expect(cdc.get_by_text("对方接收前仍由我方负责")).to_be_visible()
    expect(cdc.get_by_role("row", name="邻省")).to_contain_text("我方")
    look(cdc)
    assert OutMessage.objects.get().kind == "offer"  # the line itself: tests/epidemic/test_line.py


@pytest.fixture
def case(health, at):
    event = open_event(title="码头镇聚集性发热", disease_code="unknown", by=health.cdc, at=at,
                       place_id=health.places["990101"].pk)  # fmt: skip
    return report_case(card=card(health, event, at), by=health.clinic, at=at)


def test_the_smallest_zone_is_ordered_and_lapses_at_its_hour(
    case, health, desk: Desk, look, clock
) -> None:
    cdc = desk("cdc")
    cdc.goto(f"/epidemic/events/{case.event_id}/")
    cdc.get_by_role("link", name="起草措施").click()
    cdc.get_by_role("link", name="按最小单元起草").click()
    expect(cdc.get_by_label("划定单元")).to_have_value("household")
    expect(cdc.get_by_label("足不出户")).to_be_checked()
    expect(cdc.get_by_label("求助热线")).to_be_checked()
    for label, value in (("范围", "灯塔社区 3 栋 201 户"), ("热线", "0999-1234567"), ("天数", "7"),
                         ("例外", "急诊、透析随时放行"), ("理由", "同住一户"), ("人数", "3")):  # fmt: skip
        cdc.get_by_label(label, exact=True).fill(value)
    look(cdc)
    send(cdc)
    expect(cdc.get_by_text("待签发")).to_be_visible()
    row = ControlOrder.objects.get()

    mayor = desk("mayor", PHONE, "en")
    mayor.goto(f"/epidemic/orders/{row.pk}/")
    look(mayor)
    send(mayor, "Sign")
    expect(mayor.locator(".state", has_text="In force")).to_be_visible()

    anybody = desk()
    anybody.goto("/measures/")
    expect(anybody.get_by_role("heading", name="灯塔社区 3 栋 201 户")).to_be_visible()
    clock.at = ControlOrder.objects.get().ends_at - timedelta(minutes=1)
    anybody.reload()
    expect(anybody.get_by_role("heading", name="灯塔社区 3 栋 201 户")).to_be_visible()
    clock.at += timedelta(minutes=1)
    anybody.reload()
    expect(anybody.get_by_text("目前没有限制措施")).to_be_visible()
    cdc.goto(f"/epidemic/orders/{row.pk}/")
    expect(cdc.get_by_text("已到期")).to_be_visible()


def test_nobody_else_reads_the_name_and_the_person_sees_who_did(
    case, health, desk: Desk, look
) -> None:
    cdc = desk("cdc")
    cdc.goto(f"/epidemic/cases/{case.pk}/")
    expect(cdc.get_by_text(LI.name)).to_have_count(0)
    cdc.get_by_label("用途").select_option("investigation")
    send(cdc, "查阅")
    expect(cdc.get_by_text(LI.name)).to_be_visible()

    for other in ("police", "factory", "cdc_hill"):
        page = desk(other)
        for address in (f"/epidemic/cases/{case.pk}/", f"/epidemic/events/{case.event_id}/",
                        f"/search/?q={LI.name}", "/epidemic/contacts/"):  # fmt: skip
            page.goto(address)
            body = page.locator("main").inner_text()
            assert LI.phone not in body, (other, address)
            assert case.pseudonym not in body, (other, address)
            assert LI.name not in body.replace(f"“{LI.name}”", ""), (other, address)
        page.goto(f"/epidemic/cases/{case.pk}/")
        expect(page.get_by_role("heading").first).to_be_visible()

    own = desk("", PHONE)
    own.goto("/measures/")
    own.get_by_role("link", name="谁查阅过我的信息").click()
    own.get_by_label("查询码").fill(case.pseudonym.lower())
    own.get_by_label("电话").fill(LI.phone)
    send(own, "查询")
    expect(own.locator("tbody tr").first).to_contain_text(health.cdc.name)
    look(own)


def test_an_event_of_mosquitoes_has_radii_and_no_contacts(health, desk: Desk, look) -> None:
    cdc = desk("cdc")
    cdc.goto("/epidemic/new/")
    cdc.get_by_label("事件名称").fill("码头镇输入性病例")
    cdc.get_by_label("病种").select_option("chik")
    expect(cdc.get_by_label("所在地")).to_have_value("港城县")
    send(cdc)
    expect(cdc.get_by_role("heading", name="控制范围")).to_be_visible()
    expect(cdc.get_by_role("cell", name="100 m")).to_be_visible()
    expect(cdc.get_by_text("接触者触达")).to_have_count(0)
    look(cdc)
    event = Event.objects.get()
    given = card(health, event, health.at, findings=frozenset({"fever"}))
    case = report_case(card=given, by=health.clinic, at=health.at)
    cdc.goto(f"/epidemic/cases/{case.pk}/")
    expect(cdc.get_by_role("heading", name=case.number)).to_be_visible()
    expect(cdc.get_by_role("link", name="登记接触者")).to_have_count(0)


class TestAnotherEdition:
    """The summer in which an edition was followed by another."""

    @pytest.fixture
    def at(self):
        return NINTH - 10 * DAY

    def test_its_differences_say_who_leaves_sooner_and_are_then_applied(
        self, health, at, desk: Desk, look, clock
    ) -> None:
        event = open_event(title="疫情", disease_code="covid19", by=health.cdc, at=at,
                           place_id=health.places["990101"].pk)  # fmt: skip
        given = card(health, event, at, findings=frozenset({"pcr"}))
        row = contact(health, report_case(card=given, by=health.clinic, at=at), at)
        clock.at = day_start(local_date(NINTH) - 6 * DAY) + timedelta(hours=2)
        cdc = desk("cdc")
        cdc.goto("/epidemic/editions/")
        cdc.get_by_label("病种").select_option("covid19")
        send(cdc, "筛选")
        cdc.get_by_label("原版本").select_option("cn.covid19.control@8")
        cdc.get_by_label("新版本").select_option("cn.covid19.control@9")
        send(cdc, "筛选")
        expect(cdc.get_by_role("row", name=row.number)).to_be_visible()
        expect(cdc.locator("#changes")).to_contain_text("集中隔离 7 天")
        expect(cdc.locator("#changes")).not_to_contain_text("central_isolation")
        look(cdc)
        before = row.release_at
        send(cdc, "按现行版本重算在管人员")
        expect(cdc.get_by_text("已重算 1 人")).to_be_visible()
        row.refresh_from_db()
        assert row.release_at < before
