"""Two offices that would come on one day: both see it, one visit serves both (M005)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, NotAllowed, NotFound
from bihuan.core.loops.models import Notice
from bihuan.core.orgs.types import Role
from bihuan.safety.models import Assignment, Inspection, JointVisit
from bihuan.safety.selectors.field import day_pack
from bihuan.safety.selectors.inspections import checklists
from bihuan.safety.selectors.joint import asked_for, clashes, unmerged
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.devices import enrol_device
from bihuan.safety.services.field import receive
from bihuan.safety.services.inspections import answer_item, begin_inspection, end_inspection
from bihuan.safety.services.joint import agree_to_visit, offer_visit, part_visit
from bihuan.safety.services.routes import assign_stop
from tests.conftest import NOON
from tests.factories import staff
from tests.safety.conftest import establish

TODAY = local_date(NOON)
HOUR = timedelta(hours=1)


class Two:
    """The headquarters' office and the safety committee's office ask for the same workshop."""

    def __init__(self, world):
        load_checklists(by=world.head, at=NOON)
        staff(world.places["990101"], "committee", role=Role.OFFICE, kind="committee")
        self.world = world
        self.lists = {row.code: row for row in checklists()}
        self.place = establish(world)
        self.epidemic, self.safety = (
            self.ask("county", "fire_premises"),
            self.ask("committee", "trade"),
        )

    def ask(self, who, code, *, post=None, day=TODAY):
        return assign_stop(
            establishment_id=self.place.pk, checklist_id=self.lists[code].pk, day=day,
            post_id=post, by=self.world.actor(who), at=NOON,
        )  # fmt: skip

    def merge(self):
        """One visit by the post of the headquarters' office, agreed."""
        visit = offer_visit(stop_id=self.epidemic.pk, by=self.world.county, at=NOON)
        return agree_to_visit(visit_id=visit.pk, by=self.world.committee, at=NOON)

    def look(self, code, who="county"):
        by = self.world.actor(who)
        row = begin_inspection(establishment_id=self.place.pk, checklist_id=self.lists[code].pk,
                               by=by, at=NOON)  # fmt: skip
        for item in row.checklist.items:
            answer_item(inspection_id=row.pk, item=item["code"], answer="fine", by=by, at=NOON)
        return end_inspection(inspection_id=row.pk, by=by, at=NOON + HOUR)


@pytest.fixture
def two(world):
    return Two(world)


def test_both_offices_see_the_clash_and_nobody_else(two, django_assert_num_queries):
    for who in ("county", "committee"):
        by = two.world.actor(who)
        with django_assert_num_queries(3):
            (clash,) = clashes(by=by, at=NOON)
        assert [stop.asked_by.name for stop in clash.stops] == ["港城县headquarters",
                                                               "港城县committee"]  # fmt: skip
        assert unmerged(by=by, at=NOON) == 1
    assert not clashes(by=two.world.county2, at=NOON)
    assert not clashes(by=two.world.county, at=NOON + timedelta(days=1))


def test_the_merged_visit_satisfies_both_and_each_keeps_its_name(two):
    two.merge()
    assert unmerged(by=two.world.county, at=NOON) == 0
    assert not day_pack(by=two.world.committee, at=NOON).stops
    stops = day_pack(by=two.world.county, at=NOON).stops
    assert {stop.visit for stop in stops} == {JointVisit.objects.get().pk}
    assert [stop.asked for stop in stops] == [("港城县headquarters",), ("港城县committee",)]
    two.look("fire_premises")
    trade = two.look("trade")
    assert Assignment.objects.filter(inspection=None).count() == 0
    assert asked_for(trade) == ("港城县committee",)
    assert trade.issuer_org_id == two.world.county.org_id
    (clash,) = clashes(by=two.world.committee, at=NOON)
    assert clash.merged
    assert clash.begun


def test_one_look_by_the_same_list_closes_the_stops_of_both(two):
    two.safety.delete()
    two.ask("committee", "fire_premises")
    two.merge()
    assert len(day_pack(by=two.world.county, at=NOON).stops) == 1
    row = two.look("fire_premises")
    assert asked_for(row) == ("港城县headquarters", "港城县committee")


