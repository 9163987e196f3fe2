"""Six kinds of records go out and come in again as they were; wrong ones are named."""

import json
from collections import Counter

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.safety.models import ExchangeRecord, Hazard, Measure, RiskEvent, RiskObject
from bihuan.safety.rules.exchange import level_from, level_to
from bihuan.safety.selectors.exchange import waiting_events
from bihuan.safety.services.exchange import (
    export_records,
    import_records,
    partner_of,
    preview_records,
)
from bihuan.safety.services.exchange_grading import grade_event, take_measures
from bihuan.safety.services.hazards import Grading, NewHazard, grade_hazard, report_hazard
from bihuan.safety.services.risks import NewEvent, NewMeasure, add_event, add_measure, add_object
from tests.conftest import NOON
from tests.safety.conftest import of_factory

ONE = "11111111-1111-4111-8111-11111111111{}"
FILE = {
    "unit": [{"id": ONE.format(0), "companyCode": "123456789", "riskUnitName": "液氨罐区",
              "hazardDep": "生产部", "createBy": "x"}],
    "event": [{"id": ONE.format(1), "companyCode": "123456789", "riskUnitId": ONE.format(0),
               "riskEventName": "泄漏"}],
    "measure": [{"id": ONE.format(2), "companyCode": "123456789", "riskEventId": ONE.format(1),
                 "riskMeasureDesc": "气体报警", "classify1": "工程技术"}],
    "task": [{"id": ONE.format(3), "companyCode": "123456789", "riskMeasureId": ONE.format(2),
              "troubleshootContent": "查报警", "checkCycle": "1", "checkCycleUnit": "天"}],
    "check": [{"id": ONE.format(4), "companyCode": "123456789", "checkTaskId": ONE.format(3),
               "checkTime": "2026-03-01 08:00:00", "checkStatus": "0"}],
    "hazard": [{"id": ONE.format(5), "companyCode": "123456789", "dangerName": "报警器失效",
                "dangerLevel": "1", "registTime": "2026-03-01 08:00:00", "dangerState": "0",
                "checkRecordId": ONE.format(4)}],
}  # fmt: skip


def take(world, place, told, partner="national", who="county", act=import_records):
    return act(establishment_id=place.pk, data=json.dumps(told).encode(), partner=partner,
               by=world.actor(who), at=NOON)  # fmt: skip


def give(world, place, partner="national"):
    return export_records(establishment_id=place.pk, partner=partner, by=world.county, at=NOON)


def test_what_comes_in_goes_out_as_it_was(world):
    place = of_factory(world)
    told = take(world, place, FILE)
    assert (told.new, told.faults) == (dict.fromkeys(FILE, 1), ())
    assert give(world, place) == FILE
    assert RiskObject.objects.get().name == "液氨罐区"
    assert Hazard.objects.get().establishment_id == place.pk
    again = take(world, place, FILE)
    assert (again.new, again.known) == ({}, 6)


def test_our_own_risks_and_hazards_make_the_round_trip_to_another_place(world):
    place = of_factory(world, name="甲")
    thing = add_object(establishment_id=place.pk, name="储罐", substances={}, people=0,
                       by=world.county, at=NOON)  # fmt: skip
    event = add_event(object_id=thing.pk, by=world.county, at=NOON,
                      given=NewEvent("储罐", "泄漏", "ls", {"l": "4", "s": "4"}, "yellow"))  # fmt: skip
    add_measure(event_id=event.pk, given=NewMeasure("technical", "报警", "气体报警"),
                by=world.county, at=NOON)  # fmt: skip
    row = report_hazard(establishment_id=place.pk, given=NewHazard("出口锁闭", "东侧"),
                        by=world.county, at=NOON)  # fmt: skip
    grade_hazard(hazard_id=row.pk, given=Grading("none"), by=world.county, at=NOON)
    out = give(world, place)
    assert Counter({k: len(v) for k, v in out.items()}) == Counter(
        unit=1, event=1, measure=1, task=0, check=0, hazard=1
    )
    other = of_factory(world, name="乙")
    assert take(world, other, out).faults == ()
    assert give(world, other) == out


@pytest.mark.parametrize(
    ("partner", "general", "major"), [("national", "0", "1"), ("vendor", "1", "2"),
                                      ("forwarded", "1", "0")],
)  # fmt: skip
def test_each_partner_has_its_own_codes_of_levels(partner, general, major):
    codes = partner_of(partner, at=NOON)
    assert (level_from(general, codes), level_from(major, codes)) == ("general", "major")
    assert (level_to("general", codes), level_to("major", codes)) == (general, major)
    assert level_from("7", codes) is None


