"""Two real instances, each with its database, that speak over HTTP: loss, repeat, reorder, keys."""

import json
from datetime import timedelta
from random import Random

import pytest

from bihuan.core.errors import Conflict, Invalid, NotFound
from bihuan.core.vault.models import Sealed
from bihuan.core.vault.services import forget
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Contact, InMessage, OutMessage, Peer, Question, Transfer
from bihuan.epidemic.rules import envelopes
from bihuan.epidemic.selectors.contacts import checks_owed, contact_page, managed
from bihuan.epidemic.selectors.questions import fetch_question, question_rows
from bihuan.epidemic.services import peers, questions, transfers
from bihuan.epidemic.services.cases import report_case
from bihuan.epidemic.services.contacts import check_contact, place_contact, reach_contact
from bihuan.epidemic.services.questions import NewQuestion, Reply
from tests.epidemic.conftest import card, contact, make_event
from tests.epidemic.instances import Instance, flow

LATER = timedelta(hours=3, minutes=20)


def asked(one: Instance, at, *, people=1):
    """A question about contacts of a case, approved as often as it must be."""
    with one.inside():
        world = one.world
        event = make_event(world, at)
        case = report_case(card=card(world, event, at), by=world.clinic, at=at)
        rows = [contact(world, case, at, person=_person(n)) for n in range(people)]
        given = NewQuestion(
            case.pk, "trace_contact", "传染病防治法", "990102", Peer.objects.get().pk,
            tuple(row.pk for row in rows),
        )  # fmt: skip
        row = questions.draft_question(given=given, by=world.cdc, at=at)
        questions.approve_question(question_id=row.pk, by=world.cdc2, at=at)
        if people > 1:
            assert Question.objects.get().sent_at is None
            questions.approve_question(question_id=row.pk, by=world.mayor, at=at)
        return row


def _person(n):
    name, phone = (("周小甲", "13700000000"), ("欧阳明月", "18655554444"))[n]
    return Identity(name=name, phone=phone, address="不该外传的地址")


def answered(other: Instance, at, word="found_isolated"):
    with other.inside():
        row = Question.objects.get()
        reply = Reply("answered", (word,) * row.subject_count)
        return questions.answer_question(
            question_id=row.pk, reply=reply, by=other.world.cdc_hill, at=at
        )


def test_one_question_travels_and_only_its_answer_comes_back(pair, at):
    here, there = pair
    asked(here, at)
    wire = flow(here, there, at)
    assert "周小甲" not in json.dumps(wire.carried, ensure_ascii=False), "sealed on the line"
    with there.inside():
        (row,) = question_rows(by=there.world.cdc_hill, at=at)
        (person,) = questions.people_of(question_id=row.pk, by=there.world.cdc_hill, at=at)
        assert (person.name, person.phone, person.address) == ("周小甲", "13700000000", "")
    answered(there, at + LATER)
    back = flow(there, here, at + LATER)
    assert "周小甲" not in json.dumps(back.carried, ensure_ascii=False)
    with here.inside():
        row = Question.objects.get()
        assert (row.outcome, row.answer) == ("answered", {"words": ["found_isolated"]})


def test_the_fields_are_gone_on_both_sides_and_the_counts_stay(pair, at):
    here, there = pair
    asked(here, at)
    flow(here, there, at)
    answered(there, at)
    flow(there, here, at)
    for one in pair:
        with one.inside():
            assert questions.expire_questions(at=at + timedelta(days=13)) == 0
            assert questions.expire_questions(at=at + timedelta(days=14)) == 1
            forget(at=at + timedelta(days=15))
            row = Question.objects.get()
            assert (row.subjects, row.answer, row.subject_count) == ([], {}, 1)
            assert row.answered_at is not None
    with there.inside():
        assert not Sealed.objects.exists()


def test_more_than_one_person_takes_two_approvals_and_never_the_authors(pair, at):
    here, there = pair
    row = asked(here, at, people=2)
    flow(here, there, at)
    with there.inside():
        assert Question.objects.get().subject_count == 2
    with here.inside(), pytest.raises(Conflict, match=r"question\.sent"):
        questions.approve_question(question_id=row.pk, by=here.world.cdc, at=at)


def test_nobody_asks_without_a_case_or_about_strangers(pair, at):
    here, _there = pair
    row = asked(here, at)
    with here.inside():
        given = NewQuestion(row.case_id, "all_phones", "法", "990102", Peer.objects.get().pk)
        with pytest.raises(Invalid, match=r"question\.kind"):
            questions.draft_question(given=given, by=here.world.cdc, at=at)
        given = NewQuestion(row.case_id, "trace_contact", "法", "990102", None, (999_999,))
        with pytest.raises(Invalid, match=r"question\.subjects"):
            questions.draft_question(given=given, by=here.world.cdc, at=at)
        with pytest.raises(NotFound):
            questions.draft_question(
                given=NewQuestion(999_999, "trace_contact", "法", "990102"),
                by=here.world.cdc,
                at=at,
            )


