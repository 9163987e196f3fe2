"""Reproduction numbers, growth, and how unevenly cases infect others."""

from bihuan_analytics.reproduction.cohort import CohortReproduction, wallinga_teunis
from bihuan_analytics.reproduction.cori import (
    Estimate,
    Reproduction,
    UncertainInterval,
    Windows,
    cori,
    cori_uncertain,
)
from bihuan_analytics.reproduction.growth import (
    Growth,
    fitted_growth,
    growth_rate,
    reproduction_number,
)
from bihuan_analytics.reproduction.intervals import discretised_gamma
from bihuan_analytics.reproduction.offspring import (
    Offspring,
    extinction_probability,
    final_size,
    offspring_fit,
    share_of_spreaders,
)

__all__ = [
    "CohortReproduction",
    "Estimate",
    "Growth",
    "Offspring",
    "Reproduction",
    "UncertainInterval",
    "Windows",
    "cori",
    "cori_uncertain",
    "discretised_gamma",
    "extinction_probability",
    "final_size",
    "fitted_growth",
    "growth_rate",
    "offspring_fit",
    "reproduction_number",
    "share_of_spreaders",
    "wallinga_teunis",
]
