"""A day of inspections on a phone without a signal: begun online, worked offline, sent once."""

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Obligation
from bihuan.safety.models import Device, FieldEntry, Inspection
from bihuan.safety.rules.expressions import holds, parsed
from bihuan.safety.selectors.inspections import checklists
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.devices import revoke_device
from bihuan.safety.services.establishments import EstablishmentInput, change_establishment
from bihuan.safety.services.joint import agree_to_visit, offer_visit
from bihuan.safety.services.routes import assign_stop
from tests.factories import World
from tests.journeys.conftest import PHONE, Desk, until
from tests.safety.conftest import establish

Look = Callable[[Page], None]
NAMES = ("一号车间", "二号车间", "三号车间")


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> None:
    settings.EVIDENCE_ROOT = tmp_path / "evidence"


@pytest.fixture
def places(world: World):
    """Three workshops on the township inspector's route of today."""
    load_catalogue(by=SYSTEM, at=world.at)
    load_checklists(by=SYSTEM, at=world.at)
    row = next(one for one in checklists() if one.code == "fire_premises")
    made = [establish(world, name=name, sector="fire_safety", at=world.at) for name in NAMES]
    for place in made:
        assign_stop(establishment_id=place.pk, checklist_id=row.pk, day=local_date(world.at),
                    by=world.township, at=world.at)  # fmt: skip
    return made


def picture() -> dict[str, object]:
    out = io.BytesIO()
    Image.effect_noise((900, 600), 60).convert("RGB").save(out, "JPEG")
    return {"name": "出口.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def packed(desk: Desk, cards: int = 3) -> Page:
    """A phone, enrolled, its route on board, its worker in charge."""
    page = desk("township", PHONE)
    page.goto("/safety/field/")
    page.get_by_label("设备名称").fill("执法手机")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("[data-stops] li")).to_have_count(cards)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, lambda: page.evaluate(CACHED))
    return page


def inspect(page: Page, name: str, gap: bool = False) -> None:
    page.locator("[data-stops] a", has_text=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    lines = page.locator("[data-items] > li")
    for number in range(lines.count()):
        answer = "有隐患" if gap and number == 0 else "合格"
        lines.nth(number).get_by_role("button", name=answer).click()
    if gap:
        page.get_by_label("快捷代码").fill("14")
        expect(page.get_by_label("安置联系人")).to_be_visible()
        page.get_by_label("快捷代码").fill("11")
        expect(page.get_by_label("安置联系人")).to_be_hidden()
        expect(page.get_by_label("对照判定标准")).to_have_value("fire.exit")
        expect(page.get_by_role("button", name="完成检查")).to_be_disabled()
        page.get_by_label("临时管控措施").fill("停用三层,专人看守")
        page.locator(".hazard input[type=file]").set_input_files(picture())
        expect(page.locator(".hazard .shots img")).to_have_count(1)
    sign(page)


def sign(page: Page) -> None:
    page.get_by_label("姓名").fill("某厂长")
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 60, steps=5)
    page.mouse.up()


def finish(page: Page) -> None:
    page.get_by_role("button", name="完成检查").click()
    expect(page.get_by_role("heading", name="今日路线")).to_be_visible()


def test_three_workshops_without_a_signal_are_sent_once_when_it_is_back(
    places, desk: Desk, look: Look
) -> None:
    page = packed(desk)
    look(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-stops] li")).to_have_count(3)
    for name in NAMES:
        inspect(page, name, gap=name == NAMES[1])
        if name == NAMES[1]:
            page.said.clear()  # chromium reports the lost connection itself
            look(page)
            page.reload()  # the phone went flat: everything answered is there again
            expect(page.locator("[data-answer=gap][aria-pressed=true]")).to_have_count(1)
            inspect_again(page)
        finish(page)
    expect(page.locator("[data-waiting] strong")).to_have_text("3")
    stored = page.evaluate(ALL_STORED)
    assert "出口" not in stored
    assert "某厂长" not in stored
    assert not Inspection.objects.exists()

    page.context.set_offline(False)
    page.get_by_role("button", name="同步").click()
    expect(page.locator("[data-state=taken]")).to_have_count(3)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    page.get_by_role("button", name="同步").click()
    expect(page.locator("[data-bar]")).to_have_text("已同步")
    assert Inspection.objects.filter(ended_at__isnull=False).count() == 3
    hazard = Obligation.objects.get(flow="problem")
    assert (hazard.problem.grade, hazard.problem.interim) == ("major", "停用三层,专人看守")
    until(page, lambda: page.evaluate(COUNT_PHOTOS) == 0)
    page.said.clear()
    look(page)


