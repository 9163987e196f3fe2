"""Compiled loops of the province model: one day of all areas, drawn or expected.

Each area, age and transition of a day draws from a key of its own, so that scenarios with the
same seed share their luck and runs do not depend on their number. Imported at the first call.
"""

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats
from bihuan_analytics.compiled import compiled, part
from bihuan_analytics.draws import FIRST, GOLDEN, keyed, mixed, normal, unit_of
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

Keys = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.uint32]  # unsigned: such an index needs no look at its sign
Desk = tuple[Keys, Floats, Floats, Floats, Slots]
# A key for each area; rows of changes; rows of p and log(max(p, 1 - p)); room and slots of `draw`.
ROOM, LISTS = 6, 3  # rows of the room, of the slots
STRIDE, MOST = 8, 160  # steps of a search at a time and in all: means are 40 at most
PARTS = 1.0 / np.maximum(np.arange(MOST + STRIDE + 1.0), 1.0)
WIDE = 8.0  # variance from which the corrected normal law is within 1e-4 of the binomial one
FAINT = 0.03  # force up to which a short series gives the chance to 1e-10
TURNS = 16  # draws of an age and day; those of the first states are numbered by the state
SEVERE, WARD_DEATH, ICU_DEATH, CRITICAL = 8, 9, 10, 11  # columns of Chances.laws, and turns
WORK = 4  # rows of changes
BY_TEST, BY_TRACE, BY_DOSE, BY_LUCK = 12, 13, 14, 15


@part
def draw(numbers: Floats, desk: Desk, turn: int, out: Floats) -> None:
    """Binomial draws of a row under the laws on the desk, or the means without keys.

    Numbers of one kind are put side by side first: loops without branches let the processor work
    on several at a time, and branches it cannot foresee cost more than all the arithmetic.
    """
    keys, _, laws, room, slots = desk
    if keys.size == 0:
        out[:] = numbers * laws[0]
        return
    step = np.uint64(turn) * GOLDEN
    throw(keys, step, slots[2, : listed(numbers, slots[2])], room[5])
    sort(numbers, laws, room, out)
    wide, few = listed(room[0], slots[0]), listed(room[1], slots[1])
    if wide:
        draw_wide(numbers, desk, wide, step, out)
    if few:
        draw_few(numbers, desk, few, out)


@part
def sort(numbers: Floats, laws: Floats, room: Floats, out: Floats) -> None:
    """Mark what is for the normal law and what for a search; the rest is settled: P(0) is never
    below 1 - n p, and a uniform number below that says 0.
    """
    for i in range(numbers.size):
        chance = min(laws[0, i], 1.0 - laws[0, i])
        mean = numbers[i] * chance
        large = mean * (1.0 - chance) >= WIDE
        some = (numbers[i] > 0.0) & (room[5, i] > 1.0 - mean)
        room[0, i] = 1.0 if large else 0.0
        room[1, i] = 0.0 if large else (1.0 if some else 0.0)
        out[i] = numbers[i] if laws[0, i] > 0.5 else 0.0


@part
def listed(numbers: Floats, places: Slots) -> int:
    """Where a row is not zero, and at how many places."""
    some = 0
    for i in range(numbers.size):
        places[some] = i
        some += 1 if numbers[i] > 0.0 else 0
    return some


@part
def throw(keys: Keys, step: np.uint64, places: Slots, luck: Floats) -> None:
    """A uniform number at each place; where most are wanted, all together are the quicker."""
    if places.size * 2 > keys.size:
        for i in range(keys.size):
            luck[i] = unit_of(mixed(keys[i] + step))
        return
    for j in range(places.size):
        luck[places[j]] = unit_of(mixed(keys[places[j]] + step))


@part
def draw_wide(numbers: Floats, desk: Desk, size: int, step: np.uint64, out: Floats) -> None:
    """Draws of the numbers in the first slots by the corrected normal law."""
    keys, _, laws, room, slots = desk
    for j in range(size):
        room[2, j] = normal(mixed(keys[slots[0, j]] + step))
    for j in range(size):
        i = slots[0, j]
        room[0, j], room[1, j] = numbers[i], laws[0, i]
    for j in range(size):
        room[3, j] = spread(room[0, j], room[1, j], room[2, j])
    for j in range(size):
        out[slots[0, j]] = room[3, j]


