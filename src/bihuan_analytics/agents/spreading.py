"""Compiled loops: who infects whom, and how an infection runs. Imported at the first call only.

Everything happens to the infected: a day costs what its infectious persons do, however many
others there are. Order of a day: transmissions of those infectious at its start, tests, results,
tracing, ends of stays, doses.
"""

import numpy as np

from bihuan_analytics.agents.body import (
    ACTIVE,
    AT_HOME,
    CAUSED,
    DEAD,
    DEATHS,
    DUE,
    EXPOSED,
    FOUND_PLACE,
    FREE,
    GROUP,
    HOME,
    ICU,
    ICU_STAY,
    ILL,
    IMMUNE,
    IN_ICU,
    IN_PLACE,
    IN_WARD,
    INFECTIONS,
    INFECTIOUS,
    INFECTIOUS_STAY,
    LATENT_STAY,
    PLACES,
    SCHOOL_CUT,
    SUSCEPTIBLE,
    TOWN,
    TOWN_CUT,
    VISIT,
    WARD,
    WARD_STAY,
    WORK_CUT,
    Records,
    World,
)
from bihuan_analytics.agents.city import DAY_MINUTES
from bihuan_analytics.arrays import Floats
from bihuan_analytics.compiled import part
from bihuan_analytics.draws import keyed, poisson, stay_of, uniform

# Purposes: the same person on the same day draws from another key for each of them.
LIFE, CHARACTER, VISITING = 1 << 40, 2 << 40, 3 << 40


@part
def keeps(compliance: float, seed: np.uint64, who: int) -> int:
    """1 where a person keeps the measures of the zone, in every scenario, else 0."""
    return int(compliance >= 1.0 or uniform(keyed(seed, who, CHARACTER), 0) < compliance)


@part
def power_of(spread: Floats, seed: np.uint64, who: int) -> float:
    """Infectiousness of a person relative to the mean."""
    if spread.size == 1:
        return 1.0
    return float(spread[int(uniform(keyed(seed, who, CHARACTER), 1) * spread.size)])


@part
def held(people: Records, who: int, day: int) -> int:
    """Where a person is held today, FREE for nowhere."""
    where = people[who]["where"]
    if FREE < where <= IN_PLACE and people[who]["until"] < day:
        people[who]["where"] = FREE
        return FREE
    return int(where)


@part
def outgoing(cut: float, compliance: float, keeps_all: int) -> float:
    """What measures leave of a person's contacts: a / mean a, so that all together fall by r."""
    mean = 1.0 - cut * compliance
    if mean <= 0.0:
        return 0.0
    return (1.0 - cut if keeps_all else 1.0) / mean


@part
def schedule(world: World, who: int, day: int) -> None:
    """Let a stay end on a day; what lies beyond the last day never happens."""
    if day < world.calendar.shape[1]:
        world.people[who]["due"] = world.calendar[DUE, day]
        world.calendar[DUE, day] = who + 1


@part
def infect(world: World, who: int, by: int, setting: int, day: int) -> None:
    """Susceptible to exposed; by is -1 for those exposed at the start."""
    stay = stay_of(uniform(keyed(world.seed, who, LIFE), 0), world.rules.laws[LATENT_STAY])
    person = world.people[who]
    person["state"] = EXPOSED
    person["setting"] = setting
    person["infected"] = max(day, 0)
    schedule(world, who, day + stay)
    if by >= 0:
        source = world.people[by]
        person["infector"] = by + 1
        person["sibling"] = source["child"]
        source["child"] = who + 1
        world.kinds[INFECTIONS, day, person["zone"]] += 1
        world.days[day, setting] += 1
        world.days[source["infected"], CAUSED] += 1


@part
def offer(world: World, who: int, by: int, setting: int, day: int, chance: float) -> None:
    """A transmission reaches a person: it takes if susceptible, there and not keeping away."""
    person = world.people[who]
    if person["state"] != SUSCEPTIBLE:
        return
    where = held(world.people, who, day)
    if where != FREE and not (setting == HOME and where == AT_HOME):
        return
    takes = world.rules.ages[person["age"]]["susceptibility"]
    if setting != HOME:
        kind = TOWN_CUT
        if setting == GROUP:
            school = world.town.groups[person["group"]]["school"]
            kind = SCHOOL_CUT if school else WORK_CUT
        cut = world.daily[kind, day, person["zone"]]
        if cut > 0.0 and keeps(world.rules.compliance, world.seed, who):
            takes *= 1.0 - cut
    if chance < takes:
        infect(world, who, by, setting, day)


@part
def transmissions(world: World, day: int) -> None:
    """All transmissions of the day by those infectious at its start."""
    people, rules, seed, active = world.people, world.rules, world.seed, world.lists[ACTIVE]
    homes, groups, daily = world.town.household_starts, world.town.groups, world.daily
    visited = world.town.stays.size > 0
    for place in range(world.sizes[ACTIVE]):
        who = active[place]
        where = held(people, who, day)
        if IN_PLACE <= where <= FOUND_PLACE or people[who]["state"] != INFECTIOUS:
            continue
        power = rules.beta * power_of(rules.spread, seed, who)
        home, group = people[who]["household"], people[who]["group"]
        at_home = power * rules.contacts[0] * (homes[home + 1] - homes[home] - 1)
        in_group, in_town = 0.0, 0.0
        if where == FREE:
            zone, keeping = people[who]["zone"], keeps(rules.compliance, seed, who)
            if group >= 0:
                size = groups[group + 1]["start"] - groups[group]["start"]
                kind = SCHOOL_CUT if groups[group]["school"] else WORK_CUT
                cut = daily[kind, day, zone]
                in_group = (
                    power * rules.contacts[1 + kind] * outgoing(cut, rules.compliance, keeping)
                )
                # one may pick oneself, so that much more often
                in_group *= size / (size - 1.0) if size > 1 else 0.0
            left = outgoing(daily[TOWN_CUT, day, zone], rules.compliance, keeping)
            in_town = power * rules.contacts[3] * left
            if visited:
                visit(world, who, day, power * left)
        total = at_home + in_group + in_town
        number = poisson(total, uniform(keyed(seed, who, day), 0))
        if number > 0:
            meet(world, who, day, number, (at_home, at_home + in_group, total))


