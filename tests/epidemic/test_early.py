"""The four early times of nodes and sentinels by month."""

from datetime import timedelta

from bihuan.core.clock import local_date
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Case
from bihuan.epidemic.selectors.early import early_rows, months_of
from bihuan.epidemic.services.cases import report_case
from tests.epidemic.conftest import card
from tests.epidemic.test_chains import laid


def timed(case, *, report, isolate=None, treat=None):
    """Give a case its intervals in hours."""
    hours = [timedelta(hours=n) if n is not None else None for n in (report, isolate, treat)]
    reported = case.diagnosed_at + hours[0]
    isolated = reported + hours[1] if hours[1] is not None else None
    treated = isolated + hours[2] if isolated and hours[2] is not None else None
    Case.objects.filter(pk=case.pk).update(
        reported_at=reported, isolated_at=isolated, treated_at=treated
    )


def month(at):
    return local_date(at).replace(day=1)


def test_a_case_with_all_four_in_time_scores_a_hundred(case, world, at):
    timed(case, report=1.5, isolate=4.5, treat=0.5)
    late = at + timedelta(hours=20)
    (row,) = early_rows(by=world.cdc, at=late, month=month(at))
    hours = [step.median / timedelta(hours=1) for step in row.steps]
    assert (hours, row.score, row.cases) == ([1.5, 4.5, 0.5], 100, 1)
    assert row.trend == (None,) * 5 + (100,)


def test_what_is_missing_counts_when_its_limit_has_passed_and_not_before(case, world, at):
    timed(case, report=3)
    reported = case.diagnosed_at + timedelta(hours=3)
    (soon,) = early_rows(by=world.cdc, at=reported + timedelta(hours=5), month=month(at))
    assert [(s.owed, s.met) for s in soon.steps] == [(1, 0), (0, 0), (0, 0)]
    (then,) = early_rows(by=world.cdc, at=reported + timedelta(hours=9), month=month(at))
    assert [(s.owed, s.met) for s in then.steps] == [(1, 0), (1, 0), (1, 0)]
    assert then.score == 0


def test_the_lowest_stands_first_by_place_and_by_who_reported(case, world, event, at):
    other = report_case(card=card(world, event, at, person=Identity(name="周杰"),
                                  place_id=world.places["990102"].pk), by=world.cdc, at=at)  # fmt: skip
    timed(case, report=1, isolate=1, treat=1)
    timed(other, report=9, isolate=9, treat=9)
    late = at + timedelta(days=2)
    counties = early_rows(by=world.cdc_city, at=late, month=month(at))
    assert [(row.name, row.score) for row in counties] == [
        (world.places["990102"].name, 0), (world.places["990101"].name, 100),
    ]  # fmt: skip
    bodies = early_rows(by=world.cdc_city, at=late, month=month(at), by_org=True)
    assert [row.score for row in bodies] == [0, 100]


def test_an_imported_list_knows_no_hours_and_others_read_nothing(case, world, event, at):
    laid(world, event, at, [("1", local_date(at), "", "")])
    assert sum(row.cases for row in early_rows(by=world.cdc, at=at, month=month(at))) == 1
    assert early_rows(by=world.cdc_south, at=at, month=month(at)) == ()
    assert early_rows(by=world.police, at=at, month=month(at)) == ()
    assert len(months_of(at)) == 6
