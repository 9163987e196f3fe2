"""Most effect at least cost: which level of measures where and when."""

from dataclasses import dataclass, fields, replace

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
from bihuan_analytics.scenario.metapopulation import Course, expected_course, simulate
from bihuan_analytics.scenario.world import Disease, Measures, Province, Start


@dataclass(frozen=True, slots=True)
class Level:
    """One entry of the menu. contact_reduction, travel_reduction: in [0, 1]; detection: daily
    chance to find an infectious person. cost: money a person and day; hardship: restriction a
    person and day, 0..1. longest: periods in a row that the plan allows.
    """

    name: str
    contact_reduction: float = 0.0
    travel_reduction: float = 0.0
    detection: float = 0.0
    cost: float = 0.0
    hardship: float = 0.0
    longest: int = 10**6


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be decided. menu: levels, the first one being nothing at all. period_days: of a
    decision. beds: intensive care of each area, shape (P,). price: money one infection is worth
    avoiding, one death, one bed-day above the beds, one restricted person-day.
    """

    province: Province
    disease: Disease
    start: Start
    menu: tuple[Level, ...]
    beds: npt.ArrayLike
    period_days: int = 7
    price: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 0.0)

    def __post_init__(self) -> None:
        at_least(self.period_days, 1, name="period_days")
        first = self.menu[0] if self.menu else Level("", cost=1.0)
        if first.contact_reduction or first.travel_reduction or first.detection or first.cost:
            raise NumericsError("menu.first_not_nothing")
        not_negative(self.price, name="price")

    @property
    def periods(self) -> int:
        """Number of decisions in time; the last one may be cut short."""
        return -(-self.start.days // self.period_days)

    def shape(self) -> tuple[int, int]:
        """Periods and areas of a policy."""
        return self.periods, self.province.checked().people.shape[0]


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Expected outcome of K policies, each of shape (K,): money, infections, deaths, bed-days
    needed above the beds, restricted person-days; loss: all at their price.
    """

    cost: Floats
    infections: Floats
    deaths: Floats
    excess: Floats
    restricted: Floats
    loss: Floats

    def objectives(self) -> Floats:
        """Cost, infections, deaths, excess and restricted as columns, shape (K, 5)."""
        columns = (self.cost, self.infections, self.deaths, self.excess, self.restricted)
        return np.stack(columns, axis=1)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a search: what changed and what it brought. gain: loss avoided."""

    period: int
    area: int
    level: int
    gain: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A policy (periods, P) of levels, its outcome, the steps that led to it, and how many
    policies were tried.
    """

    policy: Ints
    outcome: Outcomes
    steps: tuple[Step, ...]
    tried: int


def outcomes(problem: Problem, policies: npt.ArrayLike) -> Outcomes:
    """Expected outcome of policies, all played through the same deterministic model.

    Args:
        problem: see Problem. policies: levels, shape (K, periods, P) or (periods, P).

    Returns:
        Outcomes.

    Raises:
        NumericsError: "policy.shape"; "policy.outside_menu" with the index; "policy.too_long"
            with the index where a level outlasts its `longest`; and what `expected_course` raises.
    """
    chosen = _checked(problem, policies)
    areas = chosen.shape[2]
    at_once = max(1, 2_000_000 // (problem.start.days * areas))
    parts = [
        _played(problem, chosen[first : first + at_once])
        for first in range(0, chosen.shape[0], at_once)
    ]
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Outcomes)
    }
    return Outcomes(**columns)


def _played(problem: Problem, policies: Ints) -> Outcomes:
    """Outcome of as many policies as fit into memory together."""
    start = replace(problem.start, runs=policies.shape[0])
    course = expected_course(problem.province, problem.disease, _measures(problem, policies), start)
    return _outcomes(problem, policies, course)


