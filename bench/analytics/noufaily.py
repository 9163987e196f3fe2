"""The 28 scenarios of Noufaily et al. 2013: false-positive rate and probability of detection.

mu(t) = exp(theta + beta t + m (g1 cos(2 pi t / 52) + g2 sin(2 pi t / 52))), counts negative
binomial with variance phi mu; 624 weeks, the last 49 judged; four past outbreaks of k in
{2, 3, 5, 10} and one of k in the judged weeks, each Poisson(k sqrt(phi mu)) cases that come
floor(lognormal(0, 0.5)) weeks after its start.

Run: python -m bench.analytics.noufaily [--replicates 100] [--modes corrected r-compatible]
[--scenarios], the last for a row of each scenario.
"""

import argparse
import time
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from bihuan_analytics.early_warning import FlexibleControl, farrington_flexible

SETS = (  # theta, phi, beta, g1, g2
    (0.1, 1.5, 0.0025, 0.6, 0.6),
    (-2.0, 2.0, 0.005, 0.1, 0.3),
    (1.5, 1.0, 0.003, 0.2, -0.4),
    (0.5, 5.0, 0.002, 0.5, 0.5),
    (2.5, 3.0, 0.001, 1.0, 0.1),
    (3.75, 1.1, 0.001, 0.1, -0.1),
    (5.0, 1.2, 0.0001, 0.05, 0.01),
)
WEEKS, JUDGED = 624, 49
DATES = np.datetime64("2000-01-03") + 7 * np.arange(WEEKS)
VARIANTS = {
    "Farrington-like, delta": FlexibleControl(
        seasons=1, excluded_weeks=3, reweight_above=1.0, trend_below=0.05, least_cases=0
    ),
    "Noufaily, delta": FlexibleControl(least_cases=0),
    "Noufaily, nb-plugin": FlexibleControl(least_cases=0, bound="nb-plugin"),
}
SIZES = (2, 4, 6, 8, 10)


class Scenario(NamedTuple):
    """A false-positive rate, and the share found of outbreaks of each size."""

    name: str
    false: float
    found: tuple[float, ...]


def means():
    """Name, mean and dispersion of the 28 scenarios."""
    t = np.arange(1, WEEKS + 1)
    wave = 2 * np.pi * t / 52
    for number, (theta, phi, beta, g1, g2) in enumerate(SETS, start=1):
        for trend in (0, 1):
            for season in (0, 1):
                seasonal = season * (g1 * np.cos(wave) + g2 * np.sin(wave))
                words = [f"set {number}", *["trend"] * trend, *["season"] * season]
                yield ", ".join(words), np.exp(theta + trend * beta * t + seasonal), phi


def counts(mean, phi, replicates, rng):
    shape = (replicates, WEEKS)
    if phi == 1:
        return rng.poisson(mean, shape)
    return rng.negative_binomial(np.broadcast_to(mean / (phi - 1), shape), 1 / phi)


def outbreak(series, start, size, rng):
    """Adds an outbreak to one series; returns its last week."""
    weeks = start + np.floor(rng.lognormal(0, 0.5, size)).astype(int)
    weeks = weeks[weeks < WEEKS]
    np.add.at(series, weeks, 1)
    return int(weeks.max(initial=start))


def with_outbreaks(clean, mean, phi, k, rng):
    series, spans = clean.copy(), []
    for row in series:
        for past, start in zip((2, 3, 5, 10), rng.integers(312, 560, 4), strict=True):
            outbreak(row, start, rng.poisson(past * np.sqrt(phi * mean[start])), rng)
        start = int(rng.integers(WEEKS - JUDGED, WEEKS - 4))
        end = outbreak(row, start, rng.poisson(k * np.sqrt(phi * mean[start])), rng) if k else start
        spans.append((start, end))
    return series, spans


def detected(alarm, spans):
    """Share of outbreaks with an alarm between their first and last week."""
    first = WEEKS - JUDGED
    seen = [row[a - first : b - first + 1].any() for row, (a, b) in zip(alarm, spans, strict=True)]
    return float(np.mean(seen))


def measure(control, *, replicates, sizes=SIZES, seed=20261122):
    """All scenarios with one choice of the method, and the CPU time of judging them once."""
    rng = np.random.default_rng(seed)
    judge = np.arange(WEEKS - JUDGED, WEEKS)
    scenarios, spent = [], 0.0
    for name, mean, phi in means():
        clean = counts(mean, phi, replicates, rng)
        start = time.process_time()
        quiet = farrington_flexible(clean, DATES, judge=judge, control=control)
        spent += time.process_time() - start
        found = []
        for k in sizes:
            series, spans = with_outbreaks(clean, mean, phi, k, rng)
            judged = farrington_flexible(series, DATES, judge=judge, control=control)
            found.append(detected(judged.alarm, spans))
        scenarios.append(Scenario(name, float(quiet.alarm.mean()), tuple(found)))
    return scenarios, spent


def summary(scenarios):
    """Mean, least and greatest false-positive rate, and mean share found of each size."""
    rates = [scenario.false for scenario in scenarios]
    found = np.mean([scenario.found for scenario in scenarios], axis=0)
    return float(np.mean(rates)), min(rates), max(rates), found


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--replicates", type=int, default=100)
    options.add_argument("--modes", nargs="+", default=["corrected"])
    options.add_argument("--scenarios", action="store_true")
    given = options.parse_args()
    for name, control in VARIANTS.items():
        for mode in given.modes:
            scenarios, spent = measure(replace(control, mode=mode), replicates=given.replicates)
            mean, low, high, found = summary(scenarios)
            told = " / ".join(f"{share:.3f}" for share in found)
            print(
                f"| {name}, {mode} | {mean:.4f} ({low:.4f}-{high:.4f}) | {told} | {spent:.1f} s |"
            )
            for scenario in scenarios if given.scenarios else ():
                told = " / ".join(f"{share:.2f}" for share in scenario.found)
                print(f"| {scenario.name} | {scenario.false:.4f} | {told} |")


if __name__ == "__main__":
    main()
