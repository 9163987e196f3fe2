"""Rural road segments: crash history by counts, the order of need, the interim speed limit."""

from datetime import date, timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.safety.models import CrashCount, Establishment
from bihuan.safety.rules.roads import History, months_before
from bihuan.safety.selectors.roads import segment, segments
from bihuan.safety.services.roads import (
    DayCount,
    limit_speed,
    name_officer,
    note_crashes,
    take_crashes,
)
from tests.conftest import NOON
from tests.safety.conftest import establish

TODAY = local_date(NOON)
DAY = timedelta(days=1)
HEAD = ["路段", "日期", "伤人事故起数"]


def road(world, name, **fields):
    return establish(world, name=name, kind="road_segment", fields={"barrier": False} | fields)


def crashes(world, row, *days, injury=1, by="county"):
    for ago in days:
        given = DayCount(row.pk, TODAY - ago * DAY, injury)
        note_crashes(given=given, by=world.actor(by), at=NOON)


def limited(world, row, speed=30, by="county", at=NOON):
    return limit_speed(establishment_id=row.pk, speed=speed, by=world.actor(by), at=at)


def test_twelve_months_before_a_leap_day_is_the_last_of_february():
    assert months_before(date(2024, 2, 29), 12) == date(2023, 2, 28)
    assert months_before(date(2026, 3, 10), 12) == date(2025, 3, 10)


def test_a_barrier_nobody_spoke_of_counts_as_missing():
    assert History(3, None).black(3)
    assert not History(3, True).black(3)
    assert not History(2, False).black(3)


def test_a_segment_with_4_injury_crashes_and_no_barrier_tops_the_list_with_an_interim_limit(
    world, django_assert_num_queries
):
    safe = road(world, "河西线", barrier=True)
    few, worst = road(world, "东坡线"), road(world, "北山线")
    crashes(world, safe, 3, 9, 20, 40, 60)
    crashes(world, few, 5, 380)
    crashes(world, worst, 10, 70, 200, 360)
    limit = limited(world, worst)
    by = world.county
    with django_assert_num_queries(4):
        rows = segments(by=by, at=NOON)
    assert [(one.row.venue.name, one.history.crashes) for one in rows] == [
        ("北山线", 4), ("河西线", 5), ("东坡线", 1),
    ]  # fmt: skip
    assert rows[0].limit == limit
    assert rows[0].limit.speed == 30
    assert not rows[0].owes
    problem = limit.hazard.problem
    assert (problem.grade, problem.interim) == ("major", "临时限速 30 km/h,设置标志")


def test_the_named_officer_owes_the_hazard_else_the_desk_of_the_township(world):
    named, plain = road(world, "北山线"), road(world, "东坡线")
    name_officer(establishment_id=named.pk, post_id=world.community.post_id, by=world.county,
                 at=NOON)  # fmt: skip
    for row in (named, plain):
        crashes(world, row, 1, 2, 3)
    assert limited(world, named).hazard.owner_post_id == world.community.post_id
    assert limited(world, plain).hazard.owner_post_id == world.township.post_id
    with pytest.raises(NotFound):
        name_officer(establishment_id=named.pk, post_id=world.outsider.post_id, by=world.county,
                     at=NOON)  # fmt: skip


def test_a_limit_holds_until_its_hazard_is_closed_and_only_once(world):
    row = road(world, "北山线")
    crashes(world, row, 1, 2, injury=2)
    limit = limited(world, row)
    with pytest.raises(Conflict, match=r"road\.limited"):
        limited(world, row)
    Obligation.objects.filter(pk=limit.hazard_id).update(state="closed", closed_at=NOON)
    found = segment(establishment_id=row.pk, by=world.county, at=NOON)
    assert found.limit is None
    assert found.owes


def test_a_limit_is_refused_where_none_is_owed_or_too_high_and_to_whoever_may_not(world):
    row = road(world, "北山线")
    crashes(world, row, 1, 2)
    with pytest.raises(Conflict, match=r"road\.not_black"):
        limited(world, row)
    crashes(world, row, 3)
    with pytest.raises(Invalid, match=r"road\.speed"):
        limited(world, row, speed=31)
    with pytest.raises(NotFound):
        limited(world, row, by="outsider")
    with pytest.raises(NotAllowed):
        limited(world, row, by="factory")
    assert limited(world, row).speed == 30


def test_a_workshop_is_no_segment_and_tomorrow_has_no_crashes_yet(world):
    with pytest.raises(NotFound, match=r"road\.not_found"):
        crashes(world, establish(world), 1)
    row = road(world, "北山线")
    with pytest.raises(Invalid, match=r"crash\.day"):
        crashes(world, row, -1)
    with pytest.raises(Invalid, match=r"crash\.injury"):
        crashes(world, row, 1, injury=-1)


def test_a_table_is_previewed_taken_and_changes_nothing_when_it_comes_again(world):
    row = road(world, "北山线")
    Establishment.objects.filter(pk=row.pk).update(code="XJ-7")
    road(world, "同名线")
    road(world, "同名线")
    rows = [
        HEAD, ["北山线", "2026-03-01", "2"], ["XJ-7", "2026年2月3日", "1"], ["", "", ""],
        ["北山线", "2026-03-01", "5"], ["没有线", "2026-03-02", "1"], ["同名线", "2026-03-02", "1"],
        ["北山线", "2026-03-11", "1"], ["北山线", "去年", "1"], ["北山线", "2026-03-03", "1.5"],
    ]  # fmt: skip
    ask = {"rows": rows, "by": world.county, "at": NOON}
    seen = take_crashes(keep=False, **ask)
    assert (seen.added, seen.changed, CrashCount.objects.count()) == (2, 0, 0)
    assert [(one.row, one.column, one.code) for one in seen.refusals] == [
        (5, "day", "crash.twice"), (6, "segment", "crash.segment"),
        (7, "segment", "crash.ambiguous"), (8, "day", "crash.day"), (9, "day", "table.date"),
        (10, "injury", "table.whole"),
    ]  # fmt: skip
    take_crashes(keep=True, **ask)
    again = take_crashes(keep=True, **ask)
    assert again.idle
    assert again.unchanged == 2
    assert segment(establishment_id=row.pk, by=world.county, at=NOON).history.crashes == 3
    with pytest.raises(Invalid, match=r"table\.headings") as refused:
        take_crashes(rows=[["路段", "日期"], ["北山线", "2026-03-01"]], keep=True, by=world.county,
                     at=NOON)  # fmt: skip
    assert refused.value.facts["heads"] == ["伤人事故起数"]
    with pytest.raises(NotAllowed):
        take_crashes(keep=True, rows=rows, by=world.factory, at=NOON)
