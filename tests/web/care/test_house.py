"""The inside of a site or hospital through HTTP: rounds, tests of the staff."""

import pytest

from bihuan.core.loops.models import Obligation
from bihuan.epidemic.models import Round, WardFile
from bihuan.epidemic.selectors.rounds import items_of
from bihuan.epidemic.services.rounds import owe_rounds
from tests.epidemic.builders import add_health
from tests.epidemic.care import DAY, NINTH, add_care, facility, room


@pytest.fixture
def care(world, clock):
    clock.at = NINTH
    return add_care(add_health(world))


@pytest.fixture
def hospital(care):
    row = facility(care, NINTH - 3 * DAY, name="hospital", kind="hospital")
    room(care, row, "呼一", at=NINTH, kind="negative", beds=40, ward="呼吸科")
    return row


def test_a_round_is_made_on_pages_and_what_failed_is_a_problem_with_a_task(hospital, enter):
    page = f"/care/facilities/{hospital.pk}/"
    nurse = enter("hospital")
    shown = nurse.get(f"{page}control/").content.decode()
    assert "病区感染防控巡查" in shown
    assert "逾期" in shown
    walk = f"{page}round/?list=ward_daily&ward=呼吸科"
    said = {row["key"]: "yes" for row in items_of("ward_daily", hospital.scope, NINTH)}
    assert "单向流程" in nurse.get(walk).content.decode()
    refused = nurse.post(walk, said | {"w_flow_staff": "no"}).content.decode()
    assert "不合格的要写明看到了什么" in refused
    assert not Round.objects.exists()
    nurse.post(walk, said | {"w_flow_staff": "no", "note_w_flow_staff": "有人逆行"})
    problem = Obligation.objects.get(flow="problem")
    shown = nurse.get(f"{page}control/").content.decode()
    assert problem.number in shown
    assert nurse.get(f"/loops/{problem.pk}/").status_code == 200
    assert enter("mayor").get(f"{page}control/").status_code == 200
    assert enter("mayor").get(walk).status_code == 403
    assert enter("inn").get(f"{page}control/").status_code == 404
    assert nurse.get(f"{page}round/?list=site_daily").status_code == 404


def test_a_missed_list_leads_from_the_task_to_the_page_and_ends_with_the_round(hospital, enter):
    owe_rounds(at=NINTH)
    task = Obligation.objects.get(origin__startswith="rounds:")
    page = f"/care/facilities/{hospital.pk}/"
    nurse = enter("hospital")
    assert task.number in nurse.get(f"{page}control/").content.decode()
    assert f'href="{page}control/"' in nurse.get(f"/loops/{task.pk}/").content.decode()
    said = {row["key"]: "yes" for row in items_of("ward_daily", hospital.scope, NINTH)}
    nurse.post(f"{page}round/?list=ward_daily&ward=呼吸科", said)
    assert task.number not in nurse.get(f"{page}control/").content.decode()
    task.refresh_from_db()
    assert task.state == "closed"


def test_a_positive_test_leads_to_the_file_of_the_ward_and_the_clean_days_end(
    hospital, enter, clock
):
    page = f"/care/facilities/{hospital.pk}/"
    nurse = enter("hospital")
    assert "没有记录过" in nurse.get(f"{page}control/").content.decode()
    nurse.post(f"{page}control/", {"ward": "呼吸科", "group": "isolation", "people": "23"})
    group = hospital.staff_groups.get()
    said = {"tests": group.pk, "day": "2022-07-05", "tested": "24", "positive": "1"}
    refused = nurse.post(f"{page}control/", said, follow=True).content.decode()
    assert "不能多于该组人数(23)" in refused.replace("\uff08", "(").replace("\uff09", ")")
    made = nurse.post(f"{page}control/", said | {"tested": "23"})
    assert made["Location"] == f"{page}#wards"
    file = WardFile.objects.get()
    told = {
        "file": file.pk,
        "staff": "N01 N02",
        "inpatients": "Z01 Z02 Z03",
        "measures": "封闭病区",
    }
    nurse.post(f"{page}exposed/", told)
    assert "工作人员 2 人" in nurse.get(page).content.decode()
    clock.at = NINTH + 4 * DAY
    mayor = enter("mayor")
    mayor.cookies["language"] = "en"
    shown = mayor.get(f"{page}control/").content.decode()
    assert "4 days" in shown
    assert "Zero tolerance" in shown


