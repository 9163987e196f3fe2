# %% [markdown]
# # R and nowcast of an outbreak
#
# Cells of this file are run by `tests/analytics/test_notebooks.py`. The outbreak is simulated: R is
# 1.6 for 40 days, then 0.7; a case is reported up to seven days after its onset.

# %%
import numpy as np

from bihuan_analytics.nowcast import (
    Horizon,
    coverage,
    lawless,
    renewal_forecast,
    triangle_of_reports,
    turning_point,
    weighted_interval_score,
)
from bihuan_analytics.reproduction import (
    Estimate,
    UncertainInterval,
    cori,
    cori_uncertain,
    discretised_gamma,
    fitted_growth,
    reproduction_number,
)

rng = np.random.default_rng(20261129)
interval = discretised_gamma(mean=5.0, sd=2.0, length=20)
days, turn = 60, 40
cases = np.zeros(days, dtype=int)
cases[0] = 12
for t in range(1, days):
    past = cases[max(t - 19, 0) : t][::-1]
    pressure = interval[1 : past.size + 1] @ past
    cases[t] = rng.poisson((1.6 if t < turn else 0.7) * pressure)
print(cases)

# %% [markdown]
# Each case with its day of onset and of report; the curve as known on day 50 ends too low.

# %%
start = np.datetime64("2026-03-01")
onsets = np.repeat(start + np.arange(days), cases)
delays = rng.choice(8, size=onsets.size, p=[0.05, 0.15, 0.25, 0.2, 0.15, 0.1, 0.06, 0.04])
now = start + 50
seen = triangle_of_reports(onsets, onsets + delays, now=now, days=51, longest_delay=7)
known = lawless(seen.counts)
truth = cases[:51]
missed = np.abs(known.reported[0] - truth)[-7:].sum()
wrong = np.abs(known.expected[0] - truth)[-7:].sum()
print(f"cases wrong in the last week: reports {missed:.0f}, nowcast {wrong:.0f}")
assert wrong < missed / 2

# %% [markdown]
# R in windows of seven days, on the nowcast; the last two days, of which little is reported, are
# left out. What rests on fewer than 11 cases is named.

# %%
corrected = np.rint(known.expected[0, :49])
estimate = cori(corrected, interval)
sound = estimate.estimate[0] == Estimate.SOUND
print("R of the last window:", estimate.quantiles[0, -1].round(2))
early = sound & (estimate.end < turn)
inside = (estimate.quantiles[0, :, 0] <= 1.6) & (estimate.quantiles[0, :, 2] >= 1.6)
assert inside[early].mean() > 0.7
assert estimate.quantiles[0, -1, 2] < 1

# %% [markdown]
# If the serial interval itself is not well known, the limits are wider.

# %%
law = UncertainInterval(mean=(5.0, 0.8, 3.5, 7.0), sd=(2.0, 0.4, 1.0, 3.0))
unsure = cori_uncertain(corrected, law, rng=np.random.default_rng(1))
width, wider = (
    (found.quantiles[0, early, 2] - found.quantiles[0, early, 0]).mean()
    for found in (estimate, unsure)
)
print(f"width of the limits: {width:.2f}, with an uncertain interval {wider:.2f}")
assert wider > width

# %% [markdown]
# Growth before the turn gives nearly the same R by another way; the turning point needs seven days
# in a row.

# %%
growth = fitted_growth(cases[10:turn])
implied = reproduction_number(growth.rate, mean_interval=5.0, sd_interval=2.0)
print(f"growth {growth.rate[0]:.3f} a day, R {implied[0]:.2f}")
assert abs(implied[0] - 1.6) < 0.15
by_day_59 = cori(cases, interval)
judged = by_day_59.estimate[0] == Estimate.SOUND
turned = turning_point(by_day_59.mean[0, judged])
ends = by_day_59.end[judged]
print("turned on day", ends[turned.place[0]], "confirmed on day", ends[turned.confirmed[0]])
assert turned.turned[0]
assert turn - 1 <= ends[turned.place[0]] <= turn + 7

# %% [markdown]
# A week ahead from day 50, scored by what came: lower is better, and the limits should hold what
# came about as often as they say.

# %%
levels = (0.025, 0.25, 0.5, 0.75, 0.975)
ahead = renewal_forecast(
    cases[:51], interval, rng=np.random.default_rng(2), horizon=Horizon(days=7, levels=levels)
)
came = cases[51:58]
score = weighted_interval_score(came, ahead.quantiles[0], levels).total.mean()
naive = np.abs(came - cases[50]).mean()
print(f"score {score:.1f}, last value carried on {naive:.1f}")
print("inside 95 % and 50 % limits:", coverage(came, ahead.quantiles[0], levels))
assert score < naive
