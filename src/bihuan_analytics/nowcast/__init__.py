"""What is happening now, what comes next, and how good such answers were."""

from bihuan_analytics.nowcast.estimate import Nowcast, bayes_truncation, lawless
from bihuan_analytics.nowcast.forecast import (
    Forecast,
    Horizon,
    TurningPoint,
    renewal_forecast,
    turning_point,
)
from bihuan_analytics.nowcast.scores import IntervalScore, coverage, weighted_interval_score
from bihuan_analytics.nowcast.triangle import Triangle, triangle_of_reports

__all__ = [
    "Forecast",
    "Horizon",
    "IntervalScore",
    "Nowcast",
    "Triangle",
    "TurningPoint",
    "bayes_truncation",
    "coverage",
    "lawless",
    "renewal_forecast",
    "triangle_of_reports",
    "turning_point",
    "weighted_interval_score",
]
