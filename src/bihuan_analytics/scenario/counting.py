"""Compiled loops of the province model: one day of all areas, drawn or expected.

Each area, age and transition of a day draws from a key of its own, so that scenarios with the
same seed share their luck and runs do not depend on their number. Imported at the first call.
"""

import numpy as np

from bihuan_analytics.arrays import Floats
from bihuan_analytics.compiled import compiled, part
from bihuan_analytics.draws import GOLDEN, keyed, mixed, uniform
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

SMALL = 10.0


@part
def drawn(number: float, chance: float, key: np.uint64, turn: int) -> float:
    """Binomial draw of a transition, or its mean where the key is 0."""
    if number <= 0.0 or chance <= 0.0:
        return 0.0
    if key == 0:
        return number * chance
    if chance >= 1.0:
        return number
    own = mixed(key + np.uint64(turn) * GOLDEN)
    if chance > 0.5:
        return number - binomial(number, 1.0 - chance, own)
    return binomial(number, chance, own)


@part
def binomial(number: float, chance: float, key: np.uint64) -> float:
    """Exact binomial draw, chance <= 1/2: by inversion below a mean of 10, else by rejection."""
    if number * chance >= SMALL:
        return transformed(number, chance, key)
    left = uniform(key, 0)
    term = nobody(number, chance)
    if left <= term:
        return 0.0
    odds = chance / (1.0 - chance)
    count = 0.0
    while left > term and count < number:
        left -= term
        count += 1.0
        term *= odds * (number - count + 1.0) / count
    return count


@part
def nobody(number: float, chance: float) -> float:
    """(1 - chance) ** number, by the cheapest way that is right to the last digits."""
    if number <= 3.0:
        rest = 1.0 - chance
        return rest if number == 1.0 else rest * rest if number == 2.0 else rest * rest * rest
    if chance < 1e-4:  # the next term of the series is below 1e-16 of the first
        series = chance * (1.0 + chance * (0.5 + chance * (1.0 / 3.0 + chance * 0.25)))
        return float(np.exp(-number * series))
    return float(np.exp(number * np.log1p(-chance)))


@part
def risk_of(force: float) -> float:
    """1 - exp(-force)."""
    if force < 1e-4:
        return force * (1.0 - force * (0.5 - force * (1.0 / 6.0 - force / 24.0)))
    return float(-np.expm1(-force))


@part
def transformed(number: float, chance: float, key: np.uint64) -> float:
    """Transformed rejection (Hörmann 1993, algorithm BTRS), exact, for means of 10 and more."""
    spread = np.sqrt(number * chance * (1.0 - chance))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * chance
    centre = number * chance + 0.5
    quick = 0.92 - 4.2 / b
    for turn in range(200):
        u = uniform(key, 2 * turn) - 0.5
        v = uniform(key, 2 * turn + 1)
        edge = 0.5 - abs(u)
        count = float(np.floor((2.0 * a / edge + b) * u + centre))
        if edge >= 0.07 and v <= quick:
            return count
        if count < 0.0 or count > number:
            continue
        alpha = (2.83 + 5.1 / b) * spread
        mode = np.floor((number + 1.0) * chance)
        height = np.log(v * alpha / (a / (edge * edge) + b))
        if height <= log_ratio(number, chance, mode, count):
            return count
    return float(np.floor(centre))


@part
def log_ratio(number: float, chance: float, mode: float, count: float) -> float:
    """Log of the binomial chance of a count over that of the mode."""
    odds = chance / (1.0 - chance)
    rest, gap = number - mode + 1.0, number - count + 1.0
    return float(
        (mode + 0.5) * np.log((mode + 1.0) / (odds * rest))
        + (number + 1.0) * np.log(rest / gap)
        + (count + 0.5) * np.log(gap * odds / (count + 1.0))
        + stirling(mode)
        + stirling(number - mode)
        - stirling(count)
        - stirling(number - count)
    )


@part
def stirling(count: float) -> float:
    """log count! less Stirling's approximation with count + 1."""
    x = count + 1.0
    if count < 10.0:
        exact = 0.0
        for factor in range(2, int(count) + 1):
            exact += np.log(float(factor))
        return float(exact - ((x - 0.5) * np.log(x) - x + 0.9189385332046727))
    square = 1.0 / (x * x)
    return (1.0 / 12.0 - (1.0 / 360.0 - square / 1260.0) * square) / x


