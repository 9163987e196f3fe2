"""Compiled loops: testing, isolation, tracing and doses, and the days of a course in order."""

from bihuan_analytics.agents.body import (
    ACTIVE,
    ASKING,
    AT_HOME,
    CALLED,
    CONTACT_TESTING,
    CURSOR,
    CURSOR_AGE,
    DEAD,
    DOSES,
    DOSING,
    DUE,
    FOUND,
    FOUND_HOME,
    FOUND_PLACE,
    FREE,
    FREED,
    GROUP,
    HOME,
    ILL,
    IMMUNE,
    IN_ICU,
    IN_PLACE,
    IN_WARD,
    INFECTIOUS,
    PLACES,
    QUARANTINED,
    SCREENING,
    SUSCEPTIBLE,
    TESTING,
    TESTS,
    TOWN,
    TRACED,
    TRACING,
    World,
)
from bihuan_analytics.agents.spreading import (
    CHARACTER,
    end_stay,
    held,
    infect,
    met_in_town,
    transmissions,
)
from bihuan_analytics.arrays import Ints
from bihuan_analytics.compiled import compiled, part
from bihuan_analytics.draws import keyed, poisson, uniform

ASK, SEEK, PRICK = 4 << 40, 5 << 40, 6 << 40
LONGEST_WINDOW = 7


@compiled
def play(world: World, seeds: Ints) -> None:
    """One run, day by day, from those exposed at the start."""
    for who in seeds:
        infect(world, who, -1, TOWN, -1)
    for day in range(world.calendar.shape[1]):
        world.sizes[PLACES] -= world.days[day, FREED]
        transmissions(world, day)
        ask(world, day)
        test(world, day)
        results(world, day)
        trace(world, day)
        link = world.calendar[DUE, day]
        while link:
            who = link - 1
            link = world.people[who]["due"]
            end_stay(world, who, day)
        for zone in range(world.stocks.shape[1]):
            if world.daily[DOSING, day, zone] >= 1.0:
                dose(world, zone, day)
            for kind in (ILL, IN_WARD, IN_ICU):
                world.kinds[kind, day, zone] = world.stocks[kind, zone]


@part
def ask(world: World, day: int) -> None:
    """Drop the recovered from the list; note who of the infectious asks for a test."""
    people, rules, daily, seed = world.people, world.rules, world.daily, world.seed
    kept, asking = 0, 0
    for place in range(world.sizes[ACTIVE]):
        who = world.lists[ACTIVE, place]
        person = people[who]
        if person["state"] != INFECTIOUS:
            continue
        world.lists[ACTIVE, kept] = who
        kept += 1
        if person["asked"]:
            continue
        zone, chance = person["zone"], 0.0
        if day - person["onset"] >= rules.symptom_day and daily[TESTING, day, zone] > 0.0:
            symptomatic = rules.ages[person["age"]]["symptomatic"]
            if uniform(keyed(seed, who, CHARACTER), 2) < symptomatic:
                chance = daily[TESTING, day, zone]
        if AT_HOME <= person["where"] <= IN_PLACE:
            chance = max(chance, daily[CONTACT_TESTING, day, zone])
        if chance > 0.0 and uniform(keyed(seed, who, ASK + day), 0) < chance:
            world.lists[ASKING, asking] = who
            asking += 1
    world.sizes[ACTIVE], world.sizes[ASKING] = kept, asking


@part
def test(world: World, day: int) -> None:
    """Tests of those who ask, then screening with what is left of the day's tests."""
    rules, seed, starts = world.rules, world.seed, world.town.zone_starts
    room = rules.tests / max(float(world.sizes[ASKING]), 1.0)
    for place in range(world.sizes[ASKING]):
        who = world.lists[ASKING, place]
        if world.days[day, TESTS] + 1 > rules.tests:
            break
        if room >= 1.0 or uniform(keyed(seed, who, ASK + day), 1) < room:
            world.days[day, TESTS] += 1
            sampled(world, who, day)
    screened = 0.0
    for zone in range(world.stocks.shape[1]):
        screened += world.daily[SCREENING, day, zone] * (starts[zone + 1] - starts[zone])
    left = rules.tests - world.days[day, TESTS]
    if screened <= 0.0 or left <= 0.0:
        return
    room = min(1.0, left / screened)
    world.days[day, TESTS] += int(screened * room)
    for place in range(world.sizes[ACTIVE]):
        who = world.lists[ACTIVE, place]
        if not world.people[who]["asked"]:
            share = world.daily[SCREENING, day, world.people[who]["zone"]] * room
            if uniform(keyed(seed, who, ASK + day), 2) < share:
                sampled(world, who, day)


@part
def sampled(world: World, who: int, day: int) -> None:
    """A specimen of an infectious person; a positive result comes after its days."""
    person = world.people[who]
    if uniform(keyed(world.seed, who, ASK + day), 3) < world.rules.sensitivity:
        person["asked"] = 1
        call(world, who, CALLED, day + world.rules.result_days)


@part
def call(world: World, who: int, row: int, day: int) -> None:
    """Note a person for a result or a tracing of a later day."""
    if day < world.calendar.shape[1]:
        world.people[who]["call"] = world.calendar[row, day]
        world.calendar[row, day] = who + 1


