"""The 28 scenarios of Noufaily et al. 2013, fewer replicates than the bench.

The expected figures are those of a run of 100 replicates by an independent program (R-compatible
numbers, alpha 0.005 one-sided); docs/methods/early-warning.md shows them beside ours.
"""

from dataclasses import replace

import numpy as np
import pytest

from bench.analytics.noufaily import VARIANTS, measure, summary

OUTSIDE = {  # mean false-positive rate; share found at k = 4 and k = 8
    ("Farrington-like, delta", "corrected"): (0.0312, 0.461, 0.901),
    ("Noufaily, delta", "corrected"): (0.0106, 0.296, 0.829),
    ("Noufaily, nb-plugin", "corrected"): (0.0081, 0.249, 0.765),
}


@pytest.mark.parametrize(("variant", "mode"), OUTSIDE)
def test_false_alarms_and_detection_are_those_of_the_outside_run(variant, mode):
    scenarios, _ = measure(replace(VARIANTS[variant], mode=mode), replicates=8, sizes=(4, 8))
    false, _, highest, found = summary(scenarios)
    wanted, small, large = OUTSIDE[variant, mode]
    assert len(scenarios) == 28
    assert false == pytest.approx(wanted, abs=0.004)  # 11,000 weeks: two to three sd
    assert highest < 5 * wanted
    np.testing.assert_allclose(found, [small, large], atol=0.08)  # 224 outbreaks
