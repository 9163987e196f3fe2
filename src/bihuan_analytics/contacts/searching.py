"""Compiled loops that search the visit index. Imported at the first call only (see `compiled`)."""

from typing import NamedTuple

import numpy as np

from bihuan_analytics.arrays import Ints
from bihuan_analytics.compiled import compiled, part
from bihuan_analytics.contacts.sorting import ENTER, KINDS, LEAVE, PERSON, Stays

BLOCK = 64  # source visits whose rows are fetched together
STEP = 8  # rows skipped first when the place of a minute is bracketed


class Sources(NamedTuple):
    """Visits whose company is sought: place and person as numbers of the run, -1 where unknown."""

    person: Ints
    place: Ints
    enter: Ints
    leave: Ints


class Run(NamedTuple):
    """What the search needs of an index: first and last entry, first row and longest stay of each
    group, the stays.
    """

    span: Ints
    start: Ints
    longest: Ints
    stays: Stays


@part
def between(stays: Stays, low: int, high: int, minute: int) -> int:
    """First row in low..high that is not entered before the minute; entries rise."""
    size = high - low
    while size > 0:  # no branch depends on what is read: nobody could foresee it
        half = size // 2
        later = stays[low + half, ENTER] < minute
        low = low + half + 1 if later else low
        size = size - half - 1 if later else half
    return low


@part
def onward(stays: Stays, low: int, high: int, minute: int) -> int:
    """The same, from the lower end by steps that double: what is near is found at once."""
    step = STEP
    while low + step < high and stays[low + step, ENTER] < minute:
        low += step
        step *= 2
    return between(stays, low, min(low + step, high), minute)


@part
def begun(stays: Stays, bounds: tuple[int, int], guess: int, minute: int) -> int:
    """The same in both directions from a guess between the bounds: few rows far apart are read."""
    low, high = bounds
    if stays[guess, ENTER] < minute:
        return onward(stays, guess, high, minute)
    step = STEP
    while guess - step > low and stays[guess - step, ENTER] >= minute:
        guess -= step
        step *= 2
    return between(stays, max(low, guess - step), guess, minute)


@part
def guess(sources: Sources, run: Run, least: int, first: int, found: Ints) -> None:
    """For some source visits and each kind of stay the row where a search would begin if the
    entries of all places were even over time, and what stands there; -1 where nothing can be found.

    Apart from the search so that the processor fetches many far rows at a time.
    """
    start, length = run.span[0], max(run.span[1] - run.span[0], 1)
    for i in range(first, min(first + BLOCK, sources.place.size)):
        place, earliest = max(sources.place[i], 0), sources.enter[i] + least
        possible = (sources.place[i] >= 0) & (sources.leave[i] >= earliest)
        for kind in range(KINDS):
            group = place * KINDS + kind
            low, last = run.start[group], run.start[group + 1] - 1
            share = (earliest - run.longest[group] - start) / length
            row = max(low, min(low + int(share * (last - low)), last))
            found[i - first, kind, 0] = found[i - first, kind, 1] = -1
            if possible & (last >= low) & (run.longest[group] >= least):
                found[i - first, kind, 0], found[i - first, kind, 1] = row, run.stays[row, ENTER]


@part
def search(sources: Sources, run: Run, least: int, i: int, rows: Ints) -> int:
    """Turn the guesses for a source visit into first and last row, exclusive, of those who may
    share `least` minutes with it; the number of these.
    """
    earliest, latest = sources.enter[i] + least, sources.leave[i] - least
    number = 0
    for kind in range(KINDS):
        if rows[kind, 0] >= 0:
            group = sources.place[i] * KINDS + kind
            bounds = run.start[group], run.start[group + 1]
            low = begun(run.stays, bounds, rows[kind, 0], earliest - run.longest[group])
            rows[kind, 0], rows[kind, 1] = low, onward(run.stays, low, bounds[1], latest + 1)
            number += rows[kind, 1] - low
    return number


@compiled
def company(
    sources: Sources, run: Run, least: int, done: tuple[int, int], shared: Ints
) -> tuple[int, int]:
    """Visits with at least `least` minutes in common with a source visit.

    done: source visits searched, meetings found. shared: room for these, filled with person's
    number, source's number, source visit, start and end of the shared time. Each candidate is
    written and the next one written over it unless it counts: a branch nobody can foresee costs
    more. Returns `done` at the end, or where the room might not do.
    """
    i, found = done
    if run.stays.shape[0] == 0:
        return sources.place.size, found
    near = np.empty((BLOCK, KINDS, 2), dtype=np.int64)
    first = i - BLOCK
    while i < sources.place.size:
        if i >= first + BLOCK:
            first = i
            guess(sources, run, least, first, near)
        rows = near[i - first]
        if found + search(sources, run, least, i, rows) >= shared.shape[1]:
            break
        enter, leave, person = sources.enter[i], sources.leave[i], sources.person[i]
        for kind in range(KINDS):
            for j in range(rows[kind, 0], rows[kind, 1]):
                start = max(enter, np.int64(run.stays[j, ENTER]))
                end = min(leave, np.int64(run.stays[j, LEAVE]))
                other = np.int64(run.stays[j, PERSON])
                shared[0, found], shared[1, found], shared[2, found] = other, person, i
                shared[3, found], shared[4, found] = start, end
                found += 1 if (end - start >= least) & (other != person) else 0
        i += 1
    return i, found


@compiled
def name(found: int, persons: Ints, person: Ints, place: Ints, shared: Ints) -> None:
    """Put pseudonyms in the place of numbers; person, place: those of the source visits."""
    gaps = persons.size and persons[-1] - persons[0] + 1 != persons.size
    for each in range(found):
        other, visit = shared[0, each], shared[2, each]
        shared[0, each] = persons[other] if gaps else persons[0] + other
        shared[1, each], shared[2, each] = person[visit], place[visit]


@compiled
def rolled(person: Ints, source: Ints, start: Ints, end: Ints) -> Ints:
    """A column for each person: person, meetings, minutes, sources, first, last minute.

    person: rising. source: numbered from 0.
    """
    persons = 1 if person.size else 0  # counted first: fresh memory costs more than a look
    for meeting in range(1, person.size):
        persons += 1 if person[meeting] != person[meeting - 1] else 0
    table = np.empty((6, persons), dtype=np.int64)
    met_by = np.full(source.max() + 1 if source.size else 0, -1, dtype=np.int64)
    number = np.int64(-1)
    for meeting in range(person.size):
        begins, ends = start[meeting], end[meeting]
        if meeting == 0 or person[meeting] != person[meeting - 1]:
            number += 1
            table[0, number], table[1, number], table[2, number] = person[meeting], 0, 0
            table[3, number], table[4, number], table[5, number] = 0, begins, ends
        table[1, number] += 1
        table[2, number] += ends - begins
        table[3, number] += 1 if met_by[source[meeting]] != number else 0
        met_by[source[meeting]] = number
        table[4, number] = min(table[4, number], begins)
        table[5, number] = max(table[5, number], ends)
    return table
