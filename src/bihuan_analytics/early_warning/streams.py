"""What a detector must remember to judge one more time as if it had seen the whole series."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats
from bihuan_analytics.early_warning.result import Detection
from bihuan_analytics.errors import NumericsError


@dataclass(frozen=True, slots=True)
class Memory:
    """The state of S series after their last judged time.

    counts, known: the last M times, shape (S, M), M as much as the method looks back on, less
    where the series is shorter. expected: the in-control means of these times, (S, M); zeros
    where the method takes none. level: shape (S,), the running value of the chart.
    """

    counts: Floats
    known: Bools
    expected: Floats
    level: Floats


@dataclass(frozen=True, slots=True)
class StreamDetection(Detection):
    """A judgement that can go on: pass `memory` with the next times to the same detector, with
    the same choices, and the answers are those of one batch over all times.
    """

    memory: Memory


def joined(
    memory: Memory | None, counts: Floats, known: Bools, expected: Floats | None = None
) -> Memory:
    """The remembered times followed by the new ones; `level` as remembered, NaN at the start.

    Raises:
        NumericsError: "memory.shape" where it belongs to another number of series.
    """
    mean = np.zeros_like(counts) if expected is None else expected
    if memory is None:
        return Memory(counts, known, mean, np.full(counts.shape[0], np.nan))
    if memory.counts.shape[0] != counts.shape[0]:
        raise NumericsError("memory.shape", expected=counts.shape[0], shape=memory.counts.shape)
    return Memory(
        counts=np.concatenate([memory.counts, counts], axis=1),
        known=np.concatenate([memory.known, known], axis=1),
        expected=np.concatenate([memory.expected, mean], axis=1),
        level=memory.level,
    )


def remembered(history: Memory, *, times: int, level: Floats) -> Memory:
    """The last `times` times of a history, copied so that the long one can be let go."""
    first = max(history.counts.shape[1] - times, 0)
    return Memory(
        counts=history.counts[:, first:].copy(),
        known=history.known[:, first:].copy(),
        expected=history.expected[:, first:].copy(),
        level=level,
    )


def judgement(
    history: Memory, memory: Memory, answers: dict[str, Floats], reason: npt.NDArray[np.int8],
    alarm: Bools, *, new: int,
) -> StreamDetection:  # fmt: skip
    """The last `new` times of the answers (expected, bound, score), NaN where not judged."""
    first = history.counts.shape[1] - new
    judged = reason == 0
    told = {name: np.where(judged, values, np.nan)[:, first:] for name, values in answers.items()}
    return StreamDetection(
        observed=history.counts[:, first:],
        expected=told["expected"],
        bound=told["bound"],
        score=told["score"],
        p_value=np.full((history.counts.shape[0], new), np.nan),
        alarm=(alarm & judged)[:, first:],
        reason=reason[:, first:],
        memory=memory,
    )