@compiled
def one_day(region: Region, force: Floats, chances: Chances, today: Today, day: int) -> None:
    """Find, recover, infect and dose everywhere."""
    state, log, infectious, seeds = region
    runs, areas, ages = state.shape[1:]
    work, cell, lines = np.zeros(ICU + 5), np.zeros(10), np.zeros(7)
    for run in range(runs):
        of_detection = min(run, today.detection.shape[0] - 1)
        of_doses = min(run, today.doses.shape[0] - 1)
        for area in range(areas):
            key = keyed(seeds[run], area, day) if seeds.size else np.uint64(0)
            wanted, doses = today.detection[of_detection, area], today.doses[of_doses, area]
            lines[:] = 0.0
            if wanted > 0.0:
                limits = today.detection_capacity[area], today.tracing_capacity[area]
                find(state[:, run, area], lines, wanted, limits, chances.traced, key)
            for age in range(ages):
                own = key if key == 0 else mixed(key + np.uint64(age))
                for place in range(10):
                    cell[place] = state[place, run, area, age]
                risk = risk_of(force[run, age, area])
                move(cell, lines, (chances.odds, age, risk), work, own)
                for place in range(DOSED):
                    state[place, run, area, age] = cell[place]
            if doses >= 1.0:
                dose(state[:, run, area], lines, np.floor(doses), chances.efficacy, key)
            for age in range(ages):
                infectious[run, age, area] = state[I, run, area, age]
                lines[INFECTIOUS] += state[I, run, area, age]
                lines[IN_WARD] += state[WARD, run, area, age]
                lines[IN_ICU] += state[ICU, run, area, age]
            for line in range(7):
                log[line, run, day, area] = lines[line]


@part
def find(
    cell: Floats,
    lines: Floats,
    wanted: float,
    limits: tuple[float, float],
    traced: float,
    key: np.uint64,
) -> None:
    """Infectious found and isolated, exposed traced."""
    ages = cell.shape[1]
    ill, found = 0.0, 0.0
    for age in range(ages):
        ill += cell[I, age]
    if ill <= 0.0:
        return
    chance = wanted * min(limits[0] / max(ill * wanted, 1e-9), 1.0)
    for age in range(ages):
        number = drawn(cell[I, age], chance, key, 64 + age)
        cell[I, age] -= number
        cell[ISOLATED, age] += number
        found += number
    lines[FOUND] = found
    led_to = min(traced * min(limits[1] / max(found, 1e-9), 1.0) * found / ill, 1.0)
    if led_to > 0.0:
        for age in range(ages):
            number = drawn(cell[E, age], led_to, key, 64 + ages + age)
            cell[E, age] -= number
            cell[ISOLATED, age] += number


@part
def move(
    cell: Floats, lines: Floats, law: tuple[Floats, int, float], work: Floats, key: np.uint64
) -> None:
    """All ends of stays and infections of one age; law: odds, age, risk of infection."""
    odds, age, risk = law
    for place in range(ICU + 1):
        work[place] = cell[place]
        if work[place] > 0.0:
            chance = risk if place <= FAILED else odds[age, place]
            work[place] = drawn(work[place], chance, key, place)
    over, left_ward, left_icu = work[I] + work[ISOLATED], work[WARD], work[ICU]
    fresh, begun = work[S] + work[FAILED], work[E]
    cell[S] -= work[S]
    cell[FAILED] -= work[FAILED]
    cell[E] += fresh - begun
    cell[I] += begun - work[I]
    cell[ISOLATED] -= work[ISOLATED]
    lines[INFECTIONS] += fresh
    if over + left_ward + left_icu > 0.0:
        work[8], work[9], work[10] = over, left_ward, left_icu
        for place in range(8, 11):
            if work[place] > 0.0:
                work[place] = drawn(work[place], odds[age, place], key, place)
        admitted, deaths = work[8], work[9] + work[10]
        critical = drawn(admitted, odds[age, 11], key, 11)
        cell[WARD] += admitted - critical - left_ward
        cell[ICU] += critical - left_icu
        cell[RECOVERED] += over - admitted + left_ward + left_icu - deaths
        cell[DEAD] += deaths
        lines[DEATHS] += deaths


@part
def dose(cell: Floats, lines: Floats, doses: float, efficacy: float, key: np.uint64) -> None:
    """Vaccinate the living who had no dose, oldest first."""
    for age in range(cell.shape[1] - 1, -1, -1):
        living = -cell[DEAD, age] - cell[DOSED, age]
        for place in range(DOSED):
            living += cell[place, age]
        given = min(doses, max(living, 0.0))
        if given <= 0.0:
            continue
        doses -= given
        share = min(max(cell[S, age] / living, 0.0), 1.0)
        reached = min(drawn(given, share, key, 1024 + 2 * age), cell[S, age])
        immune = drawn(reached, efficacy, key, 1025 + 2 * age)
        cell[S, age] -= reached
        cell[FAILED, age] += reached - immune
        cell[RECOVERED, age] += immune
        cell[DOSED, age] += given
        lines[DOSES] += given
