"""`bihuan analytics pool`: how many specimens to a tube."""

import argparse

import numpy as np

from bihuan.config.analysis.answers import Answer, number
from bihuan.config.speech import say
from bihuan_analytics import NumericsError
from bihuan_analytics.arrays import Floats
from bihuan_analytics.picture import BLUE, Picture
from bihuan_analytics.screening import Assay, best_pool, dorfman
from bihuan_analytics.tables import read_table

HEAD = (
    "area",
    "prevalence",
    "pool",
    "tests_per_person",
    "sensitivity",
    "people",
    "tests",
    "missed",
)


def run(options: argparse.Namespace) -> Answer:
    """The best pool of each area of a table, or for one prevalence."""
    assay = Assay(
        sensitivity=options.sensitivity, specificity=options.specificity,
        cycles_sd=options.cycles_sd,
    )  # fmt: skip
    areas, prevalence, people = _asked(options)
    best = best_pool(
        prevalence, assay=assay, largest=options.largest,
        least_sensitivity=options.least_sensitivity,
    )  # fmt: skip
    told = best.screening
    rows = [
        (
            area, float(prevalence[i]), int(best.pool[i]), number(told.tests[i]),
            number(told.sensitivity[i]), number(people[i], 0),
            number(told.tests[i] * people[i], 0), number(told.missed[i] * people[i], 1),
        )
        for i, area in enumerate(areas)
    ]  # fmt: skip
    notes = []
    if np.isfinite(people).all():
        total = float((told.tests * people).sum())
        share = total / float(people.sum())
        notes = [
            say("共 {:.0f} 次检测，为逐人检测的 {:.0%}", "{:.0f} tests, {:.0%} of one each").format(
                total, share
            )
        ]
    return Answer(
        say("混样检测", "Pooled screening"), HEAD, rows, notes, [_drawn(prevalence, assay)]
    )


def _asked(options: argparse.Namespace) -> tuple[list[str], Floats, Floats]:
    if options.prevalence is not None:
        return [""], np.array([options.prevalence]), np.array([options.people or np.nan])
    if options.file is None:
        raise NumericsError("table.empty", column="prevalence")
    table = read_table(options.file)
    areas = table.texts("area") if "area" in table.columns else [""] * table.length
    prevalence = table.numbers("prevalence")
    for bad, code in (
        (np.isnan(prevalence), "table.not_number"),
        ((prevalence < 0) | (prevalence > 1), "prevalence.out_of_range"),
    ):
        if bad.any():
            raise table.refusal(code, "prevalence", int(np.argmax(bad)))
    people = table.counts("people")[0] if "people" in table.columns else np.full(len(areas), np.nan)
    return areas, prevalence, people


def _drawn(prevalence: Floats, assay: Assay) -> Picture:
    sizes = np.arange(1, 41)
    picture = Picture("tests per person by pool size", sizes, 1.2, ("pool", ""))
    for value in np.unique(prevalence)[:6]:
        picture.line(dorfman(value, sizes, assay=assay).tests, BLUE)
    return picture
