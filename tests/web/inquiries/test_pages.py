"""Co-investigation through HTTP: who asks, approves, answers, and who learns nothing of it."""

import json
from datetime import timedelta

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.audit.services import SYSTEM
from bihuan.core.vault.services import enrol
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Peer, Question, Transfer
from bihuan.epidemic.rules import envelopes
from bihuan.epidemic.services.cases import report_case
from bihuan.epidemic.services.peers import CODE
from bihuan.epidemic.services.questions import expire_questions
from tests.epidemic.builders import LI, add_health
from tests.epidemic.conftest import WANG, card, contact, make_event

OTHER = Identity(name="欧阳明月", phone="18655554444", address="渔村 7 号")
FORM = {"kind": "present_at", "place": "990101", "basis": "传染病防治法", "window_from": "3-28 8:00",
        "window_to": "3-28 11:00"}  # fmt: skip


@pytest.fixture
def case(world, at):
    add_health(world)
    return report_case(card=card(world, make_event(world, at), at), by=world.clinic, at=at)


@pytest.fixture
def ask(case, enter):
    def asked(**changes):
        sent = enter("cdc").post(f"/epidemic/ask/{case.pk}/", FORM | changes)
        assert sent.status_code == 302, sent.content.decode()
        return Question.objects.latest("pk")

    return asked


@pytest.fixture
def sent(ask, enter):
    row = ask()
    enter("cdc2").post(f"/epidemic/questions/{row.pk}/approve/")
    return row


def said(client, address, *, post=None):
    answer = client.post(address, post) if post is not None else client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_question_is_asked_approved_by_another_answered_and_used(sent, case, enter):
    page = f"/epidemic/questions/{sent.pk}/"
    police = enter("police")
    assert sent.number in said(police, "/epidemic/questions/")
    assert LI.name not in said(police, page), "a name is read by an act, not by opening a page"
    told = said(police, f"{page}people/", post={})
    assert LI.name in told
    assert LI.id_number in told
    assert LI.phone not in told, "only the fields of the question travel"
    assert Entry.objects.filter(action="vault.read").latest("pk").actor.startswith("某police")
    police.post(f"{page}answer/", {"outcome": "answered", "word-0": "yes"})
    assert "是" in said(enter("cdc"), page)
    assert LI.name not in said(enter("cdc"), page)


def test_an_answer_that_lacks_something_says_so_and_keeps_what_was_typed(sent, enter):
    page, police = f"/epidemic/questions/{sent.pk}/", enter("police")
    again = said(police, f"{page}answer/", post={"outcome": "answered", "word-0": ""})
    assert "请为每个人选择一个答复。" in again
    again = said(police, f"{page}answer/", post={"outcome": "cannot", "word-0": ""})
    assert "不能答复时请写明原因。" in again
    police.post(f"{page}answer/", {"outcome": "refused", "word-0": "", "reason": "缺少立案依据"})
    assert "缺少立案依据" in said(enter("cdc"), page)
    twice = police.post(f"{page}answer/", {"outcome": "answered", "word-0": "yes"}, follow=True)
    assert "已有答复" in twice.content.decode()


def test_whoever_asked_can_neither_answer_nor_read_on_behalf_of_the_other_side(sent, enter):
    page, cdc = f"/epidemic/questions/{sent.pk}/", enter("cdc")
    cdc.post(f"{page}answer/", {"outcome": "answered", "word-0": "yes"})
    assert cdc.post(f"{page}people/").status_code == 403
    sent.refresh_from_db()
    assert sent.outcome == ""


def test_two_people_take_two_approvals_and_never_the_authors(ask, case, world, enter, at):
    rows = [contact(world, case, at, person=one).pk for one in (WANG, OTHER)]
    row = ask(kind="trace_contact", contacts=rows)
    page = f"/epidemic/questions/{row.pk}/"
    assert "批准发出" not in said(enter("cdc"), page)
    enter("cdc").post(f"{page}approve/")
    enter("cdc2").post(f"{page}approve/")
    enter("cdc2").post(f"{page}approve/")
    row.refresh_from_db()
    assert (len(row.approved_by_ids), row.sent_at) == (1, None)
    enter("mayor").post(f"{page}approve/")
    row.refresh_from_db()
    assert row.sent_at is not None
    assert "2/2" in said(enter("cdc"), page)


def test_what_the_list_or_the_case_does_not_hold_cannot_be_asked(case, enter):
    cdc, page = enter("cdc"), f"/epidemic/ask/{case.pk}/"
    for wrong in ({"kind": "all_phones"}, {"basis": " "}, {"window_from": ""}, {"place": "77"},
                  {"contacts": ["999999"]}, {"peer": "5"}):  # fmt: skip
        assert (
            "invalid-feedback" in said(cdc, page, post=FORM | wrong)
            or Question.objects.count() == 0
        )
    assert Question.objects.count() == 0


