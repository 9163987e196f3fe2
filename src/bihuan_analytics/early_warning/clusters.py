"""The cluster rule: cases at one place within one incubation period."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints, at_least, whole_numbers
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class Clusters:
    """membership: shape (N,), number of the cluster of each row, -1 where none. Of each cluster,
    by place and time: place, first and last day, distinct cases.
    """

    membership: Ints
    place: Ints
    first: Ints
    last: Ints
    cases: Ints


def clusters(
    cases: npt.ArrayLike,
    places: npt.ArrayLike,
    days: npt.ArrayLike,
    *,
    within_days: int,
    least_cases: int = 2,
) -> Clusters:
    """Join cases that were at the same place with no gap longer than an incubation period.

    Rows of a place in order of time belong together as long as each follows the one before by at
    most `within_days`; such a group is a cluster if it holds enough distinct cases. A case with
    several places may belong to several clusters.

    Args:
        cases, places: shape (N,), pseudonyms. days: shape (N,), of onset, whole.
        within_days: the incubation period, >= 0. least_cases: >= 2.

    Returns:
        Clusters.

    Raises:
        NumericsError: "cluster.shape"; "array.not_whole"; "argument.too_small".

    Source: own definition after the rule of linked cases, docs/methods/early-warning.md.
    """
    case, place, day = (
        np.atleast_1d(whole_numbers(values, name=name))
        for name, values in (("cases", cases), ("places", places), ("days", days))
    )
    if not case.shape == place.shape == day.shape or case.ndim != 1:
        raise NumericsError("cluster.shape", shapes=[case.shape, place.shape, day.shape])
    at_least(within_days, 0, name="within_days")
    at_least(least_cases, 2, name="least_cases")
    order = np.lexsort((case, day, place))
    new = np.ones(case.size, dtype=np.bool_)
    new[1:] = (np.diff(place[order]) != 0) | (np.diff(day[order]) > within_days)
    group = np.cumsum(new) - 1
    pairs = np.unique(np.stack([group, case[order]]), axis=1)
    number = np.bincount(pairs[0], minlength=int(new.sum()))
    kept = number >= least_cases
    renumbered = np.where(kept, np.cumsum(kept) - 1, -1)
    membership = np.full(case.size, -1, dtype=np.int64)
    membership[order] = renumbered[group]
    start = np.flatnonzero(new)
    end = np.append(start[1:], case.size) - 1
    return Clusters(
        membership=membership,
        place=place[order][start[kept]],
        first=day[order][start[kept]],
        last=day[order][end[kept]],
        cases=number[kept],
    )
