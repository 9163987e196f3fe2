"""Chains of transmission: who probably infected whom, generations, clusters, a drawing."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, Ints, first_index, not_negative, whole_numbers
from bihuan_analytics.errors import NumericsError
from bihuan_analytics.reproduction.intervals import checked_interval


@dataclass(frozen=True, slots=True)
class Links:
    """Probable infectors of N cases, from M possible pairs.

    pair_probability: shape (M,), that the pair is a transmission. infector: shape (N,), the most
    probable one, -1 where the case is unlinked. probability: of that infector. unknown: that the
    source is none of the pairs; 1 where there is no possible pair.
    """

    pair_probability: Floats
    infector: Ints
    probability: Floats
    unknown: Floats


@dataclass(frozen=True, slots=True)
class Chains:
    """Trees of most probable links. root: first case of each case's chain; generation: 0 for it;
    size: cases of the chain; offspring: cases linked to each case; all of shape (N,).
    """

    root: Ints
    generation: Ints
    size: Ints
    offspring: Ints


def likely_infectors(
    onset_days: npt.ArrayLike,
    pairs: npt.ArrayLike,
    interval: npt.ArrayLike,
    *,
    exposure: npt.ArrayLike | None = None,
    background: float = 0.0,
) -> Links:
    """Weigh the possible infectors of each case by serial interval and exposure.

    P(j infected i) = w(t_i - t_j) e_ij / (b + sum_k w(t_i - t_k) e_ik).

    Args:
        onset_days: t, shape (N,), whole days.
        pairs: shape (M, 2), (infected, infector) as positions among the cases; both orders may be
            given, the interval decides.
        interval: w, shape (L,), w[0] = 0, sum 1.
        exposure: e, shape (M,), >= 0: minutes together, weighted by place. None: 1.
        background: b >= 0, weight of an unknown source, in the unit of w e.

    Returns:
        Links; of equally probable infectors the one named first.

    Raises:
        NumericsError: "pairs.shape"; "pairs.unknown_case" with the index; "pairs.same_case" with
            the index; "exposure.shape"; "argument.too_small"; and what `checked_interval` raises.

    Source: Wallinga & Teunis 2004, doi:10.1093/aje/kwh255, with contacts in place of all pairs.
    """
    onset = np.atleast_1d(whole_numbers(onset_days, name="onset_days"))
    infected, infector = _checked_pairs(pairs, onset.size)
    weights = checked_interval(interval)
    strength = np.ones(infected.size)
    if exposure is not None:
        strength = np.atleast_1d(not_negative(exposure, name="exposure"))
        if strength.shape != infected.shape:
            raise NumericsError("exposure.shape", expected=infected.shape, shape=strength.shape)
    if not 0 <= background < np.inf:
        raise NumericsError("argument.too_small", name="background", value=background, low=0)
    delay = onset[infected] - onset[infector]
    fits = (delay > 0) & (delay < weights.size)
    weight = np.where(fits, weights[np.where(fits, delay, 0)], 0.0) * strength
    total = np.bincount(infected, weights=weight, minlength=onset.size) + background
    share = np.divide(weight, total[infected], out=np.zeros_like(weight), where=weight > 0)
    order = np.lexsort((np.arange(share.size), -share, infected))
    first = np.unique(infected[order], return_index=True)
    best, probability = np.full(onset.size, -1, dtype=np.int64), np.zeros(onset.size)
    best[first[0]] = infector[order[first[1]]]
    probability[first[0]] = share[order[first[1]]]
    known = np.bincount(infected, weights=share, minlength=onset.size)
    return Links(
        pair_probability=share,
        infector=np.where(probability > 0, best, -1),
        probability=probability,
        unknown=np.clip(1.0 - known, 0.0, 1.0),
    )


def _checked_pairs(pairs: npt.ArrayLike, cases: int) -> tuple[Ints, Ints]:
    given = np.asarray(pairs)
    if given.size == 0:
        none = np.zeros(0, dtype=np.int64)
        return none, none
    table = whole_numbers(given, name="pairs")
    if table.ndim != 2 or table.shape[1] != 2:
        raise NumericsError("pairs.shape", shape=table.shape)
    strange = (table < 0) | (table >= cases)
    if strange.any():
        raise NumericsError("pairs.unknown_case", index=first_index(strange), cases=cases)
    same = table[:, 0] == table[:, 1]
    if same.any():
        raise NumericsError("pairs.same_case", index=first_index(same)[0])
    return table[:, 0], table[:, 1]


def chains(infector: npt.ArrayLike) -> Chains:
    """Follow most probable links to the first case of each chain.

    Args:
        infector: shape (N,), positions among the cases, -1 where unlinked; as in Links.

    Returns:
        Chains.

    Raises:
        NumericsError: "pairs.unknown_case" with the index; "chains.circular" with a case of the
            circle (links of `likely_infectors` have none: onsets rise along them).

    Source: own definition: generation(i) = generation(infector(i)) + 1, 0 for the first case.
    """
    parent = np.atleast_1d(whole_numbers(infector, name="infector"))
    strange = (parent < -1) | (parent >= parent.size)
    if strange.any():
        raise NumericsError("pairs.unknown_case", index=first_index(strange), cases=parent.size)
    everyone = np.arange(parent.size)
    root, generation = everyone.copy(), np.zeros(parent.size, dtype=np.int64)
    for _ in range(parent.size):
        above = parent[root]
        if (above < 0).all():
            break
        generation += above >= 0
        root = np.where(above >= 0, above, root)
    stuck = parent[root] >= 0
    if stuck.any():
        raise NumericsError("chains.circular", index=first_index(stuck)[0])
    return Chains(
        root=root,
        generation=generation,
        size=np.bincount(root, minlength=parent.size)[root],
        offspring=np.bincount(parent[parent >= 0], minlength=parent.size),
    )


def tree_rows(infector: npt.ArrayLike, onset_days: npt.ArrayLike) -> Ints:
    """A row for each case so that a drawing over time has no crossing links.

    Chains follow each other by their first onset; below each case stand its own, by onset. Draw
    case i at (onset, row).

    Args:
        infector: shape (N,), as in `chains`. onset_days: shape (N,), whole.

    Returns:
        Rows 0 .. N - 1, shape (N,).

    Raises:
        NumericsError: "onset.shape"; and what `chains` raises.

    Source: own layout: depth first, chains by their first onset.
    """
    parent = np.atleast_1d(whole_numbers(infector, name="infector"))
    onset = np.atleast_1d(whole_numbers(onset_days, name="onset_days"))
    if onset.shape != parent.shape:
        raise NumericsError("onset.shape", expected=parent.shape, shape=onset.shape)
    chains(parent)
    below: list[list[int]] = [[] for _ in range(parent.size)]
    roots: list[int] = []
    for case in np.lexsort((np.arange(parent.size), onset))[::-1]:
        (below[parent[case]] if parent[case] >= 0 else roots).append(int(case))
    row = np.zeros(parent.size, dtype=np.int64)
    waiting, number = roots, 0
    while waiting:
        case = waiting.pop()
        row[case] = number
        number += 1
        waiting.extend(below[case])
    return row
