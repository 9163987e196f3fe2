"""Compiled quasi-Poisson regression of one judged week over many series.

The model has one level for each seasonal group and, if kept, one slope over time: its
information matrix is diagonal with a border, and its likelihood profiles to one dimension.
Imported at the first call only (see `compiled`).

Two solvers fill the same quantities of a `Sample`. `profile` solves the likelihood to
convergence by Newton steps on the slope. `irls` copies starting values and stopping rule of
iteratively reweighted least squares as R's glm.fit does, which leaves the working weights one
step behind the fitted means; it serves comparison with R only.
"""

from typing import NamedTuple

import numpy as np

from bihuan_analytics.arrays import Bools, Floats, Ints
from bihuan_analytics.compiled import compiled, part
from bihuan_analytics.early_warning.weeks import Design

JUDGED, SHORT, NO_FIT = 0, 2, 4  # values of result.Reason
LOG_MEAN, LOG_VARIANCE, DISPERSION, TREND, TREND_KEPT, STATUS = range(6)  # columns of the answer
PROFILE, IRLS = range(2)
TINY = 2.220446049250313e-16


class Rules(NamedTuple):
    """What is decided during the fit.

    critical: |t| needed to keep the trend, by degrees of freedom. solver: PROFILE or IRLS.
    prior_error: form the prediction error from the prior weights, as R's flexible method does.
    """

    reweight_above: float
    may_trend: bool
    critical: Floats
    solver: int
    prior_error: bool


class Sample(NamedTuple):
    """Rows of one series (y, people, group, time, prior weight) and the state of its fit.

    eta: log mean; mu: mean; weight: working weight. Per group: total of the weights, their mean
    and mean square time (centre, second) and the level.
    """

    y: Floats
    people: Floats
    group: Ints
    time: Floats
    prior: Floats
    eta: Floats
    mu: Floats
    weight: Floats
    total: Floats
    centre: Floats
    second: Floats
    level: Floats


@part
def gathered(counts: Floats, known: Bools, people: Floats, design: Design) -> Sample:
    """The reported rows of one series."""
    n = 0
    for row in design.rows:
        n += known[row]
    room = np.zeros((7, n))
    groups = np.zeros((4, design.groups))
    group = np.zeros(n, dtype=np.int64)
    i = 0
    for j in range(design.rows.size):
        row = design.rows[j]
        if known[row]:
            room[0, i] = counts[row]
            room[1, i] = people[row] / people[design.target]
            room[2, i] = design.time[j]
            group[i] = design.group[j]
            i += 1
    return Sample(
        room[0], room[1], group, room[2], room[3], room[4], room[5], room[6],
        groups[0], groups[1], groups[2], groups[3],
    )  # fmt: skip


@part
def solved(s: Sample, trends: int) -> tuple[float, float]:
    """One weighted least-squares step: slope and its information; fills the group quantities."""
    for g in range(s.total.size):
        s.total[g], s.centre[g], s.level[g] = 0.0, 0.0, 0.0
    square = 0.0
    cross = 0.0
    for i in range(s.y.size):
        g = s.group[i]
        w = s.prior[i] * s.mu[i]
        z = s.eta[i] - np.log(s.people[i]) + (s.y[i] - s.mu[i]) / s.mu[i]
        s.weight[i] = w
        s.total[g] += w
        s.level[g] += w * z
        s.centre[g] += w * s.time[i]
        square += w * s.time[i] * s.time[i]
        cross += w * s.time[i] * z
    for g in range(s.total.size):
        if s.total[g] > 0:
            square -= s.centre[g] * s.centre[g] / s.total[g]
            cross -= s.centre[g] * s.level[g] / s.total[g]
    slope = cross / square if trends and square > 0 else 0.0
    for g in range(s.total.size):
        if s.total[g] > 0:
            s.level[g] = (s.level[g] - s.centre[g] * slope) / s.total[g]
            s.centre[g] /= s.total[g]
    return slope, square


@part
def deviance(s: Sample) -> float:
    """Twice the weighted distance of the means from the counts."""
    total = 0.0
    for i in range(s.y.size):
        part = s.mu[i]
        if s.y[i] > 0:
            part = s.y[i] * np.log(s.y[i] / s.mu[i]) - (s.y[i] - s.mu[i])
        total += 2.0 * s.prior[i] * part
    return total


