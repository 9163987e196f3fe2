"""`bihuan analytics scenario` and `optimise`: what happens, and what to do at least cost."""

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bihuan.config.analysis.answers import Answer, top_of
from bihuan.config.speech import say
from bihuan.core.errors import Refused
from bihuan.core.packs.registry import by_edition, read_pack
from bihuan_analytics import NumericsError
from bihuan_analytics.arrays import Floats
from bihuan_analytics.picture import BLUE, RED, Picture
from bihuan_analytics.scenario import (
    Comparison,
    Disease,
    Level,
    Measures,
    Option,
    Problem,
    Province,
    Start,
    compare,
    disease_of,
    everywhere,
    orders_of,
    safe_plan,
    simulate,
)
from bihuan_analytics.tables import Table, read_table

COURSE = ("day", "infections", "infections_low", "infections_high", "ward", "icu", "icu_high")
ORDERS = ("area", "measure", "first_day", "end_day")
PARAMETERS = (
    "reproduction", "latent_days", "infectious_days", "severe", "critical", "ward_death",
    "icu_death",
)  # fmt: skip
LEVELS = ("contact_reduction", "travel_reduction", "detection", "cost", "hardship")


@dataclass(frozen=True, slots=True)
class World:
    """What both commands read: areas by name, the province, its beds, the disease, the start."""

    areas: list[str]
    province: Province
    beds: Floats
    disease: Disease
    start: Start


def run(options: argparse.Namespace) -> Answer:
    """Simulate the days with the measures given."""
    world = _world(options, runs=options.runs)
    days = np.arange(options.days)
    until = options.days if options.until_day is None else options.until_day
    during = ((days >= options.from_day) & (days < until)).astype(np.float64)[:, None]
    measures = Measures(
        contact_reduction=options.contact_reduction * during,
        travel_reduction=options.travel_reduction * during,
        detection=options.detection * during,
    )
    rng = np.random.default_rng(options.seed)
    course = simulate(world.province, world.disease, measures, world.start, rng=rng)
    infections, ward, icu = (
        np.quantile(part.sum(axis=2), [0.5, 0.05, 0.95], axis=0)
        for part in (course.infections, course.ward, course.icu)
    )
    rows = [
        (
            int(day), float(infections[0, day]), float(infections[1, day]),
            float(infections[2, day]), float(ward[0, day]), float(icu[0, day]), float(icu[2, day]),
        )
        for day in days
    ]  # fmt: skip
    total = np.quantile(course.infections.sum(axis=(1, 2)), [0.5, 0.05, 0.95])
    told = say(
        "感染共 {:.0f}（{:.0f} 至 {:.0f}），重症床位最多 {:.0f}（现有 {:.0f}）",
        "Infections in all {:.0f} ({:.0f} to {:.0f}), intensive care at most {:.0f} (beds {:.0f})",
    )
    note = told.format(*total, float(icu[2].max()), float(np.nansum(world.beds)))
    title = say("情景推演：{} 次模拟", "Scenario: {} runs").format(options.runs)
    pictures = [_drawn("infections a day, 90 %", infections), _drawn("intensive care, 90 %", icu)]
    return Answer(title, COURSE, rows, [note], pictures)


def optimise(options: argparse.Namespace) -> Answer:
    """The cheapest plan of the menu that keeps the risk, as orders with their days."""
    world = _world(options, runs=1)
    if np.isnan(world.beds).any():
        raise NumericsError("table.no_column", column="beds")
    problem = Problem(
        province=world.province, disease=world.disease, start=world.start,
        menu=_menu(read_table(options.menu)), beds=world.beds, period_days=options.period_days,
        price=(0.0, options.death_price, options.bed_price, options.hardship_price),
    )  # fmt: skip
    rng = np.random.default_rng(options.seed)
    plan = safe_plan(
        problem, risk=options.risk, rng=rng, runs=options.runs, most_tried=options.most_tried
    )
    rows = [
        (world.areas[order.area], order.level, order.first, order.end)
        for order in orders_of(problem, plan.policy)
    ]
    others = [option for option in everywhere(problem) if option.name != say("方案", "plan")]
    found = compare(
        problem, [Option(say("方案", "plan"), plan.policy), *others],
        rng=np.random.default_rng(options.seed), runs=options.runs,
    )  # fmt: skip
    title = say("最小代价方案（超载概率不超过 {:g}）", "Cheapest plan (overload at most {:g})")
    notes = [*_side_by_side(found), say("共试 {} 个方案", "{} plans tried").format(plan.tried)]
    return Answer(title.format(options.risk), ORDERS, rows, notes, [_compared(found)])


