"""Three worked examples of docs/methods/agents.md and scenarios.md: figures and pictures.

Run: python -m bench.analytics.examples. A test holds the pages to what is printed here.
"""

import numpy as np

from bench.analytics.pictures import save
from bihuan_analytics.agents import Contacts, Illness, Response, simulate_city, synthetic_city
from bihuan_analytics.picture import BLUE, DARK, RED, Picture
from bihuan_analytics.scenario import (
    Carried,
    Disease,
    Province,
    Start,
    VectorControl,
    simulate_carried,
    vector_reproduction,
)

DAYS = 90


def omicron():
    """COVID Omicron in a city of 40,000: what testing, tracing and their speed are worth."""
    city = synthetic_city(40_000, rng=np.random.default_rng(1))
    illness = Illness(
        Disease(7.0, 2.0, 5.0, severe=[0.001, 0.004, 0.04], critical=0.15, icu_death=0.3),
        latent_shape=3.0,
        infectious_shape=3.0,
        symptom_day=1,
        symptomatic=0.7,
        dispersion=0.3,
    )
    prompt = {"testing": 0.5, "tests": 2000, "traced": (1.0, 0.8, 0.5, 0.5), "places": 1200}
    town = {"town": 0.5, "work": 0.4, "school": 1.0, "compliance": 0.9}
    plans = {
        "nothing": Response(),
        "tests alone": Response(testing=0.5, tests=2000),
        "tests and tracing": Response(**prompt, tracers=60),
        "with half the contacts": Response(**prompt, **town, tracers=60),
        "the same, two days later": Response(
            **prompt, **town, tracers=60, result_days=1, trace_days=1
        ),
    }
    lines, courses = [], {}
    for name, plan in plans.items():
        found = simulate_city(
            city, illness, Contacts(), plan, Start([20], DAYS, 10), rng=np.random.default_rng(2)
        )
        courses[name] = found.infections.sum(axis=2)
        lines.append(
            f"{name:26s} infected {found.infections.sum() / 10:7.0f}"
            f"   quarantined {found.quarantined.sum() / 10:7.0f}"
            f"   most beds {np.median((found.ward + found.icu).sum(axis=2).max(axis=1)):4.0f}"
        )
    draw(
        "agents-omicron.svg",
        "Omicron, infections a day, 90 % of runs: tests and tracing alone (red), half contacts (blue)",
        courses["tests and tracing"],
        courses["with half the contacts"],
    )
    return lines


def measles():
    """Measles in a school town of 8,000 where one child in six is not immune."""
    city = synthetic_city(8_000, rng=np.random.default_rng(3), school_size=900)
    illness = Illness(
        Disease(15.0, 10.0, 8.0, severe=0.1),
        latent_shape=12.0,
        infectious_shape=12.0,
        symptom_day=4,
    )
    contacts = Contacts(household=2.0, school=12.0, work=2.0, town=1.0)
    immune = [[0.83, 0.96, 0.99]]
    closed = np.where(np.arange(DAYS) >= 21, 1.0, 0.0)[:, None]
    drive = np.where((np.arange(DAYS) >= 14) & (np.arange(DAYS) < 21), 8000.0 / 7, 0.0)[:, None]
    found_early = {"testing": 0.6, "traced": (1.0, 0.3, 0.0, 0.0), "quarantine_days": 21}
    plans = {
        "nothing": Response(),
        "cases stay away": Response(testing=0.6),
        "contacts too": Response(**found_early),
        "school closed from day 21": Response(**found_early, school=closed),
        "doses in days 14-20": Response(**found_early, doses=drive, efficacy=0.93),
    }
    lines, courses = [], {}
    for name, plan in plans.items():
        found = simulate_city(
            city,
            illness,
            contacts,
            plan,
            Start([[3, 0, 0]], DAYS, 30, immune=immune),
            rng=np.random.default_rng(4),
        )
        courses[name] = found.infections.sum(axis=2)
        low, middle, high = np.quantile(courses[name].sum(axis=1), [0.05, 0.5, 0.95])
        lines.append(f"{name:26s} infected {middle:5.0f} (90 % of runs {low:.0f} to {high:.0f})")
    draw(
        "agents-measles.svg",
        "Measles, infections a day, 90 % of runs: nothing (red), doses in days 14-20 (blue)",
        courses["nothing"],
        courses["doses in days 14-20"],
    )
    return lines


def chikungunya():
    """Chikungunya in two districts: clearing breeding places, fogging, patients behind nets."""
    province = Province(people=[[300_000.0], [120_000.0]], mobility=[[0.95, 0.05], [0.1, 0.9]])
    disease = Carried(
        bites=0.5,
        to_person=0.5,
        to_mosquito=0.6,
        incubation_days=4.0,
        infectious_days=5.0,
        extrinsic_days=4.0,
        mosquito_days=10.0,
        per_index=0.03,
    )
    after = (np.arange(DAYS) >= 20)[:, None]
    plans = {
        "nothing": VectorControl(),
        "patients behind nets": VectorControl(screened=0.3 * after),
        "breeding places cleared": VectorControl(breeding=0.8 * after),
        "and fogging": VectorControl(breeding=0.8 * after, killing=0.15 * after),
        "all three": VectorControl(
            breeding=0.8 * after, killing=0.15 * after, screened=0.3 * after
        ),
    }
    lines = [
        "R0 at a Breteau index of 20, 10 and 5: "
        + ", ".join(f"{r:.2f}" for r in vector_reproduction(disease, [20.0, 10.0, 5.0]))
    ]
    courses = {}
    for name, plan in plans.items():
        found = simulate_carried(
            province,
            disease,
            20.0,
            plan,
            Start([30, 0], DAYS, 40),
            rng=np.random.default_rng(5),
        )
        courses[name] = found.infections.sum(axis=2)
        lines.append(
            f"{name:26s} infected {courses[name].sum() / 40:7.0f}"
            f"   index on day 40 {found.index[:, 39, 0].mean():4.1f}"
        )
    draw(
        "scenario-chikungunya.svg",
        "Chikungunya, infections a day, 90 % of runs: nets alone (red), breeding places and fogging (blue)",
        courses["patients behind nets"],
        courses["and fogging"],
    )
    return lines


def draw(name, title, red, blue):
    """Bands of both courses over the days."""
    days = np.arange(red.shape[1])
    high = np.quantile(red, 0.95, axis=0).max()
    picture = Picture(title, days, float(f"{1.1 * max(high, 1.0):.1g}"), ("day", "infections"))
    for course, colour in ((red, RED), (blue, BLUE)):
        low, middle, top = np.quantile(course, [0.05, 0.5, 0.95], axis=0)
        picture.band(low, top, colour)
        picture.line(middle, colour)
    picture.line(np.zeros(days.size), DARK)
    save(picture, name)


def main():
    for example in (omicron, measles, chikungunya):
        print(example.__doc__)
        print("\n".join(example()))


if __name__ == "__main__":
    main()
