"""How fast it spreads, what is not reported yet, what comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from bihuan.epidemic.rules.situation import Known
from bihuan_analytics.arrays import Floats
from bihuan_analytics.nowcast import (
    Horizon,
    lawless,
    renewal_forecast,
    triangle_of_reports,
    turning_point,
)
from bihuan_analytics.reproduction import Windows, cori, discretised_gamma, fitted_growth

LEVELS = (0.05, 0.5, 0.95)
INTERVAL_DAYS = 30
SEED = 20200120
IMPORTED = frozenset({"imported"})


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the packs say an estimate rests on."""

    window_days: int
    least_cases: int
    turning_days: int
    forecast_days: int
    longest_delay: int
    complete_share: float
    history_days: int
    serial_mean: float
    serial_sd: float


@dataclass(frozen=True, slots=True)
class DayEstimate:
    """One day by onset: what is reported, what is expected in the end, R of the window's end."""

    day: date
    reported: int
    expected: float | None
    low: float | None
    high: float | None
    r: float | None = None
    r_low: float | None = None
    r_high: float | None = None


@dataclass(frozen=True, slots=True)
class Ahead:
    """One day of the forecast."""

    day: date
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What can be said; `lacking` names why there is no number: few | early."""

    lacking: str
    days: tuple[DayEstimate, ...]
    until: date | None = None  # last day complete enough
    r: float | None = None
    r_low: float | None = None
    r_high: float | None = None
    growth: float | None = None  # per day
    growth_low: float | None = None
    growth_high: float | None = None
    turned: date | None = None
    confirmed: date | None = None
    ahead: tuple[Ahead, ...] = ()

    @property
    def doubling_days(self) -> float | None:
        """Days to double; negative: to halve."""
        return float(np.log(2) / self.growth) if self.growth else None


def estimate(cases: Sequence[Known], *, day: date, given: Parameters) -> Estimate:
    """R, growth, nowcast, forecast and turning point as known at the end of `day`.

    R and what follows from it rest on the days by onset that are reported nearly in full.
    """
    first = day - timedelta(days=given.history_days - 1)
    kept = [c for c in cases if first <= c.happened and c.reported <= day]
    table, days, share = _nowcast(kept, day=day, given=given)
    if sum(row.reported for row in days) < given.least_cases:
        return Estimate("few", days)
    complete = [at for at, value in enumerate(share) if value >= given.complete_share]
    start = next(at for at, row in enumerate(days) if row.reported)
    end = complete[-1] + 1 if complete else 0
    if end - start < given.window_days + 2:
        return Estimate("early", days)
    imported = np.zeros(len(days))
    for case in kept:
        imported[(case.happened - first).days] += case.origin in IMPORTED
    return _judged(table[start:end], imported[start:end], days, start, given=given)


def _nowcast(
    cases: Sequence[Known], *, day: date, given: Parameters
) -> tuple[Floats, tuple[DayEstimate, ...], list[float]]:
    delay = min(given.longest_delay, given.history_days - 1)
    triangle = triangle_of_reports(
        np.array([c.happened for c in cases], dtype="datetime64[D]"),
        np.array([c.reported for c in cases], dtype="datetime64[D]"),
        now=np.datetime64(day), days=given.history_days, longest_delay=delay,
    )  # fmt: skip
    found = lawless(triangle.counts, levels=LEVELS)
    first = day - timedelta(days=given.history_days - 1)
    rows = []
    for at in range(given.history_days):
        said = [_number(found.expected[0, at]), *map(_number, found.quantiles[0, at, [0, 2]])]
        rows.append(DayEstimate(first + timedelta(days=at), int(found.reported[0, at]), *said))
    share = [float(value) if np.isfinite(value) else 0.0 for value in found.share[0]]
    return found.reported[0], tuple(rows), share


def _number(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _judged(
    table: Floats,
    imported: Floats,
    days: tuple[DayEstimate, ...], start: int, *, given: Parameters,
) -> Estimate:  # fmt: skip
    interval = discretised_gamma(mean=given.serial_mean, sd=given.serial_sd, length=INTERVAL_DAYS)
    windows = Windows(days=given.window_days, levels=LEVELS)
    found = cori(table, interval, windows=windows, imported=imported)
    rows = list(days)
    sound: list[tuple[int, float]] = []
    for place, end in enumerate(found.end.tolist()):
        low, middle, high = (_number(v) for v in found.quantiles[0, place])
        few = table[found.start[place] : end + 1].sum() < given.least_cases
        if few or middle is None:
            continue
        sound.append((start + end, middle))
        old = rows[start + end]
        rows[start + end] = DayEstimate(old.day, old.reported, old.expected, old.low, old.high,
                                        middle, low, high)  # fmt: skip
    until = days[start + len(table) - 1].day
    last = rows[start + len(table) - 1]
    if last.r is None:
        turned, confirmed = _turned(sound, days, given)
        return Estimate("few", tuple(rows), until, turned=turned, confirmed=confirmed)
    turned, confirmed = _turned(sound, days, given)
    growth = fitted_growth(table[-2 * given.window_days :])
    rate, error = float(growth.rate[0]), float(growth.error[0])
    rng = np.random.default_rng(SEED)
    horizon = Horizon(days=given.forecast_days, levels=LEVELS)
    ahead = renewal_forecast(table, interval, rng=rng, horizon=horizon, windows=windows)
    told = tuple(
        Ahead(until + timedelta(days=step + 1), *(float(v) for v in ahead.quantiles[0, step]))
        for step in range(given.forecast_days)
    )
    return Estimate(
        "", tuple(rows), until, last.r, last.r_low, last.r_high, rate, rate - 1.645 * error,
        rate + 1.645 * error, ahead=told, turned=turned, confirmed=confirmed,
    )  # fmt: skip


def _turned(
    sound: Sequence[tuple[int, float]], days: Sequence[DayEstimate], given: Parameters
) -> tuple[date | None, date | None]:
    """The day R last stood at or above 1, and the day that made it sure."""
    if not sound:
        return None, None
    found = turning_point([value for _, value in sound], days=given.turning_days)
    if not found.turned[0] or found.place[0] < 0:
        return None, None
    at, sure = (sound[int(place[0])][0] for place in (found.place, found.confirmed))
    return days[at].day, days[sure].day
