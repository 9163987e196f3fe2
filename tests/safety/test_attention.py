"""Attention that falls, allowances, days of compound risk, suspicious zeros (M054, M137, E16)."""

from datetime import date, datetime, timedelta

import pytest

from bihuan.core.clock import TZ, local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.safety.models import Accident, Checklist, Inspection
from bihuan.safety.rules.attention import decay, meet, outlook, too_good
from bihuan.safety.selectors.attention import allowances, calendar, rates, rates_of, zeros
from bihuan.safety.services.attention import (
    NewDay,
    set_allowance,
    set_day,
    set_denominator,
    watch_attention,
)
from tests.conftest import NOON
from tests.safety.conftest import of_factory, place_of

DAY = timedelta(days=1)
WATCH = {"least_share": 0.7, "least_mean": 5}


def test_240_checks_a_week_falling_to_130_are_noticed_before_any_accident():
    assert decay([240] * 12 + [130], **WATCH).fallen
    assert not decay([240] * 12 + [200], **WATCH).fallen
    assert not decay([4] * 12 + [0], **WATCH).fallen
    assert not decay([], **WATCH).fallen


def inspected(world, place, day, count):
    sheet, _new = Checklist.objects.get_or_create(
        code="t", version=1,
        defaults={"title": "t", "sector_id": "construction", "written_at": NOON, "written_by": "x"},
    )  # fmt: skip
    Inspection.objects.bulk_create(
        Inspection(establishment=place, checklist=sheet, scope=place.scope,
                   issuer_org_id=world.county.org_id, post_id=world.county.post_id,
                   by_itself=False, begun_at=day)
        for _ in range(count)
    )  # fmt: skip


def test_a_fall_is_owed_an_explanation_once_however_often_the_watch_runs(world):
    place = of_factory(world)
    monday = NOON - timedelta(days=local_date(NOON).weekday())
    for week in range(2, 14):
        inspected(world, place, monday - timedelta(weeks=week), 24)
    inspected(world, place, monday - timedelta(weeks=1), 13)
    (rate,) = [one for one in rates(scope=place.scope, at=NOON) if one.name == "inspections"]
    assert (rate.decay.last, rate.decay.mean, rate.decay.fallen) == (13, 24.0, True)
    scopes = [world.places[code].path for code in ("9901", "990101", "9902")]
    together = rates_of(scopes=scopes, at=NOON)
    assert together == {scope: rates(scope=scope, at=NOON) for scope in scopes}
    assert together[scopes[1]][0].decay.last == 13
    assert watch_attention(at=NOON) == 2  # the county and its city
    assert watch_attention(at=NOON + DAY) == 0
    task = Obligation.objects.get(
        owner_post_id=world.county.post_id, origin__startswith="attention"
    )
    assert "上周 13" in task.brief.title


def test_7_of_10_by_june_is_amber_and_december_is_foretold():
    look = outlook(most=10, used=7, day=166, days=365, amber=0.7)
    assert look.tone == "amber"
    assert look.forecast == pytest.approx(15.39, abs=0.01)
    assert outlook(most=10, used=2, day=166, days=365, amber=0.7).tone == "calm"
    assert outlook(most=10, used=5, day=100, days=365, amber=0.7).tone == "amber"
    assert outlook(most=10, used=11, day=300, days=365, amber=0.7).tone == "over"


def accidents(world, code, count, year=2026, deaths=1):
    when = datetime(year, 2, 1, 12, tzinfo=TZ)
    place = world.places[code]
    Accident.objects.bulk_create(
        Accident(place=place, scope=place.path, issuer_org_id=world.county.org_id,
                 kind="production", what="x", occurred_at=when, known_at=when, called_at=when,
                 called_by="x", grade="general", deaths=deaths, counts_until=when,
                 investigate_by=when)
        for _ in range(count)
    )  # fmt: skip


