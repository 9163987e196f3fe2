"""Allocation of stocks, teams and beds over districts with travel: exact, and with its reasons."""

from bihuan_analytics.allocation.assign import (
    Allocation,
    Demand,
    Supply,
    allocate,
)
from bihuan_analytics.allocation.explain import (
    Bottleneck,
    WhyNot,
    bottlenecks,
    why_not,
)

__all__ = [
    "Allocation",
    "Bottleneck",
    "Demand",
    "Supply",
    "WhyNot",
    "allocate",
    "bottlenecks",
    "why_not",
]
