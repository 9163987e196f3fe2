"""Who gives how much to whom: an integer programme, solved exactly by HiGHS."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, Ints, first_index, not_negative, whole_counts
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class Supply:
    """What depots, teams or hospitals have. available: whole units of each kind of goods, shape
    (S, G). reserve: units that stay at home whatever comes, shape (S, G) or a number.
    """

    available: npt.ArrayLike
    reserve: npt.ArrayLike = 0


@dataclass(frozen=True, slots=True)
class Demand:
    """What districts need. wanted: whole units, shape (D, G). least: units without which no plan
    is accepted, <= wanted, shape (D, G) or a number. urgency: weight of a unit that is missing,
    > 0, shape (D, G), (D, 1) or a number.
    """

    wanted: npt.ArrayLike
    least: npt.ArrayLike = 0
    urgency: npt.ArrayLike = 1.0


@dataclass(frozen=True, slots=True)
class Allocation:
    """sent: whole units, shape (S, D, G). shortage: units of each need left open, shape (D, G).
    loss: urgency of what is missing. travel: unit-hours on the way. slowest:
    hours of the longest way used. left: units that may go and stay, shape (S, G).
    """

    sent: Ints
    shortage: Ints
    loss: float
    travel: float
    slowest: float
    left: Ints


@dataclass(frozen=True, slots=True)
class Checked:
    """A question whose arrays fit each other; shapes as in Supply, Demand and `allocate`."""

    free: Floats
    wanted: Floats
    least: Floats
    urgency: Floats
    hours: Floats
    open: npt.NDArray[np.bool_]
    vehicles: Floats | None

    @property
    def shape(self) -> tuple[int, int, int]:
        """Sources, districts, goods."""
        return self.free.shape[0], self.wanted.shape[0], self.free.shape[1]

    def way(self) -> Floats:
        """Hours of each shipment, shape (S, D, G), 0 where there is no way."""
        return np.where(self.open, self.hours[:, :, None], 0.0)

    def by_kind(self) -> list["Checked"]:
        """The same question for each kind of goods alone."""
        return [
            replace(
                self,
                free=self.free[:, [kind]],
                wanted=self.wanted[:, [kind]],
                least=self.least[:, [kind]],
                urgency=self.urgency[:, [kind]],
                open=self.open[:, :, [kind]],
            )
            for kind in range(self.free.shape[1])
        ]


def allocate(
    supply: Supply,
    demand: Demand,
    hours: npt.ArrayLike,
    *,
    longest: npt.ArrayLike = np.inf,
    loads: npt.ArrayLike | None = None,
) -> Allocation:
    """Leave as little need open as can be, by urgency; of all such plans the one with least travel.

    Minimise sum u_dg (wanted - sum_s x_sdg), then sum h_sd x_sdg, over whole x >= 0 with
    sum_d x_sdg <= available - reserve, least <= sum_s x_sdg <= wanted, x_sdg = 0 where h_sd is
    longer than `longest`, and sum_dg x_sdg <= loads_s.

    Args:
        supply, demand: see there.
        hours: travel from each source to each district, shape (S, D), >= 0; inf: no way.
        longest: hours within which goods must arrive, by kind: shape (G,) or a number.
        loads: units that the transport of each source can move, shape (S,); None: any number.

    Returns:
        Allocation; both minima are exact.

    Raises:
        NumericsError: "allocation.shape"; "allocation.least_above_wanted" with the index;
            "allocation.infeasible" where the least needs cannot all be met, with the needs that
            stay open at best (district, kind, units); "hours.negative" with the index;
            "counts.fractional", "array.negative" and "array.not_positive" with the index.

    Source: Huangfu & Hall 2018, doi:10.1007/s12532-017-0130-5, for the solver.
    """
    asked = checked(supply, demand, hours, longest=longest, loads=loads)
    # without a limit of transport nothing ties the kinds of goods together
    parts = [asked] if asked.vehicles is not None else asked.by_kind()
    best = [each for part in parts if (each := _best(part)) is not None]
    if len(best) < len(parts):
        raise NumericsError("allocation.infeasible", missing=_missing(asked))
    sent = np.concatenate(best, axis=2)
    shortage = np.rint(asked.wanted - sent.sum(axis=0)).astype(np.int64)
    return Allocation(
        sent=sent,
        shortage=shortage,
        loss=float((asked.urgency * shortage).sum()),
        travel=float((asked.way() * sent).sum()),
        slowest=float(asked.hours[sent.sum(axis=2) > 0].max(initial=0.0)),
        left=np.rint(asked.free - sent.sum(axis=1)).astype(np.int64),
    )


def _best(asked: Checked) -> Ints | None:
    """Whole units by urgency first, by travel then; None where least needs cannot be met."""
    first = _solved(asked, -asked.urgency[None], None)
    if first is None:
        return None
    met = float((asked.urgency * first.sum(axis=0)).sum())
    second = _solved(asked, asked.way(), met)
    return first if second is None else second


def checked(
    supply: Supply,
    demand: Demand,
    hours: npt.ArrayLike,
    *,
    longest: npt.ArrayLike,
    loads: npt.ArrayLike | None,
) -> Checked:
    """The question as arrays that fit each other; raises what `allocate` raises for bad input."""
    available = whole_counts(supply.available, name="available")
    wanted = whole_counts(demand.wanted, name="wanted")
    if available.ndim != 2 or wanted.ndim != 2 or available.shape[1] != wanted.shape[1]:
        raise NumericsError("allocation.shape", available=available.shape, wanted=wanted.shape)
    sources, goods = available.shape
    reserve = _fitted(whole_counts(supply.reserve, name="reserve"), available.shape, "reserve")
    least = _fitted(whole_counts(demand.least, name="least"), wanted.shape, "least")
    if (least > wanted).any():
        raise NumericsError("allocation.least_above_wanted", index=first_index(least > wanted))
    urgency = _fitted(not_negative(demand.urgency, name="urgency"), wanted.shape, "urgency")
    if (urgency <= 0).any():
        raise NumericsError("array.not_positive", name="urgency", index=first_index(urgency <= 0))
    way = np.asarray(hours, dtype=np.float64)
    if way.shape != (sources, wanted.shape[0]):
        raise NumericsError("allocation.shape", hours=way.shape)
    bad = np.isnan(way) | (way < 0)
    if bad.any():
        raise NumericsError("hours.negative", index=first_index(bad))
    limit = _fitted(np.asarray(longest, dtype=np.float64), (goods,), "longest")
    vehicles = None
    if loads is not None:
        vehicles = _fitted(not_negative(loads, name="loads"), (sources,), "loads")
    return Checked(
        free=np.maximum(available - reserve, 0.0),
        wanted=wanted,
        least=least,
        urgency=urgency,
        hours=way,
        open=(way[:, :, None] <= limit) & np.isfinite(way)[:, :, None],
        vehicles=vehicles,
    )


def _fitted(values: Floats, shape: tuple[int, ...], name: str) -> Floats:
    try:
        return np.broadcast_to(values, shape)
    except ValueError as fault:
        raise NumericsError("allocation.shape", name=name, expected=shape) from fault


def _solved(asked: Checked, cost: Floats, met: float | None) -> Ints | None:
    """Whole units that minimise a cost, at least as much need met as given; None: impossible."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    sources, districts, goods = asked.shape
    number = sources * districts * goods
    if number == 0:
        return np.zeros(asked.shape, dtype=np.int64)
    rows, low, high = _limits(asked)
    constraints = [LinearConstraint(rows, low, high)]
    if met is not None:
        weight = np.broadcast_to(asked.urgency, (sources, districts, goods)).ravel()
        constraints.append(LinearConstraint(weight[None], met * (1 - 1e-9) - 1e-9, np.inf))
    room = np.where(asked.open, np.minimum(asked.free[:, None], asked.wanted[None]), 0.0)
    found = milp(
        np.broadcast_to(cost, asked.shape).ravel(),
        integrality=np.ones(number),
        bounds=Bounds(0.0, room.ravel()),
        constraints=constraints,
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    sent: Ints = np.rint(found.x).astype(np.int64).reshape(asked.shape)
    return sent


def _limits(asked: Checked) -> tuple[object, Floats, Floats]:
    """Rows of the constraints: what sources have, what districts get, what transport carries."""
    from scipy import sparse

    sources, districts, goods = asked.shape
    place = np.arange(sources * districts * goods)
    source, rest = np.divmod(place, districts * goods)
    district, kind = np.divmod(rest, goods)
    ones = np.ones(place.size)

    def summed(row: Ints, number: int) -> object:
        return sparse.csr_array((ones, (row, place)), shape=(number, place.size))

    rows = [summed(source * goods + kind, sources * goods)]
    rows.append(summed(district * goods + kind, districts * goods))
    low = [np.full(sources * goods, -np.inf), asked.least.ravel()]
    high = [asked.free.ravel(), asked.wanted.ravel()]
    if asked.vehicles is not None:
        rows.append(summed(source, sources))
        low.append(np.full(sources, -np.inf))
        high.append(asked.vehicles)
    return sparse.vstack(rows).tocsc(), np.concatenate(low), np.concatenate(high)


def _missing(asked: Checked) -> list[tuple[int, int, int]]:
    """Least needs that stay open when as many units of them as possible are met."""
    floor = replace(
        asked,
        wanted=asked.least,
        least=np.zeros_like(asked.least),
        urgency=np.ones_like(asked.least),
    )
    sent = _solved(floor, -np.ones((1, 1, 1)), None)
    served = 0 if sent is None else sent.sum(axis=0)
    short = np.rint(asked.least - served).astype(np.int64)
    return [(int(d), int(g), int(short[d, g])) for d, g in np.argwhere(short > 0)]
