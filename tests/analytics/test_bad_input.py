"""Every public function is fed every kind of bad input: a coded error, and never a silent NaN.

Each entry takes one argument of a function with the others sound. `KINDS` says how the argument
is spoilt and whether the error must name an index.
"""

import dataclasses
import inspect

import numpy as np
import pytest

from bihuan_analytics import NumericsError, early_warning, nowcast, reproduction
from bihuan_analytics.early_warning import (
    ScanControl,
    clusters,
    cusum,
    discoveries,
    ears,
    ewma,
    farrington_classic,
    farrington_flexible,
    likelihood_ratio,
    moving_percentile,
    report_silence,
    space_time_scan,
    suspicious_zeros,
    within_budget,
)
from bihuan_analytics.nowcast import (
    bayes_truncation,
    coverage,
    lawless,
    renewal_forecast,
    triangle_of_reports,
    turning_point,
    weighted_interval_score,
)
from bihuan_analytics.reproduction import (
    UncertainInterval,
    cori,
    cori_uncertain,
    discretised_gamma,
    extinction_probability,
    final_size,
    fitted_growth,
    growth_rate,
    offspring_fit,
    reproduction_number,
    share_of_spreaders,
    wallinga_teunis,
)

AREAS = (early_warning, nowcast, reproduction)
WEEKS = np.datetime64("2015-01-05") + 7 * np.arange(330)
DAYS = np.datetime64("2016-01-01") + np.arange(2200)
COUNTS = np.random.default_rng(1).poisson(5, 330).astype(float)
LONG = np.random.default_rng(2).poisson(5, 2200).astype(float)
CASES = np.random.default_rng(3).poisson(20, 40).astype(float)
TRIANGLE = np.where(np.add.outer(np.arange(20), np.arange(5)) <= 19, 6.0, 0.0)
INTERVAL = discretised_gamma(mean=5.0, sd=2.0, length=20)
RAISED = np.arange(40) == 13  # the one that is spoilt
LEVELS = np.array([0.1, 0.5, 0.9])
GRID = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
PLACES = np.array([0, 1, 2, 2])


def rng():
    return np.random.default_rng(0)


