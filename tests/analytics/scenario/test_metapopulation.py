"""The province model: conservation, limits, direction of measures, published anchors."""

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.reproduction import final_size
from bihuan_analytics.scenario import (
    Disease,
    Measures,
    Province,
    Start,
    expected_course,
    simulate,
)
from bihuan_analytics.scenario.mixing import Mixing

CITY = Province(people=[[1e6]], mobility=[[1.0]])
MOBILITY = np.array([[0.9, 0.08, 0.02], [0.05, 0.9, 0.05], [0.0, 0.1, 0.9]])
THREE = Province(
    people=[[300_000, 100_000], [80_000, 40_000], [50_000, 30_000]],
    mobility=MOBILITY,
    contacts=[[9.0, 2.0], [3.0, 3.0]],
)
FLU = Disease(
    reproduction=2.2,
    latent_days=2.0,
    infectious_days=4.0,
    severe=[0.01, 0.08],
    critical=[0.2, 0.4],
    ward_death=0.02,
    icu_death=0.4,
)


def seeds(number=20, areas=3):
    return np.r_[number, np.zeros(areas - 1)]


def total(measures, *, disease=FLU, days=150):
    course = expected_course(THREE, disease, measures, Start(seeds(), days))
    return float(course.infections.sum())


@pytest.mark.parametrize("reproduction", [1.5, 2.5, 4.0])
def test_without_measures_the_final_size_is_that_of_theory(reproduction):
    disease = Disease(reproduction, latent_days=3, infectious_days=5)
    course = expected_course(CITY, disease, Measures(), Start([1], 900))
    assert course.infections.sum() / 1e6 == pytest.approx(final_size(reproduction), rel=1e-5)


def test_nobody_is_lost_whatever_is_done():
    measures = Measures(
        contact_reduction=0.3,
        travel_reduction=0.5,
        detection=0.2,
        detection_capacity=50,
        traced_share=0.5,
        doses=2000,
        efficacy=0.8,
    )
    start = Start(seeds(), 100, runs=5)
    people = np.asarray(THREE.people)
    random = simulate(THREE, FLU, measures, start, rng=np.random.default_rng(1))
    np.testing.assert_array_equal(random.final.total(), np.broadcast_to(people, (5, 3, 2)))
    mean = expected_course(THREE, FLU, measures, start)
    np.testing.assert_allclose(mean.final.total()[0], people)
    for part in (random.final.susceptible, random.final.failed, random.final.exposed):
        assert (part >= 0).all()


def test_the_mean_of_many_runs_is_the_deterministic_twin():
    measures = Measures(contact_reduction=0.2, detection=0.1, traced_share=0.3)
    start = Start(seeds(3000), 60, runs=60)
    runs = simulate(THREE, FLU, measures, start, rng=np.random.default_rng(2))
    mean = expected_course(THREE, FLU, measures, start)
    np.testing.assert_allclose(
        runs.infections.mean(axis=0).sum(axis=0), mean.infections[0].sum(axis=0), rtol=0.03
    )
    np.testing.assert_allclose(runs.icu.mean(axis=0)[-1], mean.icu[0, -1], rtol=0.1)


def test_the_same_seed_gives_the_same_course():
    start = Start(seeds(), 40, runs=3)
    one, two = (
        simulate(THREE, FLU, Measures(detection=0.1), start, rng=np.random.default_rng(7))
        for _ in range(2)
    )
    np.testing.assert_array_equal(one.infections, two.infections)


def test_the_force_on_a_run_does_not_depend_on_how_many_there_are():
    rng = np.random.default_rng(3)
    away = rng.random((60, 60)) / 600.0
    province = Province(np.full((60, 1), 9e4), away + np.diag(1.0 - away.sum(axis=1))).checked()
    quiet = np.zeros((90, 60))
    infectious = np.floor(rng.random((50, 1, 60)) * 1000)
    some, more = (
        Mixing(province, 0.4, quiet, quiet, drawn=True).force(infectious[:runs], 0)
        for runs in (3, 50)
    )
    np.testing.assert_array_equal(some, more[:3])


def test_a_single_seed_dies_out_as_often_as_theory_says():
    start = Start([1], 120, runs=600)
    disease = Disease(reproduction=1.8, latent_days=1.0, infectious_days=6.0)
    course = simulate(CITY, disease, Measures(), start, rng=np.random.default_rng(3))
    died = (course.infections.sum(axis=(1, 2)) < 100).mean()
    end = -np.expm1(-1 / 6)  # offspring: Poisson(1.8 end) a day for a geometric number of days
    q = 0.0
    for _ in range(500):
        escape = np.exp(-1.8 * end * (1 - q))
        q = end * escape / (1 - (1 - end) * escape)
    assert died == pytest.approx(q, abs=0.05)


