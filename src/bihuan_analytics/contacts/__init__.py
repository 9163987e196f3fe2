"""Contacts: who shared time at a place with whom, found in an index of visits."""

from bihuan_analytics.contacts.index import (
    VisitIndex,
    Visits,
    checked_visits,
    index_visits,
    load_index,
    save_index,
)
from bihuan_analytics.contacts.meetings import (
    Exposure,
    Meetings,
    PlaceRisk,
    VisitStore,
    exposures,
    meetings,
    place_risks,
    second_order,
    visits_of,
)

__all__ = [
    "Exposure",
    "Meetings",
    "PlaceRisk",
    "VisitIndex",
    "VisitStore",
    "Visits",
    "checked_visits",
    "exposures",
    "index_visits",
    "load_index",
    "meetings",
    "place_risks",
    "save_index",
    "second_order",
    "visits_of",
]
