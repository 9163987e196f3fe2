"""The invented province has the shape of a real one and the name of none."""

from collections import Counter
from itertools import pairwise

import pytest

from bihuan.config.demo.geography import invent, shares
from bihuan.core.places import rules
from bihuan.core.places.data import lines

SHAPES = {
    "tiny": {"province": 1, "city": 3, "county": 8, "township": 20, "community": 40},
    "small": {"province": 1, "city": 21, "county": 122, "township": 160, "community": 500},
    "full": {"province": 1, "city": 21, "county": 122, "township": 1600, "community": 26_000},
}


@pytest.fixture(scope="module")
def provinces():
    return {scale: invent(scale) for scale in SHAPES}


@pytest.mark.parametrize("scale", SHAPES)
def test_each_scale_has_its_shape_and_every_place_a_parent(provinces, scale):
    codes = [place.code for place in provinces[scale].places]
    assert dict(Counter(map(rules.level_of, codes))) == SHAPES[scale]
    assert len(set(codes)) == len(codes)
    known = set(codes)
    assert all(any(up in known for up in rules.upper_codes(c)[:2]) for c in codes if c != "99")


def test_no_name_above_the_community_is_that_of_a_real_place(provinces):
    real = {rules.short_name(name, rules.level_of(code)) for code, name, *_ in lines("places")}
    for place in provinces["full"].places:
        if len(place.code) <= 9:
            assert rules.short_name(place.name, rules.level_of(place.code)) not in real


def test_names_are_not_repeated_where_they_would_be_confused(provinces):
    named = Counter((p.code[:9], p.name) for p in provinces["full"].places if len(p.code) == 12)
    named += Counter(p.name for p in provinces["full"].places if len(p.code) <= 9)
    assert named.most_common(1)[0][1] == 1


def test_the_same_province_is_invented_each_time(provinces):
    assert invent("tiny") == provinces["tiny"]


@pytest.mark.parametrize("scale", ["tiny", "small"])
def test_neighbours_share_their_borders_and_leave_no_gap(provinces, scale):
    outlines = provinces[scale].outlines
    leaves = [code for code in outlines if len(code) == 6]
    leaves += [c for c in outlines if len(c) == 4 and not any(x[:4] == c for x in leaves)]
    edges = Counter(
        frozenset(edge)
        for code in leaves
        for ring in outlines[code].geojson["coordinates"]
        for edge in pairwise(ring)
    )
    (outer,) = outlines["99"].geojson["coordinates"]
    coast = {frozenset(edge) for edge in pairwise(outer)}
    assert {edge for edge, n in edges.items() if n == 1} == coast
    assert set(edges.values()) == {1, 2}


def test_every_place_lies_in_the_outline_of_its_county(provinces):
    outlines = provinces["small"].outlines
    for code, region in outlines.items():
        (ring,) = region.geojson["coordinates"]
        assert encloses(ring, region.centre), code


def encloses(ring, point):
    x, y = point
    crossings = 0
    for (ax, ay), (bx, by) in pairwise(ring):
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            crossings += 1
    return crossings % 2 == 1


def test_shares_add_up_and_nobody_gets_nothing():
    assert shares(10, [1, 1, 8]) == [2, 2, 6]
    assert sum(shares(26_000, [0.001] + [1.3] * 1_599)) == 26_000
    assert min(shares(5, [0.0001, 1, 1, 1, 1])) == 1