@part
def irls(s: Sample, trends: int) -> tuple[bool, float, float]:
    """Reweighted least squares from mu = y + 0.1, 25 steps at most; as `profile`."""
    for i in range(s.y.size):
        s.mu[i] = s.y[i] + 0.1
        s.eta[i] = np.log(s.mu[i])
    slope, information = 0.0, 0.0
    before = deviance(s)
    for _ in range(25):
        slope, information = solved(s, trends)
        for i in range(s.y.size):
            s.eta[i] = s.level[s.group[i]] + slope * s.time[i] + np.log(s.people[i])
            s.mu[i] = max(np.exp(s.eta[i]), TINY)
        now = deviance(s)
        if abs(now - before) / (abs(now) + 0.1) < 1e-8:
            return True, slope, information
        before = now
    return False, slope, information


@part
def exposures(s: Sample, slope: float, middle: float) -> None:
    """Exposure, sum of time and of its square of each group; mu: people * exp(slope (t - middle)).

    Times are whole weeks, so the exponential is a running product, and rows of a group come in
    runs, so the sums stay in registers.
    """
    for g in range(s.total.size):
        s.total[g], s.centre[g], s.second[g] = 0.0, 0.0, 0.0
    growth = np.exp(slope)
    before = s.time[0]
    factor = np.exp(slope * (before - middle))
    i, n = 0, s.y.size
    while i < n:
        g = s.group[i]
        zeroth, first, second = 0.0, 0.0, 0.0
        while i < n and s.group[i] == g:
            now = s.time[i]
            factor *= growth if now - before == 1.0 else growth ** (now - before)
            before = now
            s.mu[i] = factor * s.people[i]
            exposure = s.prior[i] * s.mu[i]
            moment = exposure * (now - middle)
            zeroth += exposure
            first += moment
            second += moment * (now - middle)
            i += 1
        s.total[g] += zeroth
        s.centre[g] += first
        s.second[g] += second


@part
def curvature(s: Sample, pull: float) -> tuple[float, float]:
    """Score and information of the slope; turns the sum of time of each group into its mean.

    level: cases of the group; pull: sum over the rows of cases times time.
    """
    score, information = pull, 0.0
    for g in range(s.total.size):
        if s.total[g] > 0:
            s.centre[g] /= s.total[g]
            score -= s.level[g] * s.centre[g]
            information += s.level[g] * (s.second[g] / s.total[g] - s.centre[g] ** 2)
    return score, information


