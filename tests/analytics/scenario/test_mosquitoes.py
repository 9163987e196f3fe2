"""Mosquito-borne disease: R0, conservation, twin, vector control."""

from dataclasses import replace

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.scenario import Province, Start
from bihuan_analytics.scenario.mosquitoes import (
    Carried,
    VectorControl,
    breteau,
    route_index,
    simulate_carried,
    vector_reproduction,
)

CHIK = Carried(
    bites=0.4,
    to_person=0.5,
    to_mosquito=0.5,
    incubation_days=4.0,
    infectious_days=5.0,
    extrinsic_days=5.0,
    mosquito_days=10.0,
    per_index=0.05,
)
TOWNS = Province(
    people=[[300_000.0], [100_000.0]],
    mobility=[[0.95, 0.05], [0.1, 0.9]],
)
LARGE = Province(people=[[1e12]], mobility=[[1.0]])


def total(control, *, index=20.0, days=150):
    course = simulate_carried(TOWNS, CHIK, index, control, Start([20, 0], days))
    return float(course.infections.sum())


@pytest.mark.parametrize(("reproduction", "grows"), [(0.8, False), (1.0, None), (1.25, True)])
def test_one_is_the_threshold_of_the_formula(reproduction, grows):
    index = reproduction / float(vector_reproduction(CHIK, 1.0))
    course = simulate_carried(LARGE, CHIK, index, VectorControl(), Start([1000], 500))
    growth = course.infections[0, 499, 0] / course.infections[0, 399, 0]
    if grows is None:
        assert growth == pytest.approx(1.0, abs=1e-4)
    else:
        assert (growth > 1.0) == grows


def test_the_formula_is_the_classic_one_where_days_are_short():
    slow = replace(
        CHIK, infectious_days=5000.0, extrinsic_days=5000.0, mosquito_days=10_000.0, bites=4e-4
    )
    m, g, e = 0.05 * 20, 1 / 10_000.0, 1 / 5000.0
    classic = m * 4e-4**2 * 0.25 * e / (e + g) / (g / 5000.0)
    assert float(vector_reproduction(slow, 20.0)) == pytest.approx(classic, rel=1e-3)


def test_nobody_is_lost_and_mosquitoes_keep_their_number():
    control = VectorControl(protection=0.2, screened=0.1)
    start = Start([50, 0], 120, runs=4, immune=0.1)
    course = simulate_carried(TOWNS, CHIK, 20.0, control, start, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(course.final.sum(axis=0), [[300_000, 100_000]] * 4)
    assert (course.final >= 0).all()
    np.testing.assert_allclose(course.mosquitoes[:, -1], [[300_000, 100_000]] * 4, rtol=0.03)
    np.testing.assert_allclose(course.index[:, -1], 20.0, rtol=0.03)


def test_the_mean_of_many_runs_is_the_deterministic_twin():
    start = Start([2000, 500], 60, runs=40)
    runs = simulate_carried(TOWNS, CHIK, 20.0, VectorControl(), start, rng=np.random.default_rng(2))
    twin = simulate_carried(TOWNS, CHIK, 20.0, VectorControl(), replace(start, runs=1))
    np.testing.assert_allclose(
        runs.infections.mean(axis=0).sum(axis=0), twin.infections[0].sum(axis=0), rtol=0.03
    )


@pytest.mark.parametrize(
    "control",
    [
        VectorControl(breeding=0.6),
        VectorControl(killing=0.1),
        VectorControl(protection=0.3),
        VectorControl(screened=0.15),
    ],
)
def test_each_measure_helps(control):
    assert total(control) < 0.8 * total(VectorControl())


def test_control_lowers_the_index_as_fast_as_mosquitoes_die():
    course = simulate_carried(TOWNS, CHIK, 20.0, VectorControl(breeding=0.8), Start([0, 0], 60))
    expected = 4.0 + 16.0 * np.exp(-np.arange(1, 61) / 10.0)
    np.testing.assert_allclose(course.index[0, :, 0], expected, rtol=1e-3)


def test_no_mosquitoes_no_infections():
    assert total(VectorControl(), index=0.0) == 0.0


def test_indices_are_containers_by_houses_and_by_kilometres():
    assert float(breteau(12, 100)) == 12.0
    assert float(route_index(6, 1.5)) == 4.0


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: replace(CHIK, bites=0.0), "array.not_positive"),
        (lambda: replace(CHIK, to_person=1.5), "share.out_of_range"),
        (lambda: VectorControl(breeding=2.0), "share.out_of_range"),
        (lambda: VectorControl(killing=-1.0), "array.negative"),
        (lambda: breteau(1, 0), "array.not_positive"),
        (lambda: vector_reproduction(CHIK, -1.0), "array.negative"),
        (lambda: total(VectorControl(killing=np.zeros((3, 2)))), "measures.shape"),
        (lambda: total(VectorControl(), index=-1.0), "array.negative"),
        (lambda: total(VectorControl(), days=0), "argument.too_small"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
