"""Risks of an establishment: graded by the pack, controlled by kinds, raised by failures."""

from datetime import date, timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.places.selectors import map_below
from bihuan.safety.models import Establishment, RiskEvent
from bihuan.safety.selectors.risks import colours_by_place, top_events
from bihuan.safety.services.risks import (
    NewEvent,
    NewMeasure,
    add_event,
    add_measure,
    add_object,
    expire_controls,
    fail_measure,
    restore_measure,
)
from bihuan.web.safety.colour_map import HIGHEST, SHARE, Drawn
from tests.conftest import NOON
from tests.safety.conftest import of_factory

DAY = timedelta(days=1)
LEC = {"l": "6", "e": "6", "c": "15"}


@pytest.fixture
def place(world):
    return of_factory(world, name="罐区")


def tank(world, place, **changes):
    given = {"name": "液氨储罐", "substances": {"ammonia": "20"}, "people": 60} | changes
    return add_object(establishment_id=place.pk, by=world.county, at=NOON, **given)


def leak(world, thing, by="county", **changes):
    given = NewEvent(**({"unit": "储罐", "name": "泄漏", "method": "lec", "factors": LEC,
                         "rated": "yellow"} | changes))  # fmt: skip
    return add_event(object_id=thing.pk, given=given, by=world.actor(by), at=NOON)


def guarded(world, event, valid_to=date(2026, 12, 31)):
    return [
        add_measure(event_id=event.pk, by=world.factory, at=NOON,
                    given=NewMeasure(kind, layer, layer, valid_to if kind == "technical" else None))
        for kind, layer in (("human", "值守"), ("physical", "围堰"), ("technical", "报警"))
    ]  # fmt: skip


def colour(row):
    return Establishment.objects.values_list("colour", flat=True).get(pk=row.pk)


def test_a_tank_of_ammonia_is_a_major_hazard_source_of_level_4(world, place):
    thing = tank(world, place)
    assert (thing.ratio, thing.value, thing.level) == ("2", "6", 4)
    assert tank(world, place, substances={"ammonia": "9.9"}).level is None
    for wrong in ({"water": "1"}, {"ammonia": "many"}, {"ammonia": "-1"}):
        with pytest.raises(Invalid):
            tank(world, place, substances=wrong)


def test_the_establishment_has_the_colour_of_its_gravest_event(world, place):
    event = leak(world, tank(world, place))
    assert (event.score, event.inherent, event.residual) == ("540", "red", "orange")
    assert colour(place) == "orange"
    guarded(world, event)
    assert colour(place) == "yellow"
    assert top_events(establishment_id=place.pk)[0].residual == "yellow"
    (row,) = colours_by_place(by=world.county).rows
    assert dict(row.counts) == {"red": 0, "orange": 0, "yellow": 1, "blue": 0, "": 0}


def test_a_failed_control_raises_the_risk_at_once_and_asks_for_a_temporary_measure(world, place):
    event = leak(world, tank(world, place))
    human, _physical, technical = guarded(world, event)
    failed = fail_measure(measure_id=technical.pk, reason="探头损坏", by=world.factory, at=NOON)
    assert colour(place) == "orange"
    assert (failed.task.owner_post_id, failed.task.due_at) == (world.factory.post_id, NOON + DAY)
    with pytest.raises(Conflict):
        fail_measure(measure_id=technical.pk, reason="又坏", by=world.factory, at=NOON)
    restore_measure(measure_id=technical.pk, valid_to=None, by=world.factory, at=NOON)
    assert colour(place) == "yellow"
    with pytest.raises(Invalid):
        fail_measure(measure_id=human.pk, reason=" ", by=world.factory, at=NOON)


def test_an_alarm_past_its_calibration_stops_counting_by_itself(world, place):
    event = leak(world, tank(world, place))
    guarded(world, event, valid_to=date(2026, 3, 10))
    assert expire_controls(at=NOON) == 0
    assert expire_controls(at=NOON + 40 * DAY) == 1
    assert expire_controls(at=NOON + 41 * DAY) == 0
    assert colour(place) == "orange"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"method": "guess"}, "risk.method"),
        ({"factors": {"l": "4", "e": "6", "c": "15"}}, "risk.factor"),
        ({"factors": {}}, "risk.factor"),
        ({"method": "matrix", "factors": {"l": "9", "s": "1"}}, "risk.factor"),
        ({"method": "ls", "factors": {"l": "1", "s": "1"}, "rated": "red"}, "risk.rated"),
        ({"name": " "}, "risk.no_name"),
    ],
)
def test_a_grading_that_cannot_be_is_refused(world, place, changes, code):
    thing = tank(world, place)
    with pytest.raises(Invalid) as refused:
        leak(world, thing, **changes)
    assert refused.value.code == code
    assert not RiskEvent.objects.exists()


def test_a_matrix_grades_too_and_strangers_do_not(world, place):
    thing = tank(world, place)
    event = leak(world, thing, method="matrix", factors={"l": "5", "s": "5"})
    assert (event.score, event.inherent) == ("", "red")
    with pytest.raises(NotFound):
        leak(world, thing, by="county2")
    with pytest.raises(NotAllowed):
        leak(world, thing, by="inspector")


def test_a_place_of_the_map_has_its_gravest_colour_in_words_and_a_rate_has_other_tints(
    world, place
):
    guarded(world, leak(world, tank(world, place)))
    of_factory(world, name="未分级车间")
    found = colours_by_place(by=world.city)
    below = map_below(world.places["9901"].pk, local_date(NOON))
    tints = {}
    for way in (HIGHEST, SHARE):
        told = Drawn(found, way).drawing(below)["places"]
        tints[way] = {one["code"]: one["tint"] for one in told}
        harbour = next(one for one in told if one["code"] == "990101")
        assert harbour["told"][2] == "一般风险 黄 1"
        assert harbour["told"][4:] == ["未分级 1", "重大和较大占比 0%"]
    assert tints[HIGHEST] == {"990101": "yellow", "990102": None}
    assert tints[SHARE] == {"990101": 0, "990102": None}
