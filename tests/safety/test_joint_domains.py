"""A visit of work safety takes along what other domains owe at the same place (M005)."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, NotFound
from bihuan.core.loops.models import Notice, Obligation
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Role
from bihuan.epidemic.models import FacilityProof, InstitutionCheck
from bihuan.epidemic.selectors.institutions import check_plan
from bihuan.epidemic.services.institutions import NewCheck, enter_institution, note_check
from bihuan.safety.models import Assignment
from bihuan.safety.selectors.dormitories import dormitories
from bihuan.safety.selectors.field import day_pack
from bihuan.safety.selectors.inspections import checklists, everyday_lists, lists_for
from bihuan.safety.selectors.joint import clashes, saved_visits, unmerged
from bihuan.safety.services.checklists import load_checklists
from bihuan.safety.services.inspections import answer_item, begin_inspection, end_inspection
from bihuan.safety.services.joint import agree_to_visit, offer_visit, part_visit
from bihuan.safety.services.routes import assign_stop
from tests.conftest import NOON
from tests.epidemic.builders import add_health
from tests.epidemic.care import add_care, facility
from tests.factories import staff
from tests.safety.conftest import establish

TODAY, DAY, HOUR = local_date(NOON), timedelta(days=1), timedelta(hours=1)


class Joint:
    """The safety committee's office goes to a place at which the headquarters' office owes a look."""

    def __init__(self, world):
        add_care(add_health(world))
        load_checklists(by=world.head, at=NOON)
        staff(world.places["990101"], "committee", role=Role.OFFICE, kind="safety_committee")
        staff(world.places["990101"], "township_desk", role=Role.NODE, kind="node")
        self.world = world
        self.lists = {row.code: row for row in checklists()}

    def place(self, unit, **told):
        org = self.world.actor(unit).org_id if unit else None
        wanted = {"name": "港城医院", "code": "990101", "unit_id": org} | told
        return establish(self.world, **wanted)

    def goes(self, place, code="fire_premises", *, who="committee", day=TODAY):
        return assign_stop(establishment_id=place.pk, checklist_id=self.lists[code].pk, day=day,
                           by=self.world.actor(who), at=NOON)  # fmt: skip

    def clinic(self, risk="middle", ago=40):
        """An institution whose last unannounced check was so many days ago."""
        row = enter_institution(org_id=self.world.clinic.org_id, kind="clinic", risk=risk,
                                by=self.world.cdc, at=NOON - 60 * DAY)  # fmt: skip
        given = NewCheck("unannounced", TODAY - ago * DAY, passed=True)
        note_check(institution_id=row.pk, given=given, by=self.world.cdc, at=NOON - ago * DAY)
        return row

    def look(self, place, code, *, who="committee", gaps=(), at=NOON):
        by = self.world.actor(who)
        row = begin_inspection(establishment_id=place.pk, checklist_id=self.lists[code].pk, by=by,
                               at=at)  # fmt: skip
        for item in row.checklist.items:
            answer = "gap" if item["code"] in gaps else "fine"
            answer_item(inspection_id=row.pk, item=item["code"], answer=answer, by=by, at=at)
        return end_inspection(inspection_id=row.pk, by=by, at=at + HOUR)

    def merge(self, stop):
        visit = offer_visit(stop_id=stop.pk, by=self.world.committee, at=NOON)
        return agree_to_visit(visit_id=visit.pk, by=self.world.county, at=NOON)


@pytest.fixture
def joint(world):
    return Joint(world)


def test_a_safety_stop_and_a_check_of_an_institution_are_offered_as_one_visit(joint):
    row, place = joint.clinic(), joint.place("clinic")
    stop = joint.goes(place)
    for who in ("committee", "county"):
        (clash,) = clashes(by=joint.world.actor(who), at=NOON)
        (owed,) = clash.looks
        assert (owed.look.office.pk, owed.look.due) == (
            joint.world.county.org_id, TODAY - 10 * DAY,
        )  # fmt: skip
        assert (owed.checklist.code, unmerged(by=joint.world.actor(who), at=NOON)) == ("medical", 1)
    assert not clashes(by=joint.world.county2, at=NOON)
    joint.merge(stop)
    heads = Notice.objects.filter(kind="joint.offered").values_list("post__org", flat=True)
    assert joint.world.county.org_id in set(heads)
    stops = day_pack(by=joint.world.committee, at=NOON).stops
    assert {joint.lists["medical"].pk, joint.lists["fire_premises"].pk} == {
        one.checklist for one in stops
    }
    assert len({one.visit for one in stops}) == 1, "one card, one signature"
    assert saved_visits(by=joint.world.county, at=NOON).ahead == 1
    joint.look(place, "fire_premises")
    joint.look(place, "medical")
    check = InstitutionCheck.objects.filter(institution=row).latest("pk")
    assert (check.passed, check.form, check.day) == (True, "announced", TODAY)
    (planned,) = check_plan(by=joint.world.cdc, at=NOON + HOUR).rows
    assert planned.next.due == TODAY + 30 * DAY
    for who in ("county", "committee", "head"):
        told = saved_visits(by=joint.world.actor(who), at=NOON + HOUR)
        assert (told.joint, told.instead_of, told.saved, told.ahead) == (1, 2, 1, 0)
    assert not saved_visits(by=joint.world.county2, at=NOON + HOUR).joint


def test_a_gap_of_the_joint_visit_is_one_problem_and_not_a_second_of_the_other_office(joint):
    row, place = joint.clinic(), joint.place("clinic")
    joint.merge(joint.goes(place))
    joint.look(place, "medical", gaps={"1"})
    check = InstitutionCheck.objects.filter(institution=row).latest("pk")
    problem = Obligation.objects.get(flow="problem")
    assert (check.passed, check.problem_id) == (False, problem.pk)
    assert check.findings == "门口预检分诊有人、先分诊后候诊"
    (planned,) = check_plan(by=joint.world.cdc, at=NOON + HOUR).rows
    assert planned.next.sooner


def test_a_mystery_visit_and_a_check_that_is_not_due_soon_are_nobody_elses(joint):
    place = joint.place("clinic")
    joint.goes(place)
    row = joint.clinic(ago=10)
    assert not clashes(by=joint.world.county, at=NOON), "due in 20 days, 14 may be taken ahead"
    later = joint.goes(place, day=TODAY + 6 * DAY)
    (clash,) = clashes(by=joint.world.county, at=NOON)
    assert clash.day == later.day
    row.since = TODAY - 200 * DAY
    row.save()
    assert not clashes(by=joint.world.county, at=NOON), "a mystery visit is due"


def test_a_fire_inspection_renews_the_proof_of_an_isolation_site_unless_it_finds_gaps(joint):
    site = facility(joint.world, NOON - 25 * DAY)
    place = joint.place("inn")
    held = FacilityProof.objects.filter(facility=site, kind="fire")
    joint.merge(joint.goes(place))
    joint.look(place, "fire_premises", gaps={"1"})
    assert held.count() == 1
    joint.merge(joint.goes(place, day=TODAY + DAY))
    tomorrow = joint.world.actor("committee")
    assert len(day_pack(by=tomorrow, at=NOON + DAY).stops) == 1, "one list serves both"
    row = joint.look(place, "fire_premises", at=NOON + DAY)
    assert held.latest("pk").reference == f"inspection:{row.pk}"
    assert not Assignment.objects.filter(inspection=None).exists()


def test_the_office_that_owes_a_look_at_its_own_stop_takes_it_along_alone(joint):
    place = joint.place(None, kind="construction_site", fields={"phase": "主体", "dormitory": True},
                        at=NOON - 40 * DAY)  # fmt: skip
    stop = joint.goes(place, "construction", who="county")
    (clash,) = clashes(by=joint.world.county, at=NOON)
    assert [one.checklist.code for one in clash.looks] == ["dormitory"]
    visit = offer_visit(stop_id=stop.pk, by=joint.world.county, at=NOON)
    assert visit.agreed_at == NOON
    joint.look(place, "construction", who="county")
    joint.look(place, "dormitory", who="county")
    assert dormitories(by=joint.world.county, at=NOON + HOUR).checked == 1
    assert saved_visits(by=joint.world.county, at=NOON + HOUR).saved == 1


def test_parting_owes_the_look_again_and_it_is_never_taken_along_twice(joint):
    joint.clinic()
    place = joint.place("clinic")
    stop = joint.goes(place)
    joint.goes(place, day=TODAY + DAY)
    visit = joint.merge(stop)
    (clash,) = clashes(by=joint.world.county, at=NOON)
    assert (clash.day, clash.merged) == (TODAY, True)
    with pytest.raises(Conflict, match=r"joint\.nothing_open"):
        agree_to_visit(visit_id=visit.pk, by=joint.world.county, at=NOON)
    part_visit(visit_id=visit.pk, by=joint.world.county, at=NOON)
    (clash,) = clashes(by=joint.world.committee, at=NOON)
    assert (clash.day, len(clash.looks), len(clash.stops)) == (TODAY, 1, 1)
    with pytest.raises(NotFound, match=r"joint\.not_found"):
        offer_visit(stop_id=stop.pk, by=joint.world.county2, at=NOON)


def test_how_much_is_asked_does_not_grow_with_the_places(joint, django_assert_max_num_queries):
    joint.clinic()
    for number in range(3):
        joint.goes(joint.place("clinic", kind="workshop", name=f"院区 {number}"))
    site = Org.objects.get(pk=joint.world.inn.org_id)
    facility(joint.world, NOON - 25 * DAY)
    joint.goes(establish(joint.world, name="隔离点", code="990101", unit_id=site.pk))
    with django_assert_max_num_queries(20):
        found = clashes(by=joint.world.county, at=NOON)
    assert sum(len(one.looks) for one in found) == 2


def test_lists_for_one_occasion_are_nobodys_everyday_list(joint):
    place = joint.place("clinic", kind="workshop")
    everyday = everyday_lists(scope=joint.world.county.scope, at=NOON)
    assert {everyday[code].code for code in ("industry_trade", "fire_safety", "construction")} == {
        "trade", "fire_premises", "construction",
    }  # fmt: skip
    order = [row.code for row in lists_for(place, at=NOON)]
    assert order[:2] == ["trade", "resume"]


def test_a_township_that_asks_for_a_stop_may_agree_to_share_it(joint):
    place = joint.place("clinic")
    stop = joint.goes(place)
    joint.goes(place, "trade", who="township_desk")
    visit = offer_visit(stop_id=stop.pk, by=joint.world.committee, at=NOON)
    agree_to_visit(visit_id=visit.pk, by=joint.world.township_desk, at=NOON)
    assert not day_pack(by=joint.world.township_desk, at=NOON).stops