def _world(options: argparse.Namespace, *, runs: int) -> World:
    table = read_table(options.file)
    areas = table.texts("area")
    people, _ = table.counts("people")
    if (people == 0).any():
        raise table.refusal("array.not_positive", "people", int(np.argmax(people == 0)))
    exposed, _ = table.counts("exposed")
    if (exposed > people).any():
        raise table.refusal("start.above_people", "exposed", int(np.argmax(exposed > people)))
    beds = table.numbers("beds") if "beds" in table.columns else np.full(len(areas), np.nan)
    mobility = _mobility(read_table(options.mobility), areas) if options.mobility else None
    disease = _disease(options)
    here = np.eye(len(areas)) if mobility is None else mobility
    province = Province(people=people[:, None], mobility=here)
    return World(areas, province, beds, disease, Start(exposed, options.days, runs=runs))


def _disease(options: argparse.Namespace) -> Disease:
    """What the pack says, and what was said on the line instead."""
    table = {} if options.pack is None else _of_pack(options.pack)
    for name in PARAMETERS:
        said = getattr(options, name)
        if said is not None:
            table[name] = said
    return disease_of(table)


def _of_pack(name: str) -> dict[str, float]:
    """The values of a pack under "disease.", by edition ("id@version") or by file."""
    try:
        pack = read_pack(Path(name)) if name.endswith(".toml") else by_edition(name)
    except (Refused, OSError) as fault:
        raise NumericsError("table.unreadable", file=name, reason=str(fault)) from fault
    head = "disease."
    return {v.key.removeprefix(head): v.value for v in pack.values if v.key.startswith(head)}


def _mobility(table: Table, areas: list[str]) -> Floats:
    """Rows of from, to, share; who is not named elsewhere stays at home."""
    shares = table.numbers("share")
    bad = ~((shares >= 0) & (shares <= 1))
    if bad.any():
        raise table.refusal("share.out_of_range", "share", int(np.argmax(bad)))
    matrix = np.zeros((len(areas), len(areas)))
    np.add.at(matrix, (table.places("from", areas), table.places("to", areas)), shares)
    np.fill_diagonal(matrix, 0.0)
    away = matrix.sum(axis=1)
    if (away > 1).any():
        name = areas[int(np.argmax(away))]
        raise NumericsError("mobility.not_one", area=name, sum=round(float(away.max()), 6))
    np.fill_diagonal(matrix, 1.0 - away)
    return matrix


def _menu(table: Table) -> tuple[Level, ...]:
    """Levels of measures by row; the first one is to be nothing at all."""
    names = table.texts("name")
    known = {name: table.numbers(name) for name in LEVELS if name in table.columns}
    longest = table.whole("longest") if "longest" in table.columns else None
    for column, values in known.items():
        limit = 1.0 if column in LEVELS[:3] else np.inf
        bad = ~((values >= 0) & (values <= limit))
        if bad.any():
            raise table.refusal("share.out_of_range", column, int(np.argmax(bad)))
    none = np.zeros(len(names))
    contact, travel, detection, cost, hardship = (known.get(column, none) for column in LEVELS)
    return tuple(
        Level(
            name,
            contact_reduction=float(contact[row]),
            travel_reduction=float(travel[row]),
            detection=float(detection[row]),
            cost=float(cost[row]),
            hardship=float(hardship[row]),
            longest=10**6 if longest is None else int(longest[row]),
        )
        for row, name in enumerate(names)
    )


def _side_by_side(found: Comparison) -> list[str]:
    """The plan beside each level everywhere: cost, deaths, risk, and what beats it."""
    told = say(
        "{}：费用 {:.4g}，感染 {:.0f}，死亡 {:.1f}，超载概率 {:.0%}{}",
        "{}: cost {:.4g}, infections {:.0f}, deaths {:.1f}, overload {:.0%}{}",
    )
    worse = say("，不如“{}”", ", beaten by “{}”")
    outcome = found.outcome
    return [
        told.format(
            name, outcome.cost[i], outcome.infections[i], outcome.deaths[i], found.overload[i],
            worse.format(found.dominated_by[i]) if found.dominated_by[i] else "",
        )
        for i, name in enumerate(found.names)
    ]  # fmt: skip


def _drawn(title: str, quantiles: Floats) -> Picture:
    days = np.arange(quantiles.shape[1])
    picture = Picture(title, days, top_of(quantiles), ("day", ""))
    picture.band(quantiles[1], quantiles[2], BLUE)
    picture.line(quantiles[0], BLUE)
    return picture


def _compared(found: Comparison) -> Picture:
    """Chance of overload of each option."""
    size = max(len(found.names), 2)
    ticks = [(float(i), name) for i, name in enumerate(found.names)]
    risk = np.pad(found.overload, (0, size - len(found.names)), constant_values=np.nan)
    picture = Picture("chance of overload", np.arange(size), 1.0, ("", ""), ticks=ticks)
    picture.bars(risk, RED)
    return picture
