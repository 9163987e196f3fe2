"""An epidemic in the areas of a province, day by day, with measures: many runs, or the mean."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from bihuan_analytics.arrays import Floats
from bihuan_analytics.scenario.world import CheckedProvince, Disease, Measures, Province, Start

Draw = Callable[[Floats, Floats | float], Floats]


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
    """Stochastic course: every transition is a binomial draw (see `binomial`).

    A day: contacts happen where people spend it; a susceptible is infected with probability
    1 - exp(-lambda), lambda = sum_j M_ij beta (1 - c_j) sum_b C_ab I_jb / N_jb; the exposed become
    infectious and the infectious recover with probabilities 1 - exp(-1/duration); part of the
    infectious are found and isolated, part of the exposed traced; a share of those who recover
    goes through a ward or intensive care instead. beta follows from R0 and the contact matrix.
    The same rng state gives the same course, so candidates can share their random numbers.

    Args:
        province, disease, measures, start: see there; people and exposed are whole.
        rng: source of the draws.

    Returns:
        Course with R = start.runs.

    Raises:
        NumericsError: what Province.checked, Measures.daily and Start.seeded raise.

    Source: Lai et al. 2020, doi:10.1038/s41586-020-2293-x, for the shape of the model.
    """

    def drawn(number: Floats, chance: Floats | float) -> Floats:
        return binomial(number, chance, rng=rng)

    return _course(province, disease, measures, start, drawn)


def binomial(number: Floats, chance: Floats | float, *, rng: np.random.Generator) -> Floats:
    """Binomial draws where there is anybody; most areas have nobody in most states."""
    result = np.zeros(number.shape)
    some = np.nonzero(number)
    likely = chance if np.ndim(chance) == 0 else np.broadcast_to(chance, number.shape)[some]
    result[some] = rng.binomial(number[some].astype(np.int64), likely)
    return result


def expected_course(
    province: Province, disease: Disease, measures: Measures, start: Start
) -> Course:
    """Deterministic twin: every draw is replaced by its expectation.

    Args, Raises, Source: as `simulate`; runs differ by their measures only, so start.runs is 1
    where these are the same for all.
    """
    return _course(province, disease, measures, start, lambda number, chance: number * chance)


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


def _daily(measures: Measures, start: Start, areas: int) -> _Daily:
    each, once = (start.days, start.runs, areas), (1, start.runs, areas)
    return _Daily(
        contact=measures.daily("contact_reduction", each),
        travel=measures.daily("travel_reduction", each),
        detection=measures.daily("detection", each),
        doses=measures.daily("doses", each),
        detection_capacity=measures.daily("detection_capacity", once)[0],
        tracing_capacity=measures.daily("tracing_capacity", once)[0],
    )


def _course(
    province: Province, disease: Disease, measures: Measures, start: Start, draw: Draw
) -> Course:
    world = province.checked()
    exposed, immune = start.seeded(world.people)
    areas = world.people.shape[0]
    daily = _daily(measures, start, areas)
    beta = transmissibility(world, disease)
    state = _first_state(world, exposed, immune, start.runs)
    dosed = np.zeros_like(state.susceptible)
    log = np.zeros((7, start.runs, start.days, areas))
    for day in range(start.days):
        force = _force(state.infectious, world, beta, daily.contact[day], daily.travel[day])
        chance = -np.expm1(-force)
        log[1, :, day] = _find(state, measures, daily, day, draw).sum(axis=2)
        log[2, :, day] = _recover(state, disease, draw).sum(axis=2)
        log[0, :, day] = _infect(state, chance, disease, draw).sum(axis=2)
        if daily.doses[day].any():
            given = _dose(state, dosed, daily.doses[day], measures.efficacy, draw)
            log[6, :, day] = given.sum(axis=2)
        log[3, :, day] = state.infectious.sum(axis=2)
        log[4, :, day] = state.ward.sum(axis=2)
        log[5, :, day] = state.icu.sum(axis=2)
    restricted = np.sum(daily.contact * world.people.sum(axis=1), axis=(0, -1))
    return Course(
        infections=log[0],
        found=log[1],
        deaths=log[2],
        infectious=log[3],
        ward=log[4],
        icu=log[5],
        doses=log[6],
        final=state,
        restricted=np.broadcast_to(restricted, (start.runs,)),
    )


def _first_state(world: CheckedProvince, exposed: Floats, immune: Floats, runs: int) -> State:
    def copies(values: Floats) -> Floats:
        return np.repeat(values[None], runs, axis=0)

    none = np.zeros(world.people.shape)
    return State(
        susceptible=copies(world.people - exposed - immune),
        failed=copies(none),
        exposed=copies(exposed),
        infectious=copies(none),
        isolated=copies(none),
        recovered=copies(immune),
        ward=copies(none),
        icu=copies(none),
        dead=copies(none),
    )


def _force(
    infectious: Floats, world: CheckedProvince, beta: float, contact: Floats, travel: Floats
) -> Floats:
    """Force of infection on the people of each area and age, per day, shape (R, P, A)."""
    goes = (1.0 - travel)[..., None]
    stays = 1.0 - goes * world.outward[:, None]

    def among(persons: Floats) -> Floats:
        """Where persons of each area spend the day."""
        present: Floats = _across(persons * goes, world.away) + persons * stays
        return present

    met = among(infectious) / among(world.people[None])
    pressure: Floats = np.matmul(met, world.contacts.T) * (beta * (1.0 - contact))[..., None]
    force: Floats = _across(pressure, world.away.T) * goes + pressure * stays
    return force


def _across(values: Floats, matrix: Floats) -> Floats:
    """(R, P, A) times (P, P) over the areas, as one product of two matrices."""
    runs, areas, ages = values.shape
    flat = np.ascontiguousarray(np.moveaxis(values, 2, 1)).reshape(runs * ages, areas)
    product: Floats = np.moveaxis((flat @ matrix).reshape(runs, ages, areas), 1, 2)
    return product


def _infect(state: State, chance: Floats, disease: Disease, draw: Draw) -> Floats:
    """Susceptible to exposed, exposed to infectious; returns the newly exposed."""
    onset = draw(state.exposed, _leaving(disease.latent_days))
    fresh = draw(state.susceptible, chance)
    state.susceptible -= fresh
    if state.failed.any():
        in_vain = draw(state.failed, chance)
        state.failed -= in_vain
        fresh = fresh + in_vain
    state.exposed += fresh - onset
    state.infectious += onset
    return fresh


def _find(state: State, measures: Measures, daily: _Daily, day: int, draw: Draw) -> Floats:
    """Infectious found and isolated, exposed traced; returns the found."""
    wanted = daily.detection[day]
    if not wanted.any():
        return np.zeros_like(state.infectious)
    ill = state.infectious.sum(axis=2)
    room = np.minimum(daily.detection_capacity / np.maximum(ill * wanted, 1e-9), 1.0)
    found = draw(state.infectious, (wanted * room)[:, :, None])
    state.infectious -= found
    state.isolated += found
    if measures.traced_share > 0:
        number = found.sum(axis=2)
        share = np.minimum(daily.tracing_capacity / np.maximum(number, 1e-9), 1.0)
        led_to = measures.traced_share * share * number / np.maximum(ill, 1e-9)
        traced = draw(state.exposed, np.minimum(led_to, 1.0)[:, :, None])
        state.exposed -= traced
        state.isolated += traced
    return found


def _recover(state: State, disease: Disease, draw: Draw) -> Floats:
    """End of infectiousness, isolation and care; returns the deaths."""
    free = draw(state.infectious, _leaving(disease.infectious_days))
    kept = disease.latent_days + disease.infectious_days
    released = draw(state.isolated, _leaving(kept))
    state.infectious -= free
    state.isolated -= released
    over = free + released
    admitted = draw(over, np.asarray(disease.severe, dtype=np.float64))
    state.recovered += over - admitted
    left_ward = draw(state.ward, _leaving(disease.ward_days))
    left_icu = draw(state.icu, _leaving(disease.icu_days))
    deaths = draw(left_ward, np.asarray(disease.ward_death, dtype=np.float64))
    deaths = deaths + draw(left_icu, np.asarray(disease.icu_death, dtype=np.float64))
    critical = draw(admitted, np.asarray(disease.critical, dtype=np.float64))
    state.ward += admitted - critical - left_ward
    state.icu += critical - left_icu
    state.recovered += left_ward + left_icu - deaths
    state.dead += deaths
    return deaths


def _dose(state: State, dosed: Floats, doses: Floats, efficacy: float, draw: Draw) -> Floats:
    """Vaccinate the living who had no dose, oldest first; returns the doses given."""
    living = state.total() - state.dead - dosed
    left = np.broadcast_to(np.floor(doses), living.shape[:2]).copy()
    given = np.zeros_like(living)
    for age in range(living.shape[2] - 1, -1, -1):
        given[:, :, age] = np.minimum(left, np.maximum(living[:, :, age], 0.0))
        left -= given[:, :, age]
    share = np.divide(state.susceptible, living, out=np.zeros_like(living), where=living > 0)
    reached = np.minimum(draw(given, np.clip(share, 0.0, 1.0)), state.susceptible)
    immune = draw(reached, efficacy)
    state.susceptible -= reached
    state.failed += reached - immune
    state.recovered += immune
    dosed += given
    return given