def test_the_police_see_a_question_of_theirs_and_no_other(pair, at):
    here, there = pair
    row = asked(here, at)
    flow(here, there, at)
    with here.inside(), pytest.raises(NotFound):
        fetch_question(question_id=row.pk, by=here.world.police)
    with there.inside():
        assert question_rows(by=there.world.police, at=at) == []


@pytest.mark.parametrize("faults", [["lost"] * 3, ["ack lost", "repeated"], ["repeated"] * 4])
def test_loss_and_repeat_on_the_line_change_nothing(pair, at, faults):
    here, there = pair
    asked(here, at)
    for step in range(6):
        flow(here, there, at + timedelta(hours=2 * step), faults=faults[step : step + 1])
    with here.inside():
        assert not OutMessage.objects.filter(acknowledged_at=None).exists()
    with there.inside():
        assert (Question.objects.count(), InMessage.objects.count()) == (1, 1)


def test_messages_out_of_order_are_taken_in_order(pair, at):
    here, there = pair
    asked(here, at)
    with here.inside():
        peer = Peer.objects.get()
        peers.send(peer=peer, kind="answer", body={}, at=at)
        first, second = (m.envelope for m in OutMessage.objects.order_by("seq"))
    assert there.take(second)["ack"] == 0
    assert there.take(first)["ack"] == 1
    assert there.take(second)["ack"] == 2
    assert there.take(first)["ack"] == 2


def test_a_forged_or_changed_message_is_refused(pair, at):
    here, there = pair
    asked(here, at)
    with here.inside():
        envelope = OutMessage.objects.get().envelope
    changed = envelope | {"body": envelope["body"] | {"place": "990101"}}
    assert there.take(changed)["code"] == "line.signature"
    signing, _box = envelopes.new_pair()
    forged = envelopes.signed({k: v for k, v in envelope.items() if k != "signature"}, signing)
    assert there.take(forged)["code"] == "line.signature"
    stranger = envelope | {"from": "0" * 12}
    assert there.take(stranger)["code"] == "line.unknown"
    assert there.take(envelope)["ack"] == 1
    assert there.take(changed)["code"] == "line.changed"


def test_a_new_key_is_announced_by_the_old_one(pair, at):
    here, there = pair
    asked(here, at)
    with here.inside():
        old = peers.site_key(at).public
        new = peers.change_key(by=here.world.admin, at=at).public
        peers.send(peer=Peer.objects.get(), kind="answer", body={}, at=at)
        waiting = [m.envelope for m in OutMessage.objects.order_by("seq")]
    assert [m["key"] for m in waiting] == [old, old, new]
    assert there.take(waiting[2])["code"] == "line.signature", "the new key is not known yet"
    flow(here, there, at, faults=["lost"])
    flow(here, there, at + timedelta(hours=2), faults=["", "ack lost"])
    flow(here, there, at + timedelta(hours=4))
    with there.inside():
        assert Peer.objects.get().public == new
        assert Peer.objects.get().taken == 3
    answered(there, at)
    flow(there, here, at)
    with here.inside():
        assert Question.objects.get().outcome == "answered", "sealed and signed for either key"


def test_both_may_change_their_keys_at_once(pair, at):
    here, there = pair
    for one in pair:
        with one.inside():
            peers.change_key(by=one.world.admin, at=at)
    for step in range(4):
        flow(here, there, at + timedelta(hours=2 * step))
        flow(there, here, at + timedelta(hours=2 * step))
    for one in pair:
        with one.inside():
            assert not OutMessage.objects.filter(acknowledged_at=None).exists()


def owners(pair) -> int:
    """How many sides say that they answer for the person."""
    n = 0
    for one in pair:
        with one.inside():
            n += sum(transfers.holder(row) == "here" for row in Transfer.objects.all())
    return n


def handed_over(here, there, at):
    """A contact of ours whom the other side took; the pseudonym there."""
    with here.inside():
        world = here.world
        case = report_case(card=card(world, make_event(world, at), at), by=world.clinic, at=at)
        row = contact(world, case, at)
        place_contact(contact_id=row.pk, notice_given=True, by=world.cdc, at=at)
        transfers.offer_contact(contact_id=row.pk, peer_id=Peer.objects.get().pk,
                                place_code="990102", by=world.cdc, at=at)  # fmt: skip
    flow(here, there, at)
    with there.inside():
        waiting = Transfer.objects.get()
        transfers.decide_transfer(
            transfer_id=waiting.pk, accept=True, by=there.world.cdc_hill, at=at
        )
    flow(there, here, at)
    flow(here, there, at)
    return waiting.pseudonym


