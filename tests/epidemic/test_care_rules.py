"""Rooms, readiness, supply, scores, release and rates: pure rules."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bihuan.core.clock import TZ
from bihuan.core.packs import registry
from bihuan.epidemic.rules.care import (
    Rates,
    beds_forecast,
    need_of,
    place_of_care,
    release_moment,
    warning_score,
)
from bihuan.epidemic.rules.sites import (
    Guest,
    Load,
    Reserve,
    lacking,
    plan_supply,
    raise_hospitals,
    room_refusal,
    rooms_needed,
)

TODAY = date(2026, 5, 31)
NOW = datetime(2026, 5, 31, 4, tzinfo=UTC)
BANDS = ("0-4", "5-14")


def on(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TZ).astimezone(UTC)


def treatment(text: str):
    return registry.edition("treatment-plan", on(text), disease="covid19")


def test_a_check_31_days_old_is_not_ready_where_the_limit_is_30():
    asked = [("fire", 30), ("staff", 30)]
    held = [("fire", TODAY - timedelta(days=30)), ("staff", TODAY - timedelta(days=31))]
    assert lacking(asked, held, on=TODAY) == ("staff",)
    assert lacking(asked, [], on=TODAY) == ("fire", "staff")


def test_two_contacts_of_different_chains_are_never_put_in_one_room():
    inside = [Guest(1, chain=7, age_band="15-44")]
    assert (
        room_refusal(Guest(2, 8, "15-44"), inside, beds=3, child_bands=BANDS) == "room.other_chain"
    )
    assert room_refusal(Guest(2, 7, "15-44"), inside, beds=3, child_bands=BANDS) is None
    assert room_refusal(Guest(2, 7, "15-44"), inside, beds=1, child_bands=BANDS) == "room.full"


def test_a_child_goes_only_where_its_carer_is():
    mother = Guest(1, 7, "15-44")
    alone = Guest(2, 7, "0-4")
    assert room_refusal(alone, [mother], beds=2, child_bands=BANDS) == "room.child_alone"
    child = Guest(2, 7, "0-4", carer_id=1)
    assert room_refusal(child, [], beds=2, child_bands=BANDS) == "room.carer_elsewhere"
    assert room_refusal(child, [mother], beds=2, child_bands=BANDS) is None


def test_the_planner_says_which_sites_to_raise_today():
    sites = [Reserve(1, "甲", 150, 24), Reserve(2, "乙", 150, 24), Reserve(3, "丙", 100, 72)]
    plan = plan_supply((440, 520, 600), ready=420, reserves=sites)
    assert plan.short_on == 1
    assert [(r.name, r.begin_within, r.today) for r in plan.raised] == [
        ("甲", 0, True), ("乙", 48, False),
    ]  # fmt: skip
    assert plan.still_short == 0
    late = plan_supply((600,), ready=420, reserves=[Reserve(4, "丁", 400, 48)])
    assert (late.raised, late.still_short) == ((), 180)


def test_rooms_are_needed_for_those_who_wait_who_come_and_not_for_those_who_leave():
    assert rooms_needed(waiting=10, inside=100, per_day=20, leaving=(5, 30, 0)) == (125, 115, 135)


def score(**vitals):
    return warning_score(
        vitals, bands=registry.table("warning_band", NOW), alert_at=5,
        triggers=registry.table("warning_trigger", NOW),
    )  # fmt: skip


def test_saturation_falling_97_94_92_raises_the_alert_at_92():
    told = [score(spo2=value, rr=18, temp=37.0, drowsy=0.0) for value in (97, 94, 92)]
    assert [s.alert for s in told] == [False, False, True]
    assert [s.points for s in told] == [0, 1, 2]
    assert told[2].triggers == ("spo2",)


@pytest.mark.parametrize(("vitals", "points"), [
    ({"rr": 22}, 2), ({"rr": 25, "temp": 39.4}, 5), ({"temp": 37.5}, 0), ({}, 0),
    ({"drowsy": 1.0}, 3),
])  # fmt: skip
def test_points_add_up_by_the_bands_of_the_pack(vitals, points):
    found = score(**vitals)
    assert found.points == points
    assert found.alert == (points >= 5 or bool(found.triggers))


def test_a_mild_case_goes_where_the_edition_of_its_day_says():
    mild = ["pcr", "fever_respiratory"]
    assert need_of(place_of_care(treatment("2022-03-20"), mild)) == "isolation"
    assert need_of(place_of_care(treatment("2022-03-01"), mild)) == "bed"
    assert need_of(place_of_care(treatment("2022-03-20"), [*mild, "high_risk"])) == "bed"
    assert need_of(place_of_care(treatment("2022-03-20"), [*mild, "shock"])) == "icu"


def test_two_clear_tests_a_day_apart_release_and_a_bad_one_between_starts_again():
    pack = treatment("2022-07-05")
    begin = on("2022-07-05T08:00")
    at = [begin + timedelta(hours=h) for h in (0, 12, 24, 48)]

    def release(*cts):
        return release_moment(pack, tests=list(zip(at, cts, strict=False)), onset=None)

    assert release(36.0, None, 35.0) == at[2]
    assert release(36.0, 28.0, None) is None
    assert release(36.0, 28.0, None, 37.0) == at[3]
    assert release() is None


def test_all_three_rates_are_shown_with_their_denominators():
    told = Rates(needing=100, admitted=96, cured=80, died=2)
    assert told.admission == pytest.approx(0.96)
    assert told.cured_of_closed == pytest.approx(80 / 82)
    assert told.cured_of_admitted == pytest.approx(80 / 96)
    assert told.in_care == 14
    assert Rates(0, 0, 0, 0).admission is None


def test_beds_go_on_as_the_flows_of_the_last_days():
    assert beds_forecast(occupied=85, admissions=32, departures=12, window=3, days=3) == 105
    assert beds_forecast(occupied=2, admissions=0, departures=9, window=3, days=3) == 0


def test_a_reserve_hospital_of_48_hours_is_proposed_now_when_85_percent_become_105():
    slow = Reserve(7, "后备医院", 40, 48)
    told = raise_hospitals(Load(100, 85, 105), days=3, reserves=[slow])
    assert (told.now, told.then) == (0.85, 1.05)
    # the last bed goes in 54 hours: six are left to begin
    assert [(r.id, r.begin_within, r.today) for r in told.raised] == [(7, 6, True)]
    assert told.still_short == 0


def test_a_reserve_hospital_waits_while_beds_suffice_and_the_quickest_comes_first():
    quick, slow = Reserve(1, "快", 3, 12), Reserve(2, "慢", 40, 48)
    assert raise_hospitals(Load(100, 85, 100), days=3, reserves=[slow, quick]).raised == ()
    told = raise_hospitals(Load(100, 85, 105), days=3, reserves=[slow, quick])
    assert [(r.id, r.begin_within) for r in told.raised] == [(1, 42), (2, 6)]
    late = raise_hospitals(Load(10, 12, 20), days=3, reserves=[quick])
    assert ([r.begin_within for r in late.raised], late.still_short) == ([0], 7)
