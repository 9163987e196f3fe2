"""Compiled loops of the visit index. Imported at the first call only (see `compiled`)."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Ints
from bihuan_analytics.compiled import compiled, part

Rows = npt.NDArray[np.uint32]
Minutes = npt.NDArray[np.int32]


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
def counting_order(keys: Ints, order: Rows, buckets: int) -> tuple[Rows, Ints]:
    """Order by key, equal keys as in `order`; first place of each key (buckets + 1)."""
    start = np.zeros(buckets + 1, dtype=np.int64)
    for key in keys:
        start[key + 1] += 1
    for key in range(buckets):
        start[key + 1] += start[key]
    place = np.empty(buckets, dtype=np.int64)
    for key in range(buckets):
        place[key] = start[key]
    sorted_order = np.empty(order.size, dtype=np.uint32)
    for row in order:
        key = keys[row]
        sorted_order[place[key]] = row
        place[key] += 1
    return sorted_order, start


@compiled
def laid_out(order: Rows, start: Ints, person: Ints, enter: Ints, leave: Ints) -> tuple[Run, Rows]:
    """The visits in order of place and time, and the position each visit has come to."""
    n = order.size
    position = np.empty(n, dtype=np.uint32)
    who = np.empty(n, dtype=np.uint32)
    begins, ends = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.int32)
    longest = np.zeros(start.size - 1, dtype=np.int32)
    for place in range(start.size - 1):
        for i in range(start[place], start[place + 1]):
            row = order[i]
            position[row] = i
            who[i] = person[row]
            begins[i], ends[i] = enter[row], leave[row]
            longest[place] = max(longest[place], ends[i] - begins[i])
    return Run(start, longest, who, begins, ends), position


@compiled
def first_overlap(order: Rows, start: Ints, enter: Ints, leave: Ints) -> int:
    """First visit, by person and time, that begins before an earlier one of the person ends; -1."""
    for person in range(start.size - 1):
        latest = np.int64(-(2**62))
        for i in range(start[person], start[person + 1]):
            row = order[i]
            if enter[row] < latest:
                return int(row)
            latest = max(latest, leave[row])
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
