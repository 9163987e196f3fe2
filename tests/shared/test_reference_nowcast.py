"""The nowcast exercise: hospital admissions of the STEC outbreak of 2011 as known on 2 June."""

import numpy as np

from bihuan_analytics.nowcast import bayes_truncation, lawless, triangle_of_reports
from tests.shared.reference_tables import days, rows

NOW = np.datetime64("2011-06-02")
# surveillance 1.20.3, nowcast(): whole point values of 22 May .. 2 June, and 95 % limits of bayes.trunc
R_LAWLESS = [51, 35, 53, 50, 45, 36, 25, 41, 36, 25]
R_BAYES = [50, 35, 52, 49, 44, 35, 25, 40, 35, 27, 12, 26]
R_LOW = [42, 28, 42, 38, 32, 23, 14, 21, 15, 6, 0, 0]
R_HIGH = [62, 45, 67, 66, 61, 53, 44, 70, 75, 76, 79, 167]


def as_known():
    table = rows("husO104_linelist.csv")
    known = [row for row in table if row["dHosp"] and row["dReport"]]
    events, reports = days(known, "dHosp"), days(known, "dReport")
    right_way = reports >= events
    return triangle_of_reports(
        events[right_way], reports[right_way], now=NOW, days=32, longest_delay=15
    )


def test_lawless_gives_the_numbers_of_r():
    found = lawless(as_known().counts)
    np.testing.assert_allclose(found.expected[0, -12:-2], R_LAWLESS, atol=1, rtol=0.02)


def test_bayes_with_the_prior_of_r_gives_its_medians_and_limits():
    found = bayes_truncation(
        as_known().counts, rng=np.random.default_rng(1), draws=20000, usual=(50.0, 3000**0.5)
    )
    low, middle, high = found.quantiles[0, -12:].T
    np.testing.assert_allclose(middle, R_BAYES, atol=2, rtol=0.1)
    np.testing.assert_allclose(low, R_LOW, atol=2, rtol=0.1)
    np.testing.assert_allclose(high, R_HIGH, atol=2, rtol=0.1)


def test_the_nowcast_of_2_june_2011_comes_nearer_than_the_reports():
    table = rows("husO104_linelist.csv")
    known = [row for row in table if row["dHosp"] and row["dReport"]]
    events, reports = days(known, "dHosp"), days(known, "dReport")
    right_way = reports >= events
    events, reports = events[right_way], reports[right_way]
    now = np.datetime64("2011-06-02")
    seen = triangle_of_reports(events, reports, now=now, days=32, longest_delay=15)
    truth = np.array([(events == day).sum() for day in seen.days])
    recent = slice(17, 27)  # ten days; of the later ones hardly anything is reported
    for found in (
        lawless(seen.counts),
        bayes_truncation(seen.counts, rng=np.random.default_rng(1)),
    ):
        missed = np.abs(found.reported[0] - truth)[recent].sum()
        wrong = np.abs(found.expected[0] - truth)[recent].sum()
        assert wrong < missed / 2
        low, high = found.quantiles[0, recent, 0], found.quantiles[0, recent, 2]
        assert np.mean((low <= truth[recent]) & (truth[recent] <= high)) >= 0.8
