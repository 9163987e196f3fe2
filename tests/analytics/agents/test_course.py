"""The agent model: conservation, common limit with the province model, direction of measures."""

import subprocess
import sys

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.agents import (
    Contacts,
    Illness,
    Response,
    city_of,
    simulate_city,
    synthetic_city,
)
from bihuan_analytics.reproduction import final_size
from bihuan_analytics.scenario import Disease, Measures, Province, Start, expected_course, simulate

MIXED = Contacts(household=0.0, school=0.0, work=0.0, town=8.0)
FLU = Disease(
    reproduction=2.2,
    latent_days=2.0,
    infectious_days=4.0,
    severe=0.05,
    critical=0.4,
    ward_death=0.05,
    icu_death=0.4,
)
OPEN = Illness(FLU)
ALL = Response(
    school=0.3,
    work=0.2,
    town=0.3,
    travel=0.2,
    compliance=0.8,
    testing=0.3,
    screening=0.02,
    sensitivity=0.9,
    result_days=1,
    tests=300,
    traced=(0.9, 0.6, 0.2, 0.5),
    trace_days=1,
    tracers=8,
    places=150,
    doses=100,
    efficacy=0.7,
)


@pytest.fixture(scope="module")
def city():
    return synthetic_city([12_000, 8_000], rng=np.random.default_rng(1))


def course(city, response=None, *, illness=OPEN, contacts=None, exposed=(20, 0), days=80, **more):
    return simulate_city(
        city,
        illness,
        contacts or Contacts(),
        response or Response(),
        Start(np.asarray(exposed), days, **more),
        rng=np.random.default_rng(5),
    )


def total(city, response=None, **how):
    return float(course(city, response, runs=3, **how).infections.sum()) / 3


def test_nobody_is_lost_whatever_is_done(city):
    found = course(city, ALL, runs=2, immune=0.1)
    people = city.by_zone_and_age()
    np.testing.assert_array_equal(found.final.sum(axis=2), [people.sum(axis=1)] * 2)
    dead = found.deaths.sum(axis=1)
    np.testing.assert_array_equal(found.final[:, :, 6], dead)
    beds = found.final[:, :, 4] + found.final[:, :, 5]
    np.testing.assert_array_equal(beds, found.ward[:, -1] + found.icu[:, -1])
    np.testing.assert_array_equal(found.final[:, :, 2], found.infectious[:, -1])


def test_every_infection_has_one_setting_and_one_infector(city):
    found = course(city, ALL, runs=2)
    infections = found.infections.sum(axis=2)
    np.testing.assert_array_equal(found.settings.sum(axis=2), infections)
    assert found.caused.sum() == infections.sum()
    assert found.cohort.sum() == infections.sum() + 40


def test_capacities_are_kept(city):
    found = course(city, ALL, runs=2)
    assert (found.tests <= 300).all()
    assert found.tests.max() > 280
    assert 5 < found.traced.sum(axis=2).max() <= 8
    assert found.doses.sum(axis=2).max() == 200


def test_well_mixed_persons_are_the_province_model():
    city = synthetic_city(60_000, rng=np.random.default_rng(2))
    start = Start([600], 90, runs=6)
    agents = simulate_city(city, OPEN, MIXED, Response(), start, rng=np.random.default_rng(3))
    twin = expected_course(Province([[60_000.0]], [[1.0]]), FLU, Measures(), start)
    assert agents.deaths.sum() / 6 == pytest.approx(twin.deaths[0].sum(), rel=0.1)
    for name in ("infections", "infectious", "icu"):
        mean = getattr(agents, name).mean(axis=0)[:, 0]
        expected = getattr(twin, name)[0, :, 0]
        assert np.abs(mean - expected).max() < 0.06 * expected.max() + 1.0, name


def test_zones_with_travel_are_the_province_model_with_areas():
    people = np.array([40_000, 20_000, 10_000])
    mobility = [[0.9, 0.08, 0.02], [0.05, 0.9, 0.05], [0.0, 0.1, 0.9]]
    city = synthetic_city(people, rng=np.random.default_rng(4))
    start = Start([400, 0, 0], 70, runs=8)
    calm = np.where(np.arange(70) >= 20, 0.4, 0.0)[:, None]
    agents = simulate_city(
        city,
        OPEN,
        MIXED,
        Response(town=calm, travel=0.3),
        start,
        rng=np.random.default_rng(5),
        mobility=mobility,
    )
    twin = expected_course(
        Province(people[:, None].astype(float), mobility),
        FLU,
        Measures(contact_reduction=calm, travel_reduction=0.3),
        start,
    )
    np.testing.assert_allclose(
        agents.infections.mean(axis=0).sum(axis=0), twin.infections[0].sum(axis=0), rtol=0.08
    )


