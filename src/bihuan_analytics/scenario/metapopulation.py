"""An epidemic in the areas of a province, day by day, with measures: many runs, or the mean."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats
from bihuan_analytics.scenario.layout import (
    ICU,
    ISOLATED,
    RECOVERED,
    WARD,
    Chances,
    E,
    I,
    Region,
    S,
    Today,
)
from bihuan_analytics.scenario.mixing import Mixing
from bihuan_analytics.scenario.world import CheckedProvince, Disease, Measures, Province, Start
from bihuan_analytics.seeds import seeds_of

LINES = ("infections", "found", "deaths", "infectious", "ward", "icu", "doses")


@dataclass(slots=True)
class State:
    """Persons in each state, shape (R, P, A): susceptible, dosed in vain, exposed, infectious,
    isolated, recovered or immune, in a ward, in intensive care, dead. undosed: offered no dose yet.
    """

    susceptible: Floats
    failed: Floats
    exposed: Floats
    infectious: Floats
    isolated: Floats
    recovered: Floats
    ward: Floats
    icu: Floats
    dead: Floats

    def total(self) -> Floats:
        """All persons, which no step may change."""
        everyone: Floats = np.sum([getattr(self, field.name) for field in fields(self)], axis=0)
        return everyone


@dataclass(frozen=True, slots=True)
class Course:
    """What happened, shape (R, days, P), all ages: infections, found cases and deaths of the day;
    infectious, ward and icu at its end. doses: given. final: persons by state at the end.
    restricted: person-days of contact reduction, all areas and days, shape (R,).
    """

    infections: Floats
    found: Floats
    deaths: Floats
    infectious: Floats
    ward: Floats
    icu: Floats
    doses: Floats
    final: State
    restricted: Floats

    def overload(self, beds: Floats | float) -> Floats:
        """Days on which intensive care needs more than its beds (P,), shape (R, P)."""
        days: Floats = (self.icu > beds).sum(axis=1).astype(np.float64)
        return days


def simulate(
    province: Province,
    disease: Disease,
    measures: Measures,
    start: Start,
    *,
    rng: np.random.Generator,
) -> Course:
    """Stochastic course: every transition is a binomial draw.

    A day: contacts happen where people spend it; a susceptible is infected with probability
    1 - exp(-lambda), lambda = sum_j M_ij beta (1 - c_j) sum_b C_ab I_jb / N_jb; the exposed become
    infectious and the infectious recover with probabilities 1 - exp(-1/duration); part of the
    infectious are found and isolated, part of the exposed traced; a share of those who recover
    goes through a ward or intensive care instead. beta follows from R0 and the contact matrix.
    One seed for each run is drawn from rng; every area, transition and day then has a draw of its
    own, so that candidates with the same rng state share their luck. A draw is exact below a
    variance of 8; above it is that of a normal number bent to the binomial cumulants up to the
    fifth, whose distribution function is nowhere off by more than 1e-4.

    Args:
        province, disease, measures, start: see there; people and exposed are whole.
        rng: source of the draws.

    Returns:
        Course with R = start.runs.

    Raises:
        NumericsError: "province.shape"; "mobility.not_one" with the row; "measures.shape";
            "start.shape"; "start.above_people" with the index; "argument.too_small";
            "array.not_positive", "array.negative" and "array.not_finite" with name and index.

    Source: Lai et al. 2020, doi:10.1038/s41586-020-2293-x, for the shape of the model.
    """

    return _course(province, disease, measures, start, seeds_of(rng, start.runs))


def expected_course(
    province: Province, disease: Disease, measures: Measures, start: Start
) -> Course:
    """Deterministic twin: every draw is replaced by its expectation.

    Args:
        province, disease, measures, start: as in `simulate`; runs differ by their measures only,
            so start.runs is 1 where these are the same for all.

    Returns:
        Course with R = start.runs; numbers are not whole.

    Raises:
        NumericsError: as `simulate`; "measures.shape".

    Source: as `simulate`.
    """
    return _course(province, disease, measures, start, np.zeros(0, dtype=np.uint64))


def transmissibility(province: CheckedProvince, disease: Disease) -> float:
    """beta: R0 over the mean infectious days times the largest eigenvalue of C_ab N_a / N_b."""
    ages = province.people.sum(axis=0)
    matrix = province.contacts * ages[:, None] / ages[None, :]
    largest = float(np.abs(np.linalg.eigvals(matrix)).max())
    return disease.reproduction * _leaving(disease.infectious_days) / largest


def _leaving(days: float) -> float:
    """Daily probability to leave a state with the given mean stay."""
    return float(-np.expm1(-1.0 / days))


@dataclass(frozen=True, slots=True)
class _Daily:
    """Measures of each day as (days, P) or (days, R, P), capacities as (P,)."""

    contact: Floats
    travel: Floats
    detection: Floats
    doses: Floats
    detection_capacity: Floats
    tracing_capacity: Floats

    def of(self, day: int) -> Today:
        """Measures of one day, the same for all runs as one row."""
        return Today(
            np.array(np.atleast_2d(self.detection[day])),
            np.array(np.atleast_2d(self.doses[day])),
            self.detection_capacity,
            self.tracing_capacity,
        )


def _daily(measures: Measures, start: Start, areas: int) -> _Daily:
    each, once = (start.days, start.runs, areas), (1, start.runs, areas)
    return _Daily(
        contact=measures.daily("contact_reduction", each),
        travel=measures.daily("travel_reduction", each),
        detection=measures.daily("detection", each),
        doses=measures.daily("doses", each),
        detection_capacity=np.array(measures.daily("detection_capacity", once)[0]),
        tracing_capacity=np.array(measures.daily("tracing_capacity", once)[0]),
    )


def _course(
    province: Province,
    disease: Disease,
    measures: Measures,
    start: Start,
    seeds: npt.NDArray[np.uint64],
) -> Course:
    world = province.checked()
    exposed, immune = start.seeded(world.people)
    areas, ages = world.people.shape
    daily = _daily(measures, start, areas)
    region = Region(
        state=_first_state(world, exposed, immune, start.runs),
        log=np.zeros((start.runs, start.days, 7, areas)),
        infectious=np.zeros((start.runs, ages, areas)),
        seeds=seeds,
    )
    chances = _chances(disease, measures, ages)
    pressure, drawn = transmissibility(world, disease), bool(seeds.size)
    mixing = Mixing(world, pressure, daily.contact, daily.travel, drawn=drawn)
    one_day = _loop()
    with np.errstate(over="ignore"):  # keys wrap around
        for day in range(start.days):
            force = np.ascontiguousarray(mixing.force(region.infectious, day))
            one_day(region, force, chances, daily.of(day), day)
    restricted = np.sum(daily.contact * world.people.sum(axis=1), axis=(0, -1))
    return Course(
        **dict(zip(LINES, region.log.transpose(2, 0, 1, 3), strict=True)),
        final=State(*region.state.transpose(2, 0, 3, 1)[:9]),
        restricted=np.broadcast_to(restricted, (start.runs,)),
    )


def _loop() -> Callable[[Region, Floats, Chances, Today, int], None]:
    """The compiled day, or the plain one where the compiler is missing."""
    if find_spec("numba") is None:
        from bihuan_analytics.scenario import plain

        return plain.one_day
    from bihuan_analytics.scenario import counting

    return counting.one_day


def _chances(disease: Disease, measures: Measures, ages: int) -> Chances:
    kept = disease.latent_days + disease.infectious_days
    stays = {
        E: disease.latent_days,
        I: disease.infectious_days,
        ISOLATED: kept,
        WARD: disease.ward_days,
        ICU: disease.icu_days,
    }
    odds = np.zeros((ages, 12))
    for place, days in stays.items():
        odds[:, place] = _leaving(days)
    for place, name in enumerate(("severe", "ward_death", "icu_death", "critical"), start=8):
        odds[:, place] = np.asarray(getattr(disease, name), dtype=np.float64)
    laws = np.stack([odds, np.log(np.maximum(odds, 1.0 - odds))], axis=1)
    return Chances(float(measures.traced_share), float(measures.efficacy), laws)


def _first_state(world: CheckedProvince, exposed: Floats, immune: Floats, runs: int) -> Floats:
    areas, ages = world.people.shape
    state = np.zeros((runs, ages, 10, areas))
    state[:, :, S] = (world.people - exposed - immune).T
    state[:, :, E] = exposed.T
    state[:, :, RECOVERED] = immune.T
    return state
