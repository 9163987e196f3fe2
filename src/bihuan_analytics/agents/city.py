"""A city of single persons: who lives, learns, works and passes time with whom."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Bools, Floats, Ints, first_index, whole_numbers
from bihuan_analytics.errors import NumericsError

Rows = npt.NDArray[np.int32]
Codes = npt.NDArray[np.uint8]
Zones = npt.NDArray[np.uint16]
DAY_MINUTES = 1440


class Visits(NamedTuple):
    """Stays of persons at places, sorted twice. By person: starts (N + 1,), place, enter and
    leave in minutes from the first day. By place: place_starts, who, since, until, and the
    longest stay of each place.
    """

    starts: Ints
    place: Rows
    enter: Rows
    leave: Rows
    place_starts: Ints
    who: Rows
    since: Rows
    until: Rows
    longest: Rows


class City(NamedTuple):
    """Persons in order of zone and household; build it by `city_of` or `synthetic_city`.

    household, group: int32 (N,), group -1 for those who neither learn nor work with others.
    household_starts (H + 1,): its first person. group_starts (G + 1,) into member (int32);
    school (G,): True for a school. age: uint8 (N,). zone: uint16 (N,); zone_starts (Z + 1,).
    """

    household: Rows
    household_starts: Rows
    group: Rows
    group_starts: Rows
    member: Rows
    school: Bools
    age: Codes
    zone: Zones
    zone_starts: Ints
    visits: Visits

    @property
    def people(self) -> int:
        """Number of persons."""
        return int(self.household.size)

    def by_zone_and_age(self) -> Floats:
        """Persons, shape (Z, A)."""
        zones, ages = self.zone_starts.size - 1, int(self.age.max()) + 1
        cells = self.zone.astype(np.int64) * ages + self.age
        return np.bincount(cells, minlength=zones * ages).reshape(zones, ages).astype(np.float64)


def city_of(
    household: npt.ArrayLike,
    age: npt.ArrayLike,
    group: npt.ArrayLike,
    school: npt.ArrayLike,
    *,
    zone: npt.ArrayLike | None = None,
    visits: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike] | None = None,
) -> City:
    """A city from a register of persons.

    Args:
        household: code of each person's household, shape (N,), whole, in rising order.
        age: age group, shape (N,), whole, 0..255.
        group: school class or workplace, shape (N,), 0..G - 1, or -1 for none.
        school: whether a group is a school, shape (G,).
        zone: shape (N,), 0..Z - 1, in rising order; None for one zone.
        visits: person, place, enter and leave, each (V,); minutes from the first day, whole.

    Returns:
        City with compact arrays, about 20 bytes a person.

    Raises:
        NumericsError: "city.shape"; "city.unsorted" and "city.out_of_range" with name and index;
            "array.empty"; "array.not_whole"; "visit.shape", "visit.leave_before_enter",
            "visit.overlap" with the index.

    Source: none: columns are checked and packed.
    """
    homes = _rising(household, name="household")
    people = homes.size
    zones = np.zeros(people, dtype=np.int64) if zone is None else _rising(zone, name="zone")
    ages, groups = whole_numbers(age, name="age"), whole_numbers(group, name="group")
    for name, values in (("zone", zones), ("age", ages), ("group", groups)):
        if values.shape != (people,):
            raise NumericsError("city.shape", name=name, expected=(people,), shape=values.shape)
    is_school = np.atleast_1d(np.asarray(school, dtype=np.bool_))
    _within(ages, 0, 255, name="age")
    _within(groups, -1, is_school.size - 1, name="group")
    _within(zones, 0, 65_535, name="zone")
    code = np.r_[0, np.cumsum(np.diff(homes) != 0)].astype(np.int32)
    return City(
        household=code,
        household_starts=_starts(code, int(code[-1]) + 1).astype(np.int32),
        group=groups.astype(np.int32),
        group_starts=_starts(groups[groups >= 0], is_school.size).astype(np.int32),
        member=np.argsort(groups, kind="stable")[(groups < 0).sum() :].astype(np.int32),
        school=is_school,
        age=ages.astype(np.uint8),
        zone=zones.astype(np.uint16),
        zone_starts=_starts(zones, int(zones[-1]) + 1),
        visits=_sorted_visits(visits, people),
    )


def synthetic_city(
    people: npt.ArrayLike,
    *,
    rng: np.random.Generator,
    household_sizes: tuple[float, ...] = (0.25, 0.3, 0.21, 0.13, 0.11),
    school_size: int = 600,
    workplace_size: int = 20,
    employed: float = 0.7,
) -> City:
    """A made-up city: age groups 0 (to 17), 1 and 2 (from 65), households, schools, workplaces.

    The first of a household is an adult (one in five of those who live alone or in pairs is old),
    the second too, others are children with a chance of 0.7. Neighbouring children share a school
    of about `school_size`; the employed adults work in groups with a geometric law of sizes.

    Args:
        people: persons of each zone, whole, shape (Z,) or a number, >= 1.
        rng: source of the draws. household_sizes: shares of households of 1, 2, 3 ... persons.
        school_size, workplace_size: means, >= 1. employed: share of the adults, in [0, 1].

    Returns:
        City.

    Raises:
        NumericsError: "city.out_of_range" with the name; "array.not_whole".

    Source: own rules, which resemble no real town; use `city_of` for one.
    """
    number = np.atleast_1d(whole_numbers(people, name="people"))
    _within(number, 1, 2**31 - 1, name="people")
    for name, size in (("school_size", school_size), ("workplace_size", workplace_size)):
        _within(np.array([size]), 1, 10**6, name=name)
    if not 0.0 <= employed <= 1.0 or min(household_sizes) < 0 or sum(household_sizes) <= 0:
        raise NumericsError("city.out_of_range", name="employed or household_sizes")
    total = int(number.sum())
    zone = np.repeat(np.arange(number.size, dtype=np.uint16), number)
    starts = np.r_[0, np.cumsum(number)]
    household = _households(starts, np.asarray(household_sizes, dtype=np.float64), rng)
    age = _ages(household, rng)
    group = np.full(total, -1, dtype=np.int32)
    children = np.flatnonzero(age == 0)
    group[children] = np.arange(children.size) // school_size
    schools = -(-children.size // school_size)
    adults = np.flatnonzero(age == 1)
    workers = rng.permutation(adults[rng.random(adults.size) < employed])
    cuts = rng.random(workers.size) < 1.0 / workplace_size
    group[workers] = schools + np.cumsum(cuts, dtype=np.int32)
    groups = schools + int(cuts.sum()) + 1
    return city_of(household, age, group, np.arange(groups) < schools, zone=zone)


def _households(starts: Ints, sizes: Floats, rng: np.random.Generator) -> Rows:
    """Household of each person; a household lies in one zone."""
    mean = float(np.arange(1, sizes.size + 1) @ sizes / sizes.sum())
    wanted = int(starts[-1] / mean * 1.05) + 50
    drawn = rng.choice(sizes.size, size=wanted, p=sizes / sizes.sum()).astype(np.int64) + 1
    while drawn.sum() < starts[-1]:
        drawn = np.r_[drawn, drawn]
    begins = np.r_[0, np.cumsum(drawn)]
    begins = np.union1d(begins[begins < starts[-1]], starts[:-1])
    marks = np.zeros(int(starts[-1]), dtype=np.int32)
    marks[begins[1:]] = 1
    return np.cumsum(marks, dtype=np.int32)


def _ages(household: Rows, rng: np.random.Generator) -> Codes:
    begins = np.flatnonzero(np.r_[True, np.diff(household) != 0])
    size = np.diff(np.r_[begins, household.size])
    place = np.arange(household.size) - np.repeat(begins, size)
    chance = rng.random(household.size)
    small = np.repeat(size <= 2, size)
    age = np.where((place >= 2) & (chance < 0.7), 0, 1).astype(np.uint8)
    age[(place < 2) & small & (chance < 0.3)] = 2
    return age


def _rising(values: npt.ArrayLike, *, name: str) -> Ints:
    codes = whole_numbers(values, name=name)
    if codes.ndim != 1 or codes.size == 0:
        raise NumericsError("array.empty" if codes.size == 0 else "city.shape", name=name)
    falls = np.diff(codes) < 0
    if falls.any():
        raise NumericsError("city.unsorted", name=name, index=first_index(falls)[0] + 1)
    return codes


def _within(values: Ints, low: int, high: int, *, name: str) -> None:
    bad = (values < low) | (values > high)
    if bad.any():
        at = first_index(bad)
        raise NumericsError("city.out_of_range", name=name, index=at, value=int(values[at]))


def _starts(codes: npt.NDArray[np.integer], number: int) -> Ints:
    starts: Ints = np.r_[0, np.cumsum(np.bincount(codes, minlength=number))].astype(np.int64)
    return starts


def _sorted_visits(
    visits: tuple[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike] | None, people: int
) -> Visits:
    none = np.zeros(0, dtype=np.int32)
    if visits is None:
        one = np.zeros(1, dtype=np.int64)
        return Visits(one, none, none, none, one, none, none, none, none)
    names = ("person", "place", "enter", "leave")
    person, place, enter, leave = (
        whole_numbers(column, name=name) for column, name in zip(visits, names, strict=True)
    )
    if len({column.shape for column in (person, place, enter, leave)}) > 1 or person.ndim != 1:
        raise NumericsError("visit.shape", shapes=[c.shape for c in (person, place, enter, leave)])
    _within(person, 0, people - 1, name="person")
    _within(place, 0, 2**31 - 1, name="place")
    _within(enter, 0, 2**31 - 1, name="enter")
    if (leave <= enter).any():
        raise NumericsError("visit.leave_before_enter", index=first_index(leave <= enter)[0])
    order = np.lexsort((enter, person))
    same = person[order][1:] == person[order][:-1]
    overlap = same & (enter[order][1:] < leave[order][:-1])
    if overlap.any():
        raise NumericsError("visit.overlap", index=int(order[first_index(overlap)[0] + 1]))
    there = np.lexsort((enter, place))
    places = int(place.max()) + 1 if place.size else 0
    longest = np.zeros(places, dtype=np.int32)
    np.maximum.at(longest, place, (leave - enter).astype(np.int32))
    return Visits(
        starts=_starts(person, people),
        place=place[order].astype(np.int32),
        enter=enter[order].astype(np.int32),
        leave=leave[order].astype(np.int32),
        place_starts=_starts(place, places),
        who=person[there].astype(np.int32),
        since=enter[there].astype(np.int32),
        until=leave[there].astype(np.int32),
        longest=longest,
    )
