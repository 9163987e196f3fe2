"""The reserve through HTTP."""

import pytest

from bihuan.epidemic.models import Reserve
from tests.epidemic.builders import add_health
from tests.epidemic.care import add_care


@pytest.fixture
def care(world):
    return add_care(add_health(world))


PAGE = "/care/reserves/"


def test_a_target_is_set_people_are_entered_and_the_commander_sees_what_is_missing(care, enter):
    cdc = enter("cdc")
    cdc.post(PAGE, {"skill": "nurse", "need": "3", "core": "1", "scenario": "百例情景"})
    told = {"org": care.inn.org_id, "skill": "nurse", "code": "N-07", "trained_on": "2026-03-01",
            "call_up_minutes": "45"}  # fmt: skip
    cdc.post(PAGE, told)
    html = cdc.get(PAGE).content.decode()
    assert "N-07" in html
    assert "还缺 1 人" in html
    assert "请填写代号" in cdc.post(PAGE, told | {"trained_on": "2026-03-11"}).content.decode()
    assert "还缺 1 人" in enter("county").get(PAGE).content.decode()
    row = Reserve.objects.get()
    cdc.post(f"{PAGE}{row.pk}/", {"mark": "away"})
    assert "恢复可用" in cdc.get(PAGE).content.decode()
    assert "N-07" not in enter("mayor").get(PAGE).content.decode(), "a commander reads figures"


@pytest.mark.parametrize("name", ["police", "factory", "inn", "inspector", "admin"])
def test_others_do_not_reach_the_roll(care, enter, name):
    assert enter(name).get(PAGE).status_code == 403


def test_the_roll_speaks_english(care, enter):
    cdc = enter("cdc")
    cdc.cookies["language"] = "en"
    cdc.post(PAGE, {"skill": "nurse", "need": "3", "core": "1", "scenario": "x"})
    assert "2 more are needed" in cdc.get(PAGE).content.decode()
