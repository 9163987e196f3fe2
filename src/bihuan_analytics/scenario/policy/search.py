"""Most effect at least cost: which level of measures where and when."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, Ints, at_least
from bihuan_analytics.scenario.policy.play import Outcomes, outcomes, played, repriced
from bihuan_analytics.scenario.policy.problem import Problem, allowed, beds_of, checked_policies

BATCH = 64  # changes played together
COMBINED = 12  # of them tried one upon the other


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a search: what changed (area -1: everywhere; periods from `period` up to but not
    with `until`) and what it brought. gain: loss avoided.
    """

    period: int
    until: int
    area: int
    level: int
    gain: float


@dataclass(frozen=True, slots=True)
class Plan:
    """A policy (periods, P) of levels, its outcome, the steps that led to it, and how many
    policies were played, each belief counted.
    """

    policy: Ints
    outcome: Outcomes
    steps: tuple[Step, ...]
    tried: int


@dataclass(frozen=True, slots=True)
class Moves:
    """All single changes, each of shape (M,): periods first..until-1 of an area (-1: all) get a
    level.
    """

    first: Ints
    until: Ints
    area: Ints
    level: Ints

    def applied(self, policy: Ints, chosen: Ints) -> Ints:
        """The policy after each chosen change alone, shape (chosen, periods, P)."""
        period = np.arange(policy.shape[0])[None, :, None]
        area = np.arange(policy.shape[1])[None, None, :]
        first, until, where, level = (
            getattr(self, name)[chosen, None, None] for name in ("first", "until", "area", "level")
        )
        here = (period >= first) & (period < until) & ((where < 0) | (area == where))
        return np.where(here, level, policy)


def moves_of(problem: Problem) -> Moves:
    """Changes for one period, for four, and to the end, in each area and in all alike."""
    periods, areas = problem.shape()
    spans = [
        (first, until)
        for first in range(periods)
        for until in sorted({first + 1, min(first + 4, periods), periods})
    ]
    longest = [level.longest for level in problem.menu]
    table = np.array(
        [
            (first, until, area, level)
            for first, until in spans
            for area in range(-1, areas)
            for level in range(len(problem.menu))
            if until - first <= longest[level]
        ],
        dtype=np.int64,
    )
    return Moves(*table.T)