def test_two_offices_may_ask_the_same_inspector_for_the_same_list(two):
    Assignment.objects.all().delete()
    township = two.world.township.post_id
    stop = two.ask("county", "trade", post=township)
    two.ask("committee", "trade", post=township)
    assert [one.asked for one in day_pack(by=two.world.township, at=NOON).stops] == [
        ("港城县headquarters", "港城县committee")
    ]
    visit = offer_visit(stop_id=stop.pk, by=two.world.committee, at=NOON)
    agree_to_visit(visit_id=visit.pk, by=two.world.county, at=NOON)
    two.look("trade", "township")
    assert Inspection.objects.get().stops.count() == 2


def test_without_the_merging_a_look_closes_the_stop_of_its_own_office_alone(two):
    two.look("trade")
    two.look("fire_premises")
    assert Assignment.objects.get(inspection=None) == two.safety


def test_the_phone_sends_both_lists_under_one_signature(two, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    two.merge()
    by = two.world.county
    device, _token = enrol_device(name="手机", session="s", by=by, at=NOON)
    stops = day_pack(by=by, at=NOON).stops
    for stop in stops:
        items = next(row.items for row in two.lists.values() if row.pk == stop.checklist)
        raw = {
            "establishment": stop.establishment, "checklist": stop.checklist, "seen": stop.seen,
            "begun_at": NOON.isoformat(), "ended_at": (NOON + HOUR).isoformat(),
            "answers": {item["code"]: "fine" for item in items}, "signer": "某厂长",
        }  # fmt: skip
        entry = receive(device=device, key=uuid4(), raw=raw, by=by, at=NOON + HOUR)
        assert (entry.state, entry.differs) == ("taken", [])
    assert not Assignment.objects.filter(inspection=None).exists()


def test_parting_gives_every_stop_back_until_something_was_done(two):
    visit = two.merge()
    part_visit(visit_id=visit.pk, by=two.world.county, at=NOON)
    assert len(day_pack(by=two.world.committee, at=NOON).stops) == 1
    assert unmerged(by=two.world.county, at=NOON) == 1
    visit = two.merge()
    two.look("trade")
    with pytest.raises(Conflict, match=r"joint\.begun"):
        part_visit(visit_id=visit.pk, by=two.world.committee, at=NOON)


def test_an_offer_changes_nothing_before_the_other_agrees(two):
    offer_visit(stop_id=two.safety.pk, by=two.world.county, at=NOON)
    for who in ("county", "committee"):
        assert len(day_pack(by=two.world.actor(who), at=NOON).stops) == 1
    assert Notice.objects.get(kind="joint.offered").post_id == two.world.committee.post_id
    with pytest.raises(Conflict, match=r"joint\.offered"):
        offer_visit(stop_id=two.epidemic.pk, by=two.world.committee, at=NOON)
    with pytest.raises(Conflict, match=r"joint\.nothing_open"):
        agree_to_visit(visit_id=JointVisit.objects.get().pk, by=two.world.county, at=NOON)


def test_whoever_asks_for_nothing_there_finds_no_visit(two):
    visit = offer_visit(stop_id=two.epidemic.pk, by=two.world.county, at=NOON)
    for who in ("county2", "city"):
        by = two.world.actor(who)
        with pytest.raises(NotFound, match=r"joint\.not_found"):
            agree_to_visit(visit_id=visit.pk, by=by, at=NOON)
        with pytest.raises(NotFound, match=r"joint\.not_found"):
            offer_visit(stop_id=two.epidemic.pk, by=by, at=NOON)
    with pytest.raises(NotAllowed):
        part_visit(visit_id=visit.pk, by=two.world.factory, at=NOON)


def test_a_place_that_one_office_sees_twice_is_no_clash(two):
    two.safety.delete()
    two.ask("county", "trade")
    with pytest.raises(Conflict, match=r"joint\.no_clash"):
        offer_visit(stop_id=two.epidemic.pk, by=two.world.county, at=NOON)
