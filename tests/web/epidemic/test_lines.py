"""Lines of screening through HTTP."""

import pytest

from bihuan.epidemic.models import Leak
from bihuan.epidemic.services.cases import open_event
from tests.epidemic.builders import add_health


@pytest.fixture
def event(world, at):
    add_health(world)
    return open_event(title="码头镇聚集性发热", disease_code="unknown",
                      place_id=world.places["990101"].pk, by=world.cdc, at=at)  # fmt: skip


def test_lines_are_drawn_counted_and_their_leaks_reviewed_on_one_page(event, enter):
    cdc = enter("cdc")
    page = f"/epidemic/events/{event.pk}/lines/"
    assert "还没有划定防线" in cdc.get(page).content.decode()
    cdc.post(f"{page}draw/", {"at_risk": "1000", "source": "同航班 4 班"})
    for order, n in enumerate((900, 80, 15), start=1):
        cdc.post(f"{page}count/", {"order": order, "caught": n})
    cdc.post(f"{page}leak/", {"leaks": "5"})
    seen = cdc.get(page).content.decode()
    assert "入口把关" in seen
    assert all(f"{share}%" in seen for share in (90, 80, 75))
    leak = Leak.objects.order_by("pk")[0]
    assert f'href="/loops/{leak.review_id}/"' in seen
    cdc.post(f"{page}explain/", {"leak": leak.pk, "order": "3", "cause": "漏了夜班"})
    reader = enter("county").get(page).content.decode()
    assert "漏了夜班" in reader
    assert "今日查出" not in reader
    refused = cdc.post(f"{page}count/", {"order": "1", "caught": "x"}, follow=True)
    assert "请填写人数" in refused.content.decode()
    assert page in cdc.get(f"/epidemic/events/{event.pk}/").content.decode()
    assert enter("cdc_south").get(page).status_code == 404
    assert enter("police").get(page).status_code == 403
