"""Work cut into batches that know nothing of each other, so that anybody may do them."""

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints, at_least, series_of_counts
from bihuan_analytics.early_warning import (
    FarringtonDetection,
    FlexibleControl,
    farrington_flexible,
)
from bihuan_analytics.scenario.metapopulation import Course, simulate
from bihuan_analytics.scenario.policy.front import Mapper
from bihuan_analytics.scenario.world import Disease, Measures, Province, Start

Result = TypeVar("Result")


def simulate_in_batches(
    province: Province,
    disease: Disease,
    measures: Measures,
    start: Start,
    *,
    rng: np.random.Generator,
    batch: int = 50,
    run: Mapper = map,
) -> Course:
    """`simulate` with its runs in batches; the same courses whoever runs them.

    Each batch has a random stream of its own, spawned from `rng` in the order of the batches.

    Args:
        province, disease, measures, start: as in `simulate`; measures alike for all runs.
        rng: source of the streams. batch: runs of a task, >= 1; another size, another result.
        run: see Mapper.

    Returns:
        Course of all start.runs runs.

    Raises:
        NumericsError: "argument.too_small"; as `simulate`.

    Source: as `simulate`; each run has a seed of its own.
    """
    size = at_least(batch, 1, name="batch")
    total = at_least(start.runs, 1, name="runs")
    sizes = [min(size, total - first) for first in range(0, total, size)]
    tasks = list(zip(sizes, rng.spawn(len(sizes)), strict=True))
    parts: list[Course] = list(run(partial(_simulated, province, disease, measures, start), tasks))
    return joined(parts)


def _simulated(
    province: Province,
    disease: Disease,
    measures: Measures,
    start: Start,
    task: tuple[int, np.random.Generator],
) -> Course:
    runs, rng = task
    return simulate(province, disease, measures, replace(start, runs=runs), rng=rng)


def detect_in_batches(
    counts: npt.ArrayLike,
    dates: npt.ArrayLike,
    *,
    judge: Sequence[int] | Ints,
    control: FlexibleControl | None = None,
    batch: int = 10_000,
    run: Mapper = map,
) -> FarringtonDetection:
    """`farrington_flexible` over very many series, a batch of them for each task.

    Args:
        counts, dates, judge, control: as in `farrington_flexible`.
        batch: series of a task, >= 1; the result does not depend on it. run: see Mapper.

    Returns:
        FarringtonDetection of all series.

    Raises:
        NumericsError: "argument.too_small"; as `farrington_flexible`, the index of a bad count
            being that in all series.

    Source: as `farrington_flexible`; series do not know of each other.
    """
    table = series_of_counts(counts)
    size = at_least(batch, 1, name="batch")
    parts = [table[first : first + size] for first in range(0, table.shape[0], size)]
    found: list[FarringtonDetection] = list(run(partial(_detected, dates, judge, control), parts))
    return joined(found)


def _detected(
    dates: npt.ArrayLike,
    judge: Sequence[int] | Ints,
    control: FlexibleControl | None,
    counts: npt.NDArray[np.float64],
) -> FarringtonDetection:
    return farrington_flexible(counts, dates, judge=judge, control=control)


def joined(parts: list[Result]) -> Result:
    """Results of batches as one: arrays one after the other along their first axis.

    Fields that do not run over the batch (weeks, for example) are taken from the first one.
    """
    first: Any = parts[0]
    changed: dict[str, Any] = {}
    for field in fields(first):
        values: list[Any] = [getattr(part, field.name) for part in parts]
        if is_dataclass(values[0]):
            changed[field.name] = joined(values)
        elif isinstance(values[0], np.ndarray) and values[0].dtype.kind != "M":
            changed[field.name] = np.concatenate(values)
    result: Result = replace(first, **changed)
    return result
