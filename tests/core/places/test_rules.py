"""Codes, paths and names."""

import pytest

from bihuan.core.places import data, rules
from bihuan.core.places.types import prefix_range, under


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("440000", "44"),
        ("4401", "4401"),
        ("440100000000", "4401"),
        ("440103", "440103"),
        ("441900003000", "441900003"),
        ("440103001001", "440103001001"),
        ("440103001001-007", "440103001001-007"),
        ("000000", "00"),
    ],
)
def test_every_length_of_a_code_means_the_same_place(text, short):
    assert rules.short_code(text) == short


@pytest.mark.parametrize("text", ["", "4", "44010", "广州", "44O1", "440103001001-1", "４４"])
def test_what_is_no_code_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        rules.short_code(text)


@pytest.mark.parametrize(
    ("code", "level", "path"),
    [
        ("00", "nation", ""),
        ("44", "province", "44."),
        ("4401", "city", "44.01."),
        ("440103", "county", "44.01.03."),
        ("429004", "county", "42.90.04."),
        ("440103001", "township", "44.01.03.001."),
        ("441900003", "township", "44.19.00.003."),
        ("440103001001", "community", "44.01.03.001.001."),
        ("440103001001-007", "grid", "44.01.03.001.001.g007."),
    ],
)
def test_level_and_path_follow_from_the_code(code, level, path):
    assert rules.level_of(code) == level
    assert rules.path_of(code) == path


def test_what_may_stand_above_a_code_is_told_from_near_to_far():
    assert rules.upper_codes("441900003") == ["441900", "4419", "44", "00"]
    assert rules.upper_codes("440103001001-007")[0] == "440103001001"
    assert rules.upper_codes("00") == []
    assert rules.upper_paths("44.01.03.") == ["", "44.", "44.01."]


def test_the_range_of_a_scope_holds_it_and_all_below_and_no_neighbour():
    low, high = prefix_range("44.01.")
    inside = ["44.01.", "44.01.03.", "44.01.99.999.999.g999."]
    outside = ["44.", "44.00.99.", "44.02.", "45.01."]
    assert all(low <= path < high for path in inside)
    assert not any(low <= path < high for path in outside)
    assert under("44.01.03.", "44.01.")
    assert not under("44.01.", "44.01.03.")


def test_the_nation_holds_everything():
    low, high = prefix_range("")
    assert all(low <= path < high for path in ("", "11.", "99.99.99."))


@pytest.mark.parametrize(
    ("name", "level", "short"),
    [
        ("广东省", "province", "广东"),
        ("内蒙古自治区", "province", "内蒙古"),
        ("广西壮族自治区", "province", "广西"),
        ("香港特别行政区", "province", "香港"),
        ("恩施土家族苗族自治州", "city", "恩施"),
        ("伊犁哈萨克自治州", "city", "伊犁"),
        ("赵县", "county", "赵县"),
        ("城区", "county", "城区"),
        ("连南瑶族自治县", "county", "连南"),
        ("东城街道", "township", "东城"),
        ("瑶安瑶族乡", "township", "瑶安"),
        ("新华社区", "community", "新华"),
    ],
)
def test_a_short_name_leaves_out_the_kind_and_keeps_two_characters(name, level, short):
    assert rules.short_name(name, level) == short


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("广州市", "guangzhoushi gzs"),
        ("重庆市", "chongqingshi cqs"),
        ("长寿区", "changshouqu csq"),
        ("长子县", "zhangzixian zzx"),
        ("番禺区", "panyuqu pyq"),
        ("大埔县", "dabuxian dbx"),
        ("六安市", "luanshi las"),
    ],
)
def test_place_names_are_read_as_their_people_read_them(name, key):
    assert rules.pinyin(name) == key


def test_a_development_zone_has_a_code_and_no_government():
    assert rules.is_pseudo("441900401")
    assert not rules.is_pseudo("441900101")
    assert not rules.is_pseudo("440401")


def test_tiles_follow_the_layout_made_by_hand_or_the_order_of_the_codes():
    laid_out = {"98": (3, 1), "99": (0, 0)}
    assert rules.tile_grid(["98", "99"], laid_out) == laid_out
    plain = rules.tile_grid(["9803", "9801", "9802"], laid_out)
    assert plain == {"9801": (0, 0), "9802": (1, 0), "9803": (2, 0)}
    assert rules.tile_grid([], laid_out) == {}


def test_no_two_tiles_lie_on_each_other():
    many = [f"98{number:02d}" for number in range(1, 38)]
    for tiles in (rules.tile_grid(many, {}), data.tiles()):
        assert len(set(tiles.values())) == len(tiles)
