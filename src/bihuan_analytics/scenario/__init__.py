"""Scenarios: what an epidemic does in a province under measures."""

from bihuan_analytics.scenario.metapopulation import Course, State, expected_course, simulate
from bihuan_analytics.scenario.world import Disease, Measures, Province, Start

__all__ = [
    "Course",
    "Disease",
    "Measures",
    "Province",
    "Start",
    "State",
    "expected_course",
    "simulate",
]
