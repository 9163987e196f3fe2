"""Judge the last day of many series by an alert of the pack. The only file that calls numerics."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from bihuan.sensing.types import Judged
from bihuan_analytics.early_warning import (
    Detection,
    PercentileControl,
    ears,
    ewma,
    moving_percentile,
    within_budget,
)

EARS = frozenset({"C1", "C2", "C3"})


def judge(
    alert: dict[str, Any], paths: Sequence[str], counts: Any, known: Any, days: Sequence[date]
) -> list[Judged]:
    """Series whose last point is an alarm under the alert's method and thresholds.

    counts, known: shape (S, T), one row for each path; days: (T,), oldest first.
    """
    table, there = np.asarray(counts), np.asarray(known, dtype=np.bool_)
    found = _detect(alert, table, there, days)
    least = int(alert.get("min_cases", 1))
    last_alarm = found.alarm[:, -1] & (found.observed[:, -1] >= least)
    judged = []
    for row in np.flatnonzero(last_alarm).tolist():
        history = tuple(
            int(n) if seen else None for n, seen in zip(table[row], there[row], strict=True)
        )
        judged.append(
            Judged(
                paths[row], days[-1], int(table[row, -1]), float(found.expected[row, -1]),
                float(found.bound[row, -1]), _finite(found.score[row, -1]), history,
            )
        )  # fmt: skip
    return judged


def _finite(score: float) -> float:
    return float(score) if np.isfinite(score) else 999.0


def _detect(alert: dict[str, Any], table: Any, known: Any, days: Sequence[date]) -> Detection:
    method = str(alert["method"])
    if method in EARS:
        return ears(table, method=method, threshold=alert["threshold"], known=known)  # type: ignore[arg-type]
    if method == "EWMA":
        return ewma(table, limit=alert["threshold"], known=known)
    control = PercentileControl(
        percentile=alert["percentile"], least_cases=int(alert.get("min_cases", 1))
    )
    dates = np.array(days, dtype="datetime64[D]")
    return moving_percentile(table, dates, judge=[len(days) - 1], control=control, known=known)


def strongest(found: Sequence[Judged], groups: Sequence[str], *, budget: int) -> list[Judged]:
    """At most `budget` of each group, the highest scores first."""
    kept: list[Judged] = []
    for group in dict.fromkeys(groups):
        mine = [one for one, of in zip(found, groups, strict=True) if of == group]
        scores = np.array([one.score for one in mine])
        keep = within_budget(scores, np.ones(len(mine), dtype=np.bool_), budget=budget)
        kept += [one for one, kept_one in zip(mine, keep, strict=True) if kept_one]
    return kept
