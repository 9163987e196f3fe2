"""Counts of cases: kept after the files are forgotten, judged against the weeks of earlier years."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.jobs.schedule import detect_signals
from bihuan.sensing.models import CaseCount, CountFile, Report, Signal
from bihuan.sensing.selectors.signals import alert_rows
from bihuan.sensing.services import files
from bihuan.sensing.services.cases import bring_history, detect_cases, keep_counts
from bihuan.sensing.services.signals import judge_signal
from bihuan.sensing.types import CasesOf
from tests.conftest import NOON
from tests.epidemic.conftest import card, make_event
from tests.sensing.conftest import sentinel

TODAY = local_date(NOON)
HARBOUR, HILL = "990101", "990102"


@dataclass(frozen=True)
class Told:
    disease: str
    path: str
    day: date
    n: int


def path(world, code):
    return world.places[code].path


def years(world, code, weekly, *, disease="measles", back=6):
    """The same number in every week of so many years, on Mondays."""
    first = TODAY - timedelta(days=366 * back)
    rows = [
        CasesOf(disease, path(world, code), first + timedelta(days=7 * n), weekly)
        for n in range((TODAY - first).days // 7)
        if first + timedelta(days=7 * n) <= TODAY - timedelta(days=8)
    ]
    bring_history(rows=rows, by=world.cdc, at=NOON)


def this_week(world, code, n, *, disease="measles", day=TODAY, at=NOON):
    keep_counts(tallies=[Told(disease, path(world, code), day, n)], at=at)


def test_more_cases_than_in_the_same_weeks_of_five_years_raise_a_signal(world, at):
    years(world, HARBOUR, 2)
    this_week(world, HARBOUR, 9)
    assert detect_cases(at=at) == 1
    found = Signal.objects.get()
    assert (found.alert, found.observed, found.method) == ("cases.weekly:measles", 9, "percentile")
    assert found.rule.endswith("/cases.weekly")
    assert found.title.startswith("麻疹")
    assert found.obligation.owner_org_id == world.cdc.org_id
    assert detect_cases(at=at) == 0  # the same finding is merged, not raised again
    assert detect_cases(at=at + timedelta(days=1)) == 0


def test_a_signal_of_a_week_tells_the_cases_of_the_week_not_those_of_its_last_day(world, at):
    years(world, HARBOUR, 2)
    days = ((3, 5), (1, 4))
    told = [
        Told("measles", path(world, HARBOUR), TODAY - timedelta(days=ago), n) for ago, n in days
    ]
    keep_counts(tallies=told, at=NOON)
    assert detect_cases(at=at) == 1
    assert Signal.objects.get().observed == 9


def test_the_usual_number_is_no_signal_and_one_disease_is_not_another(world, at):
    years(world, HARBOUR, 9)
    this_week(world, HARBOUR, 3)
    assert detect_cases(at=at) == 0
    this_week(world, HILL, 12, disease="mumps")
    assert detect_cases(at=at) == 1
    assert Signal.objects.get().alert == "cases.weekly:mumps"


def test_without_earlier_years_the_last_weeks_judge_and_the_signal_says_so(world, at):
    this_week(world, HARBOUR, 12)
    assert detect_cases(at=at) == 1
    assert Signal.objects.get().method == "C2"


def test_one_case_of_plague_is_enough_and_knows_no_budget(world, at):
    this_week(world, HARBOUR, 1, disease="plague")
    assert detect_cases(at=at) == 1
    found = Signal.objects.get()
    assert found.alert == "cases.single:plague"
    assert found.obligation.due_at == at + timedelta(hours=2)


def test_a_count_that_falls_is_known_to_have_fallen_and_old_days_stay(world, at):
    this_week(world, HARBOUR, 4)
    this_week(world, HARBOUR, 4, day=TODAY - timedelta(days=29))
    assert CaseCount.objects.get(day=TODAY).n == 0
    later = at + timedelta(days=2)
    keep_counts(tallies=[], at=later)
    assert dict(CaseCount.objects.values_list("day", "n")) == {
        TODAY: 0, TODAY - timedelta(days=29): 4,
    }  # fmt: skip


def test_the_job_counts_the_live_files_and_judges_them(world, at, monkeypatch):
    from bihuan.epidemic.services.cases import report_case

    event = make_event(world, at)
    report_case(card=card(world, event, at), by=world.clinic, at=at)
    monkeypatch.setattr("bihuan.jobs.schedule.read_clock", lambda: at)
    detect_signals(0)
    assert CaseCount.objects.get().n == 1
    assert Signal.objects.get().alert == "cases.single:unknown"


def test_precision_is_told_for_each_alert(world, at):
    this_week(world, HARBOUR, 1, disease="plague")
    detect_cases(at=at)
    row = Signal.objects.get()
    judge_signal(signal_id=row.pk, verdict="not", reason="录入错误", by=world.cdc, at=at)
    (told,) = alert_rows(by=world.cdc, since=at - timedelta(days=1), at=at)
    assert (told.raised, told.judged, told.events, told.share) == (1, 1, 0, 0)


def bring(world, at, text, name="cdc"):
    return files.stage_counts(file_name="n.csv", data=text.encode(), by=world.actor(name), at=at)


def test_a_file_of_counts_tells_zero_from_silence_and_names_what_is_wrong(world, at):
    sentinel(world, streams=("fever", "ili"))
    row = bring(world, at, f"哨点,日期,发热门诊就诊,ili\n码头镇卫生院,{TODAY},7,0\n"
                           f"码头镇卫生院,{TODAY - timedelta(days=1)},,x\n没有的,{TODAY},1,\n"
                           f"码头镇卫生院,{TODAY + timedelta(days=1)},1,\n")  # fmt: skip
    told = files.preview_counts(file_id=row.pk, by=world.cdc, at=at)
    assert (told.counts, told.zeros) == (2, 1)
    assert [(r.row, r.code) for r in told.refusals] == [
        (3, "counts.number"), (4, "counts.sentinel"), (5, "counts.day"),
    ]  # fmt: skip
    assert files.take_counts(file_id=row.pk, by=world.cdc, at=at) == 2
    assert sorted(Report.objects.values_list("stream", "n")) == [("fever", 7), ("ili", 0)]
    with pytest.raises(Conflict, match=r"counts\.acted"):
        files.take_counts(file_id=row.pk, by=world.cdc, at=at)
    again = bring(world, at, f"哨点,日期,发热门诊就诊\n码头镇卫生院,{TODAY},7\n")
    assert files.take_counts(file_id=again.pk, by=world.cdc, at=at) == 0


def test_earlier_years_come_by_file_for_whoever_manages_surveillance(world, at):
    text = f"病种,地区,日期,例数\n麻疹,港城县,2025-03-03,2\n麻疹,{HILL},2025-03-10,0\n麻疹,南渡市,2025-03-10,1\n牛瘟,{HILL},2025-03-10,1\n"
    row = bring(world, at, text)
    told = files.preview_counts(file_id=row.pk, by=world.cdc, at=at)
    assert (told.cases, [r.code for r in told.refusals]) == (
        1, ["counts.place", "counts.place", "counts.disease"],
    )  # fmt: skip
    assert files.take_counts(file_id=row.pk, by=world.cdc, at=at) == 1
    clinic = bring(world, at, text, "clinic")
    with pytest.raises(NotAllowed):
        files.preview_counts(file_id=clinic.pk, by=world.clinic, at=at)


def test_a_file_is_its_own_post_s_and_needs_headings(world, at):
    row = bring(world, at, "a,b\n1,2\n")
    with pytest.raises(Invalid, match=r"counts\.no_table"):
        files.preview_counts(file_id=row.pk, by=world.cdc, at=at)
    for name in ("cdc2", "clinic", "police"):
        with pytest.raises(NotFound, match=r"counts\.not_found"):
            files.fetch_file(file_id=row.pk, by=world.actor(name))
    bring(world, at + timedelta(days=2), "a,b\n1,2\n")
    assert CountFile.objects.count() == 1
