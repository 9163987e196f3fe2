"""Places are renamed, moved and merged; what was written before stays where it was."""

from datetime import UTC, date, datetime

import pytest

from bihuan.core.audit.models import Entry, Event
from bihuan.core.audit.services import SYSTEM
from bihuan.core.places import selectors, services
from bihuan.core.places.errors import BadMove, UnknownPlace
from bihuan.core.places.models import Place, PlaceChange

AT = datetime(2026, 4, 2, 4, 0, tzinfo=UTC)
BEFORE, ON, AFTER = date(2026, 3, 31), date(2026, 4, 1), date(2026, 4, 2)
SOURCE = "国函〔2026〕0号"

HOW = {"on": ON, "source": SOURCE, "by": SYSTEM, "at": AT}


def test_a_moved_county_stands_under_its_old_city_before_and_its_new_one_after(tree):
    services.move_place(code="980102", new_code="980202", **HOW)

    before = selectors.place_by_code("980102", BEFORE)
    after = selectors.place_by_code("980102", AFTER)
    assert (before.path, after.path) == ("98.01.02.", "98.02.02.")
    assert (before.parent.code, after.parent.code) == ("9801", "9802")
    assert before.id == tree["980102"]


def test_everything_below_moves_along_and_the_totals_agree_on_both_days(tree):
    services.move_place(code="980102", new_code="980202", **HOW)

    for day in (BEFORE, AFTER):
        total = selectors.counts("98.", day)
        parts = [selectors.counts(path, day) for path in ("98.01.", "98.02.")]
        for level in ("county", "township", "community", "grid"):
            assert total[level] == sum(part.get(level, 0) for part in parts)
    assert selectors.counts("98.02.02.", AFTER) == {
        "county": 1, "township": 2, "community": 1, "grid": 1,
    }  # fmt: skip
    assert selectors.counts("98.01.02.", AFTER) == {}
    assert selectors.place_by_code("980102001001-001", AFTER).code == "980202001001-001"


def test_a_move_leaves_one_entry_its_changes_and_news_for_the_others(tree):
    services.move_place(code="980102", new_code="980202", **HOW)

    entry = Entry.objects.get()
    assert (entry.action, entry.before, entry.after) == ("places.move", "980102", "980202")
    assert PlaceChange.objects.filter(kind="move", on=ON, source=SOURCE).count() == 5
    pairs = Event.objects.get(name="places.moved").facts["pairs"]
    assert len(pairs) == 5
    assert tree["980102"] in {old for old, _new in pairs}


@pytest.mark.parametrize(
    ("code", "new_code", "refusal"),
    [
        ("980102", "980101", "places.code_taken"),
        ("980102", "9803", "places.other_level"),
        ("980102", "990301", "places.no_parent"),
    ],
)
def test_a_move_that_does_not_fit_is_refused_and_changes_nothing(tree, code, new_code, refusal):
    with pytest.raises(BadMove, match=refusal):
        services.move_place(code=code, new_code=new_code, **HOW)
    assert Place.objects.filter(valid_to=None).count() == len(tree)
    assert not Entry.objects.exists()


def test_a_place_cannot_end_before_it_began(tree):
    with pytest.raises(BadMove, match=r"places\.before_it_began"):
        services.move_place(
            code="980102", new_code="980202", on=date(1999, 1, 1), source="", by=SYSTEM, at=AT
        )


def test_a_reform_is_not_booked_ahead_of_its_day(tree):
    with pytest.raises(BadMove, match=r"places\.not_yet"):
        services.move_place(
            code="980102", new_code="980202", on=date(2026, 4, 3), source="", by=SYSTEM, at=AT
        )


def test_an_unknown_place_cannot_move(tree):
    with pytest.raises(UnknownPlace):
        services.move_place(code="980177", new_code="980202", **HOW)


def test_merged_counties_lead_to_the_one_that_stays_and_serials_do_not_collide(tree):
    services.merge_places(codes=["980102"], into="980101", **HOW)

    assert selectors.place_by_code("980102", AFTER).code == "980101"
    assert selectors.place_by_code("980102", BEFORE).name == "乙县"
    below = selectors.children(tree["980101"], AFTER)
    assert [(row.code, row.name) for row in below] == [
        ("980101001", "一街道"), ("980101002", "二街道"), ("980101100", "三镇"),
    ]  # fmt: skip
    assert selectors.place_by_code("980102001001-001", AFTER).code == "980101002001-001"
    assert Entry.objects.get().action == "places.merge"


def test_places_of_different_levels_are_not_merged(tree):
    for codes in (["9802"], ["980101"]):
        with pytest.raises(BadMove, match=r"places\.other_level"):
            services.merge_places(codes=codes, into="980101", **HOW)


def test_a_split_code_leads_to_the_place_that_holds_the_parts(tree):
    for new in ("980101", "980102"):
        PlaceChange.objects.create(
            kind="split", on=ON, old_code="980109", old_name="大县", new_code=new, new_name=new,
            source=SOURCE,
        )  # fmt: skip
    assert selectors.place_by_code("980109", AFTER).code == "9801"


def test_a_renamed_place_keeps_its_code_and_its_old_name_in_the_history(tree):
    place = services.rename_place(code="980101", name="申县", **HOW)
    assert (place.code, place.short_name, place.pinyin) == ("980101", "申县", "shenxian sx")
    assert PlaceChange.objects.get().old_name == "甲县"
