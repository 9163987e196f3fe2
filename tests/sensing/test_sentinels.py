"""The register of sentinels: who reports, who is silent, who is sharp."""

from datetime import timedelta

import pytest

from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops import invariants
from bihuan.core.loops.services import act
from bihuan.sensing.models import Report
from bihuan.sensing.selectors.sentinels import performance, sentinel_rows, silence_task
from bihuan.sensing.selectors.series import grouped
from bihuan.sensing.services.sentinels import (
    assign_sentinel,
    note_visit,
    report_counts,
    retire_sentinel,
)
from bihuan.sensing.services.silence import ask_silent
from bihuan.sensing.types import Count
from tests.sensing.conftest import QUIET, sentinel, weeks

HOUR = timedelta(hours=1)


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


def test_a_silent_sentinel_has_a_task_that_its_counts_prove_and_disease_control_accepts(world, at):
    quiet, other = (
        sentinel(world),
        sentinel(world, name="惠民药店", kind="pharmacy", streams=("antipyretic",)),
    )
    weeks(other, [0, 0], last=local_date(at), stream="antipyretic")
    assert (ask_silent(at=at), ask_silent(at=at + HOUR)) == (1, 0)
    loop = silence_task(quiet)
    assert (loop.owner_post_id, loop.due_at) == (world.clinic.post_id, at + 24 * HOUR)
    assert loop.issuer_post_id == world.cdc.post_id
    report_counts(
        counts=[Count(quiet.pk, "fever", local_date(at), 0)], by=world.clinic, at=at + HOUR
    )
    loop.refresh_from_db()
    assert loop.state == "submitted"
    done = act(obligation_id=loop.pk, move="accept", by=world.cdc, at=at + 2 * HOUR)
    assert done.state == "closed"
    assert ask_silent(at=at + 2 * HOUR) == 0, "a zero is no silence"
    assert ask_silent(at=at + timedelta(days=3)) == 2
    assert invariants.waiting(at=at + timedelta(days=3)) == []


def test_a_sentinel_gets_another_body_and_leaves_the_register_with_a_reason(world, at):
    row = sentinel(world)
    cdc = {"sentinel_id": row.pk, "by": world.cdc, "at": at}
    with pytest.raises(Invalid, match=r"sentinel\.org"):
        assign_sentinel(org_id=world.factory.org_id, **cdc)
    assert assign_sentinel(org_id=None, **cdc).org_id is None
    with pytest.raises(NotFound):
        report_counts(counts=[Count(row.pk, "fever", local_date(at), 1)], by=world.clinic, at=at)
    assert assign_sentinel(org_id=world.clinic.org_id, **cdc).org_id == world.clinic.org_id
    with pytest.raises(Invalid, match=r"sentinel\.reason"):
        retire_sentinel(reason=" ", **cdc)
    with pytest.raises(NotAllowed):
        retire_sentinel(reason="撤并", **cdc | {"by": world.county})
    with pytest.raises(NotFound):
        retire_sentinel(reason="撤并", **cdc | {"by": world.cdc_hill})
    assert ask_silent(at=at) == 1
    loop = silence_task(row)
    retire_sentinel(reason="撤并", **cdc)
    loop.refresh_from_db()
    assert loop.state == "withdrawn", "nobody owes the counts of what is no more"
    assert sentinel_rows(by=world.cdc, at=at) == ()
    assert ask_silent(at=at) == 0
    with pytest.raises(NotFound):
        assign_sentinel(org_id=None, **cdc)


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
