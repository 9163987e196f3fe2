"""Compiled loops of the visit index. Imported at the first call only (see `compiled`)."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints
from bihuan_analytics.compiled import compiled, part

Rows = npt.NDArray[np.uint32]
Minutes = npt.NDArray[np.int32]
Whole = npt.NDArray[Any]
Columns = tuple[Whole, Rows, Whole, Whole]
KINDS = 4  # stays of a place lie apart by length, or one long stay made every search long
UP_TO = (30, 75, 180)  # minutes of the first kinds: thirds of usual stays, and the rest
SHORT = 32  # so few visits are sorted by insertion


class Sources(NamedTuple):
    """Visits whose company is sought; person and place as codes of the run, -1 where unknown."""

    person: Ints
    place: Ints
    enter: Ints
    leave: Ints


class Run(NamedTuple):
    """Visits sorted by group (place and kind of stay) and time, as the search needs them."""

    start: Ints
    longest: Minutes
    person: Rows
    enter: Minutes
    leave: Minutes


@part
def kind_of(minutes: int) -> int:
    """Which stays one lies with."""
    return int(minutes > UP_TO[0]) + int(minutes > UP_TO[1]) + int(minutes > UP_TO[2])


@compiled
def numbered(place: Whole, code: Rows, places: int, enter: Whole, leave: Whole) -> Ints:
    """First row of each group when rows are put in order of their group (groups + 1)."""
    groups = places * KINDS
    start = np.zeros(groups + 1, dtype=np.int64)
    for i in range(place.size):
        kind = kind_of(int(leave[i]) - int(enter[i]))
        start[np.int64(code[place[i]]) * KINDS + kind + 1] += 1
    for group in range(groups):
        start[group + 1] += start[group]
    return start


@compiled
def buckets_of(start: Ints, room: int) -> tuple[Ints, Ints]:
    """Neighbouring codes in buckets of about `room` rows: first code of each, bucket of each."""
    codes = start.size - 1
    first, bucket_of = np.zeros(codes + 1, dtype=np.int64), np.zeros(codes, dtype=np.int64)
    number, begun = 0, np.int64(0)
    for code in range(codes):
        if start[code + 1] - begun > room and code > first[number]:
            number += 1
            first[number], begun = code, start[code]
        bucket_of[code] = number
    first[number + 1 if codes else 0] = codes
    return first[: number + 2 if codes else 1], bucket_of


@compiled
def gathered(
    place: Whole, code: Rows, buckets: tuple[Ints, Ints, Ints], columns: Columns
) -> Minutes:
    """Group, person, enter and leave of each visit side by side, in order of bucket, shape (N, 4).

    Few streams of writing stay in the cache, one for each place would not.
    """
    person, person_code, enter, leave = columns
    first, bucket_of, start = buckets
    row = start[first[:-1]]
    table = np.empty((place.size, 4), dtype=np.int32)
    for i in range(place.size):
        kind = kind_of(int(leave[i]) - int(enter[i]))
        number = np.int64(code[place[i]]) * KINDS + kind
        bucket = bucket_of[number]
        at = row[bucket]
        row[bucket] = at + 1
        table[at, 0] = number
        table[at, 1] = person_code[person[i]]
        table[at, 2] = enter[i]
        table[at, 3] = leave[i]
    return table


@part
def copied(table: Minutes, at: int, other: Minutes, place: int) -> None:
    """One visit from one table to another."""
    other[place, 0] = table[at, 0]
    other[place, 1] = table[at, 1]
    other[place, 2] = table[at, 2]


@part
def inserted(table: Minutes, low: int, high: int) -> None:
    """Sort a few visits by entry, equal ones as they came."""
    for i in range(low + 1, high):
        person, enter, leave = table[i, 0], table[i, 1], table[i, 2]
        j = i
        while j > low and table[j - 1, 1] > enter:
            copied(table, j - 1, table, j)
            j -= 1
        table[j, 0], table[j, 1], table[j, 2] = person, enter, leave


@part
def by_digits(table: Minutes, low: int, high: int, other: Minutes) -> None:
    """Sort many visits by entry, a digit of eight bits after the other."""
    least = most = np.int64(table[low, 1])
    for i in range(low, high):
        least, most = min(least, np.int64(table[i, 1])), max(most, np.int64(table[i, 1]))
    shift = 0
    count = np.empty(257, dtype=np.int64)
    while (most - least) >> shift:
        count[:] = 0
        for i in range(low, high):
            count[(((table[i, 1] - least) >> shift) & 255) + 1] += 1
        for digit in range(256):
            count[digit + 1] += count[digit]
        for i in range(low, high):
            digit = ((table[i, 1] - least) >> shift) & 255
            copied(table, i, other, count[digit])
            count[digit] += 1
        for i in range(low, high):
            copied(other, i - low, table, i)
        shift += 8


@part
def of_places(table: Minutes, start: Ints, first: int, until: int, visits: Minutes) -> None:
    """Person, enter and leave of the visits of some places, in order of place."""
    base = start[first]
    row = start[first:until] - base
    for i in range(start[first], start[until]):
        place = table[i, 0] - first
        at = row[place]
        row[place] = at + 1
        visits[at, 0], visits[at, 1], visits[at, 2] = table[i, 1], table[i, 2], table[i, 3]


@part
def timed(visits: Minutes, low: int, high: int, other: Minutes) -> None:
    """Sort the visits of a place by entry, unless they are sorted."""
    i = low + 1
    while i < high and visits[i - 1, 1] <= visits[i, 1]:
        i += 1
    if i >= high:
        return
    if high - low <= SHORT:
        inserted(visits, low, high)
    else:
        by_digits(visits, low, high, other)


@compiled
def laid_out(table: Minutes, start: Ints, first: Ints) -> Run:
    """The visits of each place in order of entry, column by column; bucket by bucket."""
    n = table.shape[0]
    most = 0
    for bucket in range(first.size - 1):
        most = max(most, start[first[bucket + 1]] - start[first[bucket]])
    visits, other = np.empty((most, 3), dtype=np.int32), np.empty((most, 3), dtype=np.int32)
    who = np.empty(n, dtype=np.uint32)
    begins, ends = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    longest = np.zeros(start.size - 1, dtype=np.int32)
    for bucket in range(first.size - 1):
        of_places(table, start, first[bucket], first[bucket + 1], visits)
        base = start[first[bucket]]
        for place in range(first[bucket], first[bucket + 1]):
            low, high = start[place] - base, start[place + 1] - base
            timed(visits, low, high, other)
            for i in range(low, high):
                who[base + i], begins[base + i], ends[base + i] = visits[i]
                longest[place] = max(longest[place], visits[i, 2] - visits[i, 1])
    return Run(start, longest, who, begins, ends)


@compiled
def rows_of_each(person: Rows, persons: int, shift: int) -> tuple[Rows, Ints]:
    """The rows of each person, rising, and the first of them (persons + 1).

    Persons are put into buckets of 2^shift first, each bucket is sorted in the cache then.
    """
    buckets = (persons >> shift) + 1
    begin = np.zeros(buckets + 1, dtype=np.int64)
    for i in range(person.size):
        begin[(person[i] >> shift) + 1] += 1
    for bucket in range(buckets):
        begin[bucket + 1] += begin[bucket]
    row = begin[:-1].copy()
    pairs = np.empty((person.size, 2), dtype=np.uint32)
    for i in range(person.size):
        at = row[person[i] >> shift]
        row[person[i] >> shift] = at + 1
        pairs[at, 0], pairs[at, 1] = person[i], i
    start = np.zeros(persons + 1, dtype=np.int64)
    rows = np.empty(person.size, dtype=np.uint32)
    for bucket in range(buckets):
        low, high = bucket << shift, min((bucket + 1) << shift, persons)
        for i in range(begin[bucket], begin[bucket + 1]):
            start[np.int64(pairs[i, 0]) + 1] += 1
        for code in range(low, high):
            start[code + 1] += start[code]
        place = start[low:high].copy()
        for i in range(begin[bucket], begin[bucket + 1]):
            at = place[pairs[i, 0] - low]
            place[pairs[i, 0] - low] = at + 1
            rows[at] = pairs[i, 1]
    return rows, start


@compiled
def first_overlap(rows: Rows, start: Ints, enter: Minutes, leave: Minutes) -> int:
    """Row of a visit that begins before an earlier one of the same person ends; -1 if none."""
    for person in range(start.size - 1):
        own = rows[start[person] : start[person + 1]]
        key = np.empty(own.size, dtype=np.int64)
        for i in range(own.size):
            row = own[i]
            key[i] = np.int64(enter[row]) * 2**32 + (np.int64(leave[row]) - enter[row])
        order = np.argsort(key)
        latest = np.int64(-(2**62))
        for i in order:
            row = own[i]
            if enter[row] < latest:
                return int(row)
            latest = max(latest, np.int64(leave[row]))
    return -1


@part
def longer(table: Ints, room: int) -> Ints:
    """The same rows with room for more."""
    extended = np.empty((room, table.shape[1]), dtype=np.int64)
    extended[: table.shape[0]] = table
    return extended


@part
def first_not_before(times: Minutes, low: int, high: int, moment: int) -> int:
    """First place in low..high whose time is not before the moment; the times rise."""
    while low < high:
        middle = (low + high) // 2
        if times[middle] < moment:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def company(sources: Sources, run: Run, least: int) -> Ints:
    """All visits with at least `least` minutes in common with a source visit, shape (M, 4):
    source visit, person's code, start and end of the shared time.
    """
    found, room = 0, 65536
    shared = np.empty((room, 4), dtype=np.int64)
    enters, leaves, persons = run.enter, run.leave, run.person
    for i in range(sources.place.size):
        place = sources.place[i]
        if place < 0:
            continue
        enter, leave, person = sources.enter[i], sources.leave[i], sources.person[i]
        latest, earliest = leave - least, enter + least
        for group in range(place * KINDS, (place + 1) * KINDS):
            low, high, longest = run.start[group], run.start[group + 1], run.longest[group]
            if longest < least:
                continue
            j = first_not_before(enters, low, high, earliest - longest)
            while j < high and enters[j] <= latest:
                if leaves[j] >= earliest:
                    start, end = max(enter, enters[j]), min(leave, leaves[j])
                    if end - start >= least and np.int64(persons[j]) != person:
                        if found == room:
                            room *= 2
                            shared = longer(shared, room)
                        shared[found, 0], shared[found, 1] = i, persons[j]
                        shared[found, 2], shared[found, 3] = start, end
                        found += 1
                j += 1
    return shared[:found]