def test_after_its_time_the_page_has_counts_and_times_alone(sent, enter, clock):
    enter("police").post(f"/epidemic/questions/{sent.pk}/answer/",
                         {"outcome": "answered", "word-0": "no"})  # fmt: skip
    clock.at = sent.expires_at + timedelta(minutes=1)
    expire_questions(at=clock.at)
    page = said(enter("cdc"), f"/epidemic/questions/{sent.pk}/")
    assert "只留件数和时间" in page
    assert "1. 否" not in page
    late = enter("police").post(f"/epidemic/questions/{sent.pk}/people/")
    assert LI.name not in late.content.decode()


STRANGERS = ("cdc_hill", "cdc_south", "outsider", "factory", "inspector", "builder", "county",
             "clinic", "auditor", "admin", "community")  # fmt: skip


@pytest.mark.parametrize("name", STRANGERS)
def test_a_side_that_is_not_asked_learns_nothing(sent, enter, name):
    client, page = enter(name), f"/epidemic/questions/{sent.pk}/"
    assert sent.number not in client.get("/epidemic/questions/").content.decode()
    for address in (page, f"{page}people/", f"{page}approve/", f"{page}answer/"):
        for ask in (client.get, client.post):
            assert ask(address).status_code in {403, 404, 405}, address
    sent.refresh_from_db()
    assert (sent.outcome, len(sent.approved_by_ids)) == ("", 1)


def test_the_reviewer_sees_every_question_of_the_month_and_nobody_in_it(sent, ask, enter):
    ask(kind="verify_address", place="990101001001")
    auditor = enter("auditor")
    page = said(auditor, "/admin/questions/")
    assert sent.number in page
    assert LI.name not in page
    file = auditor.get("/admin/questions/?format=csv").content.decode("utf-8-sig")
    assert len(file.splitlines()) == 3
    assert sent.subjects[0] not in file
    assert "本月没有协查" in said(auditor, "/admin/questions/?month=2020-02")
    assert enter("cdc").get("/admin/questions/").status_code == 403


def invitation():
    signing, box = envelopes.new_pair()
    public, opener = envelopes.public_of(signing, box)
    return json.dumps({"code": public[:CODE].upper(), "public": public, "box": opener})


def test_a_peer_is_entered_by_one_and_confirmed_by_another(case, world, enter, at):
    given = {"title": "海东省", "address": "https://haidong.example", "agreement": "XY-1"}
    office = enter("city")
    assert "原样粘贴" in said(office, "/admin/peers/", post=given | {"invitation": "x"})
    office.post("/admin/peers/", given | {"invitation": invitation()})
    row = Peer.objects.get()
    assert row.fingerprint in said(office, "/admin/peers/")
    assert "海东省" not in said(enter("cdc"), f"/epidemic/ask/{case.pk}/")
    office.post(f"/admin/peers/{row.pk}/confirm/")
    assert Peer.objects.get().confirmed_at is None
    enter("admin").post(f"/admin/peers/{row.pk}/confirm/")
    assert "海东省" in said(enter("cdc"), f"/epidemic/ask/{case.pk}/")
    office.post(f"/admin/peers/{row.pk}/suspend/")
    assert "海东省" not in said(enter("cdc"), f"/epidemic/ask/{case.pk}/")
    assert enter("cdc").get("/admin/peers/").status_code == 403


def test_whom_a_peer_offers_is_seen_by_an_act_before_and_after_they_are_taken_over(
    case, world, enter, at
):
    home = world.places["990101"]
    held = {"added_at": at, "added_by_id": 1, "address": "https://x.example"}
    peer = Peer.objects.create(
        code="A", title="海东省", agreement="XY-1", public="0", box="0", **held
    )
    pseudonym = enrol(OTHER, collection="transfer:1", scope=home.path, by=SYSTEM, at=at,
                      expires_at=at + timedelta(days=9))  # fmt: skip
    row = Transfer.objects.create(
        number="YJ-1", peer=peer, incoming=True, pseudonym=pseudonym, place=home, scope=home.path,
        offered_at=at, offered_by="海东省", expires_at=at + timedelta(days=9),
    )  # fmt: skip
    cdc, page = enter("cdc"), f"/epidemic/transfers/{row.pk}/"
    assert OTHER.name not in said(cdc, "/epidemic/questions/")
    told = said(cdc, f"{page}person/", post={})
    assert OTHER.name in told
    assert OTHER.address not in told
    assert Entry.objects.filter(action="vault.read").latest("pk").actor.startswith("某cdc")
    cdc.post(f"{page}accept/")
    assert OTHER.phone in said(cdc, f"{page}person/", post={})
    for name in ("cdc_hill", "police", "factory", "mayor", "community"):
        assert enter(name).post(f"{page}person/").status_code in {403, 404}, name
    Transfer.objects.update(accepted_at=None, refused_at=at)
    assert cdc.post(f"{page}person/").status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_speaks_both_languages(sent, case, enter, language):
    pages = (("cdc", "/epidemic/questions/"), ("police", f"/epidemic/questions/{sent.pk}/"),
             ("cdc", f"/epidemic/ask/{case.pk}/"), ("city", "/admin/peers/"),
             ("auditor", "/admin/questions/"))  # fmt: skip
    for name, address in pages:
        client = enter(name)
        client.cookies["language"] = language
        told = said(client, address)
        assert any(word in told for word in ("协查", "对接单位")) == (language != "en"), address
