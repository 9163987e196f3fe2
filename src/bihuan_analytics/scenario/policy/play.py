"""Plays policies through the model: what each one costs and brings, on average and by chance."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, Ints, at_least
from bihuan_analytics.scenario.metapopulation import Course, expected_course, simulate
from bihuan_analytics.scenario.policy.problem import (
    Belief,
    Problem,
    beds_of,
    checked_policies,
    exposed_under,
)
from bihuan_analytics.scenario.world import Measures

AT_ONCE = 2_000_000  # area-days of all policies played together, for memory


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Expected outcome of K policies, each of shape (K,): money, infections, deaths, bed-days
    needed above the beds, restricted person-days, infectious person-days at large from the day of
    zero on; loss: all at their price. Means over the beliefs.
    """

    cost: Floats
    infections: Floats
    deaths: Floats
    excess: Floats
    restricted: Floats
    at_large: Floats
    loss: Floats

    def objectives(self) -> Floats:
        """Cost, infections, deaths, excess and restricted as columns, shape (K, 5)."""
        columns = (self.cost, self.infections, self.deaths, self.excess, self.restricted)
        return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class Chances:
    """What simulated runs say of one policy. overload: share of runs in which any area lacks
    intensive care on any day. zero: share with nobody infectious at large from `zero_by` on, NaN
    where no day is asked. infections, deaths: of each run, shape (R,).
    """

    overload: float
    zero: float
    infections: Floats
    deaths: Floats


def outcomes(problem: Problem, policies: npt.ArrayLike) -> Outcomes:
    """Expected outcome of policies, all played through the same deterministic model.

    The mean over `problem.beliefs`, the same for all policies.

    Args:
        problem: see Problem. policies: levels, shape (K, periods, P) or (periods, P).

    Returns:
        Outcomes.

    Raises:
        NumericsError: "policy.shape"; "policy.outside_menu", "policy.too_long" and
            "policy.beyond_capacity" with the index; and what `expected_course` raises.

    Source: own definition: sums over the expected courses of all beliefs, times the prices.
    """
    return played(problem, checked_policies(problem, policies), problem.worlds())


def played(problem: Problem, policies: Ints, worlds: tuple[Belief, ...]) -> Outcomes:
    """Mean outcome over some beliefs of policies that are known to be allowed."""
    at_once = max(1, AT_ONCE // (problem.start.days * policies.shape[2]))
    parts = [np.zeros((4, 0))]
    for first in range(0, policies.shape[0], at_once):
        some = policies[first : first + at_once]
        parts.append(np.mean([_burden(problem, some, belief) for belief in worlds], axis=0))
    burden = np.concatenate(parts, axis=1)
    cost, restricted = (_person_days(problem, policies, name) for name in ("cost", "hardship"))
    infections, deaths, excess, at_large = burden
    loss = _loss(problem, cost, restricted, burden)
    return Outcomes(cost, infections, deaths, excess, restricted, at_large, loss)


def _loss(problem: Problem, cost: Floats, restricted: Floats, burden: Floats) -> Floats:
    amounts = (*burden[:3], restricted)
    loss = cost + sum(price * each for price, each in zip(problem.price, amounts, strict=True))
    priced: Floats = loss + problem.zero_price * burden[3]
    return priced


def repriced(problem: Problem, found: Outcomes) -> Outcomes:
    """The same outcomes at the prices of another problem."""
    burden = np.stack([found.infections, found.deaths, found.excess, found.at_large])
    return replace(found, loss=_loss(problem, found.cost, found.restricted, burden))


def _burden(problem: Problem, policies: Ints, belief: Belief) -> Floats:
    """Infections, deaths, bed-days in excess and person-days at large, shape (4, K)."""
    start = replace(problem.start, exposed=exposed_under(problem, belief), runs=policies.shape[0])
    measures = measures_of(problem, policies, belief)
    course = expected_course(problem.province, belief.disease, measures, start)
    excess = np.maximum(course.icu - beds_of(problem), 0.0)
    late = _from_zero_day(problem, course)
    sums = (course.infections, course.deaths, excess, late)
    return np.stack([each.sum(axis=(1, 2)) for each in sums])


def _from_zero_day(problem: Problem, course: Course) -> Floats:
    day = problem.start.days if problem.zero_by is None else problem.zero_by
    return course.infectious[:, day:]


def _person_days(problem: Problem, policies: Ints, name: str) -> Floats:
    """Something a person and day costs, summed over a policy, shape (K,)."""
    days = np.arange(problem.start.days) // problem.period_days
    length = np.bincount(days, minlength=problem.periods).astype(np.float64)
    people = problem.province.checked().people.sum(axis=1)
    each = problem.of_levels(name)[policies]
    total: Floats = np.einsum("kta,t,a->k", each, length, people)
    return total


def measures_of(problem: Problem, policies: Ints, belief: Belief) -> Measures:
    """Measures of each day and run, shape (days, K, P), as far as they work under a belief."""
    days = np.arange(problem.start.days) // problem.period_days
    daily = np.moveaxis(policies[:, days], 0, 1)

    def of(name: str) -> Floats:
        reached: Floats = np.minimum(problem.of_levels(name) * belief.effect, 1.0)[daily]
        return reached

    return replace(
        problem.always,
        contact_reduction=of("contact_reduction"),
        travel_reduction=of("travel_reduction"),
        detection=of("detection"),
    )


def chances(
    problem: Problem, policy: npt.ArrayLike, *, rng: np.random.Generator, runs: int = 200
) -> Chances:
    """Simulate one policy many times, the runs shared evenly among the beliefs.

    Args:
        problem: see Problem. policy: levels, shape (periods, P).
        rng: source of the draws; the same state for two policies gives common random numbers.
        runs: >= 1; rounded up so that each belief has as many.

    Returns:
        Chances.

    Raises:
        NumericsError: as `outcomes`; "argument.too_small".

    Source: own definition: shares of the simulated runs.
    """
    chosen = checked_policies(problem, policy)[:1]
    worlds = problem.worlds()
    each = -(-at_least(runs, 1, name="runs") // len(worlds))
    beds = beds_of(problem)
    over, zero, infections, deaths = [], [], [], []
    for belief in worlds:
        start = replace(problem.start, exposed=exposed_under(problem, belief), runs=each)
        measures = measures_of(problem, np.repeat(chosen, each, axis=0), belief)
        course = simulate(problem.province, belief.disease, measures, start, rng=rng)
        over.append((course.icu > beds).any(axis=(1, 2)))
        zero.append((_from_zero_day(problem, course) == 0).all(axis=(1, 2)))
        infections.append(course.infections.sum(axis=(1, 2)))
        deaths.append(course.deaths.sum(axis=(1, 2)))
    return Chances(
        overload=float(np.concatenate(over).mean()),
        zero=float("nan") if problem.zero_by is None else float(np.concatenate(zero).mean()),
        infections=np.concatenate(infections),
        deaths=np.concatenate(deaths),
    )


def overload_chance(
    problem: Problem, policy: npt.ArrayLike, *, rng: np.random.Generator, runs: int = 200
) -> float:
    """Chance that any area needs more intensive care than it has on any day.

    Args:
        problem, policy, rng, runs: as in `chances`, which tells more.

    Returns:
        Share of the runs, in [0, 1].

    Raises:
        NumericsError: as `chances`; "beds.shape".

    Source: as `chances`.
    """
    return chances(problem, policy, rng=rng, runs=runs).overload
