"""Compiled loops that build the visit index. Imported at the first call only (see `compiled`)."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints
from bihuan_analytics.compiled import compiled, part

Rows = npt.NDArray[np.uint32]
Stays = npt.NDArray[np.int32]
Whole = npt.NDArray[Any]
KINDS = 4  # stays of a place lie apart by length, or one long stay made every search long
UP_TO = (30, 75, 180)  # minutes of the first kinds: thirds of usual stays, and the rest
DIGIT = 11  # bits sorted by at a time, at most
GROUP, PERSON, ENTER, LEAVE = range(4)  # columns of the stays


class Numbered(NamedTuple):
    """Positions in a table of numbers, and the table; an empty one where they are the numbers."""

    values: Whole
    code: Rows


class Buckets(NamedTuple):
    """Neighbouring places sorted together: first place of each bucket, bucket of each place."""

    first: Ints
    of_place: Stays


@part
def kind_of(minutes: int) -> int:
    """Which stays one lies with."""
    return int(minutes > UP_TO[0]) + int(minutes > UP_TO[1]) + int(minutes > UP_TO[2])


@compiled
def count(values: Whole, number: Stays) -> None:
    """How often each value occurs; values: 0 .. number.size - 1."""
    for i in range(values.size):
        number[values[i]] += 1


@compiled
def buckets_of(start: Ints, room: int) -> Buckets:
    """Neighbouring places in buckets of about `room` visits; start: first visit of each place."""
    places = start.size - 1
    first, of_place = np.zeros(places + 1, dtype=np.int64), np.zeros(places, dtype=np.int32)
    number, begun = 0, np.int64(0)
    for place in range(places):
        if start[place + 1] - begun > room and place > first[number]:
            number += 1
            first[number], begun = place, start[place]
        of_place[place] = number
    first[number + 1 if places else 0] = places
    return Buckets(first[: number + 2 if places else 1], of_place)


@compiled
def gather(
    place: Numbered, person: Numbered, times: tuple[Whole, Whole], row: Ints, buckets: Buckets,
    stays: Stays,
) -> None:  # fmt: skip
    """Place, person, enter and leave of each visit side by side, in order of bucket.

    row: first row of each bucket, moved on. Few streams of writing stay in the cache, one for each
    place would not.
    """
    enter, leave = times
    for i in range(enter.size):
        where = np.int64(place.values[i])
        if place.code.size:
            where = np.int64(place.code[where])
        who = np.int64(person.values[i])
        if person.code.size:
            who = np.int64(person.code[who])
        bucket = buckets.of_place[where]
        at = row[bucket]
        row[bucket] = at + 1
        stays[at, GROUP], stays[at, PERSON] = where, who
        stays[at, ENTER], stays[at, LEAVE] = enter[i], leave[i]


@part
def copied(one: Stays, at: int, other: Stays, to: int) -> None:
    """One visit from one table to another."""
    other[to, 0], other[to, 1] = one[at, 0], one[at, 1]
    other[to, 2], other[to, 3] = one[at, 2], one[at, 3]


@part
def grouped(stays: Stays, first: int, number: Ints, longest: Ints) -> tuple[int, int]:
    """Give the visits of a bucket their groups, count these, note the longest stay of each;
    first and last minute of entry. first: first place of the bucket.
    """
    least = most = np.int64(stays[0, ENTER])
    for i in range(stays.shape[0]):
        enter = np.int64(stays[i, ENTER])
        minutes = np.int64(stays[i, LEAVE]) - enter
        group = (stays[i, GROUP] - first) * KINDS + kind_of(int(minutes))
        stays[i, GROUP] = first * KINDS + group
        number[group] += 1
        longest[group] = max(longest[group], minutes)
        least, most = min(least, enter), max(most, enter)
    return int(least), int(most)


@part
def by_digit(one: Stays, size: int, other: Stays, least: int, digit: tuple[int, int]) -> None:
    """Sort visits by some bits of their minute of entry into another table, equal ones as they
    lie. digit: the bits left out below, the number of bits.
    """
    shift, mask = digit[0], (1 << digit[1]) - 1
    row = np.zeros(mask + 2, dtype=np.int64)
    for i in range(size):
        row[(((np.int64(one[i, ENTER]) - least) >> shift) & mask) + 1] += 1
    for value in range(mask):
        row[value + 1] += row[value]
    for i in range(size):
        own = ((np.int64(one[i, ENTER]) - least) >> shift) & mask
        copied(one, i, other, row[own])
        row[own] += 1


@part
def by_time(stays: Stays, times: tuple[int, int], rooms: tuple[Stays, Stays]) -> Stays:
    """Sort visits by their minute of entry into one of two tables, the one that is returned."""
    least, most = times
    bits = 0
    while (most - least) >> bits:
        bits += 1
    passes = max(1, (bits + DIGIT - 1) // DIGIT)
    wide = (bits + passes - 1) // passes
    sorted_, other = rooms
    by_digit(stays, stays.shape[0], sorted_, least, (0, wide))
    for each in range(1, passes):
        by_digit(sorted_, stays.shape[0], other, least, (each * wide, wide))
        sorted_, other = other, sorted_
    return sorted_


@compiled
def lay_out(
    stays: Stays, start: Ints, first: Ints, rooms: tuple[Stays, Stays], groups: tuple[Ints, Ints]
) -> None:
    """Sort the visits of each bucket by group and entry, in the cache.

    start: first row of each place. first: first place of each bucket. rooms: two tables for the
    largest bucket. groups: first row (groups + 1) and longest stay of each group, filled.
    """
    begins, longest = groups
    for bucket in range(first.size - 1):
        low, high = first[bucket] * KINDS, first[bucket + 1] * KINDS
        base = start[first[bucket]]
        own = stays[base : start[first[bucket + 1]]]
        if own.shape[0] == 0:
            continue
        times = grouped(own, first[bucket], begins[low + 1 : high + 1], longest[low:high])
        begins[low] = base
        for group in range(low, high):
            begins[group + 1] += begins[group]
        row = begins[low:high] - base
        one = by_time(own, times, rooms)
        for i in range(own.shape[0]):
            group = one[i, GROUP] - low
            copied(one, i, own, row[group])
            row[group] += 1


@compiled
def link(stays: Stays, start: Ints, shift: int, pairs: Rows, rows: Rows) -> None:
    """The rows of each person, rising; start: the first of them (persons + 1).

    Persons are put into buckets of 2^shift first (pairs: room for it), each bucket is sorted in
    the cache then.
    """
    persons = start.size - 1
    row = start[: -1 : 1 << shift].copy()
    for i in range(stays.shape[0]):
        person = stays[i, PERSON]
        at = row[person >> shift]
        row[person >> shift] = at + 1
        pairs[at, 0], pairs[at, 1] = person, i
    for low in range(0, persons, 1 << shift):
        high = min(low + (1 << shift), persons)
        place = start[low:high].copy()
        for i in range(start[low], start[high]):
            person = np.int64(pairs[i, 0]) - low
            at = place[person]
            place[person] = at + 1
            rows[at] = pairs[i, 1]


@compiled
def first_overlap(rows: Rows, start: Ints, stays: Stays) -> int:
    """Row of a visit that begins before an earlier one of the same person ends; -1 if none."""
    for person in range(start.size - 1):
        own = rows[start[person] : start[person + 1]]
        key = np.empty(own.size, dtype=np.int64)
        for i in range(own.size):
            enter, leave = np.int64(stays[own[i], ENTER]), np.int64(stays[own[i], LEAVE])
            key[i] = enter * 2**32 + (leave - enter)
        order = np.argsort(key)
        latest = np.int64(-(2**62))
        for i in order:
            row = own[i]
            if stays[row, ENTER] < latest:
                return int(row)
            latest = max(latest, np.int64(stays[row, LEAVE]))
    return -1
