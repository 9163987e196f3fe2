"""Guard your own gate: 312 of 320 declared; the unit sees which 8 are missing, the node a figure."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bihuan.command.models import EntranceDay, UnitDay
from bihuan.command.rules import missing_of, read_numbers
from bihuan.command.selectors.gates import fetch_entrance, own_gate, unit_gates
from bihuan.command.services.gates import (
    Watch,
    declare_day,
    forget_numbers,
    keep_roll,
    keep_watch,
    note_act,
    open_entrance,
)
from bihuan.core.audit.models import Entry
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from tests.conftest import NOON
from tests.factories import build_world

TODAY = local_date(NOON)
DAY = timedelta(days=1)
STAFF = [f"A{number:03}" for number in range(320)]


@pytest.fixture
def world(db):
    return build_world(NOON)


def rolled(world, numbers=STAFF, by="factory"):
    return keep_roll(text="\n".join(numbers), by=world.actor(by), at=NOON)


def declared(world, numbers, by="factory", **changes):
    given = {"day": TODAY, "ill": 0} | changes
    return declare_day(text=" ".join(numbers), by=world.actor(by), at=NOON, **given)


def test_numbers_are_read_however_they_are_divided_and_nobodys_telephone_is_one():
    read = read_numbers("A1, A2\uff0cA3\nA1\u3001 13800138000 11010519491231002X 甲-7")
    assert read.taken == ("A1", "A2", "A3", "甲-7")
    assert read.refused == ("…8000", "…002X")
    assert missing_of(["A1", "A2"], {"A2"}) == ("A1",)


def test_of_320_staff_312_declared_the_8_missing_are_shown_to_the_unit_alone(world):
    rolled(world)
    gone = STAFF[5:13]
    declared(world, [one for one in STAFF if one not in gone], ill=2)
    own = own_gate(by=world.factory, at=NOON)
    assert (own.day.staff, own.day.declared, own.day.missing) == (320, 312, gone)
    by = world.county
    with CaptureQueriesContext(connection) as asked:
        (row,) = unit_gates(by=by, at=NOON)
    assert len(asked) == 4
    assert (row.staff, row.declared, row.missing, row.ill) == (320, 312, 8, 2)
    said = repr(row) + " ".join(query["sql"] for query in asked)
    assert "missing" not in " ".join(query["sql"] for query in asked)
    assert not any(number in said for number in gone)
    assert not unit_gates(by=world.outsider, at=NOON)
    for who in ("county", "city", "inspector", "builder", "admin"):
        with pytest.raises(NotFound):
            own_gate(by=world.actor(who), at=NOON)


def test_the_audit_is_told_counts_and_no_staff_number(world):
    rolled(world)
    declared(world, STAFF[:312])
    said = " ".join(str(entry.facts) for entry in Entry.objects.filter(action__startswith="gate."))
    assert "'declared': 312" in said
    assert not any(number in said for number in STAFF)


def test_numbers_are_forgotten_after_the_days_of_the_pack_and_the_counts_stay(world):
    rolled(world)
    gate = open_entrance(name="东门", by=world.factory, at=NOON)
    keep_watch(entrance_id=gate.pk, given=Watch(TODAY, "A001", 5), by=world.factory, at=NOON)
    declared(world, STAFF[:318])
    assert forget_numbers(at=NOON + 13 * DAY) == 0
    assert forget_numbers(at=NOON + 15 * DAY) == 2
    assert forget_numbers(at=NOON + 15 * DAY) == 0
    day, watch = UnitDay.objects.get(), EntranceDay.objects.get()
    assert (day.missing, day.declared, watch.on_duty, watch.visitors) == ([], 318, "", 5)


def test_each_gate_has_somebody_on_duty_of_the_roll_and_counts_its_visitors(world):
    rolled(world, ["A1", "A2"])
    east = open_entrance(name="东门", by=world.factory, at=NOON)
    open_entrance(name="西门", by=world.factory, at=NOON)
    with pytest.raises(Conflict, match=r"gate\.twice"):
        open_entrance(name="东门", by=world.factory, at=NOON)
    ask = {"entrance_id": east.pk, "by": world.factory, "at": NOON}
    with pytest.raises(Invalid, match=r"gate\.unknown"):
        keep_watch(given=Watch(TODAY, "B9"), **ask)
    with pytest.raises(Invalid, match=r"gate\.visitors"):
        keep_watch(given=Watch(TODAY, "A1", -1), **ask)
    keep_watch(given=Watch(TODAY, "A1", 12), **ask)
    keep_watch(given=Watch(TODAY, "A2", 14), **ask)
    own = own_gate(by=world.factory, at=NOON)
    assert (own.unwatched, own.entrances[0][1].on_duty) == (1, "A2")
    (row,) = unit_gates(by=world.county, at=NOON)
    assert (row.entrances, row.watched, row.visitors, row.declared) == (2, 1, 14, None)
    with pytest.raises(NotFound):
        fetch_entrance(entrance_id=east.pk, by=world.airport)


def test_training_and_offers_are_counts_of_the_last_months(world):
    rolled(world, ["A1"])
    ask = {"by": world.factory, "at": NOON, "topic": "用电安全"}
    note_act(kind="training", day=TODAY, n=40, **ask)
    note_act(kind="training", day=TODAY - 500 * DAY, n=99, **ask)
    note_act(kind="offer", day=TODAY, n=300, **ask)
    (row,) = unit_gates(by=world.county, at=NOON)
    assert (row.trained, row.offered) == (40, 300)
    for wrong in ({"kind": "refusal"}, {"n": 0}, {"topic": " "}):
        with pytest.raises(Invalid, match=r"gate\.act"):
            note_act(**{"kind": "training", "day": TODAY, "n": 1} | ask | wrong)
    with pytest.raises(Invalid, match=r"gate\.day"):
        note_act(kind="training", day=TODAY + DAY, n=1, **ask)


def test_what_cannot_be_taken_is_refused_and_nobody_above_writes(world):
    with pytest.raises(Conflict, match=r"gate\.no_roll"):
        declared(world, ["A1"])
    with pytest.raises(Invalid, match=r"gate\.no_numbers"):
        rolled(world, [])
    with pytest.raises(Invalid, match=r"gate\.numbers"):
        rolled(world, ["13800138000"])
    rolled(world, ["A1", "A2"])
    with pytest.raises(Invalid, match=r"gate\.unknown") as refused:
        declared(world, ["A1", "B1"])
    assert refused.value.facts["numbers"] == ["B1"]
    with pytest.raises(Invalid, match=r"gate\.ill"):
        declared(world, ["A1"], ill=3)
    with pytest.raises(Invalid, match=r"gate\.day"):
        declared(world, ["A1"], day=TODAY + DAY)
    for who in ("county", "inspector"):
        with pytest.raises(NotAllowed):
            rolled(world, ["A1"], by=who)
