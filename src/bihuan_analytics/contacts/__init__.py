"""Contacts: who shared time at a place with whom, and who probably infected whom."""

from bihuan_analytics.contacts.chains import (
    Chains,
    Links,
    chains,
    likely_infectors,
    tree_rows,
)
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
    "Chains",
    "Exposure",
    "Links",
    "Meetings",
    "PlaceRisk",
    "VisitIndex",
    "VisitStore",
    "Visits",
    "chains",
    "checked_visits",
    "exposures",
    "index_visits",
    "likely_infectors",
    "load_index",
    "meetings",
    "place_risks",
    "save_index",
    "second_order",
    "tree_rows",
    "visits_of",
]