def inspect_again(page: Page) -> None:
    """The signature is the one thing that is not kept half done."""
    expect(page.get_by_label("姓名")).to_have_value("某厂长")
    expect(page.locator(".hazard .shots img")).to_have_count(1)


def test_what_waits_goes_up_in_the_background_after_the_page_was_closed(places, desk: Desk) -> None:
    page = packed(desk)
    context = page.context
    context.set_offline(True)
    inspect(page, NAMES[0])
    finish(page)
    expect(page.locator("[data-waiting] strong")).to_have_text("1")
    page.close()
    context.set_offline(False)
    other = context.new_page()
    other.goto("/healthz")
    dispatch_sync(other)  # no page of the app is open: only its worker can send
    assert other.evaluate(UNTIL_SENT) == ["taken"]
    assert Inspection.objects.get().establishment_id == places[0].pk


def dispatch_sync(page: Page) -> None:
    """The browser's own event for what was put off until there is a network again."""
    wire = page.context.new_cdp_session(page)
    found: list[dict[str, str]] = []
    wire.on(
        "ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"])
    )
    wire.send("ServiceWorker.enable")
    assert page.evaluate(HAS_SYNC)
    until(page, lambda: [one for one in found if one["scopeURL"].endswith("/safety/field/")])
    ours = next(one for one in found if one["scopeURL"].endswith("/safety/field/"))
    wire.send("ServiceWorker.dispatchSyncEvent", {
        "origin": ours["scopeURL"].removesuffix("/safety/field/"), "tag": "field",
        "registrationId": ours["registrationId"], "lastChance": False,
    })  # fmt: skip