@part
def meet(world: World, who: int, day: int, number: int, bounds: tuple[float, float, float]) -> None:
    """Whom the transmissions of one person reach."""
    at_home, with_group, total = bounds
    person, town = world.people[who], world.town
    key = keyed(world.seed, who, day)
    for turn in range(number):
        place = uniform(key, 3 * turn + 1) * total
        chance = uniform(key, 3 * turn + 2)
        if place < at_home:
            first = town.household_starts[person["household"]]
            others = town.household_starts[person["household"] + 1] - first - 1
            other = first + min(int(place / at_home * others), others - 1)
            if other >= who:
                other += 1
            offer(world, other, who, HOME, day, chance)
        elif place < with_group:
            first = town.groups[person["group"]]["start"]
            size = town.groups[person["group"] + 1]["start"] - first
            step = min(int((place - at_home) / (with_group - at_home) * size), size - 1)
            offer(world, town.member[first + step], who, GROUP, day, chance)
        else:
            other = met_in_town(world, person["zone"], day, uniform(key, 3 * turn + 3))
            offer(world, other, who, TOWN, day, chance)


@part
def met_in_town(world: World, home: int, day: int, chance: float) -> int:
    """Somebody of a zone that people of this one meet in."""
    row = world.crowds[world.path[day], home]
    zone, before = 0, 0.0
    while zone < row.size - 1 and chance > row[zone]:
        before = row[zone]
        zone += 1
    share = (chance - before) / max(row[zone] - before, 1e-300)
    begin, end = world.town.zone_starts[zone], world.town.zone_starts[zone + 1]
    return int(begin + min(int(share * (end - begin)), end - begin - 1))


@part
def visit(world: World, who: int, day: int, power: float) -> None:
    """Transmissions at the places that a person visits today, by minutes together."""
    town = world.town
    key = keyed(world.seed, who, day + VISITING)
    turn = 0
    for row in range(town.stay_starts[who], town.stay_starts[who + 1]):
        stay = town.stays[row]
        if stay["enter"] // DAY_MINUTES != day:
            continue
        begin, end = town.venues[stay["place"]]["start"], town.venues[stay["place"] + 1]["start"]
        at = first_guest(world, begin, end, stay["enter"] - town.venues[stay["place"]]["longest"])
        while at < end and town.guests[at]["since"] < stay["leave"]:
            guest = town.guests[at]
            together = min(stay["leave"], guest["until"]) - max(stay["enter"], guest["since"])
            turn += 2
            if together > 0 and guest["who"] != who:
                hazard = power * world.rules.visit_hour * together / 60.0
                if uniform(key, turn) < -np.expm1(-hazard):
                    offer(world, guest["who"], who, VISIT, day, uniform(key, turn + 1))
            at += 1


@part
def first_guest(world: World, begin: int, end: int, since: int) -> int:
    """First row of a place with an entry not before a minute."""
    while begin < end:
        middle = (begin + end) // 2
        if world.town.guests[middle]["since"] < since:
            begin = middle + 1
        else:
            end = middle
    return begin


@part
def end_stay(world: World, who: int, day: int) -> None:
    """Exposed to infectious, infectious to immune or a bed, bed to immune or dead."""
    person = world.people[who]
    zone, law = person["zone"], world.rules.ages[person["age"]]
    key = keyed(world.seed, who, LIFE)
    state = person["state"]
    if state == EXPOSED:
        person["state"] = INFECTIOUS
        person["onset"] = day + 1
        stay = stay_of(uniform(key, 1), world.rules.laws[INFECTIOUS_STAY])
        schedule(world, who, day + stay)
        world.lists[ACTIVE, world.sizes[ACTIVE]] = who
        world.sizes[ACTIVE] += 1
        world.stocks[ILL, zone] += 1
        return
    dies = 0.0
    if state == INFECTIOUS:
        world.stocks[ILL, zone] -= 1
        release(world, who)
        if uniform(key, 2) < law["severe"]:
            bed = ICU if uniform(key, 3) < law["critical"] else WARD
            admit(world, who, day, bed, uniform(key, 4))
            return
    elif state == WARD:
        world.stocks[IN_WARD, zone] -= 1
        dies = law["ward_death"]
    else:
        world.stocks[IN_ICU, zone] -= 1
        dies = law["icu_death"]
    person["state"] = IMMUNE
    if uniform(key, 5) < dies:
        person["state"] = DEAD
        world.kinds[DEATHS, day, zone] += 1


@part
def admit(world: World, who: int, day: int, bed: int, chance: float) -> None:
    """To a bed, WARD or ICU."""
    person = world.people[who]
    person["state"] = bed
    world.stocks[IN_ICU if bed == ICU else IN_WARD, person["zone"]] += 1
    law = world.rules.laws[ICU_STAY if bed == ICU else WARD_STAY]
    schedule(world, who, day + stay_of(chance, law))


@part
def release(world: World, who: int) -> None:
    """End isolation with the infectious stay; its place becomes free."""
    if world.people[who]["where"] == FOUND_PLACE:
        world.sizes[PLACES] -= 1
    if world.people[who]["where"] >= FOUND_PLACE:
        world.people[who]["where"] = FREE
