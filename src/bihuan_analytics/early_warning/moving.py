"""Moments of a moving baseline that ends some steps before the judged one."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats
from bihuan_analytics.errors import NumericsError

BLOCK = 32_768  # counts at a time: they and what is made of them stay near the processor


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
    rows = max(BLOCK // counts.shape[1], 1)
    for first in range(0, counts.shape[0], rows):
        block = slice(first, first + rows)
        mean[block, start:], sd[block, start:], enough[block, start:] = _moments(
            counts[block], known[block], length, start
        )
    return Baseline(mean, sd, enough)


def _moments(counts: Floats, known: Bools, length: int, start: int) -> tuple[Floats, Floats, Bools]:
    """Mean, sd and whether there is enough, of the times from `start` on."""
    size = counts.shape[1] - start
    all_known = bool(known.all())
    values = [counts[:, first : first + size] for first in range(length)]
    there = [known[:, first : first + size] for first in range(length)]
    n = np.full(values[0].shape, float(length)) if all_known else np.zeros(values[0].shape)
    total, squares = np.zeros_like(n), np.zeros_like(n)
    for value, seen in zip(values, there, strict=True):
        if all_known:
            total += value
        else:
            n += seen
            total += value * seen
    centre = total / np.maximum(n, 1.0)
    for value, seen in zip(values, there, strict=True):
        square = value - centre
        square *= square
        squares += square if all_known else seen * square
    enough = (2.0 * n > length) & (n > 1.0)
    return centre, np.sqrt(squares / np.maximum(n - 1.0, 1.0)), enough
