"""The register of sentinels: who reports, who is silent, who is sharp."""

from datetime import timedelta

import pytest

from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.sensing.models import Report
from bihuan.sensing.selectors.sentinels import performance, sentinel_rows
from bihuan.sensing.selectors.series import grouped
from bihuan.sensing.services.sentinels import note_visit, report_counts
from bihuan.sensing.types import Count
from tests.sensing.conftest import QUIET, sentinel, weeks


def row_of(world, at, pk):
    (row,) = sentinel_rows(by=world.cdc, at=at, ids=[pk])
    return row


def test_a_pharmacy_silent_for_two_days_is_listed_and_a_zero_is_not_silence(world, at):
    shop = sentinel(world, kind="pharmacy", streams=("antipyretic",), name="惠民药店")
    today = local_date(at)
    weeks(shop, [3, 0, 0], last=today - timedelta(days=1), stream="antipyretic")
    assert not row_of(world, at, shop.pk).silent
    Report.objects.filter(day__gt=today - timedelta(days=3)).delete()
    found = row_of(world, at, shop.pk)
    assert (found.missed, found.silent) == (2, True)


def test_a_day_that_is_not_over_is_not_missed(world, at):
    row = sentinel(world)
    weeks(row, QUIET, last=local_date(at) - timedelta(days=1))
    found = row_of(world, at, row.pk)
    assert (found.missed, found.silent, found.today) == (0, False, False)


def test_thirteen_visits_with_nine_flags_are_a_sensitivity_of_nine_thirteenths(world, at):
    row = sentinel(world)
    for number in range(13):
        seen = at - timedelta(days=3)
        flagged = seen + timedelta(hours=2) if number < 9 else None
        note_visit(sentinel_id=row.pk, case_number=f"C-{number:03}", visited_at=seen,
                   flagged_at=flagged, by=world.cdc, at=at)  # fmt: skip
    found = performance(sentinel=row, since=local_date(at) - timedelta(days=30), at=at)
    assert found.sensitivity == pytest.approx(9 / 13)
    assert found.missed == ("C-009", "C-010", "C-011", "C-012")
    assert found.median_delay == timedelta(hours=2)
    with pytest.raises(Conflict, match=r"visit.noted"):
        note_visit(sentinel_id=row.pk, case_number="C-000", visited_at=at - timedelta(days=1),
                   flagged_at=None, by=world.cdc, at=at)  # fmt: skip


def test_a_correction_stands_beside_what_it_corrects(world, at):
    row, today = sentinel(world), local_date(at)
    for moment, n in ((at, 3), (at + timedelta(hours=1), 5)):
        assert report_counts(counts=[Count(row.pk, "fever", today, n)], by=world.clinic,
                             at=moment) == 1  # fmt: skip
    assert report_counts(counts=[Count(row.pk, "fever", today, 5)], by=world.clinic,
                         at=at + timedelta(hours=2)) == 0  # fmt: skip
    assert Report.objects.count() == 2
    for moment, n in ((at, 3), (at + timedelta(hours=1), 5)):
        assert grouped("fever", level="township", at=moment).counts[0][-1] == n


def test_late_data_keeps_its_day_and_the_moment_it_came(world, at):
    row = sentinel(world)
    about = local_date(at) - timedelta(days=4)
    report_counts(counts=[Count(row.pk, "fever", about, 7)], by=world.clinic, at=at)
    kept = Report.objects.get()
    assert (kept.day, kept.reported_at) == (about, at)
    assert kept.reported_at > day_start(kept.day)


@pytest.mark.parametrize(
    ("stream", "shift", "n", "code"),
    [("fever", 1, 3, "count.day"), ("fever", -90, 3, "count.day"), ("ili", 0, 3, "count.stream"),
     ("fever", 0, -1, "count.number")],
)  # fmt: skip
def test_an_impossible_count_is_refused_and_nothing_is_kept(world, at, stream, shift, n, code):
    row = sentinel(world)
    wrong = Count(row.pk, stream, local_date(at) + timedelta(days=shift), n)
    right = Count(row.pk, "fever", local_date(at), 1)
    with pytest.raises(Invalid, match=code):
        report_counts(counts=[right, wrong], by=world.clinic, at=at)
    assert not Report.objects.exists()


def test_a_unit_without_the_duty_and_another_county_cannot_report(world, at):
    row = sentinel(world)
    count = Count(row.pk, "fever", local_date(at), 1)
    with pytest.raises(NotAllowed):
        report_counts(counts=[count], by=world.factory, at=at)
    with pytest.raises(NotFound):
        report_counts(counts=[count], by=world.cdc_hill, at=at)


def test_a_pharmacy_has_no_field_for_a_name():
    assert {f.name for f in Report._meta.get_fields()} == {
        "id", "sentinel", "stream", "day", "n", "reported_at", "reporter",
    }  # fmt: skip


def test_a_sentinel_reports_only_streams_of_its_kind(world):
    with pytest.raises(Invalid, match=r"sentinel.streams"):
        sentinel(world, kind="pharmacy", streams=("fever",))
    sentinel(world)
    with pytest.raises(Conflict, match=r"sentinel.exists"):
        sentinel(world)
