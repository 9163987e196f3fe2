"""The call starts the clock; levels report within their limits; statistics follow the records."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.services import act
from bihuan.safety.models import Accident, Report
from bihuan.safety.rules.accidents import Harm
from bihuan.safety.selectors.accidents import accidents, duty_rows, fetch_accident, statistics
from bihuan.safety.services.accidents import (
    Call,
    Content,
    Details,
    add_figure,
    call_accident,
    correct_accident,
    find_false,
    send_report,
)
from tests.conftest import NOON
from tests.safety.conftest import of_factory

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
TOLD = Content("14 时许三号釜超压爆裂", "已停车、疏散,伤者送医", scene="三车间,火已扑灭")


TWO = Harm(deaths=2)


def called(world, who="county", harm=TWO, at=NOON, **changes):
    given = Call("反应釜爆裂", "三车间", harm, **changes)
    return call_accident(given=given, by=world.actor(who), at=at)


def duties(world, row, who="county", at=NOON):
    return duty_rows(row, by=world.actor(who), at=at)


def report(world, row, who, at=NOON + HOUR, **changes):
    (duty,) = [one.duty for one in duties(world, row, who, at) if one.mine and not one.first]
    return send_report(duty_id=duty.pk, given=TOLD, by=world.actor(who), at=at, **changes)


def test_three_fields_start_the_clock_of_the_unit_and_then_of_each_level(world):
    place = of_factory(world)
    row = called(world, "factory", establishment_id=place.pk)
    (first,) = duties(world, row)
    assert (first.duty.from_level, first.duty.to_level) == ("unit", "county")
    assert first.duty.due_at == NOON + HOUR
    report(world, row, "factory", at=NOON + 50 * MINUTE)
    second = duties(world, row)[-1]
    assert (second.duty.to_level, second.duty.due_at) == ("city", NOON + 50 * MINUTE + 2 * HOUR)
    report(world, row, "county", at=NOON + 2 * HOUR)
    assert len(duties(world, row)) == 2  # a general accident ends with the city


def test_a_general_accident_is_at_the_city_in_3_hours_a_larger_at_the_province_in_5(world):
    for harm, hours, chain in ((Harm(1), 3, ("factory", "county")),
                               (Harm(3), 5, ("factory", "county", "city"))):  # fmt: skip
        row = called(world, "factory", harm=harm)
        for who in chain:
            due = duties(world, row, who)[-1].duty.due_at
            report(world, row, who, at=due)
        assert due == NOON + hours * HOUR
        assert duties(world, row, "head", due)[-1].state == "on_time"


def test_a_death_on_day_20_changes_class_and_addressees_and_one_on_day_31_does_not(world):
    row = called(world, "factory", harm=Harm(deaths=2))
    for who, after in (("factory", 0), ("county", 1)):
        report(world, row, who, at=NOON + after * HOUR)
    assert [d.duty.to_level for d in duties(world, row)] == ["county", "city"]
    late = {"source": "医院", "by": world.county}
    add_figure(accident_id=row.pk, harm=Harm(3), as_of=NOON + 31 * DAY, at=NOON + 32 * DAY, **late)
    row.refresh_from_db()
    assert (row.grade, row.deaths) == ("general", 2)
    add_figure(accident_id=row.pk, harm=Harm(3), as_of=NOON + 20 * DAY, at=NOON + 32 * DAY, **late)
    row.refresh_from_db()
    assert (row.grade, row.deaths) == ("larger", 3)
    assert [d.duty.to_level for d in duties(world, row)] == ["county", "city", "province"]


@pytest.mark.parametrize(("kind", "days"), [("production", 30), ("traffic", 7), ("fire", 7)])
def test_the_window_is_30_days_and_7_for_traffic_and_fire(world, kind, days):
    assert called(world, kind=kind).counts_until == NOON + days * DAY


def corrected(world, row, *, kind="production", occurred=NOON, who="county", what="爆裂"):
    given = Details(what, "三车间", kind, occurred)
    return correct_accident(
        accident_id=row.pk, given=given, by=world.actor(who), at=NOON + 22 * DAY
    )


def test_what_the_call_left_out_is_completed_and_the_window_and_class_follow(world):
    row = called(world)
    add_figure(accident_id=row.pk, source="医院", harm=Harm(3), as_of=NOON + 20 * DAY,
               by=world.county, at=NOON + 21 * DAY)  # fmt: skip
    row = corrected(world, row, kind="fire")
    assert (row.counts_until, row.grade, row.deaths) == (NOON + 7 * DAY, "general", 2)
    row = corrected(world, row, occurred=NOON - HOUR)
    assert (row.counts_until, row.grade, row.known_at) == (NOON - HOUR + 30 * DAY, "larger", NOON)
    entry = Entry.objects.filter(subject=row.subject, action="accident.correct").latest("pk")
    assert entry.facts["former"]["kind"] == "fire"
    for wrong, code in (({"occurred": NOON + HOUR}, "accident.time"), ({"kind": "x"}, "accident.kind"),
                        ({"what": " "}, "accident.empty")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            corrected(world, row, **wrong)
        assert refused.value.code == code
    with pytest.raises(NotFound):
        corrected(world, row, who="county2")


def test_sources_stand_side_by_side_and_the_last_word_of_each_counts(world):
    row = called(world, harm=Harm(2, 51))
    assert row.grade == "major"
    ask = {"accident_id": row.pk, "by": world.county, "at": NOON + HOUR, "as_of": NOON + HOUR}
    add_figure(source="消防", harm=Harm(3), **ask)
    add_figure(source=world.county.org_name, harm=Harm(2, 9), **ask)
    row.refresh_from_db()
    assert (row.grade, row.deaths, row.serious) == ("larger", 3, 9)
    assert row.figures.count() == 3


def test_a_report_is_a_version_of_what_was_known_and_the_database_keeps_it(world):
    row = called(world)
    sent = report(world, row, "county", at=NOON + 2 * HOUR + 7 * MINUTE)
    assert (sent.late_minutes, sent.content["deaths"]) == (7, 2)
    add_figure(accident_id=row.pk, source="医院", harm=Harm(4), as_of=NOON + 3 * HOUR,
               by=world.county, at=NOON + 3 * HOUR)  # fmt: skip
    duty = duties(world, row)[0].duty
    again = send_report(duty_id=duty.pk, given=TOLD, kind="progress", by=world.county,
                        at=NOON + 4 * HOUR)  # fmt: skip
    assert (again.serial, again.content["deaths"], sent.content["deaths"]) == (1, 4, 2)
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=sent.pk).update(content={})
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.filter(pk=sent.pk).delete()
    states = [one.state for one in duties(world, row, at=NOON + 5 * HOUR)]
    assert states == ["late", "missing"] or states[0] == "late"


def test_the_next_level_accepts_the_report_as_the_proof_of_a_task(world):
    row = called(world)
    report(world, row, "county")
    task = duties(world, row)[0].duty.task
    assert task.state == "submitted"
    task = act(obligation_id=task.pk, move="accept", by=world.city, at=NOON + 2 * HOUR)
    assert task.state == "closed"


def test_a_report_found_false_is_told_apart_and_not_by_its_sender(world):
    row = called(world)
    sent = report(world, row, "county")
    with pytest.raises(Conflict):
        find_false(report_id=sent.pk, reason="瞒报", by=world.county, at=NOON + 2 * HOUR)
    with pytest.raises(Invalid):
        find_false(report_id=sent.pk, reason=" ", by=world.city, at=NOON + 2 * HOUR)
    find_false(report_id=sent.pk, reason="死亡人数不实", by=world.city, at=NOON + 2 * HOUR)
    assert duties(world, row, at=NOON + 3 * HOUR)[0].state == "false"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (Call("", "三车间", Harm()), "accident.empty"),
        (Call("爆裂", "", Harm()), "accident.empty"),
        (Call("爆裂", "三车间", Harm(), kind="x"), "accident.kind"),
        (Call("爆裂", "三车间", Harm(deaths=-1)), "accident.harm"),
        (Call("爆裂", "三车间", Harm(), known_at=NOON + HOUR), "accident.time"),
    ],
)
def test_a_call_that_cannot_be_taken_says_why(world, given, code):
    with pytest.raises(Invalid) as refused:
        call_accident(given=given, by=world.county, at=NOON)
    assert refused.value.code == code
    assert not Accident.objects.exists()


def test_a_report_says_what_article_12_asks(world):
    row = called(world)
    duty = duties(world, row)[0].duty
    for given in (Content("", "x", "x"), Content("x", " ", "x"), Content("x", "x")):
        with pytest.raises(Invalid):
            send_report(duty_id=duty.pk, given=given, by=world.county, at=NOON)
    with pytest.raises(Invalid, match="aftermath"):
        send_report(duty_id=duty.pk, given=TOLD, kind="final", by=world.county, at=NOON)
    with pytest.raises(Conflict):
        send_report(duty_id=duty.pk, given=TOLD, kind="progress", by=world.county, at=NOON)
    with pytest.raises(NotFound):
        send_report(duty_id=duty.pk, given=TOLD, by=world.city, at=NOON)


def test_neighbours_auditors_and_administrators_see_no_accident(world):
    row = called(world)
    for who in ("county2", "outsider", "auditor", "admin", "airport"):
        with pytest.raises(NotFound):
            fetch_accident(accident_id=row.pk, by=world.actor(who))
        assert accidents(by=world.actor(who)) == []
    with pytest.raises(NotAllowed):
        called(world, "auditor")


def rows(world, n, *, deaths, year, month=2):
    place = world.places["990101"]
    when = NOON.replace(year=year, month=month)
    Accident.objects.bulk_create(
        Accident(place=place, scope=place.path, issuer_org_id=world.county.org_id, what="x",
                 kind="production", occurred_at=when, known_at=when, called_at=when,
                 called_by="x", grade="general", deaths=deaths if i == 0 else 0,
                 counts_until=when, investigate_by=when)
        for i in range(n)
    )  # fmt: skip


def test_places_of_the_statistics_are_those_a_level_below_with_all_that_lies_in_them(world):
    rows(world, 3, deaths=0, year=2026)
    for reader, code in ((world.head, "9901"), (world.city, "990101")):
        (line,) = statistics(by=reader, at=NOON).places
        assert (line.name, line.accidents) == (world.places[code].name, (0, 3))


def test_double_drop_is_recomputed_by_a_corrected_late_report(world):
    rows(world, 214, deaths=190, year=2025)
    rows(world, 201, deaths=192, year=2026)
    found = statistics(by=world.city, at=NOON).whole
    assert (found.accidents, found.deaths, found.dropped) == ((214, 201), (190, 192), False)
    Accident.objects.filter(deaths=192).update(deaths=189)
    assert statistics(by=world.city, at=NOON).whole.dropped
    assert statistics(by=world.outsider, at=NOON).whole.accidents == (0, 0)


def test_the_counter_of_days_without_a_major_accident_starts_again(world):
    assert statistics(by=world.city, at=NOON).since_major is None
    called(world, harm=Harm(10))
    assert statistics(by=world.city, at=NOON + 9 * DAY).since_major == 9


def test_a_month_above_the_upper_limit_forbids_to_say_stable(world):
    for month in range(3, 13):
        rows(world, 4, deaths=0, year=2024, month=month)
    for month in (1, 2):
        rows(world, 4, deaths=0, year=2025, month=month)
    assert statistics(by=world.city, at=NOON.replace(month=3)).chart.out == tuple(range(12, 12))
    rows(world, 20, deaths=0, year=2026, month=2)
    found = statistics(by=world.city, at=NOON)
    assert found.months[-1][1] == 20
    assert not found.chart.stable
