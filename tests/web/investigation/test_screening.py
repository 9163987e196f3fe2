"""Lists of what must be checked, through HTTP."""

import pytest

from bihuan.epidemic.models import ScreeningLine, ScreeningList
from tests.epidemic.builders import add_health


@pytest.fixture
def health(world):
    return add_health(world)


def test_a_list_is_drawn_previewed_filled_and_noted_on_pages(health, enter):
    client = enter("cdc")
    made = client.post(
        "/epidemic/screening/",
        {
            "title": "冷库名单",
            "source": "市场监管台账",
            "drawn_on": "2026-03-01",
            "due_at": "明天 18:00",
        },
    )
    row = ScreeningList.objects.get()
    page = f"/epidemic/screening/{row.pk}/"
    assert made["Location"] == page
    text = "甲冷库\n乙冷库,990101001\n13900001234\n张三丰"
    seen = client.post(page, {"text": text}).content.decode()
    assert "将加入 2 项" in seen
    assert "请改用名单自己的编号" in seen
    assert "不像编号\uff0c也不像场所" in seen.replace(",", "\uff0c")
    assert ScreeningLine.objects.count() == 0
    client.post(page, {"text": text, "keep": "1"})
    line = ScreeningLine.objects.get(code="乙冷库")
    township = enter("township")
    shown = township.get(page).content.decode()
    assert "乙冷库" in shown
    assert "甲冷库" not in shown
    township.post(f"/epidemic/screening-lines/{line.pk}/", {"state": "checked", "list": row.pk})
    assert ScreeningLine.objects.get(pk=line.pk).state == "checked"
    assert "1/2" in client.get(page).content.decode()
    assert enter("police").get(page).status_code == 403
    assert enter("cdc_south").get(page).status_code == 404
