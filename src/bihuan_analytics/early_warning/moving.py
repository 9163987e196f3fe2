"""Moments of a moving baseline that ends some steps before the judged one."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats
from bihuan_analytics.errors import NumericsError


class Baseline(NamedTuple):
    """Mean and standard deviation (n - 1) before each time, shape (S, T), and where they exist."""

    mean: Floats
    sd: Floats
    enough: Bools


def reported(known: npt.ArrayLike | None, shape: tuple[int, ...]) -> Bools:
    """The `known` argument as an array like the counts. Raises "known.shape"."""
    if known is None:
        return np.ones(shape, dtype=np.bool_)
    array = np.atleast_2d(np.asarray(known, dtype=np.bool_))
    if array.shape not in (shape, (1, shape[1])):
        raise NumericsError("known.shape", expected=shape, shape=array.shape)
    return np.broadcast_to(array, shape)


def moving_baseline(counts: Floats, known: Bools, *, length: int, lag: int) -> Baseline:
    """Mean and sd over t - lag - length .. t - lag - 1; more than half of it must be known."""
    mean, sd = np.zeros_like(counts), np.zeros_like(counts)
    enough = np.zeros(counts.shape, dtype=np.bool_)
    start = length + lag
    if counts.shape[1] <= start:
        return Baseline(mean, sd, enough)
    values = np.lib.stride_tricks.sliding_window_view(counts, length, axis=1)
    there = np.lib.stride_tricks.sliding_window_view(known, length, axis=1)
    last = counts.shape[1] - start
    values, there = values[:, :last], there[:, :last]
    n = there.sum(axis=2)
    enough[:, start:] = (2 * n > length) & (n > 1)
    mean[:, start:] = (values * there).sum(axis=2) / np.maximum(n, 1)
    squares = (there * (values - mean[:, start:, None]) ** 2).sum(axis=2)
    sd[:, start:] = np.sqrt(squares / np.maximum(n - 1, 1))
    return Baseline(mean, sd, enough)
