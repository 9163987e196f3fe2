"""Compiled loops of the province model: one day of all areas, drawn or expected.

Each area, age and transition of a day draws from a key of its own, so that scenarios with the
same seed share their luck and runs do not depend on their number. Imported at the first call.
"""

import numpy as np

from bihuan_analytics.arrays import Floats
from bihuan_analytics.compiled import compiled, part
from bihuan_analytics.draws import FIRST, keyed, mixed
from bihuan_analytics.scenario.binomial import LISTS, ROOM, Desk, draw, power_of_e
from bihuan_analytics.scenario.layout import (
    DEAD,
    DEATHS,
    DOSED,
    DOSES,
    FAILED,
    FOUND,
    ICU,
    IN_ICU,
    IN_WARD,
    INFECTIONS,
    INFECTIOUS,
    ISOLATED,
    RECOVERED,
    WARD,
    Chances,
    E,
    I,
    Region,
    S,
    Today,
)

FAINT = 0.03  # force up to which a short series gives the chance to 1e-10
TURNS = 16  # draws of an age and day; those of the first states are numbered by the state
SEVERE, WARD_DEATH, ICU_DEATH, CRITICAL = 8, 9, 10, 11  # columns of Chances.laws, and turns
WORK = 4  # rows of changes
BY_TEST, BY_TRACE, BY_DOSE, BY_LUCK = 12, 13, 14, 15


@part
def told(numbers: Floats, law: tuple[float, float], desk: Desk, turn: int, out: Floats) -> bool:
    """How many of each number meet one chance, unless that can be nobody; law: a column of
    Chances.laws.
    """
    laws = desk[2]
    if law[0] <= 0.0 or nobody(numbers):
        return False
    for i in range(numbers.size):
        laws[0, i], laws[1, i] = law
    draw(numbers, desk, turn, out)
    return True


@part
def nobody(numbers: Floats) -> bool:
    """Whether a row is zero throughout."""
    some = 0
    for i in range(numbers.size):
        some += 1 if numbers[i] > 0.0 else 0
    return some == 0


@part
def infected(numbers: Floats, force: Floats, desk: Desk, turn: int, out: Floats) -> bool:
    """How many of each number are infected under a force, unless that can be nobody; chance:
    1 - exp(-force).
    """
    laws = desk[2]
    if nobody(numbers):
        return False
    strongest = 0.0
    for i in range(numbers.size):
        f = force[i]
        strongest = max(strongest, f)
        laws[0, i] = f * (1.0 - f * (0.5 - f * (1 / 6 - f * (1 / 24 - f * (1 / 120 - f / 720)))))
        laws[1, i] = -f
    if strongest > FAINT:
        surer(force, laws)
    draw(numbers, desk, turn, out)
    return True


@part
def surer(force: Floats, laws: Floats) -> None:
    """Chances under a force that the short series of `infected` does not reach."""
    for i in range(force.size):
        risk = 1.0 - power_of_e(-force[i])
        laws[0, i] = risk if force[i] > FAINT else laws[0, i]
    for i in range(force.size):
        if laws[0, i] > 0.5:
            laws[1, i] = np.log(laws[0, i])


@part
def rest_of(laws: Floats) -> None:
    """Fill the second row from the chances in the first: log(1 - c) = -2 artanh(c / (2 - c)) for
    the smaller chance c, as a series that is right to 1e-11 and needs no call.
    """
    for i in range(laws.shape[1]):
        chance = min(laws[0, i], 1.0 - laws[0, i])
        t = chance / (2.0 - chance)
        u = t * t
        s = 1 / 13 + u * (1 / 15 + u * (1 / 17 + u * (1 / 19 + u * (1 / 21))))
        s = 1.0 + u * (1 / 3 + u * (1 / 5 + u * (1 / 7 + u * (1 / 9 + u * (1 / 11 + u * s)))))
        laws[1, i] = -2.0 * t * s


@compiled
def one_day(region: Region, force: Floats, chances: Chances, today: Today, day: int) -> None:
    """Find, recover, infect and dose everywhere."""
    state, log, infectious, seeds = region
    runs, ages, _, areas = state.shape
    keys = np.empty(areas if seeds.size else 0, dtype=np.uint64)
    slots = np.empty((LISTS, areas), dtype=np.uint32)
    desk = keys, np.zeros((WORK, areas)), np.empty((2, areas)), np.empty((ROOM, areas)), slots
    for run in range(runs):
        if seeds.size:
            luck = keyed(seeds[run], 0, day)
            for area in range(areas):
                keys[area] = mixed(luck + np.uint64(area) * FIRST)
        lines = log[run, day]
        wanted = today.detection[min(run, today.detection.shape[0] - 1)]
        if wanted.max() > 0.0:
            find(state[run], lines, wanted, today, chances.traced, desk)
        for age in range(ages):
            cell = state[run, age]
            change(cell, force[run, age], chances.laws[age], lines, TURNS * age, desk)
        doses = today.doses[min(run, today.doses.shape[0] - 1)]
        if doses.max() >= 1.0:
            dose(state[run], lines, doses, chances.efficacy, desk)
        for age in range(ages):
            cell = state[run, age]
            infectious[run, age] = cell[I]
            for line, place in ((INFECTIOUS, I), (IN_WARD, WARD), (IN_ICU, ICU)):
                if not nobody(cell[place]):
                    add(cell[place], lines[line])