@part
def profile(s: Sample, trends: int, slope: float) -> tuple[bool, float, float]:
    """Maximum likelihood from a first guess of the slope: converged, slope and its information.

    For a given slope each level is log(cases / exposure) of its group. Leaves mu, weight,
    total (= cases of the group), centre and level of the solution. A group without a case has
    mean 0 and level log(0.5 / exposure).
    """
    middle = s.time[s.time.size // 2]
    pull = 0.0
    for g in range(s.level.size):
        s.level[g] = 0.0
    for i in range(s.y.size):
        cases = s.prior[i] * s.y[i]
        s.level[s.group[i]] += cases
        pull += cases * (s.time[i] - middle)
    exposures(s, slope, middle)
    score, information = curvature(s, pull)
    converged = trends == 0
    for _ in range(40 * trends):
        if information <= 1e-12:
            break
        step = min(max(score / information, -0.05), 0.05)
        if abs(step) * 150 < 1e-9:
            converged = True
            break
        slope += step
        exposures(s, slope, middle)
        score, information = curvature(s, pull)
    settle(s, slope, middle)
    return converged, slope, information


@part
def settle(s: Sample, slope: float, middle: float) -> None:
    """From exposures to means, weights and levels of the solution."""
    for i in range(s.y.size):
        g = s.group[i]
        s.mu[i] *= s.level[g] / s.total[g]
        s.weight[i] = s.prior[i] * s.mu[i]
    for g in range(s.total.size):
        s.centre[g] += middle
        if s.total[g] > 0:
            cases = s.level[g]
            s.level[g] = np.log(max(cases, 0.5) / s.total[g]) - slope * middle
            s.total[g] = cases


@part
def fitted(s: Sample, trends: int, solver: int, guess: float) -> tuple[bool, float, float]:
    """Fit with one of the two solvers; `guess` is where the slope starts."""
    if solver == IRLS:
        return irls(s, trends)
    return profile(s, trends, guess)


@part
def pearson(s: Sample, free: int) -> float:
    """Pearson dispersion, at least 1."""
    total = 0.0
    for i in range(s.y.size):
        if s.mu[i] > 0:
            total += s.weight[i] * ((s.y[i] - s.mu[i]) / s.mu[i]) ** 2
    return max(total / free, 1.0)


@part
def unweighted_pearson(s: Sample, free: int) -> float:
    """What R takes for the dispersion after reweighting: prior weights in place of working ones."""
    total = 0.0
    for i in range(s.y.size):
        total += s.prior[i] * ((s.y[i] - s.mu[i]) / s.mu[i]) ** 2
    return total / free


@part
def leverage(s: Sample, i: int, trends: int, information: float) -> float:
    """Diagonal of the hat matrix."""
    g = s.group[i]
    share = 1.0 / s.total[g]
    if trends:
        share += (s.time[i] - s.centre[g]) ** 2 / information
    hat: float = s.weight[i] * share
    return hat


@part
def reweight(
    s: Sample, trends: int, information: float, dispersion: float, threshold: float
) -> None:
    """Prior weights s^-2 for Anscombe residuals s above the threshold, with sum n."""
    total = 0.0
    for i in range(s.y.size):
        s.prior[i] = 1.0
        if s.y[i] > s.mu[i] > 0:
            room = dispersion * (1.0 - leverage(s, i, trends, information))
            # the residual never exceeds (y - mu) / sqrt(mu): most rows need no root
            if room > 0 and (s.y[i] - s.mu[i]) ** 2 > threshold**2 * s.mu[i] * room:
                raw = 1.5 * np.sqrt(s.mu[i]) * (np.cbrt(s.y[i] / s.mu[i]) ** 2 - 1.0)
                residual = raw / np.sqrt(room)
                if residual > threshold:
                    s.prior[i] = residual**-2.0
        total += s.prior[i]
    for i in range(s.y.size):
        s.prior[i] *= s.y.size / total


@part
def robust_fit(s: Sample, trends: int, rules: Rules) -> tuple[bool, float, float, float]:
    """Fit, reweight, fit again: converged, slope, its information, dispersion."""
    free = s.y.size - s.total.size - trends
    dispersion = 1.0
    if free < 1:
        return False, 0.0, 0.0, dispersion
    for i in range(s.y.size):
        s.prior[i] = 1.0
    slope, information = 0.0, 0.0
    for again in range(2):
        converged, slope, information = fitted(s, trends, rules.solver, slope)
        if not converged:
            return False, 0.0, 0.0, dispersion
        dispersion = pearson(s, free)
        if again == 0:
            reweight(s, trends, information, dispersion, rules.reweight_above)
    return True, slope, information, dispersion


@part
def judged(s: Sample, design: Design, rules: Rules, trends: int, out: Floats) -> bool:
    """Fit one series with or without slope; fills `out`; False where the fit cannot be used."""
    converged, slope, information, dispersion = robust_fit(s, trends, rules)
    last = design.groups - 1
    if not converged:
        return False
    free = s.y.size - s.total.size - trends
    error = unweighted_pearson(s, free) if rules.prior_error else dispersion
    log_mean = s.level[last] + slope * design.target_time
    share = 1.0 / max(s.total[last], 0.5 if rules.solver == PROFILE else TINY)
    if trends:
        share += (design.target_time - s.centre[last]) ** 2 / information
        significant = abs(slope) > rules.critical[free] * np.sqrt(error / information)
        if not significant:
            return False
        largest = 0.0
        for count in s.y:
            largest = max(largest, count)
        if np.exp(log_mean) > largest:
            return False
    out[LOG_MEAN] = log_mean
    out[LOG_VARIANCE] = error * share
    out[DISPERSION] = dispersion
    out[TREND] = slope
    out[TREND_KEPT] = trends
    out[STATUS] = JUDGED
    return True


@compiled
def judge_week(
    counts: Floats, known: Bools, people: Floats, design: Design, rules: Rules, out: Floats
) -> None:
    """Judge one week of all series; `out` has shape (series, 6).

    `known` and `people` have one row for all series or one for each.
    """
    for i in range(counts.shape[0]):
        reported = known[i if known.shape[0] > 1 else 0]
        weight = people[i if people.shape[0] > 1 else 0]
        s = gathered(counts[i], reported, weight, design)
        out[i, STATUS] = NO_FIT
        seen = 0
        for g in s.group:
            seen += g == design.groups - 1
        if s.y.size <= design.groups or seen == 0:
            out[i, STATUS] = SHORT
            continue
        for trends in range(int(rules.may_trend), -1, -1):
            if judged(s, design, rules, trends, out[i]):
                break
