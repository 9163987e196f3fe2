"""Plans of nodes: prevention and treatment side by side."""

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.epidemic.models import Room
from bihuan.epidemic.rules.nodeplans import missing_kinds
from bihuan.epidemic.selectors.nodeplans import fetch_plan, plan_lines, plan_rows
from bihuan.epidemic.services.nodeplans import decide_plan, open_plan, set_targets, submit_plan

PREVENTION = {"report": 95, "isolate": 90}
TREATMENT = {"beds": 300, "icu": 20, "paediatric": 30}


@pytest.fixture
def plan(world, at):
    return open_plan(year=local_date(at).year, by=world.county, at=at)


def given(plan, world, at, targets):
    set_targets(plan_id=plan.pk, targets=targets, by=world.county, at=at)
    return submit_plan(plan_id=plan.pk, by=world.county, at=at)


def test_a_plan_with_prevention_alone_is_returned_and_accepted_once_it_has_beds_icu_and_paediatric(
    plan, world, at
):
    back = given(plan, world, at, PREVENTION)
    assert (back.state, back.missing) == ("returned", ["beds", "icu", "paediatric"])
    whole = given(plan, world, at, PREVENTION | TREATMENT)
    assert (whole.state, whole.missing) == ("submitted", [])
    done = decide_plan(plan_id=plan.pk, accept=True, by=world.city, at=at)
    assert (done.state, done.decided_by) == ("accepted", world.city.name)
    changed = set_targets(plan_id=plan.pk, targets=PREVENTION, by=world.county, at=at)
    assert (changed.state, changed.decided_by) == ("draft", ""), "another decision is needed"


def test_treatment_alone_is_no_plan_either_and_what_is_not_required_may_lack(plan, world, at):
    assert given(plan, world, at, TREATMENT).missing == ["report", "isolate"]
    kinds = [{"key": "a", "required": True}, {"key": "b"}]
    assert (missing_kinds(kinds, {"a"}), missing_kinds(kinds, {"b"})) == ((), ("a",))


def test_both_sides_stand_with_what_there_is_and_what_is_lacking(plan, world, at):
    from bihuan.core.orgs.models import Org
    from bihuan.epidemic.models import Facility

    house = Facility.objects.create(
        kind="hospital", name="县医院", org=Org.objects.get(pk=world.clinic.org_id),
        place=world.places["990101"], scope=world.county.scope, activation_hours=1,
        registered_at=at, registered_by="x",
    )  # fmt: skip
    for code, kind, beds, hours in (("1", "ordinary", 100, 0), ("2", "icu", 8, 0),
                                    ("3", "child", 12, 0), ("4", "child_icu", 2, 0),
                                    ("5", "ordinary", 50, 48)):  # fmt: skip
        Room.objects.create(facility=house, code=code, kind=kind, beds=beds, convert_hours=hours)
    set_targets(plan_id=plan.pk, targets=PREVENTION | TREATMENT, by=world.county, at=at)
    sides = plan_lines(plan=plan, by=world.county, at=at)
    there = {line.kind["key"]: (line.target, line.actual, line.gap) for line in sides["treatment"]}
    assert there == {
        "beds": (300, 112, 188), "icu": (20, 10, 10), "paediatric": (30, 14, 16),
        "staff": (None, 0, None), "medicine": (None, None, None),
    }  # fmt: skip
    assert [line.kind["key"] for line in sides["prevention"]] == ["report", "isolate", "screened"]


def test_the_level_above_decides_and_another_person_and_only_what_was_handed_in(plan, world, at):
    with pytest.raises(Conflict, match=r"node_plan\.not_submitted"):
        decide_plan(plan_id=plan.pk, accept=True, by=world.city, at=at)
    given(plan, world, at, PREVENTION | TREATMENT)
    with pytest.raises(Conflict, match=r"node_plan\.submitted"):
        submit_plan(plan_id=plan.pk, by=world.county, at=at)
    for wrong in (world.county, world.cdc):
        with pytest.raises(NotAllowed, match=r"node_plan\.not_judge"):
            decide_plan(plan_id=plan.pk, accept=True, by=wrong, at=at)
    with pytest.raises(Invalid, match=r"node_plan\.reason"):
        decide_plan(plan_id=plan.pk, accept=False, by=world.city, at=at)
    back = decide_plan(plan_id=plan.pk, accept=False, reason="床位太少", by=world.city, at=at)
    assert (back.state, back.reason) == ("returned", "床位太少")
    with pytest.raises(NotAllowed, match=r"node_plan\.not_own"):
        set_targets(plan_id=plan.pk, targets={}, by=world.city, at=at)


def test_only_kinds_of_the_rules_in_reason_and_by_whom_it_concerns(plan, world, at):
    with pytest.raises(Invalid, match=r"node_plan\.kind"):
        set_targets(plan_id=plan.pk, targets={"tanks": 1}, by=world.county, at=at)
    with pytest.raises(Invalid, match=r"node_plan\.target"):
        set_targets(plan_id=plan.pk, targets={"beds": 10**9}, by=world.county, at=at)
    with pytest.raises(Invalid, match=r"node_plan\.year"):
        open_plan(year=1999, by=world.county, at=at)
    with pytest.raises(NotAllowed):
        open_plan(year=local_date(at).year, by=world.township, at=at)
    with pytest.raises(NotFound):
        fetch_plan(plan_id=plan.pk, by=world.outsider)
    again = open_plan(year=local_date(at).year, by=world.county, at=at)
    assert (again, plan_rows(by=world.city, at=at), plan_rows(by=world.outsider, at=at)) == (
        plan, [plan], [],
    )  # fmt: skip
