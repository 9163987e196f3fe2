"""The draws of the province model follow their law, and the plain day is the compiled one."""

import numpy as np
import pytest
from scipy import special

from bihuan_analytics.scenario import (
    Disease,
    Measures,
    Province,
    Start,
    expected_course,
    metapopulation,
    simulate,
)

numba = pytest.importorskip("numba")

ILL = Disease(
    2.2, 2.0, 4.0, severe=[0.01, 0.08], critical=[0.2, 0.4], ward_death=0.1, icu_death=0.4
)
TWO = Province(
    people=[[30_000, 10_000], [8_000, 4_000]],
    mobility=[[0.9, 0.1], [0.2, 0.8]],
    contacts=[[9.0, 2.0], [3.0, 3.0]],
)
BUSY = Measures(
    contact_reduction=0.2,
    travel_reduction=0.3,
    detection=0.1,
    detection_capacity=60,
    traced_share=0.4,
    tracing_capacity=20,
    doses=100,
    efficacy=0.8,
)
START = Start([200, 0], 60, runs=30)


@pytest.fixture(scope="module")
def sample():
    from bihuan_analytics.draws import keyed
    from bihuan_analytics.scenario.counting import drawn

    @numba.njit(error_model="numpy")
    def many(number, chance, size):
        found = np.empty(size)
        for place in range(size):
            found[place] = drawn(number, chance, keyed(np.uint64(5), place, 3), 1)
        return found

    return many


@pytest.mark.parametrize(
    ("number", "chance"),
    [(1, 0.3), (3, 0.7), (20, 0.2), (60, 0.2), (500, 0.9), (1e6, 3e-6), (1e6, 1e-4), (1e7, 0.02)],
)
def test_draws_follow_the_binomial_law(sample, number, chance):
    found = np.sort(sample(float(number), chance, 20_000))
    values = np.unique(found)
    law = special.bdtr(values, int(number), chance)
    seen = np.searchsorted(found, values, side="right") / found.size
    assert np.abs(law - seen).max() < 0.014  # 1.95 / sqrt(20,000): once in a thousand by chance
    assert found.mean() == pytest.approx(number * chance, rel=0.02)


def test_the_plain_day_gives_the_same_expectation_and_law(monkeypatch):
    compiled, luck = expected_course(TWO, ILL, BUSY, START), np.random.default_rng(1)
    runs = simulate(TWO, ILL, BUSY, START, rng=luck)
    monkeypatch.setattr(metapopulation, "find_spec", lambda name: None)
    plain = expected_course(TWO, ILL, BUSY, START)
    drawn = simulate(TWO, ILL, BUSY, START, rng=luck)
    for name in ("infections", "found", "deaths", "infectious", "ward", "icu", "doses"):
        np.testing.assert_allclose(
            getattr(plain, name), getattr(compiled, name), rtol=1e-9, atol=1e-9
        )
    assert drawn.infections.mean() == pytest.approx(runs.infections.mean(), rel=0.05)
    np.testing.assert_array_equal(drawn.final.total()[0], TWO.people)


def test_measures_of_each_run_give_what_shared_ones_give():
    shared = expected_course(TWO, ILL, BUSY, START)
    each = Measures(
        contact_reduction=np.full((60, 30, 2), 0.2),
        travel_reduction=np.full((60, 30, 2), 0.3),
        detection=np.full((60, 30, 2), 0.1),
        detection_capacity=60,
        traced_share=0.4,
        tracing_capacity=20,
        doses=100,
        efficacy=0.8,
    )
    own = expected_course(TWO, ILL, each, START)
    np.testing.assert_allclose(own.infections, shared.infections, rtol=1e-9)


def test_few_links_and_many_give_the_same_force():
    """One area linked to two of thirty: the sparse product is the dense one."""
    mobility = np.eye(30)
    mobility[0, :3] = 0.9, 0.06, 0.04
    people = np.full((30, 1), 1000.0)
    start = Start(np.r_[50, np.zeros(29)], 40)
    sparse = expected_course(Province(people, mobility), ILL1, Measures(), start)
    few = expected_course(Province(people[:3], mobility[:3, :3]), ILL1, Measures(), SMALL)
    np.testing.assert_allclose(sparse.infections[..., :3], few.infections, rtol=1e-9)


ILL1 = Disease(2.2, 2.0, 4.0)
SMALL = Start([50, 0, 0], 40)
