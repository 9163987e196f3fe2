"""The inside of a site or hospital through HTTP: rounds, tests of the staff."""

import pytest

from bihuan.core.loops.models import Obligation
from bihuan.epidemic.models import Round, WardFile
from bihuan.epidemic.selectors.rounds import items_of
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
