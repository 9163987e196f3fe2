"""Another edition lists who must be trained anew, and gives it to them once (M070)."""

from datetime import date

import pytest

from bihuan.core.clock import day_start
from bihuan.core.errors import Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops import invariants
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act, prove
from bihuan.core.loops.services.proof import Proof
from bihuan.core.packs import registry
from bihuan.core.packs.diff import Change, diff
from bihuan.epidemic.rules.trainings import touched
from bihuan.epidemic.selectors.trainings import trainings
from bihuan.epidemic.services import workers
from bihuan.epidemic.services.trainings import assign_trainings
from tests.epidemic.builders import add_health
from tests.epidemic.care import DAY, HOUR, NINTH, add_care, facility
from tests.factories import build_world

OLD, NEW = "cn.covid19.control@9", "cn.covid19.control@20"


@pytest.fixture
def world(db):
    return add_care(add_health(build_world(NINTH)))


def told(world, at=NINTH, by="cdc"):
    old, new = registry.by_edition(OLD), registry.by_edition(NEW)
    return trainings(old=old, new=new, by=world.actor(by), at=at)


def test_a_subject_is_touched_by_each_rule_of_its_tables_once():
    rows = [{"key": "a", "tables": ["plan"], "roles": ["node"]},
            {"key": "b", "tables": ["care"], "roles": ["care"]}]  # fmt: skip
    changes = [Change("plan", "close", "", "", field, 1, 2) for field in ("segments", "anchor")]
    (found,) = touched(rows, [*changes, Change("zone", "high", "", "", "units", 1, 2)])
    assert (found.row["key"], found.rules) == ("a", 1)
    assert found.is_for({"node"})
    assert not found.is_for({"care"})


def test_the_second_edition_of_the_testing_guideline_holds_until_the_third():
    def edition(day):
        return registry.edition("testing-guideline", day_start(day), disease="covid19")

    second, third = edition(date(2022, 3, 20)), edition(date(2022, 3, 25))
    assert [(p.version, p.value_of("round.hours")) for p in (second, third)] == [
        ("2", 48),
        ("3", 24),
    ]
    differ = {change.key for change in diff(second, third)}
    assert {"round.hours", "round.hours_large", "round.scope"} <= differ


def test_an_edition_says_who_is_trained_in_what_and_until_when(world, django_assert_num_queries):
    row = facility(world, NINTH - DAY, name="inn")
    workers.enter_workers(facility_id=row.pk, codes=["G1", "G2", "G3"], kind="service",
                          by=world.inn, at=NINTH)  # fmt: skip
    by = world.cdc
    old, new = registry.by_edition(OLD), registry.by_edition(NEW)
    with django_assert_num_queries(4):
        found = trainings(old=old, new=new, by=by, at=NINTH)
    subjects = {one.row["key"]: one.rules for one in found.subjects}
    assert subjects["management"] >= 1
    assert subjects["zones"] >= 1
    assert found.deadline.at == day_start(new.valid_from) > NINTH + 3 * DAY, "before it begins"
    assert (
        told(world, at=day_start(new.valid_from)).deadline.at == day_start(new.valid_from) + 3 * DAY
    )
    by_org = {one.org.pk: one for one in found.rows}
    inn = by_org[world.inn.org_id]
    assert (inn.posts, inn.staff, inn.people) == (1, 3, 4)
    assert "zones" not in {one.row["key"] for one in inn.subjects}
    assert world.actor("police").org_id not in by_org
    assert world.actor("cdc_hill").org_id not in by_org, "of the reader's place alone"


def test_each_organisation_gets_its_training_once_acknowledges_and_proves_it(world):
    n = len(told(world).rows)
    given = {"old": OLD, "new": NEW, "by": world.cdc}
    assert (assign_trainings(**given, at=NINTH), assign_trainings(**given, at=NINTH + HOUR)) == (
        n,
        0,
    )
    assert (told(world).unassigned, told(world).acknowledged) == (0, 0)
    (inn,) = Obligation.objects.filter(owner_org_id=world.inn.org_id)
    act(obligation_id=inn.pk, move="acknowledge", by=world.inn, at=NINTH + HOUR)
    assert told(world).acknowledged == 1
    with pytest.raises(MoveBlocked, match=r"loop\.no_evidence"):
        act(obligation_id=inn.pk, move="prove", by=world.inn, at=NINTH + DAY)
    prove(obligation_id=inn.pk, given=Proof(text="签到 4 人"), by=world.inn, at=NINTH + DAY)
    act(obligation_id=inn.pk, move="accept", by=world.cdc, at=NINTH + 2 * DAY)
    assert told(world).trained == 1
    own = Obligation.objects.get(owner_org_id=world.cdc.org_id)
    assert own.issuer_post_id == world.county.post_id, "nobody judges their own"
    assert invariants.waiting(at=NINTH + DAY) == []


def test_only_disease_control_gives_trainings_and_only_between_editions_of_a_family(world):
    with pytest.raises(NotAllowed):
        assign_trainings(old=OLD, new=NEW, by=world.inn, at=NINTH)
    for old, new in ((OLD, OLD), (OLD, "cn.covid19.treatment@9")):
        with pytest.raises(Invalid, match=r"edition\.families"):
            assign_trainings(old=old, new=new, by=world.cdc, at=NINTH)
    with pytest.raises(NotFound):
        assign_trainings(old=OLD, new="x@1", by=world.cdc, at=NINTH)
    assert not Obligation.objects.exists()
