"""The shipped checklists: one for each sector, loaded once, never over a site's own."""

import pytest

from bihuan.core.errors import NotAllowed
from bihuan.core.packs import registry
from bihuan.core.packs.types import Mark
from bihuan.safety.models import Checklist
from bihuan.safety.rules.checklists import Item
from bihuan.safety.services.checklists import (
    NewChecklist,
    load_checklists,
    plain_items,
    write_checklist,
)
from tests.conftest import NOON

SHIPPED = registry.table("safety_checklist", NOON)
SECTORS = {row["code"] for row in registry.table("safety_sector", NOON)}


def test_shipped_checklists_cover_every_shipped_sector():
    assert {row["sector"] for row in SHIPPED} == SECTORS
    assert {"heat", "resume", "conversion"} <= {row["code"] for row in SHIPPED}


@pytest.mark.parametrize("row", SHIPPED, ids=[row["code"] for row in SHIPPED])
def test_every_item_is_in_both_languages_with_a_type_a_source_and_its_certainty(row):
    assert row["source"]
    assert row["mark"] in list(Mark)
    for text, text_en, kind, *domain in row["items"]:
        assert 0 < len(text) <= 60
        assert text_en.isascii() or "°" in text_en
        assert 0 < len(kind) <= 20
        assert domain in ([], ["epidemic"], ["both"])


def test_quick_codes_are_two_digits_each_once_and_name_criteria_that_exist():
    codes = registry.table("safety_quick_code", NOON)
    criteria = {row["key"] for row in registry.table("safety_criterion", NOON)} | {""}
    assert len({row["code"] for row in codes}) == len(codes)
    assert all(len(row["code"]) == 2 and row["code"].isdecimal() for row in codes)
    assert {row["criterion"] for row in codes} <= criteria


def test_loading_again_adds_nothing_and_leaves_a_sites_own_version(world):
    given = NewChecklist("trade", "本县工贸检查表", "industry_trade", plain_items([("一项", "")]))
    write_checklist(given=given, by=world.county, at=NOON)
    assert load_checklists(by=world.head, at=NOON) == len(SHIPPED) - 1
    assert load_checklists(by=world.head, at=NOON) == 0
    assert Checklist.objects.get(code="trade").title == "本县工贸检查表"
    with pytest.raises(NotAllowed):
        load_checklists(by=world.factory, at=NOON)


def test_a_gap_is_called_by_what_is_wrong():
    assert Item("1", "安全出口畅通、未上锁").finding == "不符合:安全出口畅通、未上锁"
    state = Item("2", "消防通道", kind="select_one", gap="shut",
                 choices=(("free", "畅通", "clear"), ("shut", "堵塞", "blocked")))  # fmt: skip
    assert state.finding == "消防通道:堵塞"
