"""Draws the pictures of docs/methods from the methods themselves; run it as a script.

The data are simulated from fixed seeds, so that a picture changes only with its method.
"""

from pathlib import Path

import numpy as np

from bihuan_analytics.early_warning import (
    FlexibleControl,
    farrington_flexible,
    space_time_scan,
)
from bihuan_analytics.nowcast import lawless
from bihuan_analytics.picture import BLUE, DARK, GREY, RED, Picture
from bihuan_analytics.reproduction import cori, discretised_gamma
from bihuan_analytics.scenario import (
    Disease,
    Level,
    Measures,
    Problem,
    Province,
    Start,
    plan_front,
    simulate,
)
from bihuan_analytics.screening import dorfman

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "methods" / "pictures"


def save(picture, name):
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_text(picture.svg(), encoding="utf-8")


def early_warning():
    rng = np.random.default_rng(3)
    weeks = np.arange(420)
    counts = rng.poisson(8 * np.exp(0.5 * np.sin(2 * np.pi * weeks / 52.18)))
    counts[398:402] += [6, 14, 11, 5]
    dates = np.datetime64("2010-01-04") + 7 * weeks
    found = farrington_flexible(
        counts, dates, judge=range(340, 420), control=FlexibleControl(alpha=0.005)
    )
    picture = Picture(
        "Farrington flexible: cases, expected, bound, alarms", weeks[340:], 40, ("week", "cases")
    )
    picture.bars(counts[340:], GREY)
    picture.line(found.expected[0], BLUE)
    picture.line(found.bound[0], RED, dashed=True)
    picture.points(np.where(found.alarm[0], counts[340:], np.nan), RED)
    save(picture, "early-warning.svg")


def reproduction():
    rng = np.random.default_rng(4)
    weights = discretised_gamma(mean=5.0, sd=2.0, length=20)
    cases, truth = np.zeros(70), np.r_[np.full(30, 1.7), np.full(40, 0.75)]
    cases[0] = 20
    for t in range(1, 70):
        past = cases[max(t - 19, 0) : t][::-1]
        cases[t] = rng.poisson(truth[t] * (weights[1 : past.size + 1] @ past))
    found = cori(cases, weights)
    picture = Picture(
        "Cori: R in windows of 7 days, 95 % limits, truth (dashed)", found.end, 3, ("day", "R")
    )
    picture.band(found.quantiles[0, :, 0], found.quantiles[0, :, 2], BLUE)
    picture.line(found.mean[0], BLUE)
    picture.line(truth[found.end], DARK, dashed=True)
    picture.line(np.ones(found.end.size), GREY)
    save(picture, "reproduction.svg")


def nowcast():
    rng = np.random.default_rng(5)
    delay = np.array([0.05, 0.15, 0.25, 0.2, 0.15, 0.1, 0.06, 0.04])
    days = np.arange(40)
    full = rng.poisson(30 * np.exp(0.04 * days)[:, None] * delay)
    known = np.add.outer(days, np.arange(delay.size)) <= 39
    found = lawless(full * known)
    picture = Picture(
        "Lawless: reported so far (bars), nowcast with 95 % limits, in the end (dots)",
        days,
        300,
        ("day", "events"),
    )
    picture.bars(found.reported[0], GREY)
    picture.band(found.quantiles[0, :, 0], found.quantiles[0, :, 2], BLUE)
    picture.line(found.expected[0], BLUE)
    picture.points(full.sum(axis=1), DARK)
    save(picture, "nowcast.svg")


def scan():
    rng = np.random.default_rng(9)
    days = np.arange(60)
    areas = np.concatenate([rng.integers(0, 36, 400), rng.choice([14, 15, 20], 24)])
    dates = np.concatenate([rng.integers(0, 60, 400), rng.integers(55, 60, 24)])
    grid = np.stack(np.divmod(np.arange(36), 6), axis=1) * 10.0
    found = space_time_scan(areas, dates, grid, now=59, rng=np.random.default_rng(1))[0]
    inside = np.isin(areas, found.areas)
    picture = Picture(
        f"Cases a day in the circle of the scan (p = {found.p_value:g}); dots: days of the cluster",
        days,
        12,
        ("day", "cases"),
    )
    counts = np.bincount(dates[inside], minlength=60).astype(float)
    picture.bars(counts, GREY)
    picture.points(np.where(days >= found.first_day, counts, np.nan), RED)
    save(picture, "scan.svg")


def screening():
    sizes = np.arange(1, 41)
    picture = Picture(
        "Dorfman: tests per person by pool size at 1, 3 and 10 % infected",
        sizes,
        1.2,
        ("pool", "tests"),
    )
    for prevalence, colour in ((0.01, BLUE), (0.03, DARK), (0.1, RED)):
        picture.line(dorfman(prevalence, sizes).tests, colour)
    save(picture, "screening.svg")


def scenario():
    province = Province(people=[[500_000.0], [200_000.0]], mobility=[[0.95, 0.05], [0.1, 0.9]])
    disease = Disease(2.3, 3.0, 5.0, severe=0.02, critical=0.25, icu_death=0.3)
    days = np.arange(150)
    picture = Picture(
        "Intensive care: nothing done (red), a third fewer contacts from day 35 (blue), 90 % of runs",
        days,
        900,
        ("day", "beds in use"),
    )
    from_35 = (days >= 35).astype(float)[:, None]
    for measures, colour in (
        (Measures(), RED),
        (Measures(contact_reduction=0.33 * from_35), BLUE),
    ):
        course = simulate(
            province,
            disease,
            measures,
            Start([30, 0], 150, runs=60),
            rng=np.random.default_rng(6),
        )
        low, middle, high = np.quantile(course.icu.sum(axis=2), [0.05, 0.5, 0.95], axis=0)
        picture.band(low, high, colour)
        picture.line(middle, colour)
    save(picture, "scenario.svg")


def policy():
    problem = Problem(
        province=Province(people=[[500_000.0], [200_000.0]], mobility=[[0.95, 0.05], [0.1, 0.9]]),
        disease=Disease(2.0, 3.0, 5.0, severe=0.03, critical=0.2, icu_death=0.3),
        start=Start([100, 0], days=112),
        menu=(
            Level("nothing"),
            Level("tests", detection=0.1, cost=0.5, hardship=0.02),
            Level("masks and tests", contact_reduction=0.3, detection=0.1, cost=1.0, hardship=0.1),
            Level("closure", 0.7, 0.5, 0.15, cost=9.0, hardship=0.6, longest=3),
        ),
        beds=[80.0, 30.0],
        period_days=7,
        price=(0.0, 2e5, 2e4, 1.0),
    )
    found = plan_front(
        problem,
        rng=np.random.default_rng(7),
        runs=1,
        trades=[(health, 1.0, 1.0) for health in (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)],
    )
    order = np.argsort(found.outcome.cost)
    cost, deaths = found.outcome.cost[order] / 1e6, found.outcome.deaths[order]
    planned = np.array([found.names[place].startswith("plan") for place in order])
    picture = Picture(
        "Plans (blue) against each level alone and a fixed rule (red): money and deaths",
        cost,
        400,
        ("million", "deaths"),
    )
    picture.points(np.where(planned, deaths, np.nan), BLUE)
    picture.points(np.where(planned, np.nan, deaths), RED)
    save(picture, "policy.svg")


if __name__ == "__main__":
    for draw in (early_warning, scan, reproduction, nowcast, screening, scenario, policy):
        draw()
