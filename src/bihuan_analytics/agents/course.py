"""An epidemic in a city of single persons, day by day, with measures: many runs."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bihuan_analytics.agents import body as parts
from bihuan_analytics.agents.body import Rules, World, new_people, town_of
from bihuan_analytics.agents.city import City
from bihuan_analytics.agents.plan import (
    Contacts,
    Illness,
    Response,
    mean_stay,
    spread_law,
    stay_law,
)
from bihuan_analytics.arrays import Floats, Ints, first_index, not_negative
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.world import Start
from bihuan_analytics.seeds import seeds_of

KINDS = (
    "infections",
    "found",
    "deaths",
    "doses",
    "traced",
    "quarantined",
    "infectious",
    "ward",
    "icu",
)


@dataclass(frozen=True, slots=True)
class CityCourse:
    """What happened, shape (R, days, Z): infections, found, deaths, doses, traced (cases whose
    contacts were sought) and quarantined (persons) of the day; infectious, isolated or not, ward
    and icu at its end. settings: infections by household, group, town and visit, (R, days, 4).
    cohort, caused: infected on a day, and by them whenever, (R, days). tests: (R, days).
    final: persons susceptible, exposed, infectious, immune, in a ward, in intensive care, dead,
    shape (R, Z, 7).
    """

    infections: Ints
    found: Ints
    deaths: Ints
    doses: Ints
    traced: Ints
    quarantined: Ints
    infectious: Ints
    ward: Ints
    icu: Ints
    settings: Ints
    cohort: Ints
    caused: Ints
    tests: Ints
    final: Ints

    def reproduction(self) -> Floats:
        """Mean number infected by those infected on a day, all runs, (days,); NaN where nobody
        was. The last cohorts are cut short by the end.
        """
        number, caused = self.cohort.sum(axis=0), self.caused.sum(axis=0)
        mean = np.full(number.shape, np.nan)
        np.divide(caused, number, out=mean, where=number > 0)
        return mean


def simulate_city(
    city: City,
    illness: Illness,
    contacts: Contacts,
    response: Response,
    start: Start,
    *,
    rng: np.random.Generator,
    mobility: npt.ArrayLike | None = None,
) -> CityCourse:
    """Course of an epidemic among single persons.

    An infectious person makes Poisson many transmissions a day, beta x (household (h - 1) +
    school or work + town), each to a person drawn evenly from household, group, or those who
    spend the day in the same zone; visited places add 1 - exp(-beta visit_hour hours) for each
    person met there. beta = R0 / (mean infectious days x mean contacts of a person), visits
    apart: the reproduction number of a city where each contact met somebody new; households reuse
    their members and make it smaller. Only the infected cost time: a day is worked through from
    their calendar. The draws depend on run, person and day alone, so that scenarios share them.

    Args:
        city, illness, contacts, response: see there.
        start: exposed (Z,) of any age, or (Z, A); immune: share, broadcast to (Z, A).
        rng: one seed for each run is drawn from it.
        mobility: (Z, Z), share of the day spent in each zone, rows sum to 1; None: no zones.

    Returns:
        CityCourse with R = start.runs.

    Raises:
        NumericsError: "contacts.none"; "mobility.not_one"; "province.shape"; "measures.shape";
            "start.shape", "start.above_people"; "share.out_of_range"; "array.negative".

    Source: Kerr et al. 2021, doi:10.1371/journal.pcbi.1009149, for the kind of model.
    """
    people = city.by_zone_and_age()
    exposed, immune = _seeded(start, people)
    blank = _blank(city, people.sum(axis=1), response, start.days, mobility)
    blank = blank._replace(rules=_rules(city, illness, contacts, response))
    seeds = seeds_of(rng, start.runs)
    runs = [_run(city, blank._replace(seed=seed), exposed, immune) for seed in seeds]
    kinds, days, cohort, final = (np.stack([run[place] for run in runs]) for place in range(4))
    return CityCourse(
        **{name: kinds[:, kind] for kind, name in enumerate(KINDS)},
        settings=days[:, :-2, : parts.CAUSED],
        cohort=cohort,
        caused=days[:, :-2, parts.CAUSED],
        tests=days[:, :-2, parts.TESTS],
        final=final,
    )


def contact_level(city: City, contacts: Contacts) -> float:
    """Mean daily contacts of a person, visited places apart.

    Args:
        city: see City. contacts: see Contacts; its weights in contacts a day.

    Returns:
        Contacts a day, > 0: sum over persons of household (h - 1) + school or work + town, over N.

    Raises:
        NumericsError: "contacts.none" where nobody meets anybody.

    Source: own definition; R0 is shared out over it, docs/methods/agents.md.
    """
    sizes = np.diff(city.household_starts).astype(np.float64)
    groups = np.diff(city.group_starts)
    meeting = groups * (groups > 1)
    total = (
        contacts.household * (sizes * (sizes - 1)).sum()
        + contacts.school * meeting[city.school].sum()
        + contacts.work * meeting[~city.school].sum()
        + contacts.town * city.people
    )
    if not total > 0:
        raise NumericsError("contacts.none")
    return float(total / city.people)


def _rules(city: City, illness: Illness, contacts: Contacts, response: Response) -> Rules:
    disease = illness.disease
    stays = (
        stay_law(disease.latent_days, illness.latent_shape),
        stay_law(disease.infectious_days, illness.infectious_shape),
        stay_law(disease.ward_days, 1.0),
        stay_law(disease.icu_days, 1.0),
    )
    laws = np.ones((4, max(law.size for law in stays)))
    for row, law in zip(laws, stays, strict=True):
        row[: law.size] = law
    level = contact_level(city, contacts) * mean_stay(stays[1])
    return Rules(
        _by_age(illness, int(city.age.max()) + 1),
        laws,
        spread_law(illness.dispersion),
        (
            float(contacts.household),
            float(contacts.school),
            float(contacts.work),
            float(contacts.town),
        ),
        tuple(float(share) for share in response.traced),  # type: ignore[arg-type]
        visit_hour=float(contacts.visit_hour),
        beta=disease.reproduction / level,
        compliance=float(response.compliance),
        sensitivity=float(response.sensitivity),
        efficacy=float(response.efficacy),
        tests=float(response.tests),
        tracers=float(response.tracers),
        places=float(response.places),
        symptom_day=illness.symptom_day,
        result_days=response.result_days,
        trace_days=response.trace_days,
        quarantine_days=response.quarantine_days,
    )


def _by_age(illness: Illness, ages: int) -> parts.Records:
    table = np.zeros(ages, dtype=parts.AGES)
    for name in parts.BY_AGE:
        owner = illness if hasattr(illness, name) else illness.disease
        given = np.asarray(getattr(owner, name), dtype=np.float64)
        if given.shape not in {(), (ages,)}:
            raise NumericsError("measures.shape", name=name, expected=(ages,), shape=given.shape)
        table[name] = given
    return table


def _blank(
    city: City, people: Floats, response: Response, days: int, mobility: npt.ArrayLike | None
) -> World:
    """A world before its first day, without people, rules and seed."""
    zones = people.size
    travel = response.daily("travel", days, zones)
    rows, path = np.unique(travel, axis=0, return_inverse=True)
    spent = _mobility(people, mobility)
    names = ("school", "work", "town", "testing", "contact_testing", "screening", "doses")
    nothing = np.zeros(0)
    return World(
        people=nothing,  # type: ignore[arg-type]
        town=town_of(city),
        rules=None,  # type: ignore[arg-type]
        lists=np.zeros((2, 0), dtype=np.int32),
        calendar=np.zeros((3, days), dtype=np.int32),
        daily=np.stack([response.daily(name, days, zones) for name in names]),
        path=path.reshape(-1).astype(np.int64),
        crowds=np.stack([_meeting(people, spent, row) for row in rows]),
        kinds=np.zeros((parts.KINDS, days, zones), dtype=np.int64),
        days=np.zeros((days + 2, 7), dtype=np.int64),
        stocks=np.zeros((parts.KINDS + 2, zones), dtype=np.int64),
        sizes=np.zeros(3, dtype=np.int64),
        seed=np.uint64(0),
    )


def _mobility(people: Floats, mobility: npt.ArrayLike | None) -> Floats:
    if mobility is None:
        return np.tile(people / people.sum(), (people.size, 1))
    spent = not_negative(mobility, name="mobility")
    if spent.shape != (people.size, people.size):
        raise NumericsError("province.shape", shapes=[people.shape, spent.shape])
    off = np.abs(spent.sum(axis=1) - 1.0) > 1e-6
    if off.any():
        row = first_index(off)[0]
        raise NumericsError("mobility.not_one", index=row, sum=float(spent[row].sum()))
    return spent


def _meeting(people: Floats, spent: Floats, travel: Floats) -> Floats:
    """Cumulative chance to meet somebody of each zone: where one is, times who else is there."""
    there = spent * (1.0 - travel)[:, None]
    np.fill_diagonal(there, 0.0)
    np.fill_diagonal(there, 1.0 - there.sum(axis=1))
    present = people[:, None] * there
    crowd = present / np.maximum(present.sum(axis=0), 1e-300)
    met: Floats = np.cumsum(there @ crowd.T, axis=1)
    met /= met[:, -1:]
    return met


def _seeded(start: Start, people: Floats) -> tuple[Floats, Floats]:
    """Exposed of each cell, or of each zone whatever their age; immune of each cell."""
    nobody = replace(start, exposed=np.zeros(people.shape))
    _, immune = nobody.seeded(people)
    if np.shape(start.exposed) == people.shape:
        return start.seeded(people)[0], immune
    anybody = people.sum(axis=1, keepdims=True)
    exposed, _ = replace(start, immune=0.0).seeded(anybody)
    over = exposed + immune.sum(axis=1, keepdims=True) > anybody
    if over.any():
        raise NumericsError("start.above_people", index=first_index(over))
    return exposed, immune


def _run(
    city: City, blank: World, exposed: Floats, immune: Floats
) -> tuple[Ints, Ints, Ints, Ints]:
    """One run: kinds, days, cohort, final."""
    from bihuan_analytics.agents.responding import play

    fresh = {name: getattr(blank, name).copy() for name in ("calendar", "kinds", "days", "sizes")}
    stocks = blank.stocks.copy()
    stocks[parts.CURSOR_AGE] = immune.shape[1] - 1
    people = new_people(city)
    lists = np.empty((2, city.people), dtype=np.int32)
    world = blank._replace(people=people, lists=lists, stocks=stocks, **fresh)
    luck = np.random.default_rng(int(world.seed))
    state = people["state"]
    for zone, age in np.argwhere(immune > 0):
        chosen = _chosen(city, state, (zone, age), int(immune[zone, age]), luck)
        state[chosen] = parts.IMMUNE
    anybody = exposed.shape[1] != immune.shape[1]
    first = [np.zeros(0, dtype=np.int64)]
    for zone, age in np.argwhere(exposed > 0):
        cell = (zone, None if anybody else age)
        first.append(_chosen(city, state, cell, int(exposed[zone, age]), luck))
    seeds = np.concatenate(first)
    with np.errstate(over="ignore"):  # keys wrap around
        play(world, seeds)
    cohort = world.kinds[parts.INFECTIONS].sum(axis=1)
    cohort[0] += seeds.size
    zones = city.zone_starts.size - 1
    cells = city.zone.astype(np.int64) * 7 + state
    final = np.bincount(cells, minlength=zones * 7).reshape(zones, 7)
    return world.kinds, world.days, cohort, final


def _chosen(
    city: City,
    state: npt.NDArray[np.uint8],
    cell: tuple[int, int | None],
    number: int,
    luck: np.random.Generator,
) -> Ints:
    """Susceptible persons of a zone, and of an age group where one is asked for."""
    zone, age = cell
    begin, end = city.zone_starts[zone], city.zone_starts[zone + 1]
    free = state[begin:end] == parts.SUSCEPTIBLE
    if age is not None:
        free &= city.age[begin:end] == age
    candidates = np.flatnonzero(free)
    chosen: Ints = begin + luck.choice(candidates, number, replace=False, shuffle=False)
    return chosen