def test_finding_the_infectious_is_that_of_the_province_model():
    city = synthetic_city(50_000, rng=np.random.default_rng(2))
    start = Start([500], 80, runs=6)
    response = Response(testing=0.15, contact_testing=0.0)
    agents = simulate_city(city, OPEN, MIXED, response, start, rng=np.random.default_rng(3))
    twin = simulate(
        Province([[50_000.0]], [[1.0]]),
        FLU,
        Measures(detection=0.15),
        start,
        rng=np.random.default_rng(4),
    )
    for name in ("infections", "found"):
        ours, theirs = (getattr(result, name).sum() for result in (agents, twin))
        assert ours == pytest.approx(theirs, rel=0.06), name


@pytest.mark.parametrize("reproduction", [1.5, 3.0])
def test_without_measures_the_final_size_is_that_of_theory(reproduction):
    city = synthetic_city(50_000, rng=np.random.default_rng(2))
    illness = Illness(Disease(reproduction, 2.0, 4.0), latent_shape=3.0, infectious_shape=2.0)
    found = course(city, illness=illness, contacts=MIXED, exposed=[50], days=320)
    assert found.infections.sum() / 50_000 == pytest.approx(final_size(reproduction), abs=0.015)


def test_partial_compliance_lowers_contacts_by_the_share_that_complies():
    """At the start all contacts fall by the product of reduction and compliance."""
    city = synthetic_city(50_000, rng=np.random.default_rng(2))
    how = {"contacts": MIXED, "exposed": [5000], "days": 2, "runs": 4}
    free = course(city, **how).infections.sum()
    for compliance in (0.5, 1.0):
        held = course(city, Response(town=0.4, compliance=compliance), **how).infections.sum()
        assert held / free == pytest.approx(1 - 0.4 * compliance, abs=0.05)


def test_a_few_spread_most_where_dispersion_is_small(city):
    even, odd = (
        course(city, illness=Illness(FLU, dispersion=k), exposed=[1, 0], days=60, runs=60)
        for k in (np.inf, 0.1)
    )
    died = [(found.infections.sum(axis=(1, 2)) < 30).mean() for found in (even, odd)]
    assert died[1] > died[0] + 0.3


@pytest.mark.parametrize(
    "response",
    [
        Response(school=0.9),
        Response(work=0.6),
        Response(town=0.6),
        Response(testing=0.2),
        Response(screening=0.15),
        Response(doses=500, efficacy=0.8),
    ],
)
def test_each_measure_helps(city, response):
    assert total(city, response, days=60) < 0.97 * total(city, days=60)


def test_tracing_helps_beyond_testing_and_delay_costs(city):
    tested = Response(testing=0.3, contact_testing=0.0)
    traced = Response(testing=0.3, traced=(1.0, 0.8, 0.4, 0.4))
    late = Response(testing=0.3, traced=(1.0, 0.8, 0.4, 0.4), trace_days=4, result_days=2)
    few = Response(testing=0.3, traced=(1.0, 0.8, 0.4, 0.4), tracers=2)
    sizes = [total(city, response, days=60) for response in (traced, late, tested)]
    assert sizes[0] < 0.7 * sizes[2]
    assert sizes[0] < sizes[1]
    assert sizes[0] < total(city, few, days=60)


def test_homes_pass_on_what_places_keep_in(city):
    kept = Response(testing=0.5, traced=(1.0, 0.5, 0.2, 0.2))
    at_home = Response(testing=0.5, traced=(1.0, 0.5, 0.2, 0.2), places=0)
    within = [course(city, r, runs=3, days=40).settings[..., 0].sum() for r in (kept, at_home)]
    assert within[0] < within[1]


def test_a_visit_infects_only_those_who_are_there_at_the_time():
    person = np.arange(300)
    zone = person // 200
    enter = np.where(zone == 0, 600, 900) + 1440 * 5
    city = city_of(
        person,
        np.ones(300, dtype=int),
        np.full(300, -1),
        [],
        zone=zone,
        visits=(person, np.zeros(300, dtype=int), enter, enter + 120),
    )
    found = course(
        city,
        illness=Illness(Disease(1e-9, 0.1, 300.0)),
        contacts=Contacts(0.0, 0.0, 0.0, 1.0, visit_hour=1e12),
        exposed=[100, 0],
        days=8,
    )
    assert found.infections[0, 5].tolist() == [100, 0]
    assert found.settings[0, 5].tolist() == [0, 0, 0, 100]
    assert found.infections.sum() == 100


