"""Silence of a reporting point, and reports of zero that are too good to be true."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import (
    Bools,
    Floats,
    Ints,
    at_least,
    between,
    not_negative,
    series_of_counts,
)
from bihuan_analytics.early_warning.moving import reported
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class Silence:
    """run: due reports missed in a row up to each time, shape (S, T). silent: run >= limit."""

    run: Ints
    silent: Bools


@dataclass(frozen=True, slots=True)
class ZeroRun:
    """run: reports of zero in a row, shape (S, T). probability: of such a run if nothing had
    changed. suspicious: probability < alpha.
    """

    run: Ints
    probability: Floats
    suspicious: Bools


def report_silence(
    received: npt.ArrayLike, *, limit: int, due: npt.ArrayLike | None = None
) -> Silence:
    """Count the due reports a point has missed in a row; a report of zero is a report.

    Args:
        received: shape (S, T) or (T,), True where a report came.
        limit: missed reports in a row that make the point silent, >= 1.
        due: shape (S, T) or (T,), True where a report was due (a closed day is neither missed nor
            does it end a run). None: always due.

    Returns:
        Silence, shape (S, T).

    Raises:
        NumericsError: "argument.too_small"; "array.empty"; "known.shape" for `due`.

    Source: own definition: due reports missed in a row.
    """
    at_least(limit, 1, name="limit")
    came = np.atleast_2d(np.asarray(received, dtype=np.bool_))
    if came.size == 0:
        raise NumericsError("array.empty", name="received")
    wanted = reported(due, came.shape)
    run = np.zeros(came.shape, dtype=np.int64)
    missed = np.zeros(came.shape[0], dtype=np.int64)
    for t in range(came.shape[1]):
        missed = np.where(came[:, t], 0, missed + wanted[:, t])
        run[:, t] = missed
    return Silence(run=run, silent=run >= limit)


def suspicious_zeros(
    counts: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    dispersion: float = 1.0,
    alpha: float = 0.001,
    known: npt.ArrayLike | None = None,
) -> ZeroRun:
    """Find runs of zero reports that the usual level makes improbable.

    P(run) = prod_t phi^(-m_t / (phi - 1)), which is exp(-sum m_t) for phi = 1: the chance of no
    case at all under a negative binomial with mean m_t and variance phi m_t.

    Args:
        counts: shape (S, T) or (T,), cases, whole, >= 0.
        expected: m, shape (S, T), (S, 1) or (T,), cases, >= 0.
        dispersion: phi >= 1. alpha: in (0, 1).
        known: shape (S, T) or (T,); a time without a report neither adds to a run nor ends it.

    Returns:
        ZeroRun, shape (S, T); probability is 1 outside a run.

    Raises:
        NumericsError: "dispersion.below_one"; "expected.shape"; and what `series_of_counts` raises.

    Source: negative binomial law with variance phi m, P(0) = exp(-m log(phi) / (phi - 1)).
    """
    table = series_of_counts(counts)
    there = reported(known, table.shape)
    between(alpha, 0.0, 1.0, name="alpha")
    if dispersion < 1:
        raise NumericsError("dispersion.below_one", value=dispersion)
    mean = not_negative(expected, name="expected")
    try:
        mean = np.broadcast_to(mean, table.shape)
    except ValueError as fault:
        raise NumericsError("expected.shape", expected=table.shape, shape=mean.shape) from fault
    rate = 1.0 if dispersion == 1 else np.log(dispersion) / (dispersion - 1.0)
    run, weight = np.zeros(table.shape, dtype=np.int64), np.zeros_like(table)
    length, gathered = np.zeros(table.shape[0], dtype=np.int64), np.zeros(table.shape[0])
    for t in range(table.shape[1]):
        zero = there[:, t] & (table[:, t] == 0)
        ended = there[:, t] & (table[:, t] > 0)
        length = np.where(ended, 0, length + zero)
        gathered = np.where(ended, 0.0, gathered + np.where(zero, rate * mean[:, t], 0.0))
        run[:, t], weight[:, t] = length, gathered
    probability = np.exp(-weight)
    return ZeroRun(run=run, probability=probability, suspicious=probability < alpha)
