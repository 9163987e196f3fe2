"""Rounds of mass testing: what the clock says, and which stage holds it up."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.screening import RoundPlan, forecast_round

PLAN = RoundPlan(
    people=80_000,
    arrivals=np.full(8, 1 / 8),
    samplers=100,
    per_sampler=100.0,
    pool=10,
    prevalence=0.0,
    transport_hours=1.0,
    laboratory=[1000.0],
    turnaround_hours=4.0,
)


def forecast(**changes):
    return forecast_round(replace(PLAN, **changes), rng=np.random.default_rng(1), rounds=50)


def test_a_round_that_flows_is_over_soon_after_the_last_arrival():
    found = forecast(laboratory=[5000.0])
    np.testing.assert_allclose(found.sampled, 8.0, atol=0.6)
    np.testing.assert_allclose(found.finished, found.sampled + 1 + 4, atol=0.5)
    assert found.bottleneck == "arrival"
    np.testing.assert_allclose(found.tests, 8000)


def test_a_slow_laboratory_takes_what_its_rate_says():
    found = forecast(laboratory=[400.0])
    np.testing.assert_allclose(found.finished, 1 + 8000 / 400 + 4, atol=0.5)
    assert found.bottleneck == "laboratory"


def test_few_samplers_hold_the_round_up():
    found = forecast(samplers=40, laboratory=[5000.0])
    np.testing.assert_allclose(found.sampled, 80_000 / 4000, atol=0.3)
    assert found.bottleneck == "sampling"
    np.testing.assert_allclose(found.longest_wait, 12, atol=0.5)


def test_infection_brings_retests_and_later_results():
    clean, dirty = forecast(), forecast(prevalence=0.005)
    extra = 8000 * (1 - 0.995**10) * 10
    assert (dirty.tests - clean.tests).mean() == pytest.approx(extra, rel=0.03)
    assert (dirty.finished > clean.finished).all()


def test_a_laboratory_curve_is_followed_hour_by_hour():
    found = forecast(laboratory=[0.0] * 20 + [5000.0])
    assert (found.finished > 25).all()


def test_what_cannot_be_done_within_the_limit_is_infinite():
    found = forecast(laboratory=[10.0])
    assert np.isinf(found.finished).all()
    assert found.bottleneck == "laboratory"
    assert (found.finished <= 24).mean() == 0


def test_the_same_seed_gives_the_same_round():
    np.testing.assert_array_equal(
        forecast(prevalence=0.01).finished, forecast(prevalence=0.01).finished
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"people": 0}, "round.impossible"),
        ({"people": 10.5}, "round.impossible"),
        ({"people": np.nan}, "round.impossible"),
        ({"pool": 2.5}, "round.impossible"),
        ({"turnaround_hours": np.nan}, "round.impossible"),
        ({"prevalence": np.nan}, "round.impossible"),
        ({"arrivals": [np.nan, 1.0]}, "array.not_finite"),
        ({"samplers": 0}, "round.impossible"),
        ({"prevalence": 1.5}, "round.impossible"),
        ({"transport_hours": -1.0}, "round.impossible"),
        ({"arrivals": [0.5, 0.4]}, "round.arrivals"),
        ({"arrivals": np.full(200, 1 / 200)}, "round.arrivals"),
        ({"laboratory": [-1.0]}, "array.negative"),
    ],
)
def test_bad_plans_are_refused_by_name(changes, code):
    with pytest.raises(NumericsError) as refusal:
        forecast(**changes)
    assert refusal.value.code == code
