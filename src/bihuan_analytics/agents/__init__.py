"""A city of single persons: households, schools, workplaces, visits, and who infects whom."""

from bihuan_analytics.agents.city import City, Visits, city_of, synthetic_city
from bihuan_analytics.agents.course import CityCourse, contact_level, simulate_city
from bihuan_analytics.agents.plan import Contacts, Illness, Response

__all__ = [
    "City",
    "CityCourse",
    "Contacts",
    "Illness",
    "Response",
    "Visits",
    "city_of",
    "contact_level",
    "simulate_city",
    "synthetic_city",
]
