"""Inflow by source and stock of a span of days."""

from datetime import date, timedelta

from bihuan.epidemic.rules.ledgers import ledger
from bihuan.epidemic.rules.situation import Known, flows

DAY = date(2026, 3, 10)


def known(back: int, *, found_in: str = "clinic", ended: int | None = None) -> Known:
    day = DAY - timedelta(days=back)
    return Known(
        day, day, "confirmed", "local_known", "01.01.01.", found_in == "isolation",
        "" if ended is None else "cured", None if ended is None else DAY - timedelta(days=ended),
        found_in,
    )  # fmt: skip


def test_forty_new_and_55_recovered_are_15_fewer_and_31_of_the_new_were_in_isolation():
    cases = [known(at % 7, found_in="isolation") for at in range(31)]
    cases += [known(at % 7) for at in range(9)]
    cases += [known(12, ended=at % 7) for at in range(55)]
    cases += [known(20, ended=8), known(9)]
    week = ledger(cases, first=DAY - timedelta(days=6), last=DAY)
    assert (week.new, week.cured, week.died, week.change) == (40, 55, 0, -15)
    assert (week.controlled, week.community) == (31, 9)
    assert week.found == (("isolation", 31), ("clinic", 9))
    assert (week.before, week.after) == (56, 41)
    assert flows(cases, first=DAY, last=DAY)[0].stock == week.after


def test_an_end_dated_before_the_report_leaves_no_stock_behind():
    week = ledger([known(3, ended=5)], first=DAY - timedelta(days=6), last=DAY)
    assert (week.new, week.cured, week.before, week.after) == (1, 1, 0, 0)
