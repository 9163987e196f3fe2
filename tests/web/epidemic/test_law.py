"""What an order rests on and how long, in English; one main button to a page."""

import pytest
from django.utils import translation

from bihuan.epidemic.services.cases import open_event
from bihuan.epidemic.services.orders import draft_order
from bihuan.epidemic.services.screening import NewList, draw_list, fill_list
from bihuan.web.briefing.papers import _days
from tests.epidemic.builders import add_health
from tests.epidemic.conftest import draft


@pytest.fixture
def health(world):
    return add_health(world)


@pytest.fixture
def event(health, at):
    return open_event(title="发热", disease_code="unknown", place_id=health.places["990101"].pk,
                      by=health.cdc, at=at)  # fmt: skip


def test_a_law_is_named_in_english_or_marked_as_chinese(event, health, enter, at):
    row = draft_order(given=draft(health, event, at), by=health.cdc, at=at)
    cdc, page = enter("cdc"), f"/epidemic/orders/{row.pk}/"
    assert row.basis in cdc.get(page).content.decode()
    cdc.cookies["language"] = "en"
    seen = cdc.get(page).content.decode()
    assert "Law on the Prevention and Treatment of Infectious Diseases" in seen
    assert row.basis not in seen
    row.basis = "某市应急条例"
    row.save(update_fields=["basis"])
    assert '<span lang="zh">某市应急条例</span>' in cdc.get(page).content.decode()


@pytest.mark.parametrize(("n", "said"), [(0, "0 days"), (1, "1 day"), (6, "6 days")])
def test_days_of_a_printed_report_are_counted_in_english(n, said):
    with translation.override("en"):
        assert _days(n) == said


def test_a_page_of_an_event_and_of_a_list_has_one_main_button(event, health, enter, at):
    given = NewList("名单", "协查函", at.date(), at.replace(hour=23))
    row = draw_list(given=given, by=health.cdc, at=at)
    fill_list(screening_id=row.pk, text="A1\nA2\nA3", keep=True, by=health.cdc, at=at)
    cdc, there = enter("cdc"), f"/epidemic/screening/{row.pk}/"
    pages = ["/epidemic/", f"/epidemic/events/{event.pk}/", "/epidemic/screening/", there]
    seen = [cdc.get(page) for page in pages] + [cdc.post(there, {"text": "A4"})]
    assert [page.content.decode().partition("<main")[2].count("btn-primary") for page in seen] == [
        1
    ] * 5