@pytest.mark.parametrize(
    "stronger",
    [
        Measures(contact_reduction=0.4),
        Measures(detection=0.1),
        Measures(detection=0.05, traced_share=0.8),
        Measures(doses=5000, efficacy=0.7),
    ],
)
def test_each_measure_helps(stronger):
    assert total(stronger) < total(Measures())


def test_tracing_helps_beyond_detection_and_capacity_limits_it():
    found = total(Measures(detection=0.2))
    traced = total(Measures(detection=0.2, traced_share=0.7))
    limited = total(Measures(detection=0.2, traced_share=0.7, tracing_capacity=0.5))
    narrow = total(Measures(detection=0.2, detection_capacity=5))
    assert traced < limited < found < narrow


def test_travel_bans_delay_the_other_areas():
    free = expected_course(THREE, FLU, Measures(), Start(seeds(), 60))
    closed = expected_course(THREE, FLU, Measures(travel_reduction=0.98), Start(seeds(), 60))
    assert (
        closed.infections[0, :40, 1:].sum(axis=0) < free.infections[0, :40, 1:].sum(axis=0) / 4
    ).all()
    sealed = expected_course(THREE, FLU, Measures(travel_reduction=1.0), Start(seeds(), 60))
    assert sealed.infections[0, :, 1:].sum() == 0


def test_measures_one_two_three_weeks_earlier_follow_the_published_gradient():
    rate = np.log(1 / 0.34) / 7  # -66 % a week, Lai et al. 2020
    latent, infectious = 3.0, 4.0
    leave = [-np.expm1(-1 / d) for d in (latent, infectious)]
    number = (1 + np.expm1(rate) / leave[0]) * (1 + np.expm1(rate) / leave[1])
    disease = Disease(float(number), latent, infectious)
    sizes = []
    for day in (56, 49, 42, 35):
        reduction = np.r_[np.zeros(day), np.full(160 - day, 0.9)][:, None]
        course = expected_course(
            Province(people=[[5e8]], mobility=[[1.0]]),
            disease,
            Measures(contact_reduction=reduction),
            Start([10], 160),
        )
        sizes.append(course.infections.sum())
    fall = 1 - np.array(sizes[1:]) / sizes[0]
    np.testing.assert_allclose(fall, [0.66, 0.88, 0.96], atol=0.03)


def test_the_oldest_are_dosed_first_and_nobody_twice():
    course = expected_course(
        THREE, FLU, Measures(doses=10_000, efficacy=0.9), Start(np.zeros(3), 60)
    )
    given = course.doses[0]
    assert given[:, 0].sum() == 400_000
    assert (given[:13, 2] <= 10_000).all()
    np.testing.assert_allclose(course.final.recovered[0] / np.asarray(THREE.people), 0.9)


def test_overload_counts_days_above_the_beds():
    course = expected_course(THREE, FLU, Measures(), Start(seeds(), 150))
    assert (course.overload(np.array([10.0, 10.0, 10.0])) > 0).all()
    assert (course.overload(1e9) == 0).all()


def test_restricted_person_days_are_what_was_asked_of_people():
    course = expected_course(THREE, FLU, Measures(contact_reduction=0.25), Start(seeds(), 10))
    assert course.restricted == pytest.approx(0.25 * 600_000 * 10)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: Province([[10.0]], [[0.9]]).checked(), "mobility.not_one"),
        (lambda: Province([[10.0]], [[1.0, 0.0]]).checked(), "province.shape"),
        (lambda: Province([[0.0]], [[1.0]]).checked(), "array.not_positive"),
        (lambda: Disease(0.0, 1.0, 1.0), "array.not_positive"),
        (lambda: Disease(1.0, 1.0, 1.0, severe=1.5), "share.out_of_range"),
        (lambda: Measures(contact_reduction=-0.1), "share.out_of_range"),
        (lambda: Measures(doses=-1), "array.negative"),
        (lambda: Measures(tracing_capacity=-1), "array.negative"),
        (
            lambda: expected_course(CITY, FLU, Measures(detection=np.zeros((3, 2))), Start([1], 3)),
            "measures.shape",
        ),
        (lambda: expected_course(THREE, FLU, Measures(), Start([1], 3)), "start.shape"),
        (lambda: expected_course(CITY, FLU, Measures(), Start([2e6], 3)), "start.above_people"),
        (lambda: expected_course(CITY, FLU, Measures(), Start([1], 0)), "argument.too_small"),
    ],
)
def test_bad_input_is_refused_by_name(call, code):
    with pytest.raises(NumericsError) as refusal:
        call()
    assert refusal.value.code == code
