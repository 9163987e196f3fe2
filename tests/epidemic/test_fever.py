"""Fever visits: the first institution answers until a receiver signed (M084)."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.epidemic.models import FeverVisit
from bihuan.epidemic.selectors.fever import fetch_visit, visit_rows
from bihuan.epidemic.services import fever
from bihuan.epidemic.services.expiry import forget
from tests.epidemic.care import HOUR, add_care


@pytest.fixture
def visit(world, at):
    add_care(world)
    return fever.take_in(visit_no="F-001", age_band="15-44", by=world.clinic, at=at)


def triaged(world, visit, at):
    return fever.triage(visit_id=visit.pk, level="fever_clinic", waits_at="隔离候诊 1", by=world.clinic,
                        at=at)  # fmt: skip


def offer(world, visit, at, to="hospital"):
    return fever.offer_visit(visit_id=visit.pk, to_org_id=world.actor(to).org_id, note="负压车",
                             by=world.clinic, at=at)  # fmt: skip


def test_sent_elsewhere_without_a_signature_is_refused_and_with_it_both_times_are_kept(
    world, visit, at
):
    triaged(world, visit, at)
    with pytest.raises(MoveBlocked, match=r"fever\.no_receiver"):
        fever.close_visit(visit_id=visit.pk, outcome="sent", by=world.clinic, at=at)
    made = offer(world, visit, at)
    with pytest.raises(MoveBlocked, match=r"fever\.no_receiver"):
        fever.close_visit(visit_id=visit.pk, outcome="sent", by=world.clinic, at=at)
    assert FeverVisit.objects.get().org_id == world.clinic.org_id, "an offer hands nothing over"
    signed = fever.sign_visit(handover_id=made.pk, by=world.actor("hospital"), at=at + HOUR)
    assert (signed.offered_at, signed.taken_at) == (at, at + HOUR)
    assert FeverVisit.objects.get().org_id == world.actor("hospital").org_id
    with pytest.raises(NotFound):
        fever.close_visit(visit_id=visit.pk, outcome="home", by=world.clinic, at=at + HOUR)
    assert fetch_visit(visit_id=visit.pk, by=world.clinic).pk == visit.pk, "what became of it"


def test_a_result_that_comes_after_the_patient_was_admitted_is_noted_once(world, visit, at):
    triaged(world, visit, at)

    def noted(result, moment):
        return fever.note_test(visit_id=visit.pk, result=result, by=world.clinic, at=moment)

    noted("pending", at)
    fever.close_visit(visit_id=visit.pk, outcome="admitted", by=world.clinic, at=at + HOUR)
    with pytest.raises(Conflict, match=r"fever\.over"):
        triaged(world, visit, at + HOUR)
    row = noted("positive", at + 5 * HOUR)
    assert (row.tested_at, row.result_at) == (at, at + 5 * HOUR)
    with pytest.raises(Conflict, match=r"fever\.over"):
        noted("negative", at + 6 * HOUR)


def test_who_refuses_owns_nothing(world, visit, at):
    triaged(world, visit, at)
    made = offer(world, visit, at)
    with pytest.raises(Conflict, match=r"fever\.offered"):
        offer(world, visit, at, to="big_hospital")
    with pytest.raises(NotFound):
        fever.sign_visit(handover_id=made.pk, by=world.actor("big_hospital"), at=at)
    fever.sign_visit(handover_id=made.pk, refusal="没有床", by=world.actor("hospital"), at=at)
    assert FeverVisit.objects.get().org_id == world.clinic.org_id
    assert offer(world, visit, at, to="big_hospital").taken_at is None


def test_nobody_goes_home_untriaged_or_before_the_result(world, visit, at):
    with pytest.raises(MoveBlocked, match=r"fever\.not_triaged"):
        fever.close_visit(visit_id=visit.pk, outcome="home", by=world.clinic, at=at)
    with pytest.raises(MoveBlocked, match=r"fever\.not_triaged"):
        fever.note_test(visit_id=visit.pk, result="pending", by=world.clinic, at=at)
    triaged(world, visit, at)
    for result in ("", "pending"):
        if result:
            fever.note_test(visit_id=visit.pk, result=result, by=world.clinic, at=at)
        with pytest.raises(MoveBlocked, match=r"fever\.no_result"):
            fever.close_visit(visit_id=visit.pk, outcome="home", by=world.clinic, at=at)
    fever.note_test(visit_id=visit.pk, result="negative", by=world.clinic, at=at)
    fever.close_visit(visit_id=visit.pk, outcome="home", by=world.clinic, at=at + HOUR)
    with pytest.raises(Conflict, match=r"fever\.over"):
        triaged(world, visit, at + HOUR)


def test_what_is_late_is_said(world, visit, at):
    assert [r.late for r in visit_rows(by=world.clinic, at=at + timedelta(minutes=10))] == [""]
    assert [r.late for r in visit_rows(by=world.clinic, at=at + timedelta(minutes=11))] == [
        "triage"
    ]
    triaged(world, visit, at)
    assert [r.late for r in visit_rows(by=world.clinic, at=at + 6 * HOUR)] == [""]
    assert [r.late for r in visit_rows(by=world.cdc, at=at + 7 * HOUR)] == ["result"]


def test_others_do_not_know_of_a_visit_and_it_is_forgotten(world, visit, at):
    for name in ("hospital", "cdc_hill", "county", "police"):
        with pytest.raises(NotFound):
            fetch_visit(visit_id=visit.pk, by=world.actor(name))
    with pytest.raises(NotAllowed):
        fever.take_in(visit_no="X", age_band="15-44", by=world.cdc, at=at)
    with pytest.raises(Conflict, match=r"fever\.twice"):
        fever.take_in(visit_no="F-001", age_band="0-4", by=world.clinic, at=at)
    with pytest.raises(Invalid):
        fever.take_in(visit_no=" ", age_band="0-4", by=world.clinic, at=at)
    forget(at=visit.expires_at)
    assert not FeverVisit.objects.exists()
