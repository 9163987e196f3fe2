"""`bihuan analytics detect`: which counts are higher than usual."""

import argparse
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from bihuan.config.analysis.answers import Answer, day_ticks, number, top_of
from bihuan.config.speech import say
from bihuan_analytics import NumericsError
from bihuan_analytics import early_warning as ew
from bihuan_analytics.arrays import Bools, at_least
from bihuan_analytics.picture import BLUE, GREY, RED, Picture
from bihuan_analytics.tables import Panel, Table, panel, read_table

HEAD = (
    "date", "series", "observed", "expected", "bound", "score", "p_value", "alarm", "reason",
)  # fmt: skip
METHODS = (
    "farrington", "farrington-classic", "c1", "c2", "c3", "cusum", "ewma", "likelihood-ratio",
    "percentile",
)  # fmt: skip


class Judged(NamedTuple):
    """A detection and which of its times are asked for."""

    found: ew.Detection
    times: slice


def run(options: argparse.Namespace) -> Answer:
    """Read, judge, thin out the alarms, tell."""
    table = read_table(options.file)
    values = options.count or _counts_of(table, options.date)
    if options.series and len(values) != 1:
        values = [name for name in values if name != options.series][:1]
    data = panel(table, options.date, values, options.series or "")
    last = at_least(options.last, 1, name="--last")
    first = max(data.dates.size - last, 0)
    found, times = _judge(data, options, first)
    alarm = _kept(found, options)[:, times]
    rows = [
        (
            str(data.dates[first + t]), name, float(found.observed[s, times][t]),
            number(found.expected[s, times][t]), number(found.bound[s, times][t]),
            number(found.score[s, times][t]), number(found.p_value[s, times][t], 8),
            bool(alarm[s, t]), _reason(int(found.reason[s, times][t])),
        )
        for s, name in enumerate(data.names)
        for t in range(data.dates.size - first)
    ]  # fmt: skip
    shown = [row for row in rows if row[7]] if options.alarms_only else rows
    told = say("{} 个序列，判断 {} 期，报警 {}", "{} series, {} times judged, {} alarms")
    notes = [told.format(len(data.names), data.dates.size - first, int(alarm.sum()))]
    if not (options.count or options.series):
        notes += _left_out(table, {options.date, *values})
    pictures = [
        _drawn(data, found, alarm, times, s) for s in _to_draw(alarm, found.score[:, times])
    ]
    title = say("早期预警：{}", "Early warning: {}").format(options.method)
    return Answer(title, HEAD, shown, notes, pictures)


def _counts_of(table: Table, date: str) -> list[str]:
    """All columns but the dates and a number of the row, which only ever rises by one."""
    names = [name for name in table.columns if name != date]
    return [name for name in names if not _numbers_rows(table.texts(name))] or names


def _numbers_rows(cells: list[str]) -> bool:
    if len(cells) < 3 or not all(cell.isdigit() for cell in cells):
        return False
    return [int(cell) for cell in cells] == list(range(int(cells[0]), int(cells[0]) + len(cells)))


def _left_out(table: Table, used: set[str]) -> list[str]:
    names = [name for name in table.columns if name not in used]
    told = say("未计入：{}（行号）", "left out: {} (numbers of the rows)")
    return [told.format(", ".join(names))] if names else []


def _judge(data: Panel, options: argparse.Namespace, first: int) -> Judged:
    """The chosen method; those that look back only are given all times and cut afterwards."""
    judge = np.arange(first, data.dates.size)
    alpha, mode = options.alpha, options.mode
    if options.method == "farrington":
        control = ew.FlexibleControl(alpha=alpha, mode=mode, years=options.years)
        found: ew.Detection = ew.farrington_flexible(
            data.counts, data.dates, judge=judge, control=control, known=data.known
        )
        return Judged(found, slice(None))
    if options.method == "farrington-classic":
        classic = ew.ClassicControl(alpha=2 * alpha, mode=mode, years=options.years)
        found = ew.farrington_classic(
            data.counts, data.dates, judge=judge, control=classic, known=data.known
        )
        return Judged(found, slice(None))
    if options.method == "percentile":
        rules = ew.PercentileControl(years=options.years)
        found = ew.moving_percentile(
            data.counts, data.dates, judge=judge, control=rules, known=data.known
        )
        return Judged(found, slice(None))
    usual = _usual(data, options, first)
    charts: dict[str, Callable[[], ew.Detection]] = {
        "c1": lambda: ew.ears(data.counts, method="C1", known=data.known, mode=mode),
        "c2": lambda: ew.ears(data.counts, method="C2", known=data.known, mode=mode),
        "c3": lambda: ew.ears(data.counts, method="C3", known=data.known, mode=mode),
        "ewma": lambda: ew.ewma(data.counts, known=data.known),
        "cusum": lambda: ew.cusum(data.counts, usual(), known=data.known, mode=mode),
        "likelihood-ratio": lambda: ew.likelihood_ratio(data.counts, usual(), known=data.known),
    }
    return Judged(charts[options.method](), slice(first, None))


def _usual(
    data: Panel, options: argparse.Namespace, first: int
) -> Callable[[], np.ndarray[tuple[int, ...], np.dtype[np.float64]]]:
    """The in-control mean of each series: as given, or its mean before the judged times."""

    def mean() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        if options.expected is not None:
            return np.full((len(data.names), 1), options.expected)
        if first == 0:
            raise NumericsError("series.too_short", length=data.dates.size, needed=options.last + 1)
        before = data.known[:, :first]
        cases = (data.counts[:, :first] * before).sum(axis=1)
        return np.asarray(np.maximum(cases, 0.5) / np.maximum(before.sum(axis=1), 1))[:, None]

    return mean


def _kept(found: ew.Detection, options: argparse.Namespace) -> Bools:
    """The alarms that remain under a share of false ones or a budget."""
    alarm = found.alarm
    if options.false_share is not None:
        alarm = alarm & ew.discoveries(found.p_value, level=options.false_share)
    if options.budget is not None:
        alarm = ew.within_budget(np.nan_to_num(found.score), alarm, budget=options.budget)
    return alarm


def _reason(reason: int) -> str:
    words = {
        0: "", 1: say("病例太少", "too few cases"), 2: say("基线太短", "baseline too short"),
        3: say("未报告", "not reported"), 4: say("模型不收敛", "no fit"),
        5: say("基线无波动", "no spread"),
    }  # fmt: skip
    return words[reason]


def _to_draw(alarm: Bools, score: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> list[int]:
    """The most alarming series first, four at most."""
    highest = np.nan_to_num(score, nan=-1.0).max(axis=1, initial=-1.0)
    return [int(s) for s in np.lexsort((-highest, -alarm.sum(axis=1)))[:4]]


def _drawn(data: Panel, found: ew.Detection, alarm: Bools, times: slice, s: int) -> Picture:
    first = data.dates.size - alarm.shape[1]
    days = data.dates[first:]
    seen, bound = found.observed[s, times], found.bound[s, times]
    picture = Picture(
        data.names[s], np.arange(days.size), top_of(seen, bound), ("", ""), ticks=day_ticks(days)
    )
    picture.bars(seen, GREY)
    picture.line(found.expected[s, times], BLUE)
    picture.line(bound, RED, dashed=True)
    picture.points(np.where(alarm[s], seen, np.nan), RED)
    picture.legend([("observed", GREY), ("expected", BLUE), ("bound, alarms", RED)])
    return picture
