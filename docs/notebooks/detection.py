# %% [markdown]
# # Detection on a weekly series
#
# Cells of this file are run by `tests/analytics/test_notebooks.py`; open it as a notebook with any
# editor that knows percent cells. The data are simulated: ten areas, seven years, one outbreak.

# %%
import numpy as np

from bihuan_analytics.early_warning import (
    FlexibleControl,
    Reason,
    discoveries,
    ears,
    farrington_flexible,
    likelihood_ratio,
    within_budget,
)
from bihuan_analytics.picture import BLUE, GREY, RED, Picture

rng = np.random.default_rng(20261129)
weeks = np.datetime64("2015-01-05") + 7 * np.arange(364)
season = 8 * np.exp(0.5 * np.sin(2 * np.pi * np.arange(364) / 52.18))
counts = rng.negative_binomial(season, 0.5, size=(10, 364))
counts[3, 355:360] += [5, 12, 18, 9, 4]

# %% [markdown]
# Judge the last 20 weeks. Each answer has an expected value, a bound, a p value and an alarm; where
# nothing could be said, `reason` says why.

# %%
found = farrington_flexible(
    counts, weeks, judge=range(344, 364), control=FlexibleControl(alpha=0.01)
)
assert (found.reason == Reason.JUDGED).all()
print("alarms of each area:", found.alarm.sum(axis=1))
assert found.alarm[3, 12:15].any()

# %% [markdown]
# Ten areas and twenty weeks are 200 tests: some false alarms are certain. Keep the expected share
# of false ones below a level, or as many alarms as the team can verify.

# %%
sure = found.alarm & discoveries(found.p_value, level=0.05)
few = within_budget(found.score, found.alarm, budget=1)
print("kept:", int(sure.sum()), "of", int(found.alarm.sum()), "and, one a week,", int(few.sum()))
assert sure[3].any()
assert sure.sum() <= found.alarm.sum()
assert few.sum(axis=0).max() <= 1

# %% [markdown]
# Does the answer rest on one method? C2 needs no history, the likelihood ratio gathers weeks.

# %%
short = ears(counts, method="C2")
usual = np.where(np.isnan(found.expected), 1.0, found.expected)
gathered = likelihood_ratio(counts[:, 344:], usual, excess=0.1)
print("C2 alarms in the outbreak:", short.alarm[3, 355:360], "GLR:", gathered.alarm[3].nonzero()[0])
assert gathered.alarm[3, 11:16].any()

# %% [markdown]
# One more week costs one week: the memory holds all that is needed, and the answers are the same.

# %%
first = ears(counts[:, :363], method="C2")
last = ears(counts[:, 363:], method="C2", memory=first.memory)
np.testing.assert_array_equal(last.bound[:, 0], short.bound[:, 363])

# %%
picture = Picture("Area 3: cases, expected, bound, alarms", np.arange(20), 45, ("week", "cases"))
picture.bars(found.observed[3], GREY)
picture.line(found.expected[3], BLUE)
picture.line(found.bound[3], RED, dashed=True)
picture.points(np.where(found.alarm[3], found.observed[3], np.nan), RED)
assert picture.svg().startswith("<svg")
