"""A disease carried by mosquitoes in the areas of a province, with vector control."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, not_negative, positive, shares
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.world import CheckedProvince, Province, Start

Draw = Callable[[Floats, Floats | float], Floats]


@dataclass(frozen=True, slots=True)
class Carried:
    """A disease and its vector, > 0 each. bites: of one mosquito on people a day; to_person,
    to_mosquito: chance that such a bite transmits, in [0, 1]. incubation_days, infectious_days: of
    persons; extrinsic_days: until a mosquito transmits; mosquito_days: its mean life. per_index:
    adult females a person at a Breteau index of 1.
    """

    bites: float
    to_person: float
    to_mosquito: float
    incubation_days: float
    infectious_days: float
    extrinsic_days: float
    mosquito_days: float
    per_index: float

    def __post_init__(self) -> None:
        for name in (
            "bites",
            "incubation_days",
            "infectious_days",
            "extrinsic_days",
            "mosquito_days",
            "per_index",
        ):
            positive(getattr(self, name), name=name)
        shares((self.to_person, self.to_mosquito), name="to_person, to_mosquito")


@dataclass(frozen=True, slots=True)
class VectorControl:
    """Measures, each broadcast to (days, P). breeding: share of the breeding places gone, what is
    reached; killing: extra daily death rate of adults, >= 0; protection: share of bites averted;
    screened: daily chance that an infectious person is found and kept behind nets.
    """

    breeding: npt.ArrayLike = 0.0
    killing: npt.ArrayLike = 0.0
    protection: npt.ArrayLike = 0.0
    screened: npt.ArrayLike = 0.0

    def __post_init__(self) -> None:
        for name in ("breeding", "protection", "screened"):
            shares(getattr(self, name), name=name)
        not_negative(self.killing, name="killing")

    def daily(self, name: str, days: int, areas: int) -> Floats:
        """One of the arrays as (days, P). Raises "measures.shape"."""
        values = np.asarray(getattr(self, name), dtype=np.float64)
        try:
            return np.broadcast_to(values, (days, areas))
        except ValueError as fault:
            raise NumericsError(
                "measures.shape", name=name, expected=(days, areas), shape=values.shape
            ) from fault


@dataclass(frozen=True, slots=True)
class VectorCourse:
    """What happened, shape (R, days, P): infections and found of the day; infectious persons,
    mosquitoes and infectious mosquitoes at its end. index: Breteau index at which as many adults
    would live for long, (R, days, P). final: susceptible, exposed, infectious, kept behind nets
    and immune persons, (5, R, P).
    """

    infections: Floats
    found: Floats
    infectious: Floats
    mosquitoes: Floats
    carriers: Floats
    index: Floats
    final: Floats


def breteau(containers: npt.ArrayLike, houses: npt.ArrayLike) -> Floats:
    """Breteau index: containers with larvae in 100 houses looked at.

    Args:
        containers: with larvae, >= 0. houses: looked at, > 0. Shapes broadcast.

    Returns:
        100 containers / houses, of the shape both broadcast to.

    Raises:
        NumericsError: "array.negative"; "array.not_positive".

    Source: WHO 2009, Dengue: guidelines for diagnosis, treatment, prevention and control.
    """
    index: Floats = (
        100.0 * not_negative(containers, name="containers") / positive(houses, name="houses")
    )
    return index


def route_index(containers: npt.ArrayLike, kilometres: npt.ArrayLike) -> Floats:
    """Route index: containers with larvae on a kilometre walked.

    Args:
        containers: with larvae, >= 0. kilometres: walked, > 0. Shapes broadcast.

    Returns:
        containers / kilometres, of the shape both broadcast to.

    Raises:
        NumericsError: "array.negative"; "array.not_positive".

    Source: as `breteau`.
    """
    index: Floats = not_negative(containers, name="containers") / positive(
        kilometres, name="kilometres"
    )
    return index


def vector_reproduction(disease: Carried, index: npt.ArrayLike) -> Floats:
    """R0 from person to person at a Breteau index, the model's days included.

    R0 = m a^2 b c s / (d r), m = per_index x index, a bites, b and c chances to person and to
    mosquito, d = 1 - exp(-1 / mosquito_days), r = 1 - exp(-1 / infectious_days), and s the chance
    to live until infectious: (1 - d) e / (1 - (1 - d)(1 - e)), e = 1 - exp(-1 / extrinsic_days).

    Args:
        disease: see Carried. index: >= 0, any shape.

    Returns:
        R0, of the shape of the index.

    Raises:
        NumericsError: "array.negative", "array.not_finite".

    Source: Smith et al. 2007, doi:10.1371/journal.pbio.0050042, for the classic formula.
    """
    level = disease.per_index * not_negative(index, name="index")
    dies, matures = _leaving(disease.mosquito_days), _leaving(disease.extrinsic_days)
    lives = (1.0 - dies) * matures / (1.0 - (1.0 - dies) * (1.0 - matures))
    there_and_back = disease.bites**2 * disease.to_person * disease.to_mosquito
    reproduction: Floats = (
        level * there_and_back * lives / (dies * _leaving(disease.infectious_days))
    )
    return reproduction


def simulate_carried(
    province: Province,
    disease: Carried,
    index: npt.ArrayLike,
    control: VectorControl,
    start: Start,
    *,
    rng: np.random.Generator | None = None,
) -> VectorCourse:
    """Persons S-E-I-R by area, mosquitoes S-E-I that stay where they are.

    A day: persons are bitten where they spend it, mosquitoes infected by who is there; both with
    1 - exp(-force), forces a b I_v / N and a c I / N. Then lives end and stays end; as many
    mosquitoes emerge as keep up the number that the index stands for, less what control took.

    Args:
        province: mobility and people, ages together. disease: see Carried.
        index: Breteau index before control, (P,) or a number, >= 0. control: see VectorControl.
        start: exposed persons (P,), days, runs, immune share.
        rng: source of the draws; None: the deterministic twin.

    Returns:
        VectorCourse.

    Raises:
        NumericsError: "measures.shape"; "array.negative"; what Province.checked and Start.seeded
            raise.

    Source: as `vector_reproduction`.
    """
    world = province.checked()
    people = world.people.sum(axis=1)
    exposed, immune = start.seeded(people[:, None])
    shape = (start.runs, people.size)
    before = np.broadcast_to(not_negative(index, name="index"), people.shape)
    persons = np.zeros((5, *shape))
    persons[0] = people - exposed[:, 0] - immune[:, 0]
    persons[1], persons[4] = exposed[:, 0], immune[:, 0]
    insects = np.zeros((3, *shape))
    insects[0] = np.rint(disease.per_index * before * people)
    draw = _draw(rng)
    names = ("breeding", "killing", "protection", "screened")
    daily = {name: control.daily(name, start.days, people.size) for name in names}
    log = np.zeros((6, start.runs, start.days, people.size))
    stay = _stay(world)
    for day in range(start.days):
        today = {name: values[day] for name, values in daily.items()}
        force = _forces(persons, insects, disease, stay, 1.0 - today["protection"])
        log[0, :, day], log[1, :, day] = _persons(persons, force[0], disease, today, draw)
        wanted = disease.per_index * before * (1.0 - today["breeding"]) * people
        _insects(insects, (force[1], wanted, today["killing"]), disease, draw)
        log[2, :, day] = persons[2]
        log[3, :, day], log[4, :, day] = insects.sum(axis=0), insects[2]
        log[5, :, day] = log[3, :, day] / (disease.per_index * people)
    return VectorCourse(log[0], log[1], log[2], log[3], log[4], log[5], persons)


def _leaving(days: float) -> float:
    return float(-np.expm1(-1.0 / days))


def _draw(rng: np.random.Generator | None) -> Draw:
    if rng is None:
        return lambda number, chance: number * chance
    return lambda number, chance: rng.binomial(number.astype(np.int64), chance).astype(np.float64)


def _stay(world: CheckedProvince) -> Floats:
    spent: Floats = world.away + np.diag(1.0 - world.outward)
    return spent


def _forces(
    persons: Floats, insects: Floats, disease: Carried, spent: Floats, bitten: Floats
) -> tuple[Floats, Floats]:
    """Daily force on persons by home, and on mosquitoes by place."""
    present = persons.sum(axis=0) @ spent
    bites = disease.bites * bitten / np.maximum(present, 1e-300)
    on_persons: Floats = (bites * disease.to_person * insects[2]) @ spent.T
    on_insects: Floats = bites * disease.to_mosquito * (persons[2] @ spent)
    return on_persons, on_insects


def _persons(
    persons: Floats, force: Floats, disease: Carried, today: dict[str, Floats], draw: Draw
) -> tuple[Floats, Floats]:
    """One day of the persons; the infected and the found."""
    infected = draw(persons[0], -np.expm1(-force))
    onset = draw(persons[1], _leaving(disease.incubation_days))
    found = draw(persons[2], today["screened"])
    well = draw(persons[2] - found, _leaving(disease.infectious_days))
    free = draw(persons[3], _leaving(disease.infectious_days))
    for place, change in enumerate(
        (-infected, infected - onset, onset - found - well, found - free, well + free)
    ):
        persons[place] += change
    return infected, found


def _insects(
    insects: Floats, today: tuple[Floats, Floats, Floats], disease: Carried, draw: Draw
) -> None:
    """One day of the mosquitoes: deaths, infection, maturing, emergence."""
    force, wanted, killing = today
    infected = draw(insects[0], -np.expm1(-force))
    insects[0] -= infected
    dies = -np.expm1(-(1.0 / disease.mosquito_days + killing))
    for place in range(3):
        insects[place] -= draw(insects[place], dies)
    mature = draw(insects[1], _leaving(disease.extrinsic_days))
    insects[1] += infected - mature
    insects[2] += mature
    insects[0] += np.rint(wanted * _leaving(disease.mosquito_days))
