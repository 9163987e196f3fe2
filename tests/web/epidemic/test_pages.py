"""The epidemic side through HTTP: from a count on a phone to the person's own question."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from bihuan.core.clock import TZ, local_date
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Appeal, Case, Contact, ControlOrder, Event
from bihuan.epidemic.services.cases import edition_of
from bihuan.sensing.models import Report, Signal
from bihuan.web.epidemic.forms import CardForm
from bihuan.web.forms import PlaceCodeField
from tests.epidemic.builders import LI, add_health
from tests.epidemic.conftest import card, contact, draft
from tests.sensing.conftest import QUIET, sentinel, weeks


@pytest.fixture
def health(world):
    return add_health(world)


def test_a_count_from_a_phone_becomes_a_signal_an_event_and_a_case(health, enter, at):
    row = sentinel(health)
    weeks(row, QUIET, last=local_date(at) - timedelta(days=1))
    clinic, cdc = enter("clinic"), enter("cdc")
    filed = clinic.post("/sensing/report/", {"day": local_date(at), f"n-{row.pk}-fever": "15"})
    assert filed.status_code == 302
    signal = Signal.objects.get()
    assert signal.title in cdc.get("/sensing/").content.decode()
    page = cdc.get(f"/sensing/signals/{signal.pk}/").content.decode()
    assert "data-series" in page
    told = {"verdict": "event", "reason": "同一餐馆就餐", "into": ""}
    assert cdc.post(f"/sensing/signals/{signal.pk}/", told).status_code == 302
    opened = cdc.post(f"/epidemic/new/?signal={signal.pk}",
                      {"title": "码头镇聚集性发热", "disease": "unknown", "place": "990101"})  # fmt: skip
    event = Event.objects.get()
    assert opened["Location"] == f"/epidemic/events/{event.pk}/"
    assert event.origin == f"signal:{signal.pk}"
    reported = clinic.post(f"/epidemic/events/{event.pk}/report/", {
        "name": "李建国", "phone": "13800001111", "place": "990101001001", "age_band": "15-44",
        "diagnosed_at": "11:00", "findings": ["fever"], "found_in": "clinic",
        "origin": "local_unknown",
    })  # fmt: skip
    assert reported.status_code == 302
    case = Case.objects.get()
    page = cdc.get(f"/epidemic/cases/{case.pk}/").content.decode()
    assert case.number in page
    assert "李建国" not in page


def test_an_empty_box_is_no_report_and_a_zero_is_one(health, enter, at):
    row = sentinel(health, streams=("fever", "ili"))
    enter("clinic").post("/sensing/report/", {"day": local_date(at), f"n-{row.pk}-fever": "0",
                                              f"n-{row.pk}-ili": ""})  # fmt: skip
    assert list(Report.objects.values_list("stream", "n")) == [("fever", 0)]


@pytest.fixture
def case(health, at):
    from bihuan.epidemic.services.cases import open_event, report_case

    event = open_event(title="发热", disease_code="unknown", place_id=health.places["990101"].pk,
                       by=health.cdc, at=at)  # fmt: skip
    return report_case(card=card(health, event, at), by=health.clinic, at=at)


def test_a_name_is_read_for_a_purpose_and_the_person_sees_who_read_it(case, health, enter, at):
    shown = enter("cdc").post(f"/epidemic/cases/{case.pk}/person/", {"purpose": "investigation"})
    assert LI.name in shown.content.decode()
    asked = {"code": case.pseudonym.lower(), "phone": "138 0000 1111"}
    told = enter("factory").post("/my-record/", asked).content.decode()
    assert health.cdc.name in told
    wrong = enter("factory").post("/my-record/", {**asked, "phone": "13800001112"})
    assert health.cdc.name not in wrong.content.decode()


EVERY = ("mayor", "county", "township", "inspector", "police", "factory", "clinic", "auditor",
         "admin", "outsider", "cdc_hill", "cdc_south")  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_no_other_role_finds_a_name_in_any_page_or_file(case, health, enter, at, name):
    client = enter(name)
    pages = ["/epidemic/", f"/epidemic/events/{case.event_id}/", f"/epidemic/cases/{case.pk}/",
             f"/epidemic/events/{case.event_id}/?format=csv", "/epidemic/contacts/", "/", "/my/",
             "/sensing/", "/measures/", "/epidemic/orders/"]  # fmt: skip
    for address in pages:
        said = client.get(address).content.decode("utf-8", "replace")
        for secret in (LI.name, LI.phone, LI.id_number, case.pseudonym):
            assert secret not in said, address
    assert client.get(f"/epidemic/cases/{case.pk}/").status_code in {403, 404}


def test_a_line_list_leaves_as_numbers_and_pseudonyms_never_as_names(case, enter):
    file = enter("cdc").get(f"/epidemic/events/{case.event_id}/?format=csv").content.decode()
    assert case.number in file
    assert LI.name not in file


def test_a_contact_is_placed_from_a_phone_and_its_end_is_shown(case, health, enter, at):
    row = contact(health, case, at)
    client = enter("township")
    assert row.number in client.get("/epidemic/contacts/").content.decode()
    client.post(f"/epidemic/contacts/{row.pk}/place/", {})
    assert Contact.objects.get().placed_at is None
    client.post(f"/epidemic/contacts/{row.pk}/place/", {"notice": "on"})
    assert Contact.objects.get().placed_at == at
    shown = client.post(f"/epidemic/contacts/{row.pk}/person/", {"purpose": "contact_call"})
    assert "王秀英" in shown.content.decode()
    assert "110101197001011224" not in shown.content.decode()


def test_an_order_is_signed_shown_to_everybody_and_appealed(case, health, enter, client, clock, at):
    from bihuan.epidemic.services.orders import draft_order

    row = draft_order(given=draft(health, case.event, at), by=health.cdc, at=at)
    assert "灯塔社区 3 栋" not in client.get("/measures/").content.decode()
    enter("mayor").post(f"/epidemic/orders/{row.pk}/sign/")
    assert "灯塔社区 3 栋" in client.get("/measures/").content.decode()
    appealing = f"/measures/appeal/?order={row.pk}"
    assert "灯塔社区 3 栋" in client.get(appealing).content.decode()  # says what is contested
    told = client.post(appealing, {"text": "母亲需每周透析"})
    appeal = Appeal.objects.get()
    assert appeal.code in told.content.decode()
    signer = enter("mayor")
    assert 'name="granted"' not in signer.get("/epidemic/orders/").content.decode()
    said = {"granted": "no", "answer": "不予"}
    refused = signer.post(f"/epidemic/appeals/{appeal.pk}/", said, follow=True)
    assert "起草人和签发人不能答复对该措施的申诉。" in refused.content.decode()
    enter("city").post(f"/epidemic/appeals/{appeal.pk}/", {"granted": "yes", "answer": "准予"})
    seen = client.post("/measures/answer/", {"code": appeal.code}).content.decode()
    assert "准予" in seen
    clock.at = ControlOrder.objects.get().ends_at
    assert "灯塔社区 3 栋" not in client.get("/measures/").content.decode()
    assert "请从现行措施中选一项" in client.get(appealing).content.decode()


def test_nobody_is_given_an_age_group_that_was_not_chosen(health, enter, case, at):
    form = CardForm(pack=edition_of(case.event, at), at=at)
    assert form["age_band"].value() is None
    assert form.fields["age_band"].choices[0] == ("", "—")
    cdc = enter("cdc")
    page = cdc.get(f"/care/charges/new/?case={case.pk}").content.decode()
    assert 'name="age_band"' not in page  # it stands on the card
    assert 'name="flags"' in page


def test_a_place_of_another_province_is_told_to_a_peer_by_its_code(health, at):
    field = PlaceCodeField()
    field.on = local_date(at)
    assert field.clean("880101") == "880101"
    assert field.clean("990101") == "990101"
    with pytest.raises(ValidationError):
        field.clean("990777")  # of a province registered here: a slip


def test_an_epidemiologist_corrects_the_card_and_dates_the_isolation_on_the_page(case, enter, at):
    cdc, page = enter("cdc"), f"/epidemic/cases/{case.pk}/"
    said = {"onset": str(case.onset - timedelta(days=1)), "found_in": "screening",
            "origin": case.origin, "age_band": case.age_band}  # fmt: skip
    assert "请写明更正的理由" in cdc.post(f"{page}correct/", said, follow=True).content.decode()
    assert (
        "筛查" in cdc.post(f"{page}correct/", said | {"why": "流调"}, follow=True).content.decode()
    )
    moment = case.diagnosed_at + timedelta(minutes=20)
    typed = moment.astimezone(TZ).strftime("%Y-%m-%dT%H:%M")
    cdc.post(f"{page}care/", {"step": "isolated_at", "moment": typed})
    case.refresh_from_db()
    assert case.onset.isoformat() == said["onset"]
    assert abs(case.isolated_at - moment) < timedelta(minutes=1)


def test_a_contact_who_was_none_is_freed_on_its_page_and_those_of_an_excluded_case_together(
    case, health, enter, at
):
    cdc, rows = enter("cdc"), [contact(health, case, at)]
    rows.append(contact(health, case, at, person=Identity(name="沈青")))
    page = f"/epidemic/contacts/{rows[0].pk}/"
    assert "查明不是接触者" not in enter("township").get(page).content.decode()
    cdc.post(f"{page}clear/", {"reason": "不在同一车厢"})
    assert "查明不是接触者" not in cdc.get(page).content.decode()
    file = f"/epidemic/cases/{case.pk}/"
    cdc.post(f"{file}classify/", {"kind": "excluded", "reason": "复核阴性"})
    assert "还有 1 名接触者因它在管" in cdc.get(file).content.decode()
    cdc.post(f"{file}free/")
    assert "因它在管" not in cdc.get(file).content.decode()


def test_the_disease_of_an_event_is_named_on_its_page_by_disease_control_alone(case, enter):
    page = f"/epidemic/events/{case.event_id}/"
    cdc, told = enter("cdc"), {"disease": "chik", "basis": "核酸阳性"}
    seen = cdc.get(page).content.decode()
    assert "确定病种" in seen
    assert f'<option value="{case.event.disease}" selected>' in seen
    for who in ("clinic", "police"):
        assert enter(who).post(f"{page}disease/", told).status_code == 403
    refused = cdc.post(f"{page}disease/", told | {"basis": ""}, follow=True).content.decode()
    assert "请写明依据" in refused
    assert '<option value="chik" selected>' in refused
    done = cdc.post(f"{page}disease/", told, follow=True).content.decode()
    assert "病种已确定" in done
    assert "按半径控制" in done


def test_two_editions_are_compared_on_a_page(health, enter):
    page = enter("cdc").get("/epidemic/editions/", {
        "disease": "covid19", "old": "cn.covid19.control@9", "new": "cn.covid19.control@20",
    })  # fmt: skip
    assert "无新增几天解除" in page.content.decode()
    assert "向 " in page.content.decode()
    said = {"train": "1", "old": "cn.covid19.control@9", "new": "cn.covid19.control@20"}
    given = enter("cdc").post("/epidemic/editions/?disease=covid19", said, follow=True)
    assert "已下达培训任务" in given.content.decode()
    assert "下达</button>" not in given.content.decode()
    assert "已知悉" in enter("mayor").get(given.redirect_chain[0][0]).content.decode()


def test_an_emergency_reading_waits_for_the_auditor(case, health, enter, at):
    from bihuan.core.vault.services import break_glass

    break_glass(case.pseudonym, reason="昏迷须联系家属", by=health.cdc, at=at)
    client = enter("auditor")
    assert "昏迷须联系家属" in client.get("/epidemic/glass/").content.decode()
    from bihuan.core.vault.selectors import emergencies

    (row,) = emergencies(by=health.auditor, since=at)
    client.post("/epidemic/glass/", {"reading": row.id, "finding": "justified"})
    assert emergencies(by=health.auditor, since=at)[0].reviewed_at == at


def test_a_clinic_finds_where_to_report_and_nothing_of_the_cases(case, enter):
    page = enter("clinic").get("/epidemic/report/").content.decode()
    assert f"/epidemic/events/{case.event_id}/report/" in page
    assert case.number not in page
    assert f"/epidemic/events/{case.event_id}/" not in enter("outsider").get("/").content.decode()


def test_the_four_early_score_is_a_table_of_places_and_of_who_reported(health, enter, case, at):
    cdc, month = enter("cdc"), f"{local_date(at):%Y-%m}"
    page = cdc.get("/epidemic/early/").content.decode()
    assert "<meter" in page
    assert health.places["990101001"].name in page
    assert "<meter" in cdc.get(f"/epidemic/early/?by=org&month={month}").content.decode()
    assert cdc.get("/epidemic/early/?month=x&format=csv").status_code == 200
    assert enter("police").get("/epidemic/early/").status_code == 403


def test_contacts_come_page_by_page_and_by_what_is_owed(health, enter, case, at):
    row = contact(health, case, at)
    town = enter("township")
    assert row.number in town.get("/epidemic/contacts/").content.decode()
    assert row.number in town.get("/epidemic/contacts/?what=reach").content.decode()
    assert row.number not in town.get("/epidemic/contacts/?what=check").content.decode()
    assert town.get("/epidemic/contacts/?what=nonsense&after=zzz").status_code == 200
