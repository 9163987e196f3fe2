"""Compiled loops of the province model: one day of all areas, drawn or expected.

Each area, age and transition of a day draws from a key of its own, so that scenarios with the
same seed share their luck and runs do not depend on their number. Imported at the first call.
"""

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats, Ints
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
Desk = tuple[Keys, Floats, Floats, Floats, Ints]
# A key for each area; rows of changes; rows of p and log(max(p, 1 - p)); room and slots of `draw`.
STRIDE, MOST = 4, 160  # steps of a search at a time and in all: means are 40 at most
PARTS = 1.0 / np.maximum(np.arange(MOST + STRIDE + 1.0), 1.0)
WIDE = 20.0  # variance from which the corrected normal law is within 1e-4 of the binomial one
TURNS = 16  # draws of an age and day; those of the first states are numbered by the state
SEVERE, WARD_DEATH, ICU_DEATH, CRITICAL = 8, 9, 10, 11  # columns of Chances.laws, and turns
OVER, WORK = RECOVERED, 12  # the row of those whose illness ends; rows in all
BY_TEST, BY_TRACE, BY_DOSE, BY_LUCK = 12, 13, 14, 15


@part
def draw(numbers: Floats, desk: Desk, turn: int, out: Floats) -> None:
    """Binomial draws of a row under the laws on the desk, or the means without keys.

    Numbers of one kind are put side by side first: loops without branches let the processor work
    on several at a time, and branches it cannot foresee cost more than all the arithmetic.
    """
    keys, _, laws, _, slots = desk
    if keys.size == 0:
        out[:] = numbers * laws[0]
        return
    wide = few = 0
    for i in range(numbers.size):
        number = numbers[i]
        large = number * laws[0, i] * (1.0 - laws[0, i]) >= WIDE
        slots[0, wide], slots[1, few] = i, i
        wide += 1 if large else 0
        few += 1 if (number > 0.0) & (not large) else 0
        out[i] = 0.0
    step = np.uint64(turn) * GOLDEN
    if wide:
        draw_wide(numbers, desk, wide, step, out)
    if few:
        draw_few(numbers, desk, few, step, out)


@part
def draw_wide(numbers: Floats, desk: Desk, size: int, step: np.uint64, out: Floats) -> None:
    """Draws of the numbers in the first slots by the corrected normal law."""
    keys, _, laws, room, slots = desk
    for j in range(size):
        i = slots[0, j]
        room[0, j], room[1, j] = numbers[i], laws[0, i]
        room[2, j] = normal(mixed(keys[i] + step))
    for j in range(size):
        room[3, j] = spread(room[0, j], room[1, j], room[2, j])
    for j in range(size):
        out[slots[0, j]] = room[3, j]


@part
def draw_few(numbers: Floats, desk: Desk, size: int, step: np.uint64, out: Floats) -> None:
    """Exact draws of the numbers in the second slots, by inversion of one uniform each.

    Some steps of the search for all, then for those that are not through, until none is left.
    """
    keys, _, laws, room, slots = desk
    left = count = 0
    for j in range(size):
        i = slots[1, j]
        chance = laws[0, i] if laws[0, i] < 0.5 else 1.0 - laws[0, i]
        slots[0, left], room[0, left] = i, unit_of(mixed(keys[i] + step))
        room[1, left] = numbers[i] * laws[1, i]
        room[2, left], room[3, left] = chance, numbers[i] + 1.0
        left += 1 if room[0, left] > 1.0 - numbers[i] * chance else 0  # P(0) is never below
    for j in range(left):
        room[1, j] = power_of_e(room[1, j])
        room[2, j] /= 1.0 - room[2, j]
        room[3, j] *= room[2, j]
        room[4, j] = 0.0
    while left and count < MOST:
        searched(room, left, count)
        count += STRIDE
        left = kept(room, slots[0], left, out)
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
def kept(room: Floats, slots: Ints, size: int, out: Floats) -> int:
    """Note the counts and move those that are not through to the front; how many these are."""
    again = 0
    for j in range(size):
        out[slots[j]] = room[4, j]
        slots[again] = slots[j]
        for row in range(5):
            room[row, again] = room[row, j]
        again += 1 if room[0, j] > room[1, j] else 0
    return again


@part
def spread(number: float, chance: float, z: float) -> float:
    """Binomial number that belongs to a normal one (Cornish and Fisher 1938, second order).

    With s^2 = n p q - 1/12, which corrects for whole numbers, it is the whole number next to
    n p + s z + (q - p)(z^2 - 1) / 6 + z (1 + 14 p q - (1 + 2 p q) z^2) / (72 s).
    """
    product = chance * (1.0 - chance)
    sigma = np.sqrt(number * product - 1.0 / 12.0)
    square = z * z
    bend = (1.0 - 2.0 * chance) * (square - 1.0) * (1.0 / 6.0)
    bend += z * (1.0 + 14.0 * product - (1.0 + 2.0 * product) * square) / (72.0 * sigma)
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
def told(numbers: Floats, law: tuple[float, float], desk: Desk, turn: int, out: Floats) -> None:
    """How many of each number meet one chance; law: a column of Chances.laws."""
    laws = desk[2]
    if law[0] <= 0.0 or nobody(numbers):
        out[:] = 0.0
        return
    for i in range(numbers.size):
        laws[0, i], laws[1, i] = law
    draw(numbers, desk, turn, out)


@part
def nobody(numbers: Floats) -> bool:
    """Whether a row is zero throughout."""
    some = 0
    for i in range(numbers.size):
        some += 1 if numbers[i] > 0.0 else 0
    return some == 0


