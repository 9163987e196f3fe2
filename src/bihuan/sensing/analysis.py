"""Judge the last day of many series by an alert of the pack. The only file that calls numerics."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from bihuan.sensing.types import Judged
from bihuan_analytics.early_warning import (
    Detection,
    PercentileControl,
    Reason,
    ears,
    ewma,
    moving_percentile,
    within_budget,
)

SHORT = 42  # days of a chart, and of a series without earlier years
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
                paths[row], days[-1], int(found.observed[row, -1]), float(found.expected[row, -1]),
                float(found.bound[row, -1]), _finite(found.score[row, -1]), history,
            )
        )  # fmt: skip
    return judged


def judge_weeks(
    alert: dict[str, Any], path: str, counts: Mapping[date, int], began: date, today: date
) -> Judged | None:
    """The last seven days of one county and disease against the same weeks of earlier years.

    Where the years do not reach back far enough the alert's `fallback` judges the last weeks; such
    a finding has a negative score, so that it ranks below and the signal names its method.
    """
    first = min(began, today - timedelta(days=SHORT - 1))
    days = [first + timedelta(days=n) for n in range((today - first).days + 1)]
    table = np.array([[counts.get(day, 0) for day in days]])
    known = np.array([[day >= began for day in days]])
    found = judge(alert, [path], table, known, days)
    if found:
        return replace(found[0], history=found[0].history[-SHORT:])
    if "fallback" not in alert or _long_enough(alert, table, known, days):
        return None
    recent = {**alert, **alert["fallback"]}
    told = judge(
        recent, [path], table[:, -SHORT:], np.ones((1, SHORT), dtype=np.bool_), days[-SHORT:]
    )
    return replace(told[0], score=-1.0 / (1.0 + told[0].score)) if told else None


def _long_enough(alert: dict[str, Any], table: Any, known: Any, days: Sequence[date]) -> bool:
    return bool(_detect(alert, table, known, days).reason[0, -1] == Reason.JUDGED)


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
