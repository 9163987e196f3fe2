"""One more time at a time, or in pieces, gives what one batch gives."""

from itertools import pairwise

import numpy as np
import pytest

from bihuan_analytics import NumericsError
from bihuan_analytics.early_warning import (
    cusum,
    ears,
    ewma,
    farrington_flexible,
    likelihood_ratio,
    moving_percentile,
)

RNG = np.random.default_rng(11)
COUNTS = RNG.poisson(6, (4, 90)) + RNG.poisson(9, (4, 90)) * (np.arange(90) % 29 == 20)
KNOWN = RNG.random((4, 90)) > 0.1
MEAN = np.broadcast_to(6 + np.sin(np.arange(90) / 5), (4, 90))
FIELDS = ("expected", "bound", "score", "alarm", "reason", "observed")
DETECTORS = {
    "C1": lambda part, memory: ears(
        COUNTS[:, part], method="C1", known=KNOWN[:, part], memory=memory
    ),
    "C2": lambda part, memory: ears(
        COUNTS[:, part], method="C2", known=KNOWN[:, part], memory=memory
    ),
    "C3": lambda part, memory: ears(
        COUNTS[:, part], method="C3", known=KNOWN[:, part], memory=memory
    ),
    "cusum": lambda part, memory: cusum(
        COUNTS[:, part], MEAN[:, part], known=KNOWN[:, part], memory=memory
    ),
    "ewma": lambda part, memory: ewma(COUNTS[:, part], known=KNOWN[:, part], memory=memory),
    "likelihood_ratio": lambda part, memory: likelihood_ratio(
        COUNTS[:, part], MEAN[:, part], excess=0.1, known=KNOWN[:, part], memory=memory, window=9
    ),
}


@pytest.mark.parametrize("name", DETECTORS)
@pytest.mark.parametrize("cuts", [range(1, 90), [40, 41, 60]], ids=["one by one", "in pieces"])
def test_pieces_equal_the_batch(name, cuts):
    judge = DETECTORS[name]
    batch = judge(slice(0, 90), None)
    edges, memory, pieces = [0, *cuts, 90], None, []
    for first, last in pairwise(edges):
        pieces.append(judge(slice(first, last), memory))
        memory = pieces[-1].memory
    assert batch.alarm.any()
    for field in FIELDS:
        joined = np.concatenate([getattr(piece, field) for piece in pieces], axis=1)
        np.testing.assert_array_equal(joined, getattr(batch, field), err_msg=field)


def test_what_is_remembered_does_not_grow():
    memory = DETECTORS["ewma"](slice(0, 90), None).memory
    assert memory.counts.shape == (4, 30)
    assert memory.counts.base is None


def test_a_regression_judged_week_by_week_equals_the_batch():
    weeks = np.datetime64("2015-01-05") + 7 * np.arange(340)
    counts = RNG.poisson(5, (3, 340))
    batch = farrington_flexible(counts, weeks, judge=range(330, 340))
    for place, end in enumerate(range(331, 341)):
        found = farrington_flexible(counts[:, :end], weeks[:end], judge=[-1])
        np.testing.assert_array_equal(found.bound[:, 0], batch.bound[:, place])


def test_a_percentile_judged_day_by_day_equals_the_batch():
    days = np.datetime64("2016-01-01") + np.arange(2200)
    counts = RNG.poisson(2, (3, 2200))
    batch = moving_percentile(counts, days, judge=range(2190, 2200))
    for place, end in enumerate(range(2191, 2201)):
        found = moving_percentile(counts[:, :end], days[:end], judge=[-1])
        np.testing.assert_array_equal(found.bound[:, 0], batch.bound[:, place])


def test_the_memory_of_other_series_is_refused():
    memory = cusum(COUNTS, 6.0).memory
    with pytest.raises(NumericsError) as refusal:
        cusum(COUNTS[:2], 6.0, memory=memory)
    assert refusal.value.code == "memory.shape"
