"""What no other option beats in everything, and who beats the rest."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats, Ints, first_index
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.policy.baselines import Option, everywhere, threshold_rule
from bihuan_analytics.scenario.policy.play import Outcomes, chances, outcomes
from bihuan_analytics.scenario.policy.problem import Problem, checked_policies
from bihuan_analytics.scenario.policy.search import (
    Search,
    Sweep,
    first_sweep,
    moves_of,
    traded,
)

Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]
"""`map`, or anything that maps a function over tasks in their order: a pool's or a cluster's."""

Trade = tuple[float, float, float]
TRADES: tuple[Trade, ...] = (
    (0.3, 1.0, 1.0),
    (1.0, 1.0, 1.0),
    (1.0, 0.0, 1.0),
    (3.0, 1.0, 0.7),
    (10.0, 1.0, 0.5),
    (30.0, 1.0, 0.3),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Options side by side, N of them.

    policies: (N, periods, P). outcome: as Outcomes. overload, zero: chances, shape (N,). front:
    whether no other option is at least as good in cost, infections, deaths and restricted
    person-days and better in one. dominated_by: name of one that is, "" on the front.
    """

    names: tuple[str, ...]
    policies: Ints
    outcome: Outcomes
    overload: Floats
    zero: Floats
    front: Bools
    dominated_by: tuple[str, ...]


def pareto_front(objectives: npt.ArrayLike) -> tuple[Bools, Ints]:
    """Options that no other one beats in everything, and who beats the rest.

    Args:
        objectives: shape (K, M), finite, lower is better.

    Returns:
        front: shape (K,); dominator: shape (K,), an option of the front at least as good in
        everything and better in something, -1 on the front. Equal options both stay.

    Raises:
        NumericsError: "objectives.shape"; "array.not_finite".

    Source: own definition, that of Pareto: i beats j if no objective of i is higher and one is lower.
    """
    table = np.asarray(objectives, dtype=np.float64)
    if table.ndim != 2 or table.size == 0:
        raise NumericsError("objectives.shape", shape=table.shape)
    if not np.isfinite(table).all():
        index = first_index(~np.isfinite(table))
        raise NumericsError("array.not_finite", name="objectives", index=index)
    beaten = np.array([_beaters(table, option).any() for option in range(table.shape[0])])
    dominator = np.full(table.shape[0], -1, dtype=np.int64)
    for option in np.flatnonzero(beaten).tolist():
        dominator[option] = int(np.argmax(_beaters(table, option) & ~beaten))
    return ~beaten, dominator


def _beaters(table: Floats, option: int) -> Bools:
    own = table[option]
    better: Bools = (table <= own).all(axis=1) & (table < own).any(axis=1)
    return better


def compare(
    problem: Problem, options: Sequence[Option], *, rng: np.random.Generator, runs: int = 100
) -> Comparison:
    """Set options side by side: expected outcomes, chances, and which of them are beaten.

    All meet the same beliefs and the same random numbers.

    Args:
        problem: see Problem. options: at least one, names distinct.
        rng: source of the draws. runs: simulated for each option, >= 1.

    Returns:
        Comparison, rows in the order of the options.

    Raises:
        NumericsError: "options.none"; "options.duplicated"; as `outcomes`.

    Source: own definition; see `outcomes`, `chances` and `pareto_front`.
    """
    if not options:
        raise NumericsError("options.none")
    names = tuple(option.name for option in options)
    if len(set(names)) < len(names):
        raise NumericsError("options.duplicated", names=names)
    policies = np.concatenate([checked_policies(problem, option.policy)[:1] for option in options])
    found = outcomes(problem, policies)
    seed = int(rng.integers(2**62))
    each = [
        chances(problem, policy, rng=np.random.default_rng(seed), runs=runs) for policy in policies
    ]
    table = np.stack([found.cost, found.infections, found.deaths, found.restricted], axis=1)
    front, dominator = pareto_front(table)
    return Comparison(
        names=names,
        policies=policies,
        outcome=found,
        overload=np.array([one.overload for one in each]),
        zero=np.array([one.zero for one in each]),
        front=front,
        dominated_by=tuple("" if by < 0 else names[by] for by in dominator),
    )


def plan_front(
    problem: Problem,
    *,
    rng: np.random.Generator,
    runs: int = 100,
    most_tried: int = 3_000,
    trades: Sequence[Trade] = TRADES,
    run: Mapper = map,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """Search plans for several trades between health, money and freedom; compare them.

    A trade multiplies the prices of infections, deaths and beds, that of restriction, and the beds
    to plan with. Each level everywhere for as long as it may last is compared too, under its name;
    and the strongest of those that last longest by the fixed rule of `threshold_rule`, as "rule".

    Args:
        problem: see Problem. rng, runs: as in `compare`. most_tried: policies of each search.
        trades: factors (health, hardship, beds), >= 0.
        run: what maps a function over tasks; the result is the same for all of them.
        progress: told how many searches are done, and of how many.

    Returns:
        Comparison; plans are named "plan 1" and so on, in order of their cost.

    Raises:
        NumericsError: as `compare`.

    Source: own search; see `cheapest_plan`.
    """
    nothing = np.zeros(problem.shape(), dtype=np.int64)
    sweep = first_sweep(problem, nothing, moves_of(problem))
    search = partial(_searched, problem, sweep, most_tried)
    plans: list[Ints] = []
    for done, plan in enumerate(run(search, list(trades)), start=1):
        plans.append(plan)
        if progress:
            progress(done, len(trades))
    distinct = np.unique(np.array(plans), axis=0)
    cost = outcomes(problem, distinct).cost
    named = [
        Option(f"plan {place}", distinct[plan])
        for place, plan in enumerate(np.argsort(cost, kind="stable"), start=1)
    ]
    others = [
        *everywhere(problem),
        Option("rule", threshold_rule(problem, level=_lasting(problem))),
    ]
    return compare(problem, [*others, *named], rng=rng, runs=runs)


def _lasting(problem: Problem) -> int:
    """The level that reduces contacts most among those that may last longest."""
    longest = min(problem.periods, max(level.longest for level in problem.menu))
    return max(
        (number for number, level in enumerate(problem.menu) if level.longest >= longest),
        key=lambda number: problem.menu[number].contact_reduction,
    )


def _searched(problem: Problem, sweep: Sweep, most_tried: int, trade: Trade) -> Ints:
    """The best policy found at the prices of one trade."""
    priced = traded(problem, *trade)
    search = Search(priced, np.zeros(problem.shape(), dtype=np.int64), moves_of(problem))
    search.promised(sweep)
    search.tried = 0
    while search.round(most_tried):
        pass
    return search.policy


def cheapest_safe(found: Comparison, *, risk: float) -> int:
    """Position of the option with the lowest loss among those that keep the risk of overload.

    Args:
        found: from `compare` or `plan_front`. risk: of overload, in [0, 1].

    Returns:
        Position among found.names.

    Raises:
        NumericsError: "plan.none_safe".

    Source: own definition: least loss where overload <= risk.
    """
    fine = found.overload <= risk
    if not fine.any():
        raise NumericsError("plan.none_safe", risk=risk)
    return int(np.argmin(np.where(fine, found.outcome.loss, np.inf)))
