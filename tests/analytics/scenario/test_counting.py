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

from bihuan_analytics.scenario.binomial import (  # noqa: E402 - needs the compiler
    LISTS,
    MOST,
    ROOM,
    WIDE,
    draw,
    power_of_e,
)
from bihuan_analytics.scenario.counting import infected  # noqa: E402

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

    @numba.njit(error_model="numpy")
    def many(number, chance, size):
        keys, laws = np.empty(size, dtype=np.uint64), np.empty((2, size))
        laws[0], laws[1] = chance, np.log(max(chance, 1.0 - chance))
        for place in range(size):
            keys[place] = keyed(np.uint64(5), place, 3)
        room, slots = np.empty((ROOM, size)), np.empty((LISTS, size), dtype=np.uint32)
        found = np.empty(size)
        desk = keys, np.empty((1, size)), laws, room, slots
        draw(np.full(size, number), desk, 1, found)
        return found

    assert 2 * WIDE + 12 * np.sqrt(2 * WIDE) < MOST
    return many


@pytest.mark.parametrize(
    ("number", "chance"),
    [
        (1, 0.3),
        (3, 0.7),
        (7, 1.0),
        (20, 0.2),
        (45, 0.5),
        (60, 0.2),
        (12, 0.95),
        (80, 0.9),
        (500, 0.9),
        (1e6, 3e-6),
        (1e6, 1.1e-5),
        (1e6, 1.3e-5),
        (1e6, 1e-4),
        (1e7, 0.02),
    ],
)
def test_draws_follow_the_binomial_law(sample, number, chance):
    found = np.sort(sample(float(number), chance, 200_000))
    values = np.unique(found)
    law = special.bdtr(values, int(number), chance)
    seen = np.searchsorted(found, values, side="right") / found.size
    assert np.abs(law - seen).max() < 0.0044  # 1.95 / sqrt(200,000): once in a thousand by chance
    assert found.mean() == pytest.approx(number * chance, rel=0.01)


@pytest.mark.parametrize("variance", [8.0, 20.0, 50.0, 1e4])
@pytest.mark.parametrize("chance", [1e-6, 0.01, 0.2, 0.5, 0.8, 0.99])
def test_the_normal_law_is_nowhere_off_by_more_than_a_ten_thousandth(variance, chance):
    """The number next to a rising curve of z: where it passes a half gives the chance of a count."""
    from bihuan_analytics.scenario import binomial

    number = np.ceil(variance / (chance * (1.0 - chance)))
    z = np.linspace(-8.0, 8.0, 20_001)
    spread = getattr(binomial.spread, "py_func", binomial.spread)
    found = np.array([spread(number, chance, each) for each in z])
    assert (np.diff(found[np.abs(z) < 6]) >= 0).all()
    changes = np.flatnonzero(np.diff(found) > 0)
    law = special.betaincc(found[changes] + 1.0, number - found[changes], chance)
    reached = special.ndtr([z[changes], z[changes + 1]])
    off = np.maximum(reached[0] - law, law - reached[1])  # z is known to its step only
    assert off.max() < 1e-4


def test_normal_numbers_are_normal_far_out_too():
    from bihuan_analytics.draws import mixed, normal

    @numba.njit
    def many(size):
        found = np.empty(size)
        for place in range(size):
            found[place] = normal(mixed(np.uint64(place)))
        return found

    found = np.sort(many(2_000_000))
    seen = np.arange(1, found.size + 1) / found.size
    assert np.abs(special.ndtr(found) - seen).max() < 0.0014  # 1.95 / sqrt(2,000,000)
    for far in (2.0, 3.0, 3.7, 4.2):
        expected = 2.0 * special.ndtr(-far) * found.size
        assert (np.abs(found) > far).sum() == pytest.approx(expected, abs=4 * np.sqrt(expected))


@numba.njit
def _curve():
    grid = -np.linspace(0.0, 79.0, 4_000)
    found = np.empty(grid.size)
    for place in range(grid.size):
        found[place] = power_of_e(grid[place])
    return grid, found


def test_the_power_of_e_needs_no_library():
    grid, found = _curve()
    np.testing.assert_allclose(found, np.exp(grid), rtol=1e-10)


def test_the_logarithm_of_the_rest_needs_no_library():
    from bihuan_analytics.scenario import counting

    laws = np.vstack([np.linspace(0.0, 1.0, 1001), np.zeros(1001)])
    getattr(counting.rest_of, "py_func", counting.rest_of)(laws)
    np.testing.assert_allclose(laws[1], np.log(np.maximum(laws[0], 1 - laws[0])), rtol=1e-11)


@numba.njit
def _expected(numbers, force):
    found = np.zeros(numbers.size)
    room, slots = np.zeros((ROOM, numbers.size)), np.zeros((LISTS, numbers.size), dtype=np.uint32)
    desk = np.empty(0, dtype=np.uint64), np.zeros((1, 1)), np.zeros((2, numbers.size)), room, slots
    some = infected(numbers, force, desk, 0, found)
    return some, found


def test_the_chance_of_infection_is_that_of_its_force_however_small():
    force = np.r_[0.0, np.logspace(-14, 1, 200)]
    some, found = _expected(np.ones(force.size), force)
    assert some
    np.testing.assert_allclose(found, -np.expm1(-force), rtol=1e-9)
    nobody, _ = _expected(np.zeros(force.size), force)
    assert not nobody


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