@part
def infected(numbers: Floats, force: Floats, desk: Desk, turn: int, out: Floats) -> None:
    """How many of each number are infected under a force: chance 1 - exp(-force)."""
    laws = desk[2]
    if nobody(numbers):
        out[:] = 0.0
        return
    for i in range(numbers.size):
        f = force[i]
        series = f * (1.0 - f * (0.5 - f * (1.0 / 6.0 - f * (1.0 / 24.0))))
        risk = 1.0 - power_of_e(-f)
        laws[0, i] = series if f < 1e-4 else risk
        laws[1, i] = -f
    for i in range(numbers.size):
        if laws[0, i] > 0.5:
            laws[1, i] = np.log(laws[0, i])
    draw(numbers, desk, turn, out)


@part
def rest_of(laws: Floats) -> None:
    """Fill the second row from the chances in the first."""
    for i in range(laws.shape[1]):
        chance = laws[0, i]
        laws[1, i] = np.log1p(-chance) if chance <= 0.5 else np.log(chance)


@compiled
def one_day(region: Region, force: Floats, chances: Chances, today: Today, day: int) -> None:
    """Find, recover, infect and dose everywhere."""
    state, log, infectious, seeds = region
    runs, ages, _, areas = state.shape
    keys = np.empty(areas if seeds.size else 0, dtype=np.uint64)
    slots = np.empty((2, areas), dtype=np.int64)
    desk = keys, np.zeros((WORK, areas)), np.empty((2, areas)), np.empty((5, areas)), slots
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
            change(state[run, age], force[run, age], chances.laws[age], TURNS * age, desk)
            settle(state[run, age], lines, desk)
        doses = today.doses[min(run, today.doses.shape[0] - 1)]
        if doses.max() >= 1.0:
            dose(state[run], lines, doses, chances.efficacy, desk)
        for age in range(ages):
            cell, spread_on = state[run, age], infectious[run, age]
            for area in range(areas):
                spread_on[area] = cell[I, area]
                lines[INFECTIOUS, area] += cell[I, area]
                lines[IN_WARD, area] += cell[WARD, area]
                lines[IN_ICU, area] += cell[ICU, area]


@part
def find(
    state: Floats, lines: Floats, wanted: Floats, today: Today, traced: float, desk: Desk
) -> None:
    """Infectious found and isolated, exposed traced."""
    work, laws = desk[1], desk[2]
    ill, number = work[0], work[1]
    ill[:] = 0.0
    for age in range(state.shape[0]):
        ill += state[age, I]
    for area in range(ill.size):
        room = today.detection_capacity[area] / max(ill[area] * wanted[area], 1e-9)
        laws[0, area] = wanted[area] * min(room, 1.0)
    rest_of(laws)
    for age in range(state.shape[0]):
        draw(state[age, I], desk, TURNS * age + BY_TEST, number)
        state[age, I] -= number
        state[age, ISOLATED] += number
        lines[FOUND] += number
    if traced <= 0.0:
        return
    for area in range(ill.size):
        found = lines[FOUND, area]
        share = traced * min(today.tracing_capacity[area] / max(found, 1e-9), 1.0)
        laws[0, area] = min(share * found / max(ill[area], 1e-9), 1.0)
    rest_of(laws)
    for age in range(state.shape[0]):
        draw(state[age, E], desk, TURNS * age + BY_TRACE, number)
        state[age, E] -= number
        state[age, ISOLATED] += number


@part
def change(cell: Floats, force: Floats, laws: Floats, first: int, desk: Desk) -> None:
    """How many of one age are infected, leave their state, fall seriously ill or die: into work."""
    work = desk[1]
    infected(cell[S], force, desk, first + S, work[S])
    infected(cell[FAILED], force, desk, first + FAILED, work[FAILED])
    for place in (E, I, ISOLATED, WARD, ICU):
        told(cell[place], (laws[0, place], laws[1, place]), desk, first + place, work[place])
    over = work[OVER]
    for area in range(over.size):
        over[area] = work[I, area] + work[ISOLATED, area]
    for kind, given in ((SEVERE, OVER), (WARD_DEATH, WARD), (ICU_DEATH, ICU), (CRITICAL, SEVERE)):
        told(work[given], (laws[0, kind], laws[1, kind]), desk, first + kind, work[kind])


@part
def settle(cell: Floats, lines: Floats, desk: Desk) -> None:
    """Enter the changes of one age into state and log."""
    work = desk[1]
    for area in range(cell.shape[1]):
        fresh = work[S, area] + work[FAILED, area]
        deaths = work[WARD_DEATH, area] + work[ICU_DEATH, area]
        over, admitted, critical = work[OVER, area], work[SEVERE, area], work[CRITICAL, area]
        left = work[WARD, area] + work[ICU, area]
        cell[S, area] -= work[S, area]
        cell[FAILED, area] -= work[FAILED, area]
        cell[E, area] += fresh - work[E, area]
        cell[I, area] += work[E, area] - work[I, area]
        cell[ISOLATED, area] -= work[ISOLATED, area]
        cell[WARD, area] += admitted - critical - work[WARD, area]
        cell[ICU, area] += critical - work[ICU, area]
        cell[RECOVERED, area] += over - admitted + left - deaths
        cell[DEAD, area] += deaths
        lines[INFECTIONS, area] += fresh
        lines[DEATHS, area] += deaths


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
        told(reached, luck, desk, TURNS * age + BY_LUCK, immune)
        left -= given
        cell[S] -= reached
        cell[FAILED] += reached - immune
        cell[RECOVERED] += immune
        cell[DOSED] += given
        lines[DOSES] += given
