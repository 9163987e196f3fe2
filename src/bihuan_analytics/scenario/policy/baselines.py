"""What else one might do: nothing, a level everywhere, a fixed rule. A plan has to beat them."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints, positive
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.metapopulation import expected_course
from bihuan_analytics.scenario.policy.play import measures_of
from bihuan_analytics.scenario.policy.problem import (
    Problem,
    allowed,
    beds_of,
    checked_policies,
)


@dataclass(frozen=True, slots=True)
class Option:
    """A policy (periods, P) with a name to speak of it by."""

    name: str
    policy: npt.ArrayLike


def everywhere(problem: Problem) -> tuple[Option, ...]:
    """Each level in all areas at once, for as long as it may last, named after the level.

    Args:
        problem: see Problem.

    Returns:
        Options, one for each level of the menu.

    Raises:
        Nothing: a problem is checked when it is made.

    Source: own definition.
    """
    periods, areas = problem.shape()
    found = []
    for number, level in enumerate(problem.menu):
        policy = np.zeros((periods, areas), dtype=np.int64)
        policy[: min(level.longest, periods)] = number
        if allowed(problem, policy[None])[0]:
            found.append(Option(level.name, policy))
    return tuple(found)


def threshold_rule(problem: Problem, *, level: int, share_of_beds: float = 1 / 3) -> Ints:
    """A fixed rule: an area has a level in a period when, at the end of the one before, so large a
    share of its beds was in use; by the first belief, and as far as the level may last.

    Args:
        problem: see Problem. level: position in the menu. share_of_beds: > 0.

    Returns:
        Policy, shape (periods, P).

    Raises:
        NumericsError: "policy.outside_menu"; "array.not_positive"; as `outcomes`.

    Source: own definition: on where icu(end of the period before) >= share_of_beds x beds.
    """
    if not 0 <= level < len(problem.menu):
        raise NumericsError("policy.outside_menu", level=level)
    mark = float(positive(share_of_beds, name="share_of_beds")) * beds_of(problem)
    belief = problem.worlds()[0]
    policy: Ints = np.zeros((1, *problem.shape()), dtype=np.int64)
    for period in range(1, problem.periods):
        days = period * problem.period_days
        start = replace(problem.start, days=days, runs=1)
        shorter = replace(problem, start=start)
        measures = measures_of(shorter, policy, belief)
        course = expected_course(problem.province, belief.disease, measures, start)
        for area in np.flatnonzero(course.icu[0, -1] > mark):
            policy[0, period, area] = level
            if not allowed(problem, policy)[0]:
                policy[0, period, area] = 0
    chosen: Ints = checked_policies(problem, policy)[0]
    return chosen