def test_zones_staff_and_shifts_are_kept_on_pages_and_the_red_zone_takes_only_the_trained(
    care, enter
):
    site = facility(care, NINTH - DAY)
    bed = room(care, site, "301", at=NINTH)
    page = f"/care/facilities/{site.pk}/"
    inn = enter("inn")
    assert "还没有分区" in inn.get(f"{page}zones/").content.decode()
    inn.post(f"{page}zones/", {"deed": "zone", "kind": "contaminated", "name": "三楼"})
    zone = site.zones.get()
    inn.post(f"{page}zones/", {"deed": "rooms", "zone_id": zone.pk, "room_ids": [bed.pk]})
    assert zone.rooms.count() == 1
    inn.post(
        f"{page}staff/", {"deed": "enter", "codes": "N1 N2", "kind": "nurse", "zone_id": zone.pk}
    )
    for module in ("basic", "infection", "emergency"):
        inn.post(f"{page}staff/", {"deed": "pass", "codes": "N1 N2", "module": module,
                                   "passed_on": "2022-07-01"})  # fmt: skip
    given = {"deed": "shift", "code": "N1", "zone_id": zone.pk, "starts_at": "2022-07-05 20:00",
             "ends_at": "2022-07-06 04:00"}  # fmt: skip
    refused = inn.post(f"{page}staff/", given).content.decode()
    assert "防护用品穿脱" in refused.partition("缺少或到下岗之日已过期")[2][:40]
    inn.post(f"{page}staff/", {"deed": "pass", "codes": "N1", "module": "protection",
                               "passed_on": "2022-07-05"})  # fmt: skip
    assert inn.post(f"{page}staff/", given).status_code == 302
    assert zone.shifts.get().worker.code == "N1"
    mayor = enter("mayor")
    mayor.cookies["language"] = "en"
    shown = mayor.get(f"{page}staff/").content.decode()
    assert "Who may enter today" in shown
    assert "Plan a shift" not in shown
    assert enter("hospital").get(f"{page}staff/").status_code == 404


def test_an_incident_is_answered_by_the_site_and_closed_by_the_desk_on_pages(care, enter):
    site = facility(care, NINTH - DAY)
    page = f"/care/facilities/{site.pk}/zones/"
    inn, cdc = enter("inn"), enter("cdc")
    inn.post(page, {"deed": "incident", "kind": "fire", "happened_at": "2022-07-05 09:00",
                    "text": "三楼冒烟"})  # fmt: skip
    row = site.incidents.get()
    assert "三楼冒烟" in cdc.get(page).content.decode()
    early = cdc.post(page, {"deed": "close", "incident": row.pk, "words": "好"}, follow=True)
    assert "还没有答复" in early.content.decode()
    inn.post(page, {"deed": "answer", "incident": row.pk, "words": "已疏散"})
    cdc.post(page, {"deed": "close", "incident": row.pk, "words": "已更换线路"})
    row.refresh_from_db()
    assert row.closed_at is not None
    assert "已办结" in inn.get(page).content.decode()


def test_what_a_hospital_lacks_is_told_with_words(hospital, enter, care):
    page = f"/care/facilities/{hospital.pk}/support/"
    nurse = enter("hospital")
    assert "还没有盘点" in nurse.get(page).content.decode()
    nurse.post(
        page, {"resource": "oxygen_stock", "quantity": "500", "per_day": "100", "note": "罐"}
    )
    shown = nurse.get(page).content.decode()
    assert "只够 5 天" in shown
    assert "缺 200 m³" in shown
    cdc = enter("cdc")
    assert "液氧储量" in cdc.get("/care/").content.decode()
    cdc.cookies["language"] = "en"
    assert "lasts 5 days, less than 7: 200 m³ lacking" in cdc.get(page).content.decode()
    inn = facility(care, NINTH - DAY)
    assert enter("inn").get(f"/care/facilities/{inn.pk}/support/").status_code == 302


def test_a_room_entered_twice_is_refused_with_its_number(hospital, enter):
    said = {"code": "呼一", "kind": "ordinary", "beds": "1", "convert_hours": "0", "ward": ""}
    page = f"/care/facilities/{hospital.pk}/"
    assert (
        "已有房间 呼一"
        in enter("hospital").post(f"{page}room/", said, follow=True).content.decode()
    )