def test_an_allowance_counts_the_accidents_below_and_the_last_word_holds(world):
    accidents(world, "990101", 7)
    ask = {"place_id": place_of(world, "9901"), "year": 2026, "by": world.city, "at": NOON}
    set_allowance(measure="deaths", most=100, **ask)
    set_allowance(measure="deaths", most=10, **(ask | {"at": NOON + DAY}))
    (row,) = allowances(by=world.city, at=NOON + 2 * DAY)
    assert (row.outlook.most, row.outlook.used, row.outlook.tone) == (10, 7, "amber")
    assert allowances(by=world.outsider, at=NOON + 2 * DAY) == ()
    with pytest.raises(Invalid):
        set_allowance(measure="joy", most=1, **ask)
    with pytest.raises(NotFound):
        set_allowance(measure="deaths", most=1, **(ask | {"place_id": place_of(world, "9902")}))
    with pytest.raises(NotAllowed):
        set_allowance(measure="deaths", most=1, **(ask | {"by": world.factory}))


def told(world, family, level, staff, **changes):
    given = NewDay(place_of(world, "990101"), date(2026, 4, 5), family, level, staff, **changes)
    return set_day(given=given, by=world.county, at=NOON)


def test_a_day_on_which_three_risks_meet_owes_a_joint_plan_two_days_before(world):
    told(world, "epidemic", "medium", 40, on_hand=90)
    assert not Obligation.objects.filter(origin__startswith="day:").exists()
    told(world, "fire", "high", 50)
    told(world, "traffic", "high", 30)
    told(world, "crowd", "low", 500)
    days = calendar(by=world.county, at=datetime(2026, 4, 1, tzinfo=TZ))
    (line,) = days
    assert (line.meeting.families, line.meeting.needed, line.meeting.short) == (3, 120, 30)
    task = Obligation.objects.get(origin__startswith="day:")
    assert local_date(task.due_at - timedelta(seconds=1)) == date(2026, 4, 3)
    assert calendar(by=world.outsider, at=NOON) == ()
    with pytest.raises(Invalid):
        told(world, "war", "high", 1)
    with pytest.raises(Invalid):
        set_day(given=NewDay(place_of(world, "990101"), date(2026, 3, 1), "fire", "high"),
                by=world.county, at=NOON)  # fmt: skip


def test_one_risk_alone_is_no_compound_day_and_unknown_staff_is_not_zero():
    assert not meet({"fire": ("high", 10), "crowd": ("low", 90)}, None).compound
    assert meet({"fire": ("high", 10), "flood": ("medium", 5)}, None).short is None
    assert meet({"fire": ("high", 10), "flood": ("medium", 5)}, 20).short == 0


def test_a_zero_that_chance_would_hardly_give_is_looked_at(world):
    accidents(world, "990101", 10, year=2025)
    for code, workers in (("990101", 50_000), ("990102", 50_000), ("990201", 2_000)):
        set_denominator(place_id=place_of(world, code), key="workers", year=2025, value=workers,
                        source="统计年鉴", by=world.head, at=NOON)  # fmt: skip
    rows = {row.place.code: row for row in zeros(by=world.head, at=NOON)}
    assert {code for code, row in rows.items() if row.suspicious} == {"990102"}
    assert rows["990101"].rate == 20.0
    set_denominator(place_id=place_of(world, "990102"), key="workers", year=2025, value=500, source="核实后",
                    by=world.head, at=NOON + DAY)  # fmt: skip
    rows = {row.place.code: row for row in zeros(by=world.head, at=NOON + DAY)}
    assert not rows["990102"].suspicious
    assert not too_good(count=1, expected=100.0, chance=0.05)
    with pytest.raises(Invalid):
        set_denominator(place_id=place_of(world, "990102"), key="workers", year=2025, value=0, source="x",
                        by=world.head, at=NOON)  # fmt: skip


def test_deaths_on_roads_are_counted_against_vehicles_and_against_the_product(world):
    accidents(world, "990101", 3, year=2025)
    Accident.objects.update(deaths=2)
    Accident.objects.filter(pk=Accident.objects.first().pk).update(sector="road")
    for key, value in (("vehicles", 40_000), ("gdp", 120)):
        set_denominator(place_id=place_of(world, "990101"), key=key, year=2025, value=value,
                        source="统计年鉴", by=world.head, at=NOON)  # fmt: skip
    rows = {row.kind["key"]: row for row in zeros(by=world.head, at=NOON)}
    assert (rows["vehicles"].count, rows["vehicles"].rate) == (2, 0.5)
    assert (rows["gdp"].count, rows["gdp"].rate) == (6, 0.05)
    with pytest.raises(Invalid):
        set_denominator(place_id=place_of(world, "990101"), key="cows", year=2025, value=1,
                        source="x", by=world.head, at=NOON)  # fmt: skip
