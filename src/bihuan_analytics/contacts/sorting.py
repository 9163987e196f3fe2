"""Compiled loops of the visit index. Imported at the first call only (see `compiled`)."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints
from bihuan_analytics.compiled import compiled, part

Rows = npt.NDArray[np.uint32]
Minutes = npt.NDArray[np.int32]
Whole = npt.NDArray[Any]
SHORT = 32  # so few visits are sorted by insertion


class Sources(NamedTuple):
    """Visits whose company is sought; person and place as codes of the run, -1 where unknown."""

    person: Ints
    place: Ints
    enter: Ints
    leave: Ints


class Run(NamedTuple):
    """Visits sorted by place and time, as the search needs them."""

    place_start: Ints
    longest: Minutes
    person: Rows
    enter: Minutes
    leave: Minutes


@compiled
def numbered(values: Whole, code: Rows, buckets: int) -> Ints:
    """First row of each code when rows are put in order of their code (buckets + 1)."""
    start = np.zeros(buckets + 1, dtype=np.int64)
    for i in range(values.size):
        start[code[values[i]] + 1] += 1
    for bucket in range(buckets):
        start[bucket + 1] += start[bucket]
    return start


@compiled
def gathered(
    place: Whole, code: Rows, start: Ints, columns: tuple[Whole, Rows, Whole, Whole]
) -> Minutes:
    """Person, enter and leave of each visit side by side, in order of place, shape (N, 3)."""
    person, person_code, enter, leave = columns
    row = start[:-1].copy()
    table = np.empty((place.size, 3), dtype=np.int32)
    for i in range(place.size):
        bucket = code[place[i]]
        at = row[bucket]
        row[bucket] = at + 1
        table[at, 0] = person_code[person[i]]
        table[at, 1] = enter[i]
        table[at, 2] = leave[i]
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


@compiled
def laid_out(table: Minutes, start: Ints) -> Run:
    """The visits of each place in order of entry, column by column."""
    n, places = table.shape[0], start.size - 1
    most = 0
    for place in range(places):
        most = max(most, start[place + 1] - start[place])
    other = np.empty((most, 3), dtype=np.int32)
    who = np.empty(n, dtype=np.uint32)
    begins, ends = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    longest = np.zeros(places, dtype=np.int32)
    for place in range(places):
        low, high = start[place], start[place + 1]
        i = low + 1
        while i < high and table[i - 1, 1] <= table[i, 1]:
            i += 1
        if i < high:
            if high - low <= SHORT:
                inserted(table, low, high)
            else:
                by_digits(table, low, high, other)
        for i in range(low, high):
            who[i], begins[i], ends[i] = table[i, 0], table[i, 1], table[i, 2]
            longest[place] = max(longest[place], ends[i] - begins[i])
    return Run(start, longest, who, begins, ends)


@compiled
def rows_of_each(person: Rows, start: Ints) -> Rows:
    """The rows of each person, rising."""
    row = start[:-1].copy()
    rows = np.empty(person.size, dtype=np.uint32)
    for i in range(person.size):
        at = row[person[i]]
        row[person[i]] = at + 1
        rows[at] = i
    return rows


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
def longer(values: Ints, room: int) -> Ints:
    """The same values with room for more."""
    extended = np.empty(room, dtype=np.int64)
    for i in range(values.size):
        extended[i] = values[i]
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
def company(sources: Sources, run: Run, least: int) -> tuple[Ints, Ints]:
    """All pairs (source visit, row of the run) with at least `least` minutes in common."""
    room = 1024
    visit, row = np.empty(room, dtype=np.int64), np.empty(room, dtype=np.int64)
    found = 0
    enters, leaves, persons = run.enter, run.leave, run.person
    for i in range(sources.place.size):
        place = sources.place[i]
        if place < 0:
            continue
        enter, leave, person = sources.enter[i], sources.leave[i], sources.person[i]
        low, high = run.place_start[place], run.place_start[place + 1]
        latest = leave - least
        j = first_not_before(enters, low, high, enter + least - run.longest[place])
        while j < high and enters[j] <= latest:
            shared = min(leave, leaves[j]) - max(enter, enters[j])
            if shared >= least and np.int64(persons[j]) != person:
                if found == room:
                    room *= 2
                    visit, row = longer(visit, room), longer(row, room)
                visit[found], row[found] = i, j
                found += 1
            j += 1
    return visit[:found], row[:found]
