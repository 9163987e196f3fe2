"""What the loops work on: the course of each person, the calendar, the rules, the log."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.agents.city import City
from bihuan_analytics.arrays import Floats, Ints

Records = npt.NDArray[np.void]
Four = tuple[float, float, float, float]

SUSCEPTIBLE, EXPOSED, INFECTIOUS, IMMUNE, WARD, ICU, DEAD = range(7)
# Held nowhere; quarantined at home or in a place; found, in a place or at home.
FREE, AT_HOME, IN_PLACE, FOUND_PLACE, FOUND_HOME = range(5)
HOME, GROUP, TOWN, VISIT = range(4)
INFECTIONS, FOUND, DEATHS, DOSES, TRACED, QUARANTINED, ILL, IN_WARD, IN_ICU = range(9)
KINDS = 9
CURSOR, CURSOR_AGE = KINDS, KINDS + 1  # of dosing, kept beside the stocks of a zone
CAUSED, TESTS, FREED = 4, 5, 6  # columns of the days, after the infections by setting
DUE, CALLED, TRACING = range(3)  # rows of the calendar
ACTIVE, ASKING, PLACES = range(3)
LATENT_STAY, INFECTIOUS_STAY, WARD_STAY, ICU_STAY = range(4)
SCHOOL_CUT, WORK_CUT, TOWN_CUT, TESTING, CONTACT_TESTING, SCREENING, DOSING = range(7)

# One record holds all that is asked of a person, so that meeting somebody costs one look-up.
# Links hold the number of a person plus one, 0 for none: due and call chain the calendar, child
# and sibling those whom one has infected.
PERSON = np.dtype(
    [
        ("household", "i4"),
        ("group", "i4"),
        ("zone", "u2"),
        ("age", "u1"),
        ("state", "u1"),
        ("where", "u1"),
        ("setting", "u1"),
        ("asked", "u1"),
        ("spare", "u1"),
        ("until", "i2"),
        ("onset", "i2"),
        ("infected", "i4"),
        ("infector", "i4"),
        ("child", "i4"),
        ("sibling", "i4"),
        ("due", "i4"),
        ("call", "i4"),
    ]
)
COMPANY = np.dtype([("start", "i4"), ("school", "i4")])
STAY = np.dtype([("place", "i4"), ("enter", "i4"), ("leave", "i4")])
GUEST = np.dtype([("who", "i4"), ("since", "i4"), ("until", "i4")])
VENUE = np.dtype([("start", "i8"), ("longest", "i8")])
BY_AGE = ("symptomatic", "susceptibility", "severe", "critical", "ward_death", "icu_death")
AGES = np.dtype([(name, "f8") for name in BY_AGE])


class Town(NamedTuple):
    """Who is with whom: first person of each household and zone, groups into member, visits by
    person (starts into stays) and by place (venues into guests).
    """

    household_starts: npt.NDArray[np.int32]
    zone_starts: Ints
    groups: Records
    member: npt.NDArray[np.int32]
    stay_starts: Ints
    stays: Records
    venues: Records
    guests: Records


class Rules(NamedTuple):
    """Numbers of illness and response. ages: by age group; laws: chance to have left a state
    after 1, 2, ... days; spread: infectiousness in cells of equal chance. contacts: daily, of
    household, school, work and town; beta: transmissions a contact.
    """

    ages: Records
    laws: Floats
    spread: Floats
    contacts: Four
    traced: Four
    visit_hour: float
    beta: float
    compliance: float
    sensitivity: float
    efficacy: float
    tests: float
    tracers: float
    places: float
    symptom_day: int
    result_days: int
    trace_days: int
    quarantine_days: int


class World(NamedTuple):
    """All of one run. people: PERSON records; lists: the infectious and those who ask for a test,
    their lengths in sizes, with the places in use; calendar: first of each chain (3, days).
    daily: measures (7, days, Z); paths: which row of crowds (K, Z, Z) a day has, the cumulative
    chance that a person of one zone meets one of another. kinds: what happened (KINDS, days, Z);
    days: infections by setting, caused, tests, places freed (days + 2, 7); stocks: (KINDS + 2, Z).
    seed: of the draws.
    """

    people: Records
    town: Town
    rules: Rules
    lists: npt.NDArray[np.int32]
    calendar: npt.NDArray[np.int32]
    daily: Floats
    path: Ints
    crowds: Floats
    kinds: Ints
    days: Ints
    stocks: Ints
    sizes: Ints
    seed: np.uint64


def town_of(city: City) -> Town:
    """The city as the loops want it."""
    visits = city.visits
    groups = np.zeros(city.group_starts.size, dtype=COMPANY)
    groups["start"] = city.group_starts
    groups["school"][:-1] = city.school
    venues = np.zeros(visits.place_starts.size, dtype=VENUE)
    venues["start"] = visits.place_starts
    venues["longest"][:-1] = visits.longest
    stays = np.zeros(visits.place.size, dtype=STAY)
    guests = np.zeros(visits.who.size, dtype=GUEST)
    for name in ("place", "enter", "leave"):
        stays[name] = getattr(visits, name)
    for name in ("who", "since", "until"):
        guests[name] = getattr(visits, name)
    return Town(
        city.household_starts,
        city.zone_starts,
        groups,
        city.member,
        visits.starts,
        stays,
        venues,
        guests,
    )


def new_people(city: City) -> Records:
    """Everybody susceptible and free."""
    people = np.zeros(city.people, dtype=PERSON)
    for name in ("household", "group", "zone", "age"):
        people[name] = getattr(city, name)
    return people
