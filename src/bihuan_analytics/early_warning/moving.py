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
    size = counts.shape[1] - start
    values = [counts[:, first : first + size] for first in range(length)]
    there = [known[:, first : first + size] for first in range(length)]
    n = np.zeros(values[0].shape)
    total, squares = np.zeros_like(n), np.zeros_like(n)
    for value, seen in zip(values, there, strict=True):
        n += seen
        total += value * seen
    centre = total / np.maximum(n, 1.0)
    for value, seen in zip(values, there, strict=True):
        squares += seen * (value - centre) ** 2
    enough[:, start:] = (2.0 * n > length) & (n > 1.0)
    mean[:, start:] = centre
    sd[:, start:] = np.sqrt(squares / np.maximum(n - 1.0, 1.0))
    return Baseline(mean, sd, enough)
