"""Scenarios: what an epidemic does in a province under measures, and which measures to choose."""

from bihuan_analytics.scenario.metapopulation import Course, State, expected_course, simulate
from bihuan_analytics.scenario.policy import (
    Level,
    Outcomes,
    Plan,
    Problem,
    Step,
    cheapest_plan,
    outcomes,
    overload_chance,
    pareto_front,
    safe_plan,
)
from bihuan_analytics.scenario.world import Disease, Measures, Province, Start

__all__ = [
    "Course",
    "Disease",
    "Level",
    "Measures",
    "Outcomes",
    "Plan",
    "Problem",
    "Province",
    "Start",
    "State",
    "Step",
    "cheapest_plan",
    "expected_course",
    "outcomes",
    "overload_chance",
    "pareto_front",
    "safe_plan",
    "simulate",
]
