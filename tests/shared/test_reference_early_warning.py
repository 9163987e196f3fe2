"""Early warning against numbers made by R's surveillance 1.20.3."""

import numpy as np
import pytest
from scipy import special

from bihuan_analytics.early_warning import (
    ClassicControl,
    FlexibleControl,
    cusum,
    ears,
    farrington_classic,
    farrington_flexible,
)
from bihuan_analytics.early_warning.weeks import seasonal_design
from tests.shared.reference_tables import column, days, rows

LAST_YEAR = range(476, 528)
NOUFAILY = {"years": 5, "seasons": 10, "excluded_weeks": 26, "reweight_above": 2.58}
WINDOWS = {"seasons": 1, "excluded_weeks": 3}
VARIANTS = {
    "A_default": FlexibleControl(**WINDOWS, trend_below=0.05, alpha=0.05, mode="r-compatible"),
    "B_original_like": FlexibleControl(
        **WINDOWS, years=4, reweight_above=1.0, trend_below=0.05, alpha=0.1, mode="r-compatible"
    ),
    "C_noufaily_delta": FlexibleControl(**NOUFAILY, alpha=0.05, mode="r-compatible"),
    "D_noufaily_nbPlugin": FlexibleControl(
        **NOUFAILY, alpha=0.05, bound="nb-plugin", mode="r-compatible"
    ),
    "E_noufaily_muan": FlexibleControl(**NOUFAILY, alpha=0.05, bound="muan", mode="r-compatible"),
    "F_alpha005_delta": FlexibleControl(
        **NOUFAILY, trend_below=0.05, least_cases=0, mode="r-compatible"
    ),
}


@pytest.mark.parametrize("variant", list(VARIANTS))
def test_farrington_flexible_repeats_every_number_of_r(variant):
    series = rows("salmNewport_input.csv")
    wanted = [
        row
        for row in rows("salmNewport_farringtonFlexible_germany.csv")
        if row["variant"] == variant
    ]
    found = farrington_flexible(
        column(series, "total"), days(series, "date"), judge=LAST_YEAR, control=VARIANTS[variant]
    )
    same = {"rtol": 1e-9, "atol": 0, "equal_nan": True}
    np.testing.assert_allclose(found.expected[0], column(wanted, "expected"), **same)
    np.testing.assert_allclose(found.bound[0], column(wanted, "upperbound"), **same)
    np.testing.assert_allclose(found.dispersion[0], column(wanted, "phi"), **same)
    np.testing.assert_array_equal(found.alarm[0], column(wanted, "alarm") == 1)
    np.testing.assert_array_equal(found.trend_kept[0], column(wanted, "trend_used") == 1)
    kept = np.where(found.trend_kept[0], found.trend[0], np.nan)
    np.testing.assert_allclose(kept, column(wanted, "trend_coef"), **same)
    judged = found.reason[0] == 0
    for name, values in (("score", found.score[0]), ("pvalue", found.p_value[0])):
        np.testing.assert_allclose(values[judged], column(wanted, name)[judged], rtol=1e-9)


@pytest.mark.parametrize(("name", "seasons", "excluded"), [("A", 1, 3), ("C", 10, 26)])
def test_the_rows_of_the_regression_are_those_of_r(name, seasons, excluded):
    series = days(rows("salmNewport_input.csv"), "date")
    wanted = rows(f"salmNewport_design_week528_{name}.csv")
    design = seasonal_design(
        series, 527, years=5, half_window=3, seasons=seasons, excluded=excluded
    )
    np.testing.assert_array_equal(series[design.rows], days(wanted, "date"))
    np.testing.assert_array_equal(design.time, column(wanted, "wtime"))
    np.testing.assert_array_equal(design.group + 1, column(wanted, "seasgroup"))


def test_the_classic_method_repeats_r():
    series = rows("salmNewport_input.csv")
    wanted = rows("salmNewport_farrington_classic.csv")
    found = farrington_classic(
        column(series, "total"),
        days(series, "date"),
        judge=LAST_YEAR,
        control=ClassicControl(mode="r-compatible"),
    )
    bound = np.nan_to_num(found.bound[0])  # R writes 0 where there are too few cases
    np.testing.assert_allclose(bound, column(wanted, "upperbound"), rtol=1e-9)
    np.testing.assert_array_equal(found.alarm[0], column(wanted, "alarm") == 1)


def test_converged_mode_agrees_with_r_where_r_has_no_fault():
    series = rows("salmNewport_input.csv")
    counts, dates = column(series, "total"), days(series, "date")
    ours = FlexibleControl(**NOUFAILY, alpha=0.05, bound="nb-plugin")
    found = farrington_flexible(counts, dates, judge=LAST_YEAR, control=ours)
    theirs = farrington_flexible(
        counts, dates, judge=LAST_YEAR, control=VARIANTS["D_noufaily_nbPlugin"]
    )
    np.testing.assert_allclose(found.expected, theirs.expected, rtol=1e-4)
    np.testing.assert_array_equal(found.bound, theirs.bound)
    np.testing.assert_array_equal(found.alarm, theirs.alarm)


@pytest.mark.parametrize(
    ("method", "tail", "least_sd", "bound"),
    [
        ("C1", 0.001, 0.0, "C1_upper"),
        ("C1", 0.001, 0.5, "C1_minSigma0.5_upper"),
        ("C2", 0.001, 0.0, "C2_upper"),
        ("C3", 0.025, 0.0, "C3_upper"),
    ],
)
def test_ears_repeats_r(method, tail, least_sd, bound):
    table = rows("salmNewport_ears.csv")
    found = ears(
        column(table, "observed"),
        method=method,
        threshold=float(special.ndtri(1 - tail)),
        least_sd=least_sd,
        mode="r-compatible",
    )
    np.testing.assert_allclose(found.bound[0], column(table, bound), rtol=1e-9, atol=1e-12)
    if least_sd == 0:
        wanted = np.nan_to_num(column(table, f"{method}_alarm")) == 1
        np.testing.assert_array_equal(found.alarm[0], wanted)


def test_cusum_repeats_r_without_reset():
    series = column(rows("salmNewport_input.csv"), "total")
    wanted = rows("salmNewport_cusum_bayes.csv")
    found = cusum(series[476:], seasonal_mean(series, 476)[476:], mode="r-compatible")
    np.testing.assert_allclose(found.bound[0], column(wanted, "cusum_upper"), rtol=1e-9)
    np.testing.assert_array_equal(found.alarm[0], column(wanted, "cusum_alarm") == 1)


def seasonal_mean(counts, until):
    """Poisson regression on one harmonic of the year, fitted to the weeks before `until`."""
    angle = 2 * np.pi / 52 * np.arange(1, counts.size + 1)
    design = np.stack([np.ones_like(angle), np.sin(angle), np.cos(angle)], axis=1)
    x, y = design[:until], counts[:until]
    beta = np.array([np.log(y.mean()), 0.0, 0.0])
    for _ in range(30):
        mu = np.exp(x @ beta)
        beta = beta + np.linalg.solve(x.T @ (mu[:, None] * x), x.T @ (y - mu))
    return np.exp(design @ beta)
