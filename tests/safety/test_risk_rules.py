"""Grades of risk by published tables and worked examples; GB 18218 in exact fractions."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from bihuan.core.packs import registry
from bihuan.safety.rules.gb18218 import Substance, alpha, identify
from bihuan.safety.rules.risk import (
    Control,
    FactorWrong,
    colour_of,
    controlled,
    kinds_missing,
    matrix_colour,
    residual,
    score,
    worst,
)
from bihuan.safety.selectors.risks import matrix_cells, method_of, source_tables
from tests.conftest import NOON

TABLES = source_tables(at=NOON, scope="")
LEC, STRICT, LS = (method_of(key, at=NOON, scope="") for key in ("lec", "lec_strict", "ls"))


def lec(l_, e, c):
    return {"l": Decimal(l_), "e": Decimal(e), "c": Decimal(c)}


@pytest.mark.parametrize(
    ("given", "value", "colour"),
    [
        (lec("6", "6", "15"), "540", "red"),  # above 320: extremely dangerous
        (lec("3", "6", "15"), "270", "orange"),  # 160–320: highly dangerous
        (lec("3", "6", "7"), "126", "yellow"),  # 70–160: considerable
        (lec("1", "6", "7"), "42", "blue"),
        (lec("0.1", "0.5", "1"), "0.05", "blue"),
        (lec("1", "3", "40"), "120", "yellow"),
    ],
)
def test_lec_gives_the_published_scores_and_grades(given, value, colour):
    assert score(LEC, given) == Decimal(value)
    assert colour_of(LEC, score(LEC, given)) == colour


def test_the_two_schemes_of_colours_disagree_on_96_of_252_combinations():
    names = list(LEC.factors)
    combinations = [dict(zip(names, one, strict=True)) for one in product(*LEC.factors.values())]
    differ = [
        one for one in combinations
        if colour_of(LEC, score(LEC, one)) != colour_of(STRICT, score(STRICT, one))
    ]  # fmt: skip
    assert (len(combinations), len(differ)) == (252, 96)


@pytest.mark.parametrize(
    ("score_", "colour"),
    [(25, "red"), (20, "red"), (16, "orange"), (15, "orange"), (12, "yellow"), (9, "yellow"),
     (8, "blue"), (1, "blue")],
)  # fmt: skip
def test_ls_cuts_include_their_lower_bound(score_, colour):
    assert colour_of(LS, Decimal(score_)) == colour


def test_a_factor_that_the_method_does_not_know_is_refused():
    with pytest.raises(FactorWrong, match="l"):
        score(LEC, lec("4", "6", "15"))
    with pytest.raises(FactorWrong, match="severity"):
        matrix_colour(matrix_cells(at=NOON, scope=""), likelihood=5, severity=6)


def test_a_matrix_is_never_milder_for_a_greater_danger():
    cells = matrix_cells(at=NOON, scope="")
    order = ["blue", "yellow", "orange", "red"]
    rank = [[order.index(cell) for cell in row] for row in cells]
    assert all(row == sorted(row) for row in rank)
    assert all(list(column) == sorted(column) for column in zip(*rank, strict=True))
    assert matrix_colour(cells, likelihood=5, severity=5) == "red"


def f(text):
    return Fraction(text)


@pytest.mark.parametrize(
    ("substances", "people", "s", "r", "level"),
    [
        ([("20", "10", "2")], 60, "2", "6", 4),
        ([("20", "10", "2"), ("5", "5", "4")], 120, "3", "16", 3),
        ([("100", "10", "2")], 200, "10", "40", 3),
        ([("10", "5", "4"), ("150", "200", "1")], 40, "11/4", "21/2", 3),
        ([("3", "0.3", "20")], 0, "10", "100", 1),
        ([("3", "0.3", "20")], 10, "10", "200", 1),
        ([("9.9", "10", "2")], 500, "99/100", "99/25", None),
        ([("0.1", "0.3", "20"), ("0.2", "0.3", "20")], 1, "1", "20", 3),
    ],
)
def test_gb_18218_is_computed_in_exact_fractions(substances, people, s, r, level):
    found = identify([Substance(f(q), f(t), f(b)) for q, t, b in substances], people, TABLES)
    assert (found.s, found.r, found.level) == (f(s), f(r), level)


@pytest.mark.parametrize(
    ("people", "factor"),
    [(0, "0.5"), (1, "1"), (29, "1"), (30, "1.2"), (49, "1.2"), (50, "1.5"), (99, "1.5"),
     (100, "2")],
)  # fmt: skip
def test_alpha_follows_the_people_within_500_metres(people, factor):
    assert alpha(people, TABLES) == f(factor)


@pytest.mark.parametrize(
    ("key", "threshold", "beta"),
    [("ammonia", "10", "2"), ("chlorine", "5", "4"), ("hydrogen_sulfide", "5", "5"),
     ("phosgene", "0.3", "20"), ("hydrogen_fluoride", "1", "5"), ("nitrogen_dioxide", "1", "10"),
     ("methyl_isocyanate", "0.75", "20"), ("lpg", "50", "1.5"), ("acetylene", "1", "1.5"),
     ("petrol", "200", "1"), ("benzene", "50", "1"), ("ethanol", "500", "1")],
)  # fmt: skip
def test_thresholds_and_factors_are_those_of_tables_1_3_and_4(key, threshold, beta):
    rows = {row["key"]: row for row in registry.table("safety_substance", NOON)}
    assert (rows[key]["threshold"], rows[key]["beta"]) == (threshold, beta)
    assert rows[key]["source"].startswith("GB 18218-2018 表1")
    tank = Substance(2 * f(threshold), f(threshold), f(beta))
    found = identify([tank], 60, TABLES)
    assert (found.s, found.r) == (2, 3 * f(beta)), "S = 2, R = 1.5 x beta x 2"


def controls(**valid):
    return [Control(kind, f"layer-{kind}", is_valid) for kind, is_valid in valid.items()]


def test_a_tank_area_whose_alarm_is_past_calibration_lacks_technical_defence_and_is_orange():
    good = controls(human=True, physical=True, technical=True)
    assert (kinds_missing(good), controlled(good)) == ((), True)
    assert residual("red", "yellow", good) == "yellow"
    late = controls(human=True, physical=True, technical=False)
    assert kinds_missing(late) == ("technical",)
    assert residual("red", "yellow", late) == "orange"


def test_a_failed_control_raises_the_risk_by_one_and_never_above_the_inherent_one():
    failed = controls(human=True, physical=True, technical=False)
    assert residual("yellow", "blue", failed) == "yellow"
    assert residual("blue", "blue", failed) == "blue"
    assert worst(["blue", "", "orange"]) == "orange"
    assert worst([]) == ""
