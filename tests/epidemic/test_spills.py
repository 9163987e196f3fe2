"""Notices outward: who must be told, in what time, and who signed."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act, prove
from bihuan.core.loops.services.proof import Proof
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Contact, ExportedCase, Peer, Spill
from bihuan.epidemic.rules.spills import receiver_of, standing
from bihuan.epidemic.selectors.spills import (
    event_spills,
    fetch_spill,
    gone_out,
    outward_of,
    spills_in,
    spills_out,
    waiting_for,
)
from bihuan.epidemic.services.cases import merge_cases, report_case, split_case
from bihuan.epidemic.services.spills import (
    NewSpill,
    acknowledge_notice,
    assign_missing,
    find_spills,
    link_case,
    note_exposed,
    send_notice,
)
from tests.epidemic.conftest import card, contact, make_event
from tests.epidemic.instances import flow

HOUR = timedelta(hours=1)
ELSEWHERE = ("990102", "990201", "9902")  # a sister county, a county of another city, a city


def ill_at(world, event, at, code, name):
    """A case of the event who lives at a place."""
    given = card(world, event, at, person=Identity(name=name), place_id=world.places[code].pk)
    return report_case(card=given, by=world.cdc, at=at)


def by_place(event, world, at):
    return {row.spill.place.code: row for row in event_spills(event=event, by=world.cdc, at=at)}


def test_three_exported_cases_show_three_links_with_the_time_of_each_notice_and_one_missing(
    world, event, at
):
    for code, name in zip(ELSEWHERE, ("周杰", "吴敏", "郑强"), strict=True):
        ill_at(world, event, at, code, name)
    assert find_spills(at=at) == 3
    assert find_spills(at=at + HOUR) == 0, "the same files add nothing"
    for code, hours in (("990102", 1), ("990201", 3)):
        row = by_place(event, world, at)[code].spill
        send_notice(spill_id=row.pk, late_reason="夜间无人值守", by=world.cdc, at=at + hours * HOUR)
    then = at + 4 * HOUR
    told = by_place(event, world, then)
    assert {code: (row.standing.took, row.standing.breach) for code, row in told.items()} == {
        "990102": (HOUR, False), "990201": (3 * HOUR, True), "9902": (4 * HOUR, True),
    }  # fmt: skip
    assert all(len(row.cases) == 1 for row in told.values())
    together = outward_of(told.values())
    assert (together.nodes, together.exported, together.sent, together.late) == (3, 3, 2, 1)
    assert (together.missing, together.median) == (1, 2 * HOUR)
    assert assign_missing(at=then) == 1
    loop = Obligation.objects.get(origin=f"spill:{told['9902'].spill.pk}")
    assert loop.owner_post.scope == event.scope, "the sender owes it"
    assert assign_missing(at=then + HOUR) == 0


def test_a_case_that_was_merged_went_nowhere_while_it_was_part_of_another(world, event, case, at):
    away = ill_at(world, event, at, "990102", "周杰")
    merge_cases(case_id=away.pk, into_id=case.pk, by=world.cdc_city, at=at + 2 * HOUR)
    split_case(case_id=away.pk, by=world.cdc_city, at=at + 4 * HOUR)
    gone = [gone_out(at=at + hours * HOUR) for hours in (1, 3, 5)]
    assert [[case for went in one.values() for case, _at in went.cases] for one in gone] == [
        [away.pk], [], [away.pk],
    ]  # fmt: skip


def test_the_late_notice_is_the_proof_of_its_task_and_stays_late(world, event, at):
    row = note_exposed(event_id=event.pk, given=NewSpill("990102", 2), by=world.cdc, at=at)
    assign_missing(at=at + 3 * HOUR)
    loop = Obligation.objects.get(origin=f"spill:{row.pk}")
    later = {"by": world.cdc, "at": at + 4 * HOUR}
    prove_it = {"obligation_id": loop.pk, "given": Proof(text="已电话告知"), **later}
    with pytest.raises(MoveBlocked, match=r"spill\.unsent"):
        prove(**prove_it)
    with pytest.raises(Invalid, match=r"spill\.late_reason"):
        send_notice(spill_id=row.pk, late_reason=" ", **later)
    sent = send_notice(spill_id=row.pk, late_reason="夜间无人值守", **later)
    loop.refresh_from_db()
    assert (loop.state, loop.submitted_by_id) == ("submitted", world.cdc.person_id)
    said = Item.objects.get(subject=loop.subject)
    assert sent.number in said.text
    assert "夜间无人值守" in said.text
    judge = world.cdc_city if loop.issuer_post_id == world.cdc_city.post_id else world.county
    done = act(obligation_id=loop.pk, move="accept", by=judge, at=at + 5 * HOUR)
    assert done.state == "closed"
    (told,) = event_spills(event=event, by=world.cdc, at=at + 5 * HOUR)
    assert (told.standing.breach, told.spill.late_reason) == (True, "夜间无人值守")


def test_contacts_who_live_elsewhere_are_counted_and_the_clock_runs_from_the_first(
    world, event, case, at
):
    there = world.places["990102"].pk
    contact(world, case, at, place_id=there)
    contact(world, case, at + HOUR, place_id=there, person=Identity(name="吴敏"))
    contact(world, case, at)
    find_spills(at=at + HOUR)
    (row,) = event_spills(event=event, by=world.cdc, at=at + HOUR)
    assert (row.spill.exposed, row.spill.detected_at, row.spill.place.code) == (2, at, "990102")
    assert row.spill.due_at == at + 2 * HOUR


def test_who_became_a_case_in_another_event_is_an_exported_case(world, event, case, at):
    gone = contact(world, case, at, place_id=world.places["990102"].pk)
    other = make_event(world, at, disease="unknown")
    ill = ill_at(world, other, at, "990102", "孙丽")
    Contact.objects.filter(pk=gone.pk).update(became_case=ill)
    find_spills(at=at, event_id=event.pk)
    assert list(ExportedCase.objects.values_list("case", "spill__event")) == [(ill.pk, event.pk)]


def test_the_node_signs_and_signs_again_when_more_are_known(world, event, at):
    row = note_exposed(event_id=event.pk, given=NewSpill("990102", 2), by=world.cdc, at=at)
    assert (fetch_spill(spill_id=row.pk, by=world.cdc_hill).pk, waiting_for(by=world.county2)) == (
        row.pk, 0,
    )  # fmt: skip
    with pytest.raises(Conflict, match=r"spill\.not_sent"):
        acknowledge_notice(spill_id=row.pk, by=world.county2, at=at)
    send_notice(spill_id=row.pk, advice="查同车旅客", by=world.cdc, at=at + HOUR)
    assert waiting_for(by=world.county2) == 1
    with pytest.raises(Conflict, match=r"spill\.sent"):
        send_notice(spill_id=row.pk, by=world.cdc, at=at + HOUR)
    for wrong in (world.cdc, world.cdc_city):
        with pytest.raises(NotAllowed, match=r"spill\.not_receiver"):
            acknowledge_notice(spill_id=row.pk, by=wrong, at=at + HOUR)
    acknowledge_notice(spill_id=row.pk, by=world.county2, at=at + 2 * HOUR)
    with pytest.raises(Conflict, match=r"spill\.acknowledged"):
        acknowledge_notice(spill_id=row.pk, by=world.county2, at=at + 2 * HOUR)
    note_exposed(event_id=event.pk, given=NewSpill("990102", 5), by=world.cdc, at=at + 2 * HOUR)
    (more,) = spills_out(by=world.cdc, at=at + 3 * HOUR)
    assert (more.standing.state, more.spill.exposed, more.spill.told) == ("more", 5, 2)
    send_notice(spill_id=row.pk, by=world.cdc, at=at + 3 * HOUR)  # of more people, no first notice
    (seen,) = spills_in(by=world.cdc_hill, at=at + 3 * HOUR)
    assert (seen.standing.state, seen.standing.took) == ("sent", HOUR), "the first notice counts"
    signed = acknowledge_notice(spill_id=row.pk, by=world.cdc_hill, at=at + 4 * HOUR)
    assert (signed.acknowledged_at, signed.acknowledged_by) == (at + 4 * HOUR, world.cdc_hill.name)


def test_the_node_links_a_case_it_found_and_nobody_else_does(world, event, at):
    row = note_exposed(event_id=event.pk, given=NewSpill("990102", 1), by=world.cdc, at=at)
    other = make_event(world, at)
    ill = ill_at(world, other, at, "990102", "孙丽")
    with pytest.raises(Invalid, match=r"spill\.case"):
        link_case(spill_id=row.pk, number=ill.number, by=world.cdc, at=at)
    made = link_case(spill_id=row.pk, number=ill.number, by=world.cdc_hill, at=at)
    assert (made.case, made.spill) == (ill, row)
    with pytest.raises(Conflict, match=r"spill\.linked"):
        link_case(spill_id=row.pk, number=ill.number, by=world.cdc_hill, at=at)
    with pytest.raises(NotAllowed):
        link_case(spill_id=row.pk, number=ill.number, by=world.county2, at=at)


def test_what_did_not_leave_and_what_is_in_the_future_is_refused_and_others_see_nothing(
    world, event, at
):
    for code in ("990101001", "990101", "880101"):
        with pytest.raises(Invalid, match=r"spill\.inside"):
            note_exposed(event_id=event.pk, given=NewSpill(code, 1), by=world.cdc, at=at)
    for given in (NewSpill("990102", 0), NewSpill("990102", 1, detected_at=at + HOUR)):
        with pytest.raises(Invalid, match=r"spill\.exposed"):
            note_exposed(event_id=event.pk, given=given, by=world.cdc, at=at)
    row = note_exposed(event_id=event.pk, given=NewSpill("990102", 1), by=world.cdc, at=at)
    for stranger in (world.cdc_south, world.police):
        with pytest.raises(NotFound):
            fetch_spill(spill_id=row.pk, by=stranger)
    with pytest.raises(NotAllowed, match=r"spill\.not_sender"):
        send_notice(spill_id=row.pk, by=world.cdc_hill, at=at)
    with pytest.raises(NotAllowed):
        note_exposed(event_id=event.pk, given=NewSpill("990102", 1), by=world.county, at=at)


def test_an_earlier_moment_by_hand_moves_the_limit_back(world, event, at):
    note_exposed(event_id=event.pk, given=NewSpill("990102", 1), by=world.cdc, at=at)
    note_exposed(event_id=event.pk, given=NewSpill("990102", 1, detected_at=at - HOUR), by=world.cdc,
                 at=at)  # fmt: skip
    row = Spill.objects.get()
    assert (row.detected_at, row.due_at) == (at - HOUR, at + HOUR)


@pytest.mark.parametrize(
    ("event_scope", "scope", "node"),
    [
        ("99.01.01.", "99.01.01.001.", None),
        ("99.01.01.", "99.01.02.001.", "99.01.02."),
        ("99.01.01.001.", "99.01.01.002.003.", "99.01.01.002."),
        ("99.01.", "99.02.01.001.", "99.02.01."),
        ("99.01.01.", "99.01.", "99.01."),
    ],
)
def test_the_node_to_tell_is_the_county_or_within_ones_own_the_township(event_scope, scope, node):
    assert receiver_of(event_scope, scope) == node


def test_a_notice_after_its_limit_stays_a_breach(at):
    told = standing(detected_at=at, due_at=at + 2 * HOUR, sent_at=at + 3 * HOUR, more=False,
                    acknowledged=True, at=at + 9 * HOUR)  # fmt: skip
    assert (told.state, told.took, told.breach) == ("received", 3 * HOUR, True)


def test_a_peer_is_told_signs_and_tells_of_a_case_and_no_name_travels(pair, at):
    here, there = pair
    with here.inside():
        world = here.world
        event = make_event(world, at)
        given = NewSpill("990102", 3, Peer.objects.get().pk)
        row = note_exposed(event_id=event.pk, given=given, by=world.cdc, at=at)
        send_notice(spill_id=row.pk, advice="查同航班旅客", by=world.cdc, at=at)
    wire = flow(here, there, at)
    assert wire.carried[0]["body"]["exposed"] == 3
    assert "people" not in wire.carried[0]["body"]
    with there.inside():
        world = there.world
        (seen,) = spills_in(by=world.county2, at=at)
        assert (seen.spill.place.code, seen.spill.told, seen.spill.incoming) == ("990102", 3, True)
        acknowledge_notice(spill_id=seen.spill.pk, by=world.county2, at=at)
        ill = ill_at(world, make_event(world, at), at, "990102", "孙丽")
        link_case(spill_id=seen.spill.pk, number=ill.number, by=world.cdc_hill, at=at)
    flow(there, here, at + HOUR)
    with here.inside():
        (told,) = event_spills(event=event, by=here.world.cdc, at=at + HOUR)
        assert told.standing.state == "received"
        assert [one.case for one in told.cases] == [None]
        with pytest.raises(NotAllowed, match=r"spill\.not_receiver"):
            acknowledge_notice(spill_id=row.pk, by=here.world.head, at=at)
