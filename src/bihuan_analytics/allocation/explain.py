"""Why an allocation is as it is: what holds each need back, and what another choice would cost."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from bihuan_analytics.allocation.assign import Allocation, Demand, Supply, allocate, checked
from bihuan_analytics.arrays import Floats
from bihuan_analytics.errors import NumericsError

Cause = Literal["stock", "travel", "transport"]


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """One need left open: district, kind, units missing, and what holds it back.

    cause: "stock": no source anywhere has a unit left; "travel": units are left, but too far away;
    "transport": units are left within reach, but nothing to carry them. relief: loss avoided by
    one more unit of this kind
    at the source within reach that helps most.
    """

    district: int
    kind: int
    missing: int
    cause: Cause
    relief: float


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A wish and its price: how much loss and travel grow when it is granted. possible: False
    where it cannot be granted at all; loss and travel are then inf.
    """

    possible: bool
    loss: float
    travel: float


def bottlenecks(
    supply: Supply,
    demand: Demand,
    hours: npt.ArrayLike,
    *,
    longest: npt.ArrayLike = np.inf,
    loads: npt.ArrayLike | None = None,
) -> tuple[Bottleneck, ...]:
    """Name every need that stays open and what holds it back.

    Args:
        supply, demand, hours, longest, loads: as in `allocate`.

    Returns:
        Bottlenecks by falling loss.

    Raises:
        NumericsError: as `allocate`.

    Source: own definition: relief = loss of the plan - loss with one unit more in stock.
    """
    plan = allocate(supply, demand, hours, longest=longest, loads=loads)
    asked = checked(supply, demand, hours, longest=longest, loads=loads)
    found = []
    for district, kind in np.argwhere(plan.shortage > 0).tolist():
        near = asked.open[:, district, kind]
        stock = np.asarray(supply.available, dtype=np.int64)
        relief = max(
            (
                plan.loss
                - allocate(
                    replace(supply, available=_one_more(stock, source, kind)),
                    demand,
                    hours,
                    longest=longest,
                    loads=loads,
                ).loss
                for source in np.flatnonzero(near).tolist()
            ),
            default=0.0,
        )
        cause = _cause(plan, near, kind)
        missing = int(plan.shortage[district, kind])
        found.append(Bottleneck(district, kind, missing, cause, float(relief)))
    weight = np.broadcast_to(asked.urgency, asked.wanted.shape)
    return tuple(sorted(found, key=lambda each: -each.missing * weight[each.district, each.kind]))


def _cause(plan: Allocation, near: npt.NDArray[np.bool_], kind: int) -> Cause:
    if (plan.left[near, kind] > 0).any():
        return "transport"
    return "travel" if (plan.left[:, kind] > 0).any() else "stock"


def _one_more(stock: npt.NDArray[np.int64], source: int, kind: int) -> npt.NDArray[np.int64]:
    more = stock.copy()
    more[source, kind] += 1
    return more


def why_not(
    supply: Supply,
    demand: Demand,
    hours: npt.ArrayLike,
    *,
    district: int,
    kind: int,
    units: int,
    longest: npt.ArrayLike = np.inf,
    loads: npt.ArrayLike | None = None,
) -> WhyNot:
    """What it would cost the others to give a district so many units of a kind.

    Args:
        supply, demand, hours, longest, loads: as in `allocate`.
        district, kind: positions. units: wished, 0 <= units <= wanted.

    Returns:
        WhyNot.

    Raises:
        NumericsError: "allocation.unknown"; "allocation.least_above_wanted"; as `allocate`.

    Source: own definition: best loss with so many units fixed = best loss + price of the wish.
    """
    plan = allocate(supply, demand, hours, longest=longest, loads=loads)
    wanted = np.asarray(demand.wanted)
    if not (0 <= district < wanted.shape[0] and 0 <= kind < wanted.shape[1]):
        raise NumericsError("allocation.unknown", district=district, kind=kind)
    least: Floats = np.broadcast_to(demand.least, wanted.shape).astype(np.float64)
    least[district, kind] = max(units, least[district, kind])
    try:
        wished = allocate(supply, replace(demand, least=least), hours, longest=longest, loads=loads)
    except NumericsError as refusal:
        if refusal.code != "allocation.infeasible":
            raise
        return WhyNot(possible=False, loss=float("inf"), travel=float("inf"))
    return WhyNot(possible=True, loss=wished.loss - plan.loss, travel=wished.travel - plan.travel)
