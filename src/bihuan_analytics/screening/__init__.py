"""Screening: pooled tests, freedom from infection, and the hours a round of testing takes."""

from bihuan_analytics.screening.pools import (
    Assay,
    BestPool,
    Screening,
    array_testing,
    best_pool,
    best_pool_for_sample,
    confidence_of_freedom,
    dorfman,
    fewest_tests,
    nested_tests,
)
from bihuan_analytics.screening.rounds import RoundForecast, RoundPlan, forecast_round

__all__ = [
    "Assay",
    "BestPool",
    "RoundForecast",
    "RoundPlan",
    "Screening",
    "array_testing",
    "best_pool",
    "best_pool_for_sample",
    "confidence_of_freedom",
    "dorfman",
    "fewest_tests",
    "forecast_round",
    "nested_tests",
]
