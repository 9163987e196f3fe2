"""The nowcast exercise: hospital admissions of the STEC outbreak of 2011 as known on 2 June."""

import numpy as np

from bihuan_analytics.nowcast import bayes_truncation, lawless, triangle_of_reports
from tests.shared.reference_tables import days, rows


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
