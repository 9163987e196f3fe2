"""`bihuan analytics rt`: reproduction number, growth, turning point and a short forecast."""

import argparse

import numpy as np

from bihuan.config.analysis.answers import Answer, day_ticks, number, top_of
from bihuan.config.speech import say
from bihuan_analytics import NumericsError
from bihuan_analytics.arrays import Floats, at_least
from bihuan_analytics.nowcast import Horizon, renewal_forecast, turning_point
from bihuan_analytics.picture import BLUE, DARK, GREY, Picture
from bihuan_analytics.reproduction import (
    Estimate,
    Reproduction,
    Windows,
    cori,
    discretised_gamma,
    fitted_growth,
)
from bihuan_analytics.tables import Panel, panel, read_table

HEAD = ("date", "R", "low", "high", "cases", "estimate")


def run(options: argparse.Namespace) -> Answer:
    """Read one series, estimate, tell."""
    table = read_table(options.file)
    data = panel(table, options.date, [options.count])
    if not data.known.all():
        place = int(np.argmin(data.known[0]))
        raise NumericsError("table.not_number", column=options.count, date=data.dates[place])
    imported = None
    if options.imported:
        imported = panel(table, options.date, [options.imported]).counts
    rules = Windows(days=options.days)
    reach = max(int(options.mean_interval + 12.0 * options.sd_interval) + 2, 2)
    weights = discretised_gamma(
        mean=options.mean_interval, sd=options.sd_interval, length=max(data.dates.size, reach)
    )
    found = cori(data.counts, weights, windows=rules, imported=imported)
    cases = np.convolve(data.counts[0], np.ones(rules.days), "valid")[1:]
    rows = [
        (
            str(data.dates[end]), number(found.mean[0, w]), number(found.quantiles[0, w, 0]),
            number(found.quantiles[0, w, 2]), float(cases[w]), _estimate(found.estimate[0, w]),
        )
        for w, end in enumerate(found.end)
    ]  # fmt: skip
    notes = [_growth(data), _turn(data, found), *_ahead(data, weights, rules, options)]
    title = say(
        "再生数（{} 日窗口，95 % 区间）", "Reproduction number ({}-day windows, 95 % limits)"
    )
    pictures = [_drawn(data, found)]
    return Answer(title.format(rules.days), HEAD, rows, notes, pictures)


def _estimate(value: int) -> str:
    words = {
        Estimate.SOUND: "",
        Estimate.FEW_CASES: say("病例太少，难以估计", "too few to estimate"),
        Estimate.TOO_EARLY: say("尚早", "too early"),
    }
    return words[Estimate(int(value))]


def _growth(data: Panel) -> str:
    recent = data.counts[:, -21:]
    growth = fitted_growth(recent)
    if not growth.defined[0]:
        return say("增长率：病例太少，难以估计", "Growth: too few to estimate")
    low, high = growth.interval()
    told = say(
        "近 {} 日每日增长 {:.3f}（{:.3f} 至 {:.3f}）",
        "Growth a day over the last {} days: {:.3f} ({:.3f} to {:.3f})",
    )
    return told.format(recent.shape[1], growth.rate[0], low[0], high[0])


def _turn(data: Panel, found: Reproduction) -> str:
    judged = np.flatnonzero(found.estimate[0] == Estimate.SOUND)
    none = say("拐点：未见", "Turning point: none seen")
    if judged.size == 0:
        return none
    start = int(judged[0])
    turn = turning_point(np.nan_to_num(found.mean[:, start:], nan=1.0))
    if not turn.turned[0] or turn.place[0] < 0:
        return none
    days = [data.dates[found.end[start + int(place[0])]] for place in (turn.place, turn.confirmed)]
    return say("拐点：{}，{} 确认", "Turning point: {}, confirmed {}").format(*days)


def _ahead(data: Panel, weights: Floats, rules: Windows, options: argparse.Namespace) -> list[str]:
    """A line for each day of the forecast."""
    if not options.ahead:
        return []
    horizon = Horizon(days=at_least(options.ahead, 1, name="--ahead"))
    rng = np.random.default_rng(options.seed)
    found = renewal_forecast(data.counts, weights, rng=rng, horizon=horizon, windows=rules)
    told = say("预测 {}：{:.0f}（{:.0f}–{:.0f}）", "Forecast {}: {:.0f} ({:.0f}-{:.0f})")
    return [
        told.format(data.dates[-1] + day + 1, q[2], q[0], q[-1])
        for day, q in enumerate(found.quantiles[0])
    ]


def _drawn(data: Panel, found: Reproduction) -> Picture:
    high = np.where(found.estimate[0] == Estimate.SOUND, found.quantiles[0, :, 2], np.nan)
    picture = Picture(
        "R", np.arange(found.end.size), min(top_of(high), 10.0), ("", ""),
        ticks=day_ticks(data.dates[found.end]),
    )  # fmt: skip
    sound = found.estimate[0] == Estimate.SOUND
    picture.band(np.where(sound, found.quantiles[0, :, 0], np.nan), high, BLUE)
    picture.line(np.where(sound, found.mean[0], np.nan), BLUE)
    picture.line(np.where(sound, np.nan, found.mean[0]), GREY, dashed=True)
    picture.line(np.ones(found.end.size), DARK, dashed=True)
    picture.legend([("R, 95 %", BLUE), ("too few cases", GREY), ("R = 1", DARK)])
    return picture
