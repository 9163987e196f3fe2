"""A sentinel is registered for a body, which then reports by itself; another leaves the register."""

import pytest

from bihuan.sensing.models import Sentinel
from bihuan.sensing.selectors.sentinels import silence_task
from bihuan.sensing.services.silence import ask_silent
from tests.epidemic.builders import add_health


@pytest.fixture
def health(world):
    return add_health(world)


def test_a_sentinel_registered_on_a_page_reports_for_itself_and_its_silence_is_a_task(
    health, enter, clock, at
):
    cdc, clinic = enter("cdc"), enter("clinic")
    given = {"name": "码头镇卫生院", "kind": "fever_clinic", "place": "990101001", "streams": ["fever"],
             "org": str(health.clinic.org_id), "catchment": "码头镇"}  # fmt: skip
    refused = cdc.post("/sensing/sentinels/new/", given | {"org": str(health.factory.org_id)})
    assert refused.status_code == 200
    assert not Sentinel.objects.exists()
    cdc.post("/sensing/sentinels/new/", given)
    row = Sentinel.objects.get()
    assert row.org_id == health.clinic.org_id
    assert "码头镇卫生院" in clinic.get("/sensing/report/").content.decode()
    Sentinel.objects.update(since="2020-01-01")
    ask_silent(at=at)
    page = f"/sensing/sentinels/{row.pk}/"
    task = silence_task(row)
    assert 'href="/sensing/report/"' in clinic.get(f"/loops/{task.pk}/").content.decode()
    assert clinic.get(page).status_code == 403
    assert task.number in cdc.get(page).content.decode()
    assert "停用哨点" not in enter("mayor").get(page).content.decode()
    cdc.post(page, {"deed": "assign", "org": ""})
    assert "码头镇卫生院" not in clinic.get("/sensing/report/").content.decode()
    assert "请写明为何停用" in cdc.post(page, {"deed": "retire"}, follow=True).content.decode()
    cdc.post(page, {"deed": "retire", "reason": "撤并"})
    assert "码头镇卫生院" not in cdc.get("/sensing/sentinels/").content.decode()