@part
def find(
    state: Floats, lines: Floats, wanted: Floats, today: Today, traced: float, desk: Desk
) -> None:
    """Infectious found and isolated, exposed traced."""
    laws, ill, number = desk[2], desk[1][0], desk[1][1]
    ill[:] = 0.0
    for age in range(state.shape[0]):
        add(state[age, I], ill)
    if nobody(ill):
        return
    for area in range(ill.size):
        room = today.detection_capacity[area] / max(ill[area] * wanted[area], 1e-9)
        laws[0, area] = wanted[area] * min(room, 1.0)
    rest_of(laws)
    for age in range(state.shape[0]):
        draw(state[age, I], desk, TURNS * age + BY_TEST, number)
        move(number, state[age, I], state[age, ISOLATED])
        add(number, lines[FOUND])
    if traced <= 0.0:
        return
    for area in range(ill.size):
        found = lines[FOUND, area]
        share = traced * min(today.tracing_capacity[area] / max(found, 1e-9), 1.0)
        laws[0, area] = min(share * found / max(ill[area], 1e-9), 1.0)
    rest_of(laws)
    for age in range(state.shape[0]):
        draw(state[age, E], desk, TURNS * age + BY_TRACE, number)
        move(number, state[age, E], state[age, ISOLATED])


@part
def change(
    cell: Floats, force: Floats, laws: Floats, lines: Floats, first: int, desk: Desk
) -> None:
    """One age: who ends an illness, falls seriously ill or dies, becomes infectious, is infected.

    Against the order of an illness, so that nobody takes two steps a day.
    """
    some = desk[1][1]
    end(cell, laws, lines, first, desk)
    if told(cell[E], (laws[0, E], laws[1, E]), desk, first + E, some):
        move(some, cell[E], cell[I])
    for place in (S, FAILED):
        if infected(cell[place], force, desk, first + place, some):
            move(some, cell[place], cell[E])
            add(some, lines[INFECTIONS])


@part
def end(cell: Floats, laws: Floats, lines: Floats, first: int, desk: Desk) -> None:
    """Who leaves a hospital, then who ends an illness and whether in a hospital."""
    over, some, few = desk[1][0], desk[1][1], desk[1][2]
    for place, death in ((WARD, WARD_DEATH), (ICU, ICU_DEATH)):
        if told(cell[place], (laws[0, place], laws[1, place]), desk, first + place, some):
            move(some, cell[place], cell[RECOVERED])
            if told(some, (laws[0, death], laws[1, death]), desk, first + death, few):
                move(few, cell[RECOVERED], cell[DEAD])
                add(few, lines[DEATHS])
    over[:] = 0.0
    for place in (I, ISOLATED):
        if told(cell[place], (laws[0, place], laws[1, place]), desk, first + place, some):
            move(some, cell[place], cell[RECOVERED])
            add(some, over)
    if told(over, (laws[0, SEVERE], laws[1, SEVERE]), desk, first + SEVERE, some):
        move(some, cell[RECOVERED], cell[WARD])
        if told(some, (laws[0, CRITICAL], laws[1, CRITICAL]), desk, first + CRITICAL, few):
            move(few, cell[WARD], cell[ICU])


@part
def move(persons: Floats, source: Floats, target: Floats) -> None:
    """Persons leave one state for another; a row each, so that several go at a time."""
    for i in range(persons.size):
        source[i] -= persons[i]
        target[i] += persons[i]


@part
def add(persons: Floats, line: Floats) -> None:
    """Persons enter a line of the log."""
    for i in range(persons.size):
        line[i] += persons[i]


@part
def dose(state: Floats, lines: Floats, doses: Floats, efficacy: float, desk: Desk) -> None:
    """Vaccinate the living who had no dose, oldest first."""
    work, laws = desk[1], desk[2]
    left, given, reached, immune = work[0], work[1], work[2], work[3]
    left[:] = np.floor(doses)
    luck = efficacy, np.log1p(-efficacy) if efficacy <= 0.5 else np.log(efficacy)
    for age in range(state.shape[0] - 1, -1, -1):
        cell = state[age]
        for area in range(left.size):
            living = -cell[DEAD, area] - cell[DOSED, area]
            for place in range(DOSED):
                living += cell[place, area]
            given[area] = min(left[area], max(living, 0.0))
            share = cell[S, area] / living if living > 0.0 else 0.0
            laws[0, area] = min(max(share, 0.0), 1.0)
        rest_of(laws)
        draw(given, desk, TURNS * age + BY_DOSE, reached)
        reached[:] = np.minimum(reached, cell[S])
        immune[:] = 0.0
        told(reached, luck, desk, TURNS * age + BY_LUCK, immune)
        left -= given
        cell[S] -= reached
        cell[FAILED] += reached - immune
        cell[RECOVERED] += immune
        cell[DOSED] += given
        lines[DOSES] += given
