"""Plans for a goal: no overload, nobody at large from a day on, fewest deaths within a budget."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bihuan_analytics.arrays import Ints, not_negative
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.policy.play import chances, outcomes
from bihuan_analytics.scenario.policy.problem import Problem, beds_of, checked_share
from bihuan_analytics.scenario.policy.search import Plan, cheapest_plan

SHARES_OF_BEDS = (1.0, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)
RISES = 10  # times a price is raised tenfold, or a budget halved in, before giving up


def safe_plan(
    problem: Problem,
    *,
    risk: float,
    rng: np.random.Generator,
    runs: int = 200,
    most_tried: int = 20_000,
) -> Plan:
    """The cheapest plan found under which beds run out with at most a given chance.

    The search plans with fewer beds than there are, fewer at each attempt and each time from the
    plan before, until simulated runs keep the risk.

    Args:
        problem: see Problem. risk: in (0, 1).
        rng: source of the draws. runs: simulated for each attempt, >= 1. most_tried: of each
            attempt.

    Returns:
        Plan; its outcome is counted with the true beds, its steps are those of all attempts.

    Raises:
        NumericsError: "plan.none_safe" where even a fifth of the beds was not safe enough, with
            the least risk that was reached;
            "argument.out_of_range"; as `outcomes`.

    Source: own search; see `cheapest_plan`.
    """
    checked_share(risk, name="risk")
    beds = beds_of(problem)
    attempts = [replace(problem, beds=share * beds) for share in SHARES_OF_BEDS]
    seed = int(rng.integers(2**62))
    seen: list[float] = []

    def kept(policy: Ints) -> bool:
        found = chances(problem, policy, rng=np.random.default_rng(seed), runs=runs)
        seen.append(found.overload)
        return found.overload <= risk

    plan = _first(attempts, kept, most_tried)
    if plan is None:
        raise NumericsError("plan.none_safe", risk=risk, reached=min(seen))
    return replace(plan, outcome=outcomes(problem, plan.policy))


def zero_plan(
    problem: Problem,
    *,
    chance: float,
    rng: np.random.Generator,
    runs: int = 200,
    most_tried: int = 20_000,
) -> Plan:
    """The cheapest plan found under which nobody infectious is at large from `zero_by` on.

    A person-day at large after that day is given a price, ten times higher at each attempt, until
    simulated runs reach the goal often enough.

    Args:
        problem: with `zero_by`, a day within the horizon. chance: wanted, in (0, 1).
        rng, runs, most_tried: as in `safe_plan`.

    Returns:
        Plan; its loss is counted at the prices of the problem.

    Raises:
        NumericsError: "goal.no_day"; "plan.none_safe" where no price brings it about;
            "argument.out_of_range"; as `outcomes`.

    Source: own search; see `cheapest_plan`.
    """
    checked_share(chance, name="chance")
    if problem.zero_by is None or not 0 <= problem.zero_by < problem.start.days:
        raise NumericsError("goal.no_day", day=problem.zero_by, days=problem.start.days)
    least = max(problem.zero_price, 1.0)
    attempts = [replace(problem, zero_price=least * 10.0**rise) for rise in range(RISES)]
    seed = int(rng.integers(2**62))

    def kept(policy: Ints) -> bool:
        return chances(problem, policy, rng=np.random.default_rng(seed), runs=runs).zero >= chance

    plan = _first(attempts, kept, most_tried)
    if plan is None:
        raise NumericsError("plan.none_safe", chance=chance)
    return replace(plan, outcome=outcomes(problem, plan.policy))


def _first(attempts: list[Problem], kept: Callable[[Ints], bool], most_tried: int) -> Plan | None:
    """The plan of the first attempt that is kept, each setting out from the one before."""
    plan: Plan | None = None
    for attempt in attempts:
        start = None if plan is None else plan.policy
        found = cheapest_plan(attempt, start=start, most_tried=most_tried)
        before = () if plan is None else plan.steps
        tried = found.tried + (0 if plan is None else plan.tried)
        plan = replace(found, steps=(*before, *found.steps), tried=tried)
        if kept(plan.policy):
            return plan
    return None


def fewest_deaths_plan(problem: Problem, *, budget: float, most_tried: int = 20_000) -> Plan:
    """The plan found with the fewest expected deaths whose measures cost no more than a budget.

    Searches at prices of a death that are halved in, on a scale of decades, between too cheap and
    too dear; of all plans within the budget the one with the fewest deaths.

    Args:
        problem: the price of restriction counts beside that of deaths.
        budget: money for measures, >= 0. most_tried: of each search.

    Returns:
        Plan; its loss is counted at the prices of the problem.

    Raises:
        NumericsError: "array.negative"; as `outcomes`.

    Source: own search: bisection on the price of a death.
    """
    limit = float(not_negative(budget, name="budget"))
    nothing = np.zeros(problem.shape(), dtype=np.int64)
    best = Plan(nothing, outcomes(problem, nothing), (), 1)
    low, high, tried = 0.0, 10.0, 1
    for _ in range(RISES):
        middle = (low + high) / 2
        dear = replace(problem, price=(0.0, 10.0**middle, 0.0, problem.price[3]))
        found = cheapest_plan(dear, most_tried=most_tried)
        tried += found.tried
        fits = found.outcome.cost[0] <= limit
        low, high = (middle, high) if fits else (low, middle)
        if fits and found.outcome.deaths[0] < best.outcome.deaths[0]:
            best = found
    return replace(best, outcome=outcomes(problem, best.policy), tried=tried)