def spoilt(kind, sound):
    bad = np.array(sound, dtype=float)
    middle = np.unravel_index(bad.size // 3, bad.shape)
    match kind:
        case "nan":
            bad[middle] = np.nan
        case "infinite":
            bad[middle] = np.inf
        case "negative":
            bad[middle] = -3.0
        case "fractional":
            bad[middle] = 1.5
        case "empty":
            return np.zeros(0)
        case "text":
            return np.full(bad.shape, "x")
        case "objects":
            return [None] * bad.size
        case "ragged":
            return [[1.0], [1.0, 2.0]]
    return bad


def spoilt_dates(kind, sound):
    bad = sound.astype("datetime64[D]").copy()
    match kind:
        case "unsorted":
            bad[[4, 5]] = bad[[5, 4]]
        case "duplicated":
            bad[5] = bad[4]
        case "no date":
            bad[5] = np.datetime64("NaT")
        case "text":
            return np.full(bad.shape, "x")
        case "one too few":
            return bad[1:]
    return bad


COUNT_KINDS = ("nan", "infinite", "negative", "fractional", "empty", "text", "objects", "ragged")
REAL_KINDS = ("nan", "infinite", "text", "objects", "ragged")
DATE_KINDS = ("unsorted", "duplicated", "no date", "text", "one too few")
NAMING = {"nan", "infinite", "negative", "fractional", "unsorted", "duplicated", "no date"}

WITH_COUNTS = {
    "farrington_flexible": (COUNTS, lambda x: farrington_flexible(x, WEEKS, judge=[-1])),
    "farrington_classic": (COUNTS, lambda x: farrington_classic(x, WEEKS, judge=[-1])),
    "moving_percentile": (LONG, lambda x: moving_percentile(x, DAYS, judge=[-1])),
    "ears": (CASES, lambda x: ears(x, method="C3")),
    "cusum": (CASES, lambda x: cusum(x, 20.0)),
    "ewma": (CASES, ewma),
    "likelihood_ratio": (CASES, lambda x: likelihood_ratio(x, 20.0)),
    "suspicious_zeros": (CASES, lambda x: suspicious_zeros(x, 20.0)),
    "cori": (CASES, lambda x: cori(x, INTERVAL)),
    "cori_uncertain": (
        CASES,
        lambda x: cori_uncertain(
            x, UncertainInterval((5.0, 1.0, 3.0, 8.0), (2.0, 0.5, 1.0, 3.0), 5, 5), rng=rng()
        ),
    ),
    "wallinga_teunis": (CASES, lambda x: wallinga_teunis(x, INTERVAL)),
    "fitted_growth": (CASES, fitted_growth),
    "offspring_fit": (CASES, offspring_fit),
    "lawless": (TRIANGLE, lawless),
    "bayes_truncation": (TRIANGLE, lambda x: bayes_truncation(x, rng=rng())),
    "renewal_forecast": (CASES, lambda x: renewal_forecast(x, INTERVAL, rng=rng())),
}
WITH_REALS = {
    "cusum": (CASES, lambda x: cusum(CASES, x)),
    "likelihood_ratio": (CASES, lambda x: likelihood_ratio(CASES, x)),
    "suspicious_zeros": (CASES, lambda x: suspicious_zeros(CASES, x)),
    "space_time_scan": (
        GRID,
        lambda x: space_time_scan(
            PLACES, PLACES, x, now=3, rng=rng(), control=ScanControl(replicates=9)
        ),
    ),
    "within_budget": (CASES, lambda x: within_budget(x, RAISED, budget=3)),
    "discoveries": (CASES / 100, lambda x: discoveries(x, level=0.1)),
    "cori": (INTERVAL, lambda x: cori(CASES, x)),
    "wallinga_teunis": (INTERVAL, lambda x: wallinga_teunis(CASES, x)),
    "renewal_forecast": (INTERVAL, lambda x: renewal_forecast(CASES, x, rng=rng())),
    "reproduction_number": (
        CASES / 100,
        lambda x: reproduction_number(x, mean_interval=5.0, sd_interval=2.0),
    ),
    "growth_rate": (CASES, lambda x: growth_rate(x, mean_interval=5.0, sd_interval=2.0)),
    "extinction_probability": (CASES, lambda x: extinction_probability(x, 0.5)),
    "share_of_spreaders": (CASES, share_of_spreaders),
    "final_size": (CASES, final_size),
    "turning_point": (CASES, turning_point),
    "weighted_interval_score": (
        np.sort(CASES[:3]),
        lambda x: weighted_interval_score(1.0, x, LEVELS),
    ),
    "coverage": (np.sort(CASES[:3]), lambda x: coverage(1.0, x, LEVELS)),
}
WITH_DATES = {
    "farrington_flexible": (WEEKS, lambda d: farrington_flexible(COUNTS, d, judge=[-1])),
    "farrington_classic": (WEEKS, lambda d: farrington_classic(COUNTS, d, judge=[-1])),
    "moving_percentile": (DAYS, lambda d: moving_percentile(LONG, d, judge=[-1])),
}
WITH_OTHERS = {
    "clusters": lambda: clusters([1.5], [1], [1], within_days=3),
    "report_silence": lambda: report_silence([], limit=2),
    "triangle_of_reports": lambda: triangle_of_reports(
        ["2022-03-02"], ["2022-03-01"], now=np.datetime64("2022-03-05"), days=4, longest_delay=2
    ),
    "discretised_gamma": lambda: discretised_gamma(mean=np.nan, sd=1.0, length=9),
}
CASES_OF = [
    *((name, *entry, kind, spoilt) for name, entry in WITH_COUNTS.items() for kind in COUNT_KINDS),
    *((name, *entry, kind, spoilt) for name, entry in WITH_REALS.items() for kind in REAL_KINDS),
    *(
        (name, *entry, kind, spoilt_dates)
        for name, entry in WITH_DATES.items()
        for kind in DATE_KINDS
    ),
]
OPEN = {  # allowed by contract: what is not defined is not kept; a score may be infinite
    ("discoveries", "nan"),
    ("discoveries", "objects"),
    ("within_budget", "infinite"),
}


@pytest.mark.parametrize(
    ("name", "sound", "call", "kind", "spoil"),
    CASES_OF,
    ids=[f"{case[0]}-{case[3]}-{place}" for place, case in enumerate(CASES_OF)],
)
def test_bad_values_are_refused_with_code_and_index(name, sound, call, kind, spoil):
    call(sound)
    if (name, kind) in OPEN:
        kept = np.asarray(call(spoil(kind, sound)))
        assert kept[sound.size // 3] == (kind == "infinite")
        return
    with pytest.raises(NumericsError) as refusal:
        call(spoil(kind, sound))
    assert "." in refusal.value.code
    if kind in NAMING:
        assert "index" in refusal.value.facts, refusal.value


@pytest.mark.parametrize("name", WITH_OTHERS)
def test_other_bad_input_is_refused_with_a_code(name):
    with pytest.raises(NumericsError) as refusal:
        WITH_OTHERS[name]()
    assert "." in refusal.value.code


def test_every_public_function_is_in_the_table():
    functions = {
        name for area in AREAS for name in area.__all__ if inspect.isfunction(getattr(area, name))
    }
    assert functions == {*WITH_COUNTS, *WITH_REALS, *WITH_OTHERS}


def call_or_none(call, values):
    """The answer, or nothing where it was refused with a code."""
    try:
        return call(values)
    except NumericsError:
        return None


@pytest.mark.parametrize("name", WITH_COUNTS)
def test_one_point_gives_an_error_or_says_why_nothing_is_said(name):
    """A single time: refused, or NaN only beside a reason."""
    sound, call = WITH_COUNTS[name]
    found = call_or_none(call, sound[..., :1])
    if found is None:
        return
    for field in dataclasses.fields(found):
        value = getattr(found, field.name)
        if field.name != "p_value" and isinstance(value, np.ndarray) and value.dtype.kind == "f":
            explained = getattr(found, "reason", None)
            assert explained is None or (np.isfinite(value) | (explained != 0)).all()
            assert explained is not None or np.isfinite(value).all()