@part
def results(world: World, day: int) -> None:
    """Positive results of the day: isolate who is still infectious, have the contacts sought."""
    link = world.calendar[CALLED, day]
    while link:
        who = link - 1
        person = world.people[who]
        link = person["call"]
        world.kinds[FOUND, day, person["zone"]] += 1
        if person["state"] == INFECTIOUS:
            isolate(world, who, day)
        call(world, who, TRACING, day + world.rules.trace_days)


@part
def isolate(world: World, who: int, day: int) -> None:
    """Keep the place of quarantine, or take a free one, or stay at home."""
    person = world.people[who]
    if held(world.people, who, day) == IN_PLACE:
        world.days[min(person["until"] + 1, world.days.shape[0] - 1), FREED] -= 1
        person["where"] = FOUND_PLACE
    elif world.sizes[PLACES] < world.rules.places:
        world.sizes[PLACES] += 1
        person["where"] = FOUND_PLACE
    else:
        person["where"] = FOUND_HOME


@part
def trace(world: World, day: int) -> None:
    """Seek the contacts of as many found cases as there are tracers for."""
    number = 0
    link = world.calendar[TRACING, day]
    while link:
        number += 1
        link = world.people[link - 1]["call"]
    room = world.rules.tracers / max(float(number), 1.0)
    link = world.calendar[TRACING, day]
    sought = 0
    while link and sought + 1 <= world.rules.tracers:
        who = link - 1
        link = world.people[who]["call"]
        if room >= 1.0 or uniform(keyed(world.seed, who, SEEK), 0) < room:
            sought += 1
            world.kinds[TRACED, day, world.people[who]["zone"]] += 1
            trace_met(world, who, day)
            trace_chain(world, who, day)


@part
def trace_met(world: World, who: int, day: int) -> None:
    """Quarantine household members and those met without infection, drawn anew."""
    person, town, rules = world.people[who], world.town, world.rules
    home, group, turn = person["household"], person["group"], 2
    for other in range(town.household_starts[home], town.household_starts[home + 1]):
        if other != who and uniform(keyed(world.seed, other, SEEK), 1) < rules.traced[HOME]:
            quarantine(world, other, day)
    window = min(max(day - person["onset"], 1), LONGEST_WINDOW)
    key = keyed(world.seed, who, SEEK + 1)
    if group >= 0 and rules.traced[GROUP] > 0.0:
        begin = town.groups[group]["start"]
        size = town.groups[group + 1]["start"] - begin
        daily = rules.contacts[1 if town.groups[group]["school"] else 2]
        for _ in range(min(poisson(daily * window * rules.traced[GROUP], uniform(key, 0)), size)):
            turn += 1
            quarantine(world, town.member[begin + int(uniform(key, turn) * size)], day)
    if rules.traced[TOWN] > 0.0:
        for _ in range(poisson(rules.contacts[3] * window * rules.traced[TOWN], uniform(key, 1))):
            turn += 1
            met = met_in_town(world, person["zone"], day, uniform(key, turn))
            quarantine(world, met, day)


@part
def trace_chain(world: World, who: int, day: int) -> None:
    """Quarantine those whom the case infected outside the household, and its infector."""
    people, rules = world.people, world.rules
    link = people[who]["child"]
    while link:
        other = link - 1
        setting = people[other]["setting"]
        chance = 0.0 if setting == HOME else rules.traced[setting]
        if uniform(keyed(world.seed, other, SEEK), 1) < chance:
            quarantine(world, other, day)
        link = people[other]["sibling"]
    source, setting = people[who]["infector"], people[who]["setting"]
    chance = 0.0 if setting == HOME else rules.traced[setting]
    if source and uniform(keyed(world.seed, who, SEEK), 1) < chance:
        quarantine(world, source - 1, day)


@part
def quarantine(world: World, who: int, day: int) -> None:
    """Hold a contact from tomorrow on, in a place while there are any."""
    person = world.people[who]
    if person["state"] > IMMUNE or held(world.people, who, day) != FREE:
        return
    last = day + world.rules.quarantine_days
    person["until"] = min(last, 32_000)
    world.kinds[QUARANTINED, day, person["zone"]] += 1
    if world.sizes[PLACES] < world.rules.places:
        person["where"] = IN_PLACE
        world.sizes[PLACES] += 1
        world.days[min(last + 1, world.days.shape[0] - 1), FREED] += 1
    else:
        person["where"] = AT_HOME


@part
def dose(world: World, zone: int, day: int) -> None:
    """Doses of a day to the oldest of a zone who had none."""
    begin, end = world.town.zone_starts[zone], world.town.zone_starts[zone + 1]
    left = int(world.daily[DOSING, day, zone])
    who, age = begin + world.stocks[CURSOR, zone], world.stocks[CURSOR_AGE, zone]
    while left > 0 and age >= 0:
        if who >= end:
            who = begin
            age -= 1
            continue
        person = world.people[who]
        if person["age"] == age and person["state"] != DEAD:
            left -= 1
            world.kinds[DOSES, day, zone] += 1
            takes = uniform(keyed(world.seed, who, PRICK), 0) < world.rules.efficacy
            if person["state"] == SUSCEPTIBLE and takes:
                person["state"] = IMMUNE
        who += 1
    world.stocks[CURSOR, zone], world.stocks[CURSOR_AGE, zone] = who - begin, age
