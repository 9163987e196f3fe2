"""Report cards, twins, classification, the clocks of an investigation."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.apps import apps

from bihuan.core.audit.models import Entry
from bihuan.core.clock import TZ, local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.packs.tables import FORBIDDEN
from bihuan.core.vault.services import forget as forget_people
from bihuan.core.vault.types import FIELDS, Identity
from bihuan.epidemic.models import Case
from bihuan.epidemic.selectors.chains import nodes_of
from bihuan.epidemic.selectors.files import (
    case_row,
    case_rows,
    curve,
    history_of,
    inquiries_of,
    known_before,
)
from bihuan.epidemic.selectors.sight import fetch_case
from bihuan.epidemic.selectors.situation import known_cases
from bihuan.epidemic.selectors.tallies import tallies
from bihuan.epidemic.services.cases import (
    classify_case,
    file_inquiry,
    mark_care,
    merge_cases,
    read_person,
    report_case,
    split_case,
)
from bihuan.epidemic.services.corrections import Corrected, correct_case
from bihuan.epidemic.services.expiry import forget
from tests.epidemic.builders import LI
from tests.epidemic.conftest import card, make_event


def test_a_card_later_than_its_limit_is_taken_stamped_and_explained(world, event, at):
    late = card(world, event, at, diagnosed_at=at - timedelta(hours=3, minutes=10))
    with pytest.raises(Invalid, match=r"case.late") as refused:
        report_case(card=late, by=world.clinic, at=at)
    assert refused.value.facts["minutes"] == 70
    case = report_case(card=replace(late, late_reason="夜间断网"), by=world.clinic, at=at)
    assert case_row(case, at).late == timedelta(minutes=70)


def test_the_limit_is_that_of_the_list_on_the_day_of_diagnosis(world):
    day = datetime(2026, 5, 1, 12, tzinfo=TZ)
    event = make_event(world, day, "chik")
    case = report_case(card=card(world, event, day, findings=frozenset({"fever"})),
                       by=world.clinic, at=day)  # fmt: skip
    assert case.report_due_at - case.diagnosed_at == timedelta(hours=24)


def test_a_team_is_assigned_at_once_with_both_clocks(case, world, at):
    core, whole = inquiries_of(case)
    assert {core.owner_post.org_id} == {world.cdc.org_id}
    assert core.due_at == at + timedelta(hours=4)
    assert whole.due_at == at + timedelta(hours=24)
    assert core.due_rule == "cn.unknown.control@2026.1/case.core_facts"


def test_the_second_case_goes_to_the_epidemiologist_with_less_work(case, world, event, at):
    other = Identity(name="陈晨", id_number="110101199912120011")
    second = report_case(card=card(world, event, at, person=other), by=world.clinic, at=at)
    owners = {inquiries_of(c)[0].owner_post_id for c in (case, second)}
    assert len(owners) == 2


def test_filing_stops_the_clock_and_an_empty_file_does_not(case, world, at):
    owner = "cdc" if inquiries_of(case)[0].owner_post_id == world.cdc.post_id else "cdc2"
    who = world.actor(owner)
    Case.objects.filter(pk=case.pk).update(onset=None, findings=[])
    given = {"case_id": case.pk, "part": "case.core_facts", "answers": {}, "by": who, "at": at}
    with pytest.raises(MoveBlocked, match=r"inquiry.incomplete"):
        file_inquiry(**given)
    Case.objects.filter(pk=case.pk).update(findings=["fever"])
    file_inquiry(**given)
    assert Obligation.objects.get(origin=f"case:{case.pk}:case.core_facts").state == "closed"


@pytest.mark.parametrize("name", ["李建国", "李见国", "李国建"])
def test_a_likely_twin_stops_the_card_until_somebody_looked(case, world, event, at, name):
    again = card(world, event, at, person=replace(LI, name=name, id_number=""))
    with pytest.raises(Conflict, match=r"case.twins"):
        report_case(card=again, by=world.clinic, at=at)
    looked = replace(again, other_than=frozenset({case.pseudonym}))
    second = report_case(card=looked, by=world.clinic, at=at)
    assert second.pseudonym != case.pseudonym


def test_pictures_of_before_a_merge_show_both_files_and_so_do_those_after_it_was_taken_back(
    case, world, event, at, django_assert_num_queries
):
    other = Identity(name="陈晨", id_number="110101199912120011")
    second = report_case(card=card(world, event, at, person=other), by=world.clinic, at=at)
    hour = timedelta(hours=1)
    merge_cases(case_id=second.pk, into_id=case.pk, by=world.cdc, at=at + 2 * hour)
    split_case(case_id=second.pk, by=world.cdc, at=at + 4 * hour)
    seen = []
    for hours in (1, 3, 5):
        then = at + hours * hour
        seen.append((
            len(case_rows(by=world.cdc, event=event, at=then)),
            len(nodes_of(event=event, by=world.cdc, at=then)),
            len(known_cases(at=then, scope=event.scope, event=event)),
            sum(sum(bar.counts) for bar in curve(event=event, by=world.cdc, at=then).bars),
            known_before(event=event, at=then)[1],
            sum(row.n for row in tallies(since=at - timedelta(days=2), at=then)),
        ))  # fmt: skip
    assert seen == [(2,) * 6, (1,) * 6, (2,) * 6]
    by = world.cdc
    with django_assert_num_queries(3):
        nodes_of(event=event, by=by, at=at + hour)


def test_a_merge_can_be_taken_back_and_is_then_remembered(case, world, event, at):
    other = Identity(name="陈晨", id_number="110101199912120011")
    second = report_case(card=card(world, event, at, person=other), by=world.clinic, at=at)
    merge_cases(case_id=second.pk, into_id=case.pk, by=world.cdc, at=at)
    assert [row.id for row in case_rows(by=world.cdc, event=event, at=at)] == [case.pk]
    split_case(case_id=second.pk, by=world.cdc, at=at)
    assert len(case_rows(by=world.cdc, event=event, at=at)) == 2


def test_a_class_beside_the_packs_needs_a_reason_and_both_stay_with_their_dates(case, world, at):
    told = {"case_id": case.pk, "kind": "probable", "findings": frozenset({"fever"}),
            "by": world.cdc}  # fmt: skip
    with pytest.raises(Invalid, match=r"case.no_reason"):
        classify_case(**told, reason="", at=at)
    classify_case(**told, reason="专家会诊", at=at + timedelta(days=3))
    last, first = history_of(case)
    assert (first.kind, last.kind, last.proposed) == ("suspected", "probable", "")
    assert last.at - first.at == timedelta(days=3)


def test_an_earlier_list_and_curve_show_the_class_held_then(case, world, event, at):
    later = at + timedelta(days=2)
    classify_case(case_id=case.pk, kind="excluded", findings=frozenset(), reason="其他病因",
                  by=world.cdc, at=later)  # fmt: skip
    (row,) = case_rows(by=world.cdc, event=event, at=later - timedelta(hours=1))
    assert row.kind == "suspected"
    assert curve(event=event, by=world.cdc, at=later - timedelta(hours=1)).values == ("suspected",)
    assert [row.kind for row in case_rows(by=world.cdc, event=event, at=later)] == ["excluded"]
    assert curve(event=event, by=world.cdc, at=later).bars == ()


def test_what_the_card_said_is_corrected_with_a_reason_and_the_audit_keeps_both(case, world, at):
    day = case.onset + timedelta(days=1)
    given = Corrected(day, "screening", "imported", case.age_band)
    told = {"case_id": case.pk, "by": world.cdc, "at": at}
    for wrong, code in (
        (replace(given, onset=local_date(at) + timedelta(days=1)), "case.future"),
        (replace(given, found_in="x"), "case.found_in"),
        (replace(given, age_band="9"), "case.age_band"),
        (Corrected(case.onset, case.found_in, case.origin, case.age_band), "case.unchanged"),
    ):
        with pytest.raises(Invalid) as refused:
            correct_case(given=wrong, reason="流调", **told)
        assert refused.value.code == code
    with pytest.raises(Invalid, match=r"case\.correction_reason"):
        correct_case(given=given, reason=" ", **told)
    with pytest.raises(NotAllowed):
        correct_case(given=given, reason="流调", **told | {"by": world.county})
    with pytest.raises(NotFound):
        correct_case(given=given, reason="流调", **told | {"by": world.cdc_south})
    row = correct_case(given=given, reason="流调", **told)
    assert (row.onset, row.found_in, row.origin) == (day, "screening", "imported")
    kept = Entry.objects.get(action="case.correct")
    assert kept.facts["reason"] == "流调"
    assert (kept.facts["was"]["found_in"], kept.facts["now"]["found_in"]) == ("clinic", "screening")
    assert sorted(kept.facts["was"]) == ["found_in", "onset", "origin"]


def test_an_earlier_picture_shows_what_the_card_said_then(case, world, event, at):
    told = {"case_id": case.pk, "by": world.cdc, "reason": "流调"}
    was, days = case.onset, [case.onset - timedelta(days=n) for n in (1, 2)]
    for n, day in enumerate(days, 1):
        given = Corrected(day, "screening", "imported", case.age_band)
        correct_case(given=given, at=at + timedelta(hours=n), **told)
    for n, day, found_in in (
        (0, was, "clinic"),
        (1, days[0], "screening"),
        (2, days[1], "screening"),
    ):
        then = at + timedelta(hours=n)
        (node,) = nodes_of(event=event, by=world.cdc, at=then)
        (known,) = known_cases(at=then, scope=event.scope, event=event)
        (row,) = case_rows(by=world.cdc, event=event, at=then)
        drawn = curve(event=event, by=world.cdc, at=then, variable="found_in")
        assert {node.day, known.happened, row.onset} == {day}
        assert {node.found_in, known.found_in, row.found_in, *drawn.values} == {found_in}
        assert [bar.day for bar in drawn.bars if any(bar.counts)] == [day]


def test_a_converted_case_is_counted_once(case, world, event, at):
    classify_case(case_id=case.pk, kind="probable", findings=frozenset({"fever", "no_cause"}),
                  reason="", by=world.cdc, at=at)  # fmt: skip
    drawn = curve(event=event, by=world.mayor, at=at)
    assert drawn.values == ("probable",)
    assert sum(sum(bar.counts) for bar in drawn.bars) == 1


PEOPLE = ("mayor", "county", "township", "inspector", "police", "factory", "clinic", "auditor",
          "admin", "cdc_hill", "cdc_south")  # fmt: skip


@pytest.mark.parametrize("name", PEOPLE)
def test_nobody_but_the_epidemiologists_of_the_place_opens_a_case(case, world, event, at, name):
    by = world.actor(name)
    with pytest.raises(NotFound, match=r"case.not_found"):
        fetch_case(case_id=case.pk, by=by)
    assert case_rows(by=by, event=event, at=at) == ()
    with pytest.raises((NotFound, NotAllowed)):
        read_person(case_id=case.pk, purpose="investigation", by=by, at=at)


def test_the_city_above_reads_the_case_and_the_person_for_a_purpose(case, world, at):
    seen = read_person(case_id=case.pk, purpose="investigation", by=world.cdc_city, at=at)
    assert seen["name"] == LI.name


def test_no_table_outside_the_vault_has_a_column_that_identifies_or_must_not_exist():
    labels = ("epidemic", "sensing")
    columns = {
        f"{model._meta.label}.{field.name}"
        for label in labels
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
    }
    # Houses, their zones, stations and installations have names and addresses of their own.
    of_no_person = {
        "epidemic.CasePlace.name", "epidemic.Cluster.name", "epidemic.Facility.name",
        "epidemic.Peer.address", "epidemic.Zone.name", "sensing.Gate.name", "sensing.Sentinel.name",
    }  # fmt: skip
    assert {c for c in columns if c.rpartition(".")[2] in FIELDS} == of_no_person
    assert not [c for c in columns for word in FORBIDDEN if word in c.lower()]


def test_every_row_about_a_person_says_when_it_goes():
    for label in ("Case", "Contact"):
        field = apps.get_model("epidemic", label)._meta.get_field("expires_at")
        assert not field.null


def test_what_expired_is_gone_from_files_and_vault(case, world, at):
    later = case.expires_at
    told = forget(at=later)
    assert (told["contacts"], told["cases"]) == (0, 1)
    assert forget_people(at=later) == 1
    assert not Case.objects.exists()


def test_isolation_and_treatment_wait_for_no_report(case, world, at):
    for step, minutes in (("isolated_at", 30), ("treated_at", 60)):
        mark_care(case_id=case.pk, step=step, moment=case.diagnosed_at + timedelta(minutes=minutes),
                  by=world.cdc, at=at)  # fmt: skip
    case.refresh_from_db()
    assert case.isolated_at < case.reported_at
    with pytest.raises(Invalid, match=r"case.future"):
        mark_care(case_id=case.pk, step="treated_at", moment=at + timedelta(hours=1), by=world.cdc,
                  at=at)  # fmt: skip