CACHED = "caches.keys().then((names) => names.some((name) => name.startsWith('field-')))"
HAS_SYNC = """async () => {
  const worker = await navigator.serviceWorker.getRegistration('/safety/field/');
  return 'sync' in worker;
}"""
UNTIL_SENT = """async () => {
  const store = await import('/static/web/js/field/store.js');
  for (let n = 0; n < 1200; n += 1) {
    if ((await store.all('entry')).length === 0) return (await store.all('sent')).map((one) => one.state);
    await new Promise((done) => { setTimeout(done, 50); });
  }
  return [];
}"""
ALL_STORED = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open('field', 1);
    asked.onsuccess = () => done(asked.result);
  });
  const rows = await new Promise((done) => {
    const asked = base.transaction('sealed').objectStore('sealed').getAll();
    asked.onsuccess = () => done(asked.result);
  });
  base.close();
  return rows.map((row) => row.id + new TextDecoder().decode(row.data)).join(' ');
}"""
COUNT_PHOTOS = """async () => {
  const store = await import('/static/web/js/field/store.js');
  return (await store.all('photo')).length;
}"""


def test_what_changed_meanwhile_waits_for_a_decision_and_a_revoked_phone_empties_itself(
    world: World, places, desk: Desk, look: Look
) -> None:
    page = packed(desk)
    page.context.set_offline(True)
    inspect(page, NAMES[0])
    finish(page)
    given = EstablishmentInput(NAMES[0], "workshop", places[0].venue.place_id, head="新厂长",
                               fields=places[0].fields)  # fmt: skip
    change_establishment(establishment_id=places[0].pk, given=given, by=world.county, at=world.at)
    page.context.set_offline(False)
    page.get_by_role("button", name="同步").click()
    page.locator("[data-state=conflict]").click()
    expect(page.get_by_role("cell", name="新厂长")).to_be_visible()
    page.said.clear()
    look(page)
    page.get_by_role("button", name="采用现场记录").click()
    page.get_by_text("已采用").first.wait_for()
    assert FieldEntry.objects.get().state == "taken"

    page.goto("/safety/field/")
    expect(page.locator("[data-bar]")).to_have_text("已同步")
    revoke_device(device_id=Device.objects.get().pk, by=world.county, at=world.at)
    page.goto("/safety/field/")
    expect(page.get_by_role("heading", name="设备已停用")).to_be_visible()
    until(page, lambda: page.evaluate("indexedDB.databases().then((all) => all.length)") == 0)


CONDITIONS = [
    ("${a} = 'yes'", {"a": "yes"}, None), ("${a} = 'yes'", {}, None), ("${n} > 3", {"n": 4}, None),
    ("${n} > 3", {"n": "3.0"}, None), ("${n} >= 3", {}, None), (". >= 0 and . < 10", {}, 9.5),
    ("not(${a} != 'x') or ${n} = 2", {"a": "y", "n": 2}, None),
    ("selected(${m}, 'b')", {"m": ["a", "b"]}, None), ("selected(${a}, 'b')", {"a": "ab"}, None),
    ("${a}", {"a": "0"}, None), ("${a}", {"a": "x"}, None), ("${d} < '2026-05-01'",
                                                             {"d": "2026-04-30"}, None),
]  # fmt: skip


def test_the_phone_judges_conditions_as_the_server_does(desk: Desk) -> None:
    page = desk()
    page.goto("/safety/field/")
    known = {"a", "n", "m", "d"}
    cases = [[parsed(text, known), answers, own] for text, answers, own in CONDITIONS]
    told = page.evaluate(
        """async (cases) => {
          const { holds } = await import('/static/web/js/field/rules.js');
          return cases.map(([tree, answers, own]) => holds(tree, answers, own ?? undefined));
        }""",
        cases,
    )
    assert told == [holds(*case) for case in cases]
    assert {True, False} == set(told)


def test_a_joint_visit_is_one_card_with_two_lists_and_one_signature(desk: Desk, world: World):
    load_catalogue(by=SYSTEM, at=world.at)
    load_checklists(by=SYSTEM, at=world.at)
    place = establish(world, name="一号车间", sector="fire_safety", at=world.at)
    lists = {row.code: row.pk for row in checklists()}
    stops = [
        assign_stop(establishment_id=place.pk, checklist_id=lists[code], day=local_date(world.at),
                    post_id=world.township.post_id, by=world.actor(who), at=world.at)
        for who, code in (("county", "fire_premises"), ("city", "trade"))
    ]  # fmt: skip
    visit = offer_visit(stop_id=stops[0].pk, by=world.county, at=world.at)
    agree_to_visit(visit_id=visit.pk, by=world.city, at=world.at)
    page = packed(desk, 1)
    expect(page.locator("[data-stops] li")).to_contain_text("联合检查")
    page.locator("[data-stops] a").click()
    expect(page.get_by_role("heading", name="一号车间")).to_be_visible()
    for number in range(page.locator("[data-items] > li").count()):
        page.locator("[data-items] > li").nth(number).get_by_role("button", name="合格").click()
    expect(page.locator("[data-sign]")).to_be_hidden()
    page.get_by_role("button", name="下一张检查表").click()
    expect(page.locator("[data-sign]")).to_be_visible()
    expect(page.locator("[data-left]")).not_to_have_text("0")
    for number in range(page.locator("[data-items] > li").count()):
        page.locator("[data-items] > li").nth(number).get_by_role("button", name="合格").click()
    sign(page)
    page.get_by_role("button", name="完成检查").click()
    expect(page.locator("[data-stops]").get_by_text("已送达")).to_have_count(2)
    looks = Inspection.objects.filter(establishment=place, ended_at__isnull=False)
    assert looks.count() == 2
    assert Item.objects.filter(subject__in=[f"inspection:{one.pk}" for one in looks]).count() == 2
