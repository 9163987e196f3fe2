"""Which of many alarms to follow: false discoveries among areas, and a fixed capacity."""

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, at_least, between, first_index, numeric
from bihuan_analytics.errors import NumericsError


def discoveries(p_values: npt.ArrayLike, *, level: float) -> Bools:
    """Keep the alarms whose expected share of false ones stays at or below `level`.

    Sorted p values p_(1) <= ... <= p_(n); all up to the largest i with p_(i) <= i level / n.
    Undefined p values (NaN) are not tested and not kept.

    Args:
        p_values: shape (S,) or (S, T), each column a family of tests, in [0, 1].
        level: share in (0, 1).

    Returns:
        True where kept, same shape.

    Raises:
        NumericsError: "p_value.out_of_range" with the index; "argument.out_of_range".

    Source: Benjamini & Hochberg 1995, doi:10.1111/j.2517-6161.1995.tb02031.x.
    """
    between(level, 0.0, 1.0, name="level")
    p = numeric(p_values, name="p_values")
    bad = (p < 0) | (p > 1)
    if bad.any():
        index = first_index(bad)
        raise NumericsError("p_value.out_of_range", index=index, value=float(p[index]))
    table = p[:, None] if p.ndim == 1 else p
    tested = np.isfinite(table).sum(axis=0)
    ordered = np.sort(np.where(np.isfinite(table), table, np.inf), axis=0)
    rank = np.arange(1, table.shape[0] + 1)[:, None]
    passed = ordered <= rank * level / np.maximum(tested, 1)
    cut = np.where(passed, ordered, -1.0).max(axis=0, initial=-1.0)
    kept: Bools = (table <= cut).reshape(p.shape)
    return kept


def within_budget(scores: npt.ArrayLike, alarms: npt.ArrayLike, *, budget: int) -> Bools:
    """Keep the highest scores among the alarms, at most `budget` at each time.

    Args:
        scores: shape (S,) or (S, T), NaN only where there is no alarm. alarms: the same shape.
        budget: alarms a time, >= 0.

    Returns:
        True where kept; of equal scores the earlier series.

    Raises:
        NumericsError: "alarms.shape"; "alarms.no_score" with the index; "argument.too_small";
            "array.not_numeric".

    Source: own rule: the strongest scores first.
    """
    at_least(budget, 0, name="budget")
    value = numeric(scores, name="scores")
    raised = np.asarray(alarms, dtype=np.bool_)
    if value.shape != raised.shape:
        raise NumericsError("alarms.shape", expected=value.shape, shape=raised.shape)
    blind = raised & np.isnan(value)
    if blind.any():
        raise NumericsError("alarms.no_score", index=first_index(blind))
    order = np.argsort(np.where(raised, -value, np.inf), axis=0, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(
        rank, order, np.arange(order.shape[0]).reshape(-1, *[1] * (order.ndim - 1)), 0
    )
    kept: Bools = raised & (rank < budget)
    return kept