def test_whom_we_took_over_is_on_the_list_of_the_day_like_any_contact(pair, at):
    here, there = pair
    with here.inside():
        world = here.world
        case = report_case(card=card(world, make_event(world, at), at), by=world.clinic, at=at)
        row = contact(world, case, at)
        place_contact(contact_id=row.pk, notice_given=True, by=world.cdc, at=at)
        transfers.offer_contact(contact_id=row.pk, peer_id=Peer.objects.get().pk,
                                place_code="990102", by=world.cdc, at=at)  # fmt: skip
    flow(here, there, at)
    with there.inside():
        hill = there.world.cdc_hill
        waiting = Transfer.objects.get()
        transfers.decide_transfer(transfer_id=waiting.pk, accept=True, by=hill, at=at)
        assert not managed(hill, at).exists(), "not ours before the giver let go"
    flow(there, here, at)
    flow(here, there, at)
    with there.inside():
        ours = managed(hill, at).get()
        assert (ours.case, ours.event.disease) == (None, "unknown")
        assert (ours.last_exposure, ours.risk) == (row.last_exposure, row.risk)
        assert checks_owed(hill, at) == 0
        (listed,), _more = contact_page(by=hill, at=at, what="reach")
        assert listed.case_number == ""
        reach_contact(contact_id=ours.pk, by=hill, at=at)
        place_contact(contact_id=ours.pk, notice_given=True, by=hill, at=at)
        assert checks_owed(hill, at) == 1, "the reminder of the day"
        check_contact(contact_id=ours.pk, symptoms=False, test="", by=hill, at=at)
        assert checks_owed(hill, at) == 0


@pytest.mark.parametrize("seed", range(4))
def test_there_are_never_two_owners_of_a_person(pair, at, seed):
    here, there = pair
    with here.inside():
        world = here.world
        case = report_case(card=card(world, make_event(world, at), at), by=world.clinic, at=at)
        row = contact(world, case, at)
        place_contact(contact_id=row.pk, notice_given=True, by=world.cdc, at=at)
        peer = Peer.objects.get()
        transfers.offer_contact(contact_id=row.pk, peer_id=peer.pk, place_code="990102",
                                by=world.cdc, at=at)  # fmt: skip
    dice = Random(seed)
    accepted = False
    for step in range(40):
        moment = at + timedelta(hours=2 * step)
        one, other = (here, there) if dice.random() < 0.5 else (there, here)
        flow(one, other, moment, faults=[dice.choice(("", "lost", "ack lost", "repeated"))])
        assert owners(pair) <= 1
        with there.inside():
            waiting = Transfer.objects.filter(accepted_at=None).first()
            if waiting is not None and not accepted and dice.random() < 0.5:
                transfers.decide_transfer(transfer_id=waiting.pk, accept=True,
                                          by=there.world.cdc_hill, at=moment)  # fmt: skip
                accepted = True
                assert owners(pair) <= 1
    with there.inside():
        assert transfers.holder(Transfer.objects.get()) == "here"
    with here.inside():
        given = Transfer.objects.get()
        assert transfers.holder(given) == "peer"
        before = given.released_at - timedelta(seconds=1)
        assert not Contact.objects.filter(case=None).exists()
        assert managed(here.world.cdc, before).get() == row, "ours until we let go"
        assert not managed(here.world.cdc, given.released_at).exists(), "on nobody's list here"


def test_whoever_declines_leaves_the_person_with_the_giver(pair, at):
    here, there = pair
    with here.inside():
        world = here.world
        case = report_case(card=card(world, make_event(world, at), at), by=world.clinic, at=at)
        row = contact(world, case, at)
        given = {"contact_id": row.pk, "peer_id": Peer.objects.get().pk, "place_code": "990102"}
        transfers.offer_contact(**given, by=world.cdc, at=at)
        with pytest.raises(Conflict, match=r"transfer\.offered"):
            transfers.offer_contact(**given, by=world.cdc, at=at)
    flow(here, there, at)
    with there.inside():
        waiting = Transfer.objects.get()
        transfers.decide_transfer(
            transfer_id=waiting.pk, accept=False, by=there.world.cdc_hill, at=at
        )
    flow(there, here, at)
    assert owners(pair) == 1
    with here.inside():
        assert transfers.holder(Transfer.objects.get()) == "here"


def test_a_suspended_peer_gets_nothing_and_nothing_of_it_is_taken(pair, at):
    here, there = pair
    asked(here, at)
    with there.inside():
        peers.suspend_peer(peer_id=Peer.objects.get().pk, by=there.world.admin, at=at)
    flow(here, there, at)
    with there.inside():
        assert not Question.objects.exists()
