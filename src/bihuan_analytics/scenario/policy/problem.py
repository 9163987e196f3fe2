"""What is to be decided: a menu of measures, what they cost and use, and what is believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import (
    Bools,
    Floats,
    Ints,
    at_least,
    between,
    first_index,
    not_negative,
)
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.world import Disease, Measures, Province, Start


@dataclass(frozen=True, slots=True)
class Level:
    """One entry of the menu. contact_reduction, travel_reduction: in [0, 1]; detection: daily
    chance to find an infectious person. cost: money a person and day; hardship: restriction a
    person and day, 0..1. longest: periods in a row that the plan allows. uses: units of each
    limited resource a person and day (tests, samplers' hours).
    """

    name: str
    contact_reduction: float = 0.0
    travel_reduction: float = 0.0
    detection: float = 0.0
    cost: float = 0.0
    hardship: float = 0.0
    longest: int = 10**6
    uses: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Belief:
    """One way the world may be: the disease; effect: what measures reach of what they promise, >= 0;
    seeds: exposed at the start over those assumed, >= 0.
    """

    disease: Disease
    effect: float = 1.0
    seeds: float = 1.0


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be decided. menu: levels, the first one being nothing at all. period_days: of a
    decision. beds: intensive care of each area, shape (P,). price: money one infection is worth
    avoiding, one death, one bed-day above the beds, one restricted person-day.

    capacity: units a day of each resource that levels use: a number for the whole province, shape
    (P,) for each area. always: tracing, doses and capacities of detection whatever is decided; its
    reductions and detection are not used. beliefs: what may be true, equally likely; none: disease
    as it stands. zero_by: day from which nobody infectious is to be at large, and zero_price what
    a person-day at large after it costs.
    """

    province: Province
    disease: Disease
    start: Start
    menu: tuple[Level, ...]
    beds: npt.ArrayLike
    period_days: int = 7
    price: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 0.0)
    capacity: Mapping[str, npt.ArrayLike] = field(default_factory=dict)
    always: Measures = field(default_factory=Measures)
    beliefs: tuple[Belief, ...] = ()
    zero_by: int | None = None
    zero_price: float = 0.0

    def __post_init__(self) -> None:
        at_least(self.period_days, 1, name="period_days")
        first = self.menu[0] if self.menu else Level("", cost=1.0)
        if first.contact_reduction or first.travel_reduction or first.detection or first.cost:
            raise NumericsError("menu.first_not_nothing")
        not_negative(self.price, name="price")
        for name, units in self.capacity.items():
            not_negative(units, name=name)
        for level in self.menu:
            at_least(level.longest, 1, name="longest")
            not_negative((level.cost, level.hardship, *level.uses.values()), name=level.name)
            unknown = sorted(set(level.uses) - set(self.capacity))
            if unknown:
                raise NumericsError("menu.unknown_resource", level=level.name, resource=unknown[0])
        names = [level.name for level in self.menu]
        if len(set(names)) < len(names):
            raise NumericsError("menu.duplicated", names=names)

    @property
    def periods(self) -> int:
        """Number of decisions in time; the last one may be cut short."""
        return -(-self.start.days // self.period_days)

    def shape(self) -> tuple[int, int]:
        """Periods and areas of a policy."""
        return self.periods, self.province.checked().people.shape[0]

    def worlds(self) -> tuple[Belief, ...]:
        """What may be true, at least one."""
        return self.beliefs or (Belief(self.disease),)

    def of_levels(self, name: str) -> Floats:
        """One attribute of all levels."""
        return np.array([getattr(level, name) for level in self.menu], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Spread:
    """How unsure one is, as coefficients of variation (log-normal): of R0, the infectious days, the
    share of the severe, the effect of measures, and the exposed at the start.
    """

    reproduction: float = 0.15
    infectious_days: float = 0.1
    severe: float = 0.3
    effect: float = 0.15
    seeds: float = 0.3


def draw_beliefs(
    disease: Disease, *, rng: np.random.Generator, number: int, spread: Spread | None = None
) -> tuple[Belief, ...]:
    """Draw what may be true around a best guess, in opposite pairs, so that the means keep.

    exp(s z - s^2 / 2) times the guess, s^2 = log(1 + cv^2), z normal and then -z; the first one is
    the guess itself.

    Args:
        disease: the guess. rng: source of the draws. number: >= 1. spread: see Spread.

    Returns:
        Beliefs, shape (number,).

    Raises:
        NumericsError: "argument.too_small"; "array.negative".

    Source: own choice: log-normal factors; the spread is the user's.
    """
    at_least(number, 1, name="number")
    law = spread or Spread()
    cv = not_negative(
        (law.reproduction, law.infectious_days, law.severe, law.effect, law.seeds), name="spread"
    )
    sd = np.sqrt(np.log1p(cv**2))
    half = rng.standard_normal((number // 2, cv.size))
    factor = np.exp(np.concatenate([half, -half]) * sd - sd**2 / 2)[: number - 1]
    drawn = [
        Belief(
            replace(
                disease,
                reproduction=disease.reproduction * each[0],
                infectious_days=disease.infectious_days * each[1],
                severe=np.minimum(np.asarray(disease.severe) * each[2], 1.0),
            ),
            effect=float(each[3]),
            seeds=float(each[4]),
        )
        for each in factor
    ]
    return (Belief(disease), *drawn)


def checked_policies(problem: Problem, policies: npt.ArrayLike) -> Ints:
    """Policies of the menu, shape (K, periods, P).

    Raises:
        NumericsError: "policy.shape"; "policy.outside_menu" with the index; "policy.too_long" with
            the index where a level outlasts its `longest`; "policy.beyond_capacity" with the index
            of the period where more is used than there is.
    """
    given = np.asarray(policies)
    chosen = given[None] if given.ndim == 2 else given
    if chosen.ndim != 3 or chosen.shape[1:] != problem.shape():
        raise NumericsError("policy.shape", expected=problem.shape(), shape=given.shape)
    if not np.issubdtype(chosen.dtype, np.integer):
        raise NumericsError("policy.outside_menu", dtype=str(chosen.dtype))
    outside = (chosen < 0) | (chosen >= len(problem.menu))
    if outside.any():
        raise NumericsError("policy.outside_menu", index=first_index(outside))
    over = overlong(problem, chosen)
    if over.any():
        raise NumericsError("policy.too_long", index=first_index(over))
    for name in problem.capacity:
        beyond = _beyond(problem, chosen, name)
        if beyond.any():
            raise NumericsError("policy.beyond_capacity", resource=name, index=first_index(beyond))
    return chosen.astype(np.int64)


def allowed(problem: Problem, policies: Ints) -> Bools:
    """Which policies keep to the longest times and the capacities, shape (K,)."""
    fine = np.asarray(~overlong(problem, policies).any(axis=(1, 2)))
    for name in problem.capacity:
        fine &= ~_beyond(problem, policies, name).any(axis=1)
    return fine


def overlong(problem: Problem, policies: Ints) -> Bools:
    """Where a level has lasted longer than the plan allows, shape (K, periods, P)."""
    longest = np.array([level.longest for level in problem.menu])
    over = np.zeros(policies.shape, dtype=np.bool_)
    if (longest >= policies.shape[1]).all():
        return over
    run = np.ones((policies.shape[0], policies.shape[2]), dtype=np.int64)
    for period in range(policies.shape[1]):
        if period:
            same = policies[:, period] == policies[:, period - 1]
            run = np.where(same, run + 1, 1)
        over[:, period] = run > longest[policies[:, period]]
    return over


def _beyond(problem: Problem, policies: Ints, resource: str) -> Bools:
    """Where more of a resource is used than there is, shape (K, periods)."""
    each = np.array([level.uses.get(resource, 0.0) for level in problem.menu])
    people = problem.province.checked().people.sum(axis=1)
    used = each[policies] * people
    limit = np.asarray(problem.capacity[resource], dtype=np.float64) * (1 + 1e-12)
    if limit.ndim == 0:
        return np.asarray(used.sum(axis=2) > limit)
    if limit.shape != people.shape:
        raise NumericsError("capacity.shape", resource=resource, expected=people.shape)
    return np.asarray((used > limit).any(axis=2))


def checked_share(value: float, *, name: str) -> float:
    """A chance or risk strictly between 0 and 1. Raises "argument.out_of_range"."""
    return between(value, 0.0, 1.0, name=name)


def beds_of(problem: Problem) -> Floats:
    """Beds of each area. Raises "beds.shape"."""
    beds = np.asarray(problem.beds, dtype=np.float64)
    areas = problem.shape()[1]
    try:
        return np.broadcast_to(beds, (areas,))
    except ValueError as fault:
        raise NumericsError("beds.shape", expected=(areas,), shape=beds.shape) from fault


def exposed_under(problem: Problem, belief: Belief) -> Floats:
    """Whole numbers of exposed at the start under a belief."""
    factor = not_negative(belief.seeds, name="seeds")
    exposed: Floats = np.rint(np.asarray(problem.start.exposed, dtype=np.float64) * factor)
    return exposed
