"""Binomial numbers for whole rows of areas, by keys of their own; compiled.

Exact below a variance of 8, by inversion; above it a normal number bent to the binomial cumulants.
"""

import numpy as np
import numpy.typing as npt

from bihuan_analytics.arrays import Floats
from bihuan_analytics.compiled import part
from bihuan_analytics.draws import GOLDEN, mixed, normal, unit_of

Keys = npt.NDArray[np.uint64]
Slots = npt.NDArray[np.uint32]  # unsigned: such an index needs no look at its sign
Desk = tuple[Keys, Floats, Floats, Floats, Slots]
# A key for each area; rows of changes; rows of p and log(max(p, 1 - p)); room and slots of `draw`.
ROOM, LISTS = 6, 3  # rows of the room, of the slots
STRIDE, MOST = 8, 80  # steps of a search at a time and in all: means are 16 at most
PARTS = 1.0 / np.maximum(np.arange(MOST + STRIDE + 1.0), 1.0)
WIDE = 8.0  # variance from which the corrected normal law is within 1e-4 of the binomial one


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
    throw(numbers, keys, step, slots[2], room[5])
    sort(numbers, laws, room, out)
    wide, few = dealt(room, slots)
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
def dealt(room: Floats, slots: Slots) -> tuple[int, int]:
    """List the places that `sort` marked in either way; how many each."""
    wide, few = 0, 0
    for i in range(room.shape[1]):
        slots[0, wide] = i
        slots[1, few] = i
        wide += 1 if room[0, i] > 0.0 else 0
        few += 1 if room[1, i] > 0.0 else 0
    return wide, few


@part
def throw(numbers: Floats, keys: Keys, step: np.uint64, places: Slots, luck: Floats) -> None:
    """A uniform number wherever somebody is; where most places are, all together are quicker."""
    some = 0
    for i in range(numbers.size):
        some += 1 if numbers[i] > 0.0 else 0
    if some * 2 > keys.size:
        for i in range(keys.size):
            luck[i] = unit_of(mixed(keys[i] + step))
        return
    some = 0
    for i in range(numbers.size):
        places[some] = i
        some += 1 if numbers[i] > 0.0 else 0
    for j in range(some):
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
