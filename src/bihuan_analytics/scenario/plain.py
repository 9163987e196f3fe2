"""One day of all areas in plain NumPy, where the compiler is missing: slower, the same law.

Without luck the numbers are those of the compiled loops; draws come from another generator.
"""

from collections.abc import Callable

import numpy as np

from bihuan_analytics.arrays import Floats
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

Draw = Callable[[Floats, Floats | float], Floats]


def one_day(region: Region, force: Floats, chances: Chances, today: Today, day: int) -> None:
    """Find, recover, infect and dose everywhere."""
    state, log = region.state.transpose(2, 0, 3, 1), region.log[:, day].transpose(1, 0, 2)
    draw = _draw(region, day)
    if today.detection.any():
        log[FOUND] = _find(state, chances, today, draw)
    log[DEATHS] = _recover(state, chances, draw)
    chance = -np.expm1(-np.moveaxis(force, 1, 2))
    log[INFECTIONS] = _infect(state, chance, chances, draw)
    if today.doses.any():
        log[DOSES] = _dose(state, today, chances, draw)
    region.infectious[:] = np.moveaxis(state[I], 2, 1)
    for line, place in ((INFECTIOUS, I), (IN_WARD, WARD), (IN_ICU, ICU)):
        log[line] = state[place].sum(axis=2)


def _draw(region: Region, day: int) -> Draw:
    if not region.seeds.size:
        return lambda number, chance: number * chance
    rng = np.random.default_rng([*region.seeds.tolist(), day])

    def drawn(number: Floats, chance: Floats | float) -> Floats:
        result = np.zeros(number.shape)
        some = np.nonzero(number)  # most areas have nobody in most states
        likely = chance if np.ndim(chance) == 0 else np.broadcast_to(chance, number.shape)[some]
        result[some] = rng.binomial(number[some].astype(np.int64), likely)
        return result

    return drawn


def _find(state: Floats, chances: Chances, today: Today, draw: Draw) -> Floats:
    wanted = today.detection
    ill = state[I].sum(axis=2)
    room = np.minimum(today.detection_capacity / np.maximum(ill * wanted, 1e-9), 1.0)
    found = draw(state[I], (wanted * room)[:, :, None])
    state[I] -= found
    number: Floats = found.sum(axis=2)
    share = np.minimum(today.tracing_capacity / np.maximum(number, 1e-9), 1.0)
    led_to = np.minimum(chances.traced * share * number / np.maximum(ill, 1e-9), 1.0)
    traced = draw(state[E], led_to[:, :, None])
    state[E] -= traced
    state[ISOLATED] += found + traced
    return number


def _recover(state: Floats, chances: Chances, draw: Draw) -> Floats:
    odds = chances.laws[:, 0].T
    severe, ward_death, icu_death, critical = odds[8:]
    free = draw(state[I], odds[I])
    released = draw(state[ISOLATED], odds[ISOLATED])
    state[I] -= free
    state[ISOLATED] -= released
    over = free + released
    admitted = draw(over, severe)
    left_ward = draw(state[WARD], odds[WARD])
    left_icu = draw(state[ICU], odds[ICU])
    deaths = draw(left_ward, ward_death) + draw(left_icu, icu_death)
    intensive = draw(admitted, critical)
    state[WARD] += admitted - intensive - left_ward
    state[ICU] += intensive - left_icu
    state[RECOVERED] += over - admitted + left_ward + left_icu - deaths
    state[DEAD] += deaths
    total: Floats = deaths.sum(axis=2)
    return total


def _infect(state: Floats, chance: Floats, chances: Chances, draw: Draw) -> Floats:
    onset = draw(state[E], chances.laws[:, 0].T[E])
    fresh = draw(state[S], chance)
    in_vain = draw(state[FAILED], chance)
    state[S] -= fresh
    state[FAILED] -= in_vain
    state[E] += fresh + in_vain - onset
    state[I] += onset
    total: Floats = (fresh + in_vain).sum(axis=2)
    return total


def _dose(state: Floats, today: Today, chances: Chances, draw: Draw) -> Floats:
    living = state[:DOSED].sum(axis=0) - state[DEAD] - state[DOSED]
    left = np.broadcast_to(np.floor(today.doses), living.shape[:2]).copy()
    given = np.zeros_like(living)
    for age in range(living.shape[2] - 1, -1, -1):
        given[:, :, age] = np.minimum(left, np.maximum(living[:, :, age], 0.0))
        left -= given[:, :, age]
    share = np.divide(state[S], living, out=np.zeros_like(living), where=living > 0)
    reached = np.minimum(draw(given, np.clip(share, 0.0, 1.0)), state[S])
    immune = draw(reached, chances.efficacy)
    state[S] -= reached
    state[FAILED] += reached - immune
    state[RECOVERED] += immune
    state[DOSED] += given
    total: Floats = given.sum(axis=2)
    return total