def test_the_same_seed_gives_the_same_course_and_runs_do_not_depend_on_their_number(city):
    one, two = (course(city, ALL, runs=runs) for runs in (1, 3))
    np.testing.assert_array_equal(one.infections[0], two.infections[0])


def test_scenarios_share_their_luck_until_they_differ(city):
    late = Response(town=np.where(np.arange(80) >= 30, 0.8, 0.0)[:, None])
    free, held = course(city), course(city, late)
    np.testing.assert_array_equal(free.infections[:, :30], held.infections[:, :30])
    assert held.infections[:, 30:].sum() < free.infections[:, 30:].sum()


SMALL = """
import sys
{numba}
import numpy as np
from bihuan_analytics.agents import *
from bihuan_analytics.scenario.world import Disease, Start
city = synthetic_city(150, rng=np.random.default_rng(1))
response = Response(town=0.1, compliance=0.5, testing=0.3, screening=0.1, traced=(1, .5, .2, .5))
found = simulate_city(city, Illness(Disease(2.5, 2.0, 4.0), dispersion=0.5), Contacts(), response,
                      Start(np.array([5]), 15), rng=np.random.default_rng(2))
print(found.infections.sum(axis=(0, 2)).tolist(), found.quarantined.sum())
"""


def test_the_loops_give_the_same_numbers_without_the_compiler():
    said = [
        subprocess.run(
            [sys.executable, "-c", SMALL.format(numba=line)],
            check=True,
            capture_output=True,
            text=True,
            timeout=300,
        ).stdout
        for line in ("", "sys.modules['numba'] = None")
    ]
    assert said[0] == said[1]
    assert "[" in said[0]


BAD = [
    (lambda: city_of([0, 1, 0], [1] * 3, [-1] * 3, []), "city.unsorted"),
    (lambda: city_of([0, 0], [1, 1], [0, 1], [True]), "city.out_of_range"),
    (lambda: city_of([0, 0], [1, 300], [-1, -1], []), "city.out_of_range"),
    (lambda: city_of([0, 0], [1], [-1, -1], []), "city.shape"),
    (lambda: city_of(np.zeros(0, dtype=int), [], [], []), "array.empty"),
    (lambda: city_of([0.5], [1], [-1], []), "array.not_whole"),
    (
        lambda: city_of([0], [1], [-1], [], visits=([0, 0], [1, 1], [0, 5], [10, 8])),
        "visit.overlap",
    ),
    (
        lambda: city_of([0], [1], [-1], [], visits=([0], [1], [10], [10])),
        "visit.leave_before_enter",
    ),
    (lambda: city_of([0], [1], [-1], [], visits=([0], [1, 2], [1], [10])), "visit.shape"),
    (lambda: synthetic_city(0, rng=np.random.default_rng(1)), "city.out_of_range"),
    (lambda: synthetic_city(9, rng=np.random.default_rng(1), employed=2), "city.out_of_range"),
    (lambda: Response(town=1.2), "share.out_of_range"),
    (lambda: Response(tests=-1), "array.negative"),
    (lambda: Response(traced=(1.0,)), "measures.shape"),
    (lambda: Illness(FLU, dispersion=0.0), "array.not_positive"),
    (lambda: Contacts(household=-1.0), "array.negative"),
]
TWO = synthetic_city([50, 50], rng=np.random.default_rng(1))
BAD_RUNS = [
    ({"contacts": Contacts(0.0, 0.0, 0.0, 0.0)}, "contacts.none"),
    ({"response": Response(town=np.zeros((3, 2)))}, "measures.shape"),
    ({"illness": Illness(FLU, symptomatic=[0.5, 0.5])}, "measures.shape"),
    ({"exposed": (60, 0)}, "start.above_people"),
    ({"exposed": (1, 0, 0)}, "start.shape"),
    ({"days": 0}, "argument.too_small"),
]


@pytest.mark.parametrize(
    ("call", "code"),
    BAD + [(lambda how=how: course(TWO, **how), code) for how, code in BAD_RUNS],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
