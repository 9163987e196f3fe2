"""Why this and not that: what each order of a plan brings, against what could stand there."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints, at_least
from bihuan_analytics.scenario.policy.orders import Order, orders_of
from bihuan_analytics.scenario.policy.play import outcomes
from bihuan_analytics.scenario.policy.problem import Problem, allowed, checked_policies


@dataclass(frozen=True, slots=True)
class Reason:
    """One alternative to one order, and what it would change: the alternative less the plan.

    instead: name of another level, "later" or "shorter" by one period, or "longer". Positive
    figures speak for the plan. loss: all at their price.
    """

    order: Order
    instead: str
    cost: float
    infections: float
    deaths: float
    excess: float
    restricted: float
    loss: float


def reasons(problem: Problem, policy: npt.ArrayLike, *, most: int = 1_000) -> tuple[Reason, ...]:
    """Hold every order of a plan against its alternatives.

    Each order is replaced by each other level, begun a period later, ended a period sooner and
    later; all else stays. Alternatives that the menu's limits forbid are left out.

    Args:
        problem: see Problem. policy: levels, shape (periods, P). most: alternatives at most, those
            kept that come nearest to the plan's loss.

    Returns:
        Reasons, by order, then by loss.

    Raises:
        NumericsError: as `outcomes`; "argument.too_small".

    Source: own definition: what the loss would be without an order, less what it is.
    """
    at_least(most, 1, name="most")
    plan = checked_policies(problem, policy)[0]
    orders = orders_of(problem, plan)
    asked = [
        (order, name, other)
        for order in orders
        for name, other in _alternatives(problem, plan, order)
    ]
    if not asked:
        return ()
    others = np.array([other for _, _, other in asked])
    fine = np.flatnonzero(allowed(problem, others))
    found, own = outcomes(problem, others[fine]), outcomes(problem, plan)
    difference = np.column_stack([found.objectives(), found.loss])
    difference = difference - np.r_[own.objectives()[0], own.loss[0]]
    nearest = np.argsort(np.abs(difference[:, 5]), kind="stable")[:most]
    told = [
        Reason(asked[fine[place]][0], asked[fine[place]][1], *map(float, difference[place]))
        for place in nearest
    ]
    position = {order: place for place, order in enumerate(orders)}
    return tuple(sorted(told, key=lambda reason: (position[reason.order], reason.loss)))


def _alternatives(problem: Problem, plan: Ints, order: Order) -> list[tuple[str, Ints]]:
    first = order.first // problem.period_days
    end = -(-(order.end or 0) // problem.period_days)
    level = int(plan[first, order.area])

    def changed(begin: int, until: int, to: int) -> Ints:
        other = plan.copy()
        other[begin:until, order.area] = to
        return other

    found = [
        (each.name, changed(first, end, number))
        for number, each in enumerate(problem.menu)
        if number != level
    ]
    found.append(("later", changed(first, first + 1, 0)))
    if end - first > 1:
        found.append(("shorter", changed(end - 1, end, 0)))
    if end < plan.shape[0]:
        found.append(("longer", changed(end, end + 1, level)))
    return found