def test_a_level_is_translated_between_partners(world):
    place = of_factory(world)
    take(world, place, FILE, partner="forwarded")  # there 1 is a general one
    assert give(world, place, "national")["hazard"][0]["dangerLevel"] == "0"
    assert give(world, place, "vendor")["hazard"][0]["dangerLevel"] == "1"


@pytest.mark.parametrize(
    ("kind", "change", "code"),
    [
        ("unit", {"riskUnitName": ""}, "exchange.missing"),
        ("unit", {"id": "7"}, "exchange.id"),
        ("unit", {"id": "{" + ONE.format(0) + "}"}, "exchange.id"),
        ("event", {"riskUnitId": [1]}, "exchange.no_parent"),
        ("unit", {"moon": 1}, "exchange.unknown_field"),
        ("event", {"riskUnitId": ONE.format(9)}, "exchange.no_parent"),
        ("hazard", {"dangerLevel": "7"}, "exchange.level"),
    ],
)
def test_a_record_that_cannot_be_taken_is_named(world, kind, change, code):
    place = of_factory(world)
    told = json.loads(json.dumps(FILE))
    told[kind][0] |= change
    found = take(world, place, told)
    assert (found.faults[0].kind, found.faults[0].row, found.faults[0].code) == (kind, 1, code)


def test_a_preview_leaves_nothing_and_strangers_and_nonsense_are_refused(world):
    place = of_factory(world)
    assert take(world, place, FILE, act=preview_records).new == dict.fromkeys(FILE, 1)
    assert not ExchangeRecord.objects.exists()
    for data, code in ((b"\xff", "exchange.not_json"), (b'{"unit": [NaN]}', "exchange.not_json"),
                       (b'{"unit": [{"id": "\\u0000"}]}', "exchange.not_json"), (b"[]", "exchange.not_records"),
                       (b"{}", "exchange.not_records")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            import_records(establishment_id=place.pk, data=data, partner="national",
                           by=world.county, at=NOON)  # fmt: skip
        assert refused.value.code == code
    with pytest.raises(NotFound):
        take(world, place, FILE, who="outsider")
    with pytest.raises(Invalid):
        take(world, place, FILE, partner="moon")


GRADING = NewEvent("液氨罐区", "泄漏", "ls", {"l": "5", "s": "5"}, "yellow")
DEFENCE = NewMeasure("technical", "报警", "气体报警")


def waiting(world, told=FILE):
    """A place with what came in, and how to grade its one event."""
    place = of_factory(world)
    take(world, place, told)
    (found,) = waiting_events(place)
    ask = {"establishment_id": place.pk, "record_id": found.record.pk, "at": NOON}
    return place, found, ask


def test_a_person_grades_what_came_in_and_it_goes_out_as_it_came(world):
    place, found, ask = waiting(world)
    assert (found.name, found.unit, found.graded, len(found.measures)) == (
        "泄漏",
        "液氨罐区",
        False,
        1,
    )
    event = grade_event(given=GRADING, by=world.county, **ask)
    assert (event.object.name, event.inherent) == ("液氨罐区", "red")
    (left,) = waiting_events(place)
    assert left.graded
    measure = left.measures[0].pk
    assert take_measures(given={measure: DEFENCE}, by=world.county, **ask) == 1
    assert Measure.objects.get().event_id == event.pk
    assert waiting_events(place) == ()
    assert give(world, place) == FILE


def test_measures_wait_for_their_event_and_nothing_is_graded_twice(world):
    _place, found, ask = waiting(world)
    measure = found.measures[0].pk
    with pytest.raises(Conflict) as refused:
        take_measures(given={measure: DEFENCE}, by=world.county, **ask)
    assert refused.value.code == "exchange.not_graded"
    grade_event(given=GRADING, by=world.county, **ask)
    for act, given, code in (
        (grade_event, GRADING, "exchange.graded"), (take_measures, {}, "exchange.no_measure"),
        (take_measures, {measure + 999: DEFENCE}, "exchange.graded"),
    ):  # fmt: skip
        with pytest.raises((Conflict, Invalid)) as refused:
            act(given=given, by=world.county, **ask)
        assert refused.value.code == code
    assert not Measure.objects.exists()


def test_strangers_grade_nothing_and_what_was_deleted_is_not_asked_for(world):
    _place, _found, ask = waiting(world)
    for stranger in (world.outsider, world.auditor):
        with pytest.raises(NotFound):
            grade_event(given=GRADING, by=stranger, **ask)
    with pytest.raises(NotAllowed):
        grade_event(given=GRADING, by=world.inspector, **ask)
    assert not RiskEvent.objects.exists()
    other = of_factory(world, name="乙")
    told = json.loads(json.dumps(FILE))
    told["event"][0]["deleted"] = "1"
    take(world, other, told)
    assert waiting_events(other) == ()
