"""Orders as people write them: a measure of the menu, an area, a first and a last day."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.scenario.policy.problem import Problem, checked_policies


@dataclass(frozen=True, slots=True)
class Order:
    """A measure in force in an area from the day `first` up to but not with the day `end`.

    Days count from the start of the scenario; both fall on the turn of a period. An order without
    an end is refused.
    """

    level: str
    area: int
    first: int
    end: int | None


def policy_of(problem: Problem, orders: Sequence[Order]) -> Ints:
    """The policy that some orders make together; nothing where there is none.

    Args:
        problem: see Problem. orders: of its menu.

    Returns:
        Policy, shape (periods, P).

    Raises:
        NumericsError: each with the index of the order: "order.outside_menu", "order.no_end",
            "order.unknown_area", "order.days" (outside the horizon, backwards, or not on the turn
            of a period), "order.overlap"; and what `outcomes` raises for the whole.

    Source: none.
    """
    names = [level.name for level in problem.menu]
    policy = np.zeros(problem.shape(), dtype=np.int64)
    taken = np.zeros(problem.shape(), dtype=np.bool_)
    for index, order in enumerate(orders):
        if order.level not in names:
            raise NumericsError("order.outside_menu", index=index, level=order.level)
        if not 0 <= order.area < policy.shape[1]:
            raise NumericsError("order.unknown_area", index=index, area=order.area)
        first, end = _periods(problem, order, index)
        if taken[first:end, order.area].any():
            raise NumericsError("order.overlap", index=index)
        taken[first:end, order.area] = True
        policy[first:end, order.area] = names.index(order.level)
    checked_policies(problem, policy)
    return policy


def _periods(problem: Problem, order: Order, index: int) -> tuple[int, int]:
    if order.end is None:
        raise NumericsError("order.no_end", index=index, level=order.level)
    last = problem.start.days
    whole = order.first % problem.period_days == 0 and (
        order.end % problem.period_days == 0 or order.end == last
    )
    if not (whole and 0 <= order.first < order.end <= last):
        raise NumericsError("order.days", index=index, first=order.first, end=order.end)
    return order.first // problem.period_days, -(-order.end // problem.period_days)


def orders_of(problem: Problem, policy: npt.ArrayLike) -> tuple[Order, ...]:
    """A policy as orders with their days, by area and time; doing nothing needs no order.

    Args:
        problem: see Problem. policy: levels, shape (periods, P).

    Returns:
        Orders; end is the first day without, first and end in days from the start.

    Raises:
        NumericsError: as `outcomes`.

    Source: own definition.
    """
    chosen = checked_policies(problem, policy)[0]
    orders = []
    for area in range(chosen.shape[1]):
        column = chosen[:, area]
        turns = [0, *(np.flatnonzero(np.diff(column)) + 1), column.size]
        for first, until in pairwise(turns):
            if column[first]:
                end = min(int(until) * problem.period_days, problem.start.days)
                name = problem.menu[column[first]].name
                orders.append(Order(name, area, int(first) * problem.period_days, end))
    return tuple(orders)