def overload_chance(
    problem: Problem, policy: npt.ArrayLike, *, rng: np.random.Generator, runs: int = 200
) -> float:
    """Chance that any area needs more intensive care than it has on any day.

    Args:
        problem: see Problem. policy: levels, shape (periods, P).
        rng: source of the draws; the same state for two policies gives common random numbers.
        runs: >= 1.

    Raises:
        NumericsError: as `outcomes`.
    """
    chosen = _checked(problem, policy)[:1]
    start = replace(problem.start, runs=runs)
    shared = _measures(problem, np.repeat(chosen, runs, axis=0))
    course = simulate(problem.province, problem.disease, shared, start, rng=rng)
    return float((course.icu > np.asarray(problem.beds)).any(axis=(1, 2)).mean())


def cheapest_plan(problem: Problem, *, most_steps: int = 200) -> Plan:
    """Greedy search: the change with the greatest fall of the loss, again and again.

    A change sets one area, or all alike, to another level for one period or for that period and
    all later ones; so measures can be built up, moved and taken back. Each round plays the tenth
    of the changes that promised most when last played, and all of them before it gives up.

    Args:
        problem: see Problem. most_steps: >= 1.

    Returns:
        Plan; steps say what each change was worth when it was made.

    Raises:
        NumericsError: "argument.too_small"; as `outcomes`.
    """
    at_least(most_steps, 1, name="most_steps")
    best = np.zeros(problem.shape(), dtype=np.int64)
    loss = float(outcomes(problem, best).loss[0])
    moves = _moves(problem)
    promise = np.full(len(moves), np.inf)
    steps: list[Step] = []
    tried = 1
    while len(steps) < most_steps:
        candidates, allowed = _changed(problem, best, moves)
        if allowed.size == 0:
            break
        order = allowed[np.argsort(-promise[allowed], kind="stable")]
        for part in (order[: max(64, order.size // 10)], order):
            promise[part] = loss - outcomes(problem, candidates[part]).loss
            tried += part.size
            chosen = int(part[np.argmax(promise[part])])
            if promise[chosen] > 1e-9 * abs(loss):
                break
        if not promise[chosen] > 1e-9 * abs(loss):
            break
        gain = float(promise[chosen])
        best, loss = candidates[chosen], loss - gain
        period, _, area, level = moves[chosen]
        steps.append(Step(period, area, level, gain))
    return Plan(best, outcomes(problem, best), tuple(steps), tried)


def safe_plan(problem: Problem, *, risk: float, rng: np.random.Generator, runs: int = 200) -> Plan:
    """The cheapest plan found under which beds run out with at most a given chance.

    The search plans with fewer beds than there are, fewer at each attempt, until simulated runs
    keep the risk.

    Args:
        problem: see Problem. risk: in (0, 1).
        rng: source of the draws. runs: simulated for each attempt, >= 1.

    Returns:
        Plan; its outcome is counted with the true beds.

    Raises:
        NumericsError: "plan.none_safe" where even a fifth of the beds was not safe enough;
            "argument.out_of_range"; as `outcomes`.
    """
    between(risk, 0.0, 1.0, name="risk")
    beds = np.asarray(problem.beds, dtype=np.float64)
    tried = 0
    for share in (1.0, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2):
        plan = cheapest_plan(replace(problem, beds=share * beds))
        tried += plan.tried
        if overload_chance(problem, plan.policy, rng=rng, runs=runs) <= risk:
            return replace(plan, outcome=outcomes(problem, plan.policy), tried=tried)
    raise NumericsError("plan.none_safe", risk=risk)


def _moves(problem: Problem) -> list[tuple[int, int, int, int]]:
    """All changes: from period, until period, area or -1 for all, level."""
    periods, areas = problem.shape()
    return [
        (period, until, area, level)
        for period in range(periods)
        for until in sorted({period + 1, periods})
        for area in range(-1, areas)
        for level in range(len(problem.menu))
    ]


def _changed(
    problem: Problem, policy: Ints, moves: list[tuple[int, int, int, int]]
) -> tuple[Ints, Ints]:
    """The policy after each change, and which changes are allowed and change anything."""
    candidates = np.repeat(policy[None], len(moves), axis=0)
    for candidate, (period, until, area, level) in zip(candidates, moves, strict=True):
        candidate[period:until, slice(None) if area < 0 else area] = level
    same = (candidates == policy).all(axis=(1, 2))
    forbidden = _overlong(problem, candidates).any(axis=(1, 2))
    return candidates, np.flatnonzero(~same & ~forbidden)


def pareto_front(objectives: npt.ArrayLike) -> tuple[Bools, Ints]:
    """Options that no other one beats in everything, and who beats the rest.

    Args:
        objectives: shape (K, M), lower is better.

    Returns:
        front: shape (K,); dominator: shape (K,), an option at least as good in everything and
        better in something, -1 on the front. Equal options both stay.

    Raises:
        NumericsError: "objectives.shape"; "array.not_finite".
    """
    table = np.asarray(objectives, dtype=np.float64)
    if table.ndim != 2 or table.size == 0:
        raise NumericsError("objectives.shape", shape=table.shape)
    if not np.isfinite(table).all():
        index = first_index(~np.isfinite(table))
        raise NumericsError("array.not_finite", name="objectives", index=index)
    dominator = np.full(table.shape[0], -1, dtype=np.int64)
    for option in range(table.shape[0]):
        better = (table <= table[option]).all(axis=1) & (table < table[option]).any(axis=1)
        if better.any():
            dominator[option] = int(np.argmax(better))
    return dominator < 0, dominator


def _checked(problem: Problem, policies: npt.ArrayLike) -> Ints:
    given = np.asarray(policies)
    chosen = given[None] if given.ndim == 2 else given
    if chosen.ndim != 3 or chosen.shape[1:] != problem.shape():
        raise NumericsError("policy.shape", expected=problem.shape(), shape=given.shape)
    if not np.issubdtype(chosen.dtype, np.integer):
        raise NumericsError("policy.outside_menu", dtype=str(chosen.dtype))
    outside = (chosen < 0) | (chosen >= len(problem.menu))
    if outside.any():
        raise NumericsError("policy.outside_menu", index=first_index(outside))
    over = _overlong(problem, chosen)
    if over.any():
        raise NumericsError("policy.too_long", index=first_index(over))
    return chosen.astype(np.int64)


def _overlong(problem: Problem, policies: Ints) -> Bools:
    """Where a level has lasted longer than the plan allows, shape (K, periods, P)."""
    longest = np.array([level.longest for level in problem.menu])
    over = np.zeros(policies.shape, dtype=np.bool_)
    run = np.ones((policies.shape[0], policies.shape[2]), dtype=np.int64)
    for period in range(policies.shape[1]):
        if period:
            same = policies[:, period] == policies[:, period - 1]
            run = np.where(same, run + 1, 1)
        over[:, period] = run > longest[policies[:, period]]
    return over


def _measures(problem: Problem, policies: Ints) -> Measures:
    """Measures of each day and run, shape (days, K, P)."""
    days = np.arange(problem.start.days) // problem.period_days
    daily = np.moveaxis(policies[:, days], 0, 1)

    def of(name: str) -> Floats:
        return np.array([getattr(level, name) for level in problem.menu])[daily]

    return Measures(
        contact_reduction=of("contact_reduction"),
        travel_reduction=of("travel_reduction"),
        detection=of("detection"),
    )


def _outcomes(problem: Problem, policies: Ints, course: Course) -> Outcomes:
    days = np.arange(problem.start.days) // problem.period_days
    people = problem.province.checked().people.sum(axis=1)

    def person_days(name: str) -> Floats:
        weight = np.array([getattr(level, name) for level in problem.menu], dtype=np.float64)
        total: Floats = (weight[policies[:, days]] * people).sum(axis=(1, 2))
        return total

    cost, restricted = person_days("cost"), person_days("hardship")
    infections = course.infections.sum(axis=(1, 2))
    deaths = course.deaths.sum(axis=(1, 2))
    over = course.icu - np.asarray(problem.beds, dtype=np.float64)
    excess = np.maximum(over, 0.0).sum(axis=(1, 2))
    amounts = (infections, deaths, excess, restricted)
    loss = cost + sum(price * amount for price, amount in zip(problem.price, amounts, strict=True))
    return Outcomes(cost, infections, deaths, excess, restricted, loss)
