"""The real tree of a province: facts that anybody can check."""

import time
from datetime import UTC, date, datetime

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.places import selectors, services
from bihuan.core.places.errors import AlreadyLoaded, UnknownPlace
from bihuan.core.places.models import Place

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
TODAY = date(2026, 11, 2)

pytestmark = pytest.mark.django_db


@pytest.fixture
def guangdong():
    return services.load_real_province(code="44", at=AT)


def test_guangdong_has_21_cities_and_122_counties(guangdong):
    assert guangdong.levels["city"] == 21
    assert guangdong.levels["county"] == 122
    assert guangdong.levels["township"] > 1_600
    assert selectors.counts("44.", TODAY) == guangdong.levels
    assert Entry.objects.get().action == "places.load"


def test_a_city_without_counties_has_its_townships_right_below(guangdong):
    for code in ("4419", "4420"):
        city = selectors.place_by_code(code, TODAY)
        below = selectors.children(city.id, TODAY)
        assert len(below) >= 23
        assert {row.level for row in below} == {"township"}
        assert all(row.path.startswith(f"{city.path}00.") for row in below)


def test_every_place_hangs_under_one_that_is_there(guangdong):
    assert list(Place.objects.filter(parent=None).values_list("code", flat=True)) == ["44"]
    for place in Place.objects.filter(valid_to=None).exclude(parent=None).select_related("parent"):
        assert place.path.startswith(place.parent.path)
        assert place.valid_from >= place.parent.valid_from


def test_an_old_code_means_what_it_meant_then_and_leads_to_what_followed(guangdong):
    for code, on, name in (
        ("440183", date(2013, 5, 1), "增城市"),
        ("440183", TODAY, "增城区"),
        ("440116", date(2010, 1, 1), "萝岗区"),
        ("440116", TODAY, "黄埔区"),
        ("440126", TODAY, "番禺区"),
        ("440104000000", TODAY, "越秀区"),
        ("440203", date(2000, 1, 1), "浈江区"),
        ("440203", TODAY, "武江区"),
    ):
        assert selectors.place_by_code(code, on).name == name


def test_a_code_that_never_was_is_refused(guangdong):
    for code in ("449999", "x", "", "110101"):
        with pytest.raises(UnknownPlace):
            selectors.place_by_code(code, TODAY)


def test_a_code_in_force_costs_one_query(guangdong, django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.place_by_code("440103", TODAY)


def test_the_second_load_is_refused_and_changes_nothing(guangdong):
    before = Place.objects.count()
    with pytest.raises(AlreadyLoaded):
        services.load_real_province(code="440000", at=AT)
    assert Place.objects.count() == before


def test_only_a_province_can_be_loaded():
    for code in ("4401", "98"):
        with pytest.raises(UnknownPlace):
            services.load_real_province(code=code, at=AT)


def test_loading_takes_no_more_than_three_seconds_of_work():
    services.load_real_province(code="46", at=AT)  # the dictionary of readings is read once
    begun = time.process_time()
    services.load_real_province(code="44", at=AT)
    assert time.process_time() - begun < 3


def test_loading_takes_the_same_few_statements_for_any_province(django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        services.load_real_province(code="44", at=AT)


def test_a_city_is_found_by_code_name_and_pinyin(guangdong):
    for text in ("4401", "440100", "广州", "guangzhou", "gzs", "Guang zhou"):
        found = selectors.search(text, "44.", TODAY)
        assert "广州市" in [row.name for row in found[:3]], text


def test_search_stays_within_the_scope(guangdong):
    assert selectors.search("长安", "44.19.", TODAY)[0].path.startswith("44.19.")
    assert selectors.search("广州", "44.19.", TODAY) == []
    assert selectors.search("  ", "44.", TODAY) == []


def test_ancestors_are_told_from_the_top(guangdong, django_assert_num_queries):
    with django_assert_num_queries(1):
        above = selectors.ancestors("44.19.00.003.", TODAY)
    assert [row.name for row in above] == ["广东省", "东莞市"]


def test_a_province_without_outlines_is_drawn_as_tiles(guangdong, django_assert_num_queries):
    place = selectors.place_by_code("44", TODAY)
    with django_assert_num_queries(1):
        drawn = selectors.map_below(place.id, TODAY)
    assert drawn.outlines == {}
    assert set(drawn.tiles) == {row.code for row in drawn.places}
    assert drawn.tiles["4402"] == (3, 0)