@part
def draw_few(numbers: Floats, desk: Desk, size: int, out: Floats) -> None:
    """Exact draws of the numbers in the second slots, by inversion of one uniform each.

    Some steps of the search for all, then for those that are not through, until none is left.
    """
    _, _, laws, room, slots = desk
    for j in range(size):
        i = slots[1, j]
        slots[0, j] = i
        room[0, j], room[1, j] = room[5, i], numbers[i] * laws[1, i]
        room[2, j], room[3, j] = laws[0, i], numbers[i] + 1.0
    for j in range(size):
        chance = min(room[2, j], 1.0 - room[2, j])
        room[1, j] = power_of_e(room[1, j])
        room[2, j] = chance / (1.0 - chance)
        room[3, j] *= room[2, j]
        room[4, j] = 0.0
    left, count = size, 0
    while left and count < MOST:
        searched(room, left, count)
        count += STRIDE
        left = kept(room, slots, left, out)
    for j in range(size):
        i = slots[1, j]
        found = min(out[i], numbers[i])
        out[i] = numbers[i] - found if laws[0, i] > 0.5 else found


@part
def searched(room: Floats, size: int, count: int) -> None:
    """Some steps up the distribution function; rows: what is left of the uniform, the chance of
    the count, odds, odds (n + 1), the count. Those that are through stay.
    """
    for j in range(size):
        left, term, odds, weight, found = room[0, j], room[1, j], room[2, j], room[3, j], room[4, j]
        for more in range(1, STRIDE + 1):
            following = term * (weight * PARTS[count + more] - odds)
            goes_on = left > term
            rest = left - term
            found += 1.0 if goes_on else 0.0
            left = rest if goes_on else left
            term = following if goes_on else term
        room[0, j], room[1, j], room[4, j] = left, term, found


@part
def kept(room: Floats, slots: Slots, size: int, out: Floats) -> int:
    """Note the counts and move those that are not through to the front; how many these are."""
    again = 0
    for j in range(size):
        out[slots[0, j]] = room[4, j]
        slots[2, again] = j
        again += 1 if room[0, j] > room[1, j] else 0
    for j in range(again):
        old = slots[2, j]
        slots[0, j] = slots[0, old]
        room[0, j], room[1, j], room[2, j] = room[0, old], room[1, old], room[2, old]
        room[3, j], room[4, j] = room[3, old], room[4, old]
    return again


@part
def spread(number: float, chance: float, z: float) -> float:
    """Binomial number that belongs to a normal one (Cornish and Fisher 1938, third order).

    With s^2 = n p q - 1/12, which corrects for whole numbers, it is the whole number next to
    n p + s z + (q - p)(z^2 - 1) / 6 + z (1 + 14 p q - (1 + 2 p q) z^2) / (72 s)
    + (q - p)(2 + p q)(3 z^4 + 7 z^2 - 16) / (1620 s^2).
    """
    product = chance * (1.0 - chance)
    sigma = np.sqrt(number * product - 1.0 / 12.0)
    per = 1.0 / sigma
    square = z * z
    skew = 1.0 - 2.0 * chance
    far = (2.0 + product) * (square * (3.0 * square + 7.0) - 16.0) * (per * per / 1620.0)
    bend = skew * ((square - 1.0) * (1.0 / 6.0) + far)
    bend += z * (1.0 + 14.0 * product - (1.0 + 2.0 * product) * square) * (per / 72.0)
    count = np.floor(number * chance + sigma * z + bend + 0.5)
    count = max(0.0, count)
    return float(min(number, count))


@part
def power_of_e(x: float) -> float:
    """exp(x) for -80 <= x <= 0 to 1e-10, and exp(-80) below: without a call, several at a time."""
    y = max(-80.0, x) * (1.0 / 256.0)
    p = 1.0 + y * (1.0 / 10.0)
    p = 1.0 + y * (1.0 / 9.0) * p
    p = 1.0 + y * (1.0 / 8.0) * p
    p = 1.0 + y * (1.0 / 7.0) * p
    p = 1.0 + y * (1.0 / 6.0) * p
    p = 1.0 + y * (1.0 / 5.0) * p
    p = 1.0 + y * (1.0 / 4.0) * p
    p = 1.0 + y * (1.0 / 3.0) * p
    p = 1.0 + y * (1.0 / 2.0) * p
    p = 1.0 + y * p
    p *= p
    p *= p
    p *= p
    p *= p
    p *= p
    p *= p
    p *= p
    return p * p


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