def cheapest_plan(
    problem: Problem,
    *,
    most_steps: int = 400,
    most_tried: int = 20_000,
    start: npt.ArrayLike | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Greedy search: the changes with the greatest fall of the loss, again and again.

    A change sets one area, or all alike, to another level for one period, for four or for that
    period and all later ones; so measures can be built up, moved and taken back. Each round plays
    the changes that promised most when last played, under the first belief; the best of them are
    then put one upon the other under all beliefs and kept as long as each lowers the loss. The
    search ends when no change does.

    Args:
        problem: see Problem. most_steps: >= 1. most_tried: policies played, each belief
            counted, >= 1; the round that reaches it is the last. start: policy to set out from, shape (periods, P); None: do
            nothing.
        progress: told the policies tried so far and at most.

    Returns:
        Plan; steps say what each change was worth when it was made.

    Raises:
        NumericsError: "argument.too_small"; as `outcomes`.

    Source: own search, greedy; it may stop at a plan that only several changes at once improve.
    """
    at_least(most_steps, 1, name="most_steps")
    at_least(most_tried, 1, name="most_tried")
    nothing = np.zeros(problem.shape(), dtype=np.int64)
    policy = nothing if start is None else checked_policies(problem, start)[0]
    search = Search(problem, policy, moves_of(problem))
    search.promised(first_sweep(problem, policy, search.moves))
    while len(search.steps) < most_steps and search.round(most_tried):
        if progress:
            progress(min(search.tried, most_tried), most_tried)
    return search.plan()


@dataclass(frozen=True, slots=True)
class Sweep:
    """Outcomes under the first belief of the allowed changes of a policy, and which they are."""

    chosen: Ints
    found: Outcomes


def first_sweep(problem: Problem, policy: Ints, moves: Moves) -> Sweep:
    """Play every allowed change of a policy once; good for any prices."""
    chosen, candidates = _allowed_changes(problem, policy, moves, np.arange(moves.first.size))
    return Sweep(chosen, played(problem, candidates, problem.worlds()[:1]))


def _allowed_changes(problem: Problem, policy: Ints, moves: Moves, some: Ints) -> tuple[Ints, Ints]:
    """Those of some changes that are allowed and change anything, and the policies they make."""
    candidates = moves.applied(policy, some)
    fine = allowed(problem, candidates) & (candidates != policy).any(axis=(1, 2))
    return some[fine], candidates[fine]


class Search:
    """A search under way: the best policy so far and what each change promises.

    promise: gain of each change when it was last played, infinite where never. fresh: whether it
    was played since the last step.
    """

    def __init__(self, problem: Problem, policy: Ints, moves: Moves) -> None:
        self.problem, self.policy, self.moves = problem, policy, moves
        self.promise: Floats = np.full(moves.first.size, np.inf)
        self.fresh = np.zeros(moves.first.size, dtype=np.bool_)
        self.steps: list[Step] = []
        self.tried = 2
        self.visited: list[Ints] = [policy]
        self._measure()

    def _measure(self) -> None:
        """Loss of the best policy under the first belief and under all."""
        worlds = self.problem.worlds()
        self.first_loss = float(played(self.problem, self.policy[None], worlds[:1]).loss[0])
        self.loss = self.first_loss
        if len(worlds) > 1:
            self.loss = float(played(self.problem, self.policy[None], worlds).loss[0])

    def promised(self, sweep: Sweep) -> None:
        """Take what each change brings from outcomes already known, at these prices."""
        self.promise[:] = -np.inf
        self.promise[sweep.chosen] = self.first_loss - repriced(self.problem, sweep.found).loss
        self.tried += sweep.chosen.size

    def round(self, most_tried: int) -> bool:
        """Make the most promising changes; False when none lowers the loss or the limit is met."""
        while self.tried < most_tried:
            chosen, candidates = self._promising()
            if chosen.size == 0:
                return False
            found = played(self.problem, candidates, self.problem.worlds()[:1])
            self.tried += chosen.size
            self.promise[chosen] = self.first_loss - found.loss
            self.fresh[chosen] = True
            best = chosen[np.argsort(-self.promise[chosen], kind="stable")][:COMBINED]
            best = self._better(best[self.promise[best] > self._least()])
            if best.size:
                self._combine(best)
                return True
        return False

    def _least(self) -> float:
        return 1e-9 * abs(self.loss)

    def _promising(self) -> tuple[Ints, Ints]:
        """Next changes to play that are allowed and change anything, and the policies they make."""
        waiting = np.flatnonzero(~self.fresh)
        waiting = waiting[np.argsort(-self.promise[waiting], kind="stable")]
        kept = np.zeros(0, dtype=np.int64)
        made = np.zeros((0, *self.policy.shape), dtype=np.int64)
        for first in range(0, waiting.size, 2 * BATCH):
            some = waiting[first : first + 2 * BATCH]
            chosen, candidates = _allowed_changes(self.problem, self.policy, self.moves, some)
            self.fresh[np.setdiff1d(some, chosen)] = True
            kept, made = np.concatenate([kept, chosen]), np.concatenate([made, candidates])
            if kept.size >= BATCH:
                break
        return kept[:BATCH], made[:BATCH]

    def _better(self, best: Ints) -> Ints:
        """Those of some changes that lower the loss under all beliefs, the best first."""
        worlds = self.problem.worlds()
        if len(worlds) == 1 or best.size == 0:
            return best
        gain = self.loss - played(self.problem, self.moves.applied(self.policy, best), worlds).loss
        self.tried += best.size * len(worlds)
        order = np.argsort(-gain, kind="stable")
        return best[order][gain[order] > self._least()]

    def _combine(self, best: Ints) -> None:
        """Put changes one upon the other; keep them as long as each lowers the loss."""
        chain: list[Ints] = []
        used: list[int] = []
        for move in best:
            base = chain[-1] if chain else self.policy
            changed = _allowed_changes(self.problem, base, self.moves, np.array([move]))
            if changed[0].size:
                chain.append(changed[1][0])
                used.append(int(move))
        losses = played(self.problem, np.array(chain), self.problem.worlds()).loss
        self.tried += len(chain) * len(self.problem.worlds())
        gains = -np.diff(np.r_[self.loss, losses])
        worse = np.flatnonzero(gains[1:] <= self._least())
        kept = int(worse[0]) + 1 if worse.size else len(chain)
        for move, gain in zip(used[:kept], gains[:kept], strict=True):
            self.steps.append(self._step(move, float(gain)))
        self.policy = chain[kept - 1]
        self.visited.append(self.policy)
        self.fresh[:] = False
        self._measure()

    def _step(self, move: int, gain: float) -> Step:
        moves = self.moves
        first, until = int(moves.first[move]), int(moves.until[move])
        return Step(first, until, int(moves.area[move]), int(moves.level[move]), gain)

    def plan(self) -> Plan:
        """What was found."""
        return Plan(self.policy, outcomes(self.problem, self.policy), tuple(self.steps), self.tried)


def traded(problem: Problem, health: float, hardship: float, beds: float) -> Problem:
    """The same problem with what health and freedom are worth, and the beds, times a factor each."""
    infection, death, bed, restricted = problem.price
    return replace(
        problem,
        price=(infection * health, death * health, bed * health, restricted * hardship),
        beds=beds_of(problem) * beds,
    )
