"""Upload: the original is kept, drafts are proposed, and what cannot be read is refused whole."""

from datetime import datetime

import pytest

from bihuan.core.clock import TZ
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.evidence.models import Blob
from bihuan.core.evidence.services import blob_path
from bihuan.intake import services
from bihuan.intake.models import Document, Draft
from bihuan.intake.selectors.review import review
from tests.command.builders import acknowledged, directive
from tests.conftest import NOON

TEXT = "记录:全市安全生产电视电话会议\n#深入学习精神\n要排查渡口安全\n月底前完成检测\n去年底前办结"


def upload(world, text=TEXT, who="city", **extra):
    return services.upload(
        data=text.encode(), name="会议.txt", by=world.actor(who), at=NOON, **extra
    )


def test_the_original_is_kept_by_its_hash_and_each_demand_is_a_draft(world):
    (document,) = upload(world)
    assert blob_path(document.blob_id).read_bytes() == TEXT.encode()
    drafts = list(document.drafts.order_by("position"))
    assert [d.actionable for d in drafts] == [False, True, True, True]
    assert drafts[1].text == document.clean_text[drafts[1].start : drafts[1].end]
    assert document.repairs[0]["kind"] == "slip.a"


def test_the_meeting_is_proposed_as_a_record(world):
    (document,) = upload(world)
    told = document.meeting
    assert (told["form"], told["chair"], told["speakers"]) == ("televised", "吴某", ["陈某"])
    assert (told["attendees"], told["attendees_complete"]) == (["张某", "易某"], False)


def test_a_meeting_whose_year_is_open_is_not_dated_by_its_upload(world):
    (document,) = upload(world)
    assert document.meeting["held_at"].startswith("2026-03-0")
    (document,) = upload(world, TEXT + "\n年份不明")
    assert document.meeting["held_at"] == ""
    assert review(document_id=document.pk, by=world.actor("city")).minutes[0].held_at is None


def test_a_deadline_becomes_a_moment_only_when_it_lies_ahead(world):
    (document,) = upload(world)
    due = {d.text: d.due_at for d in document.drafts.all()}
    assert due["月底前完成检测"] == datetime(2026, 3, 31, 23, 59, tzinfo=TZ)
    assert due["去年底前办结"] is None


@pytest.mark.parametrize(
    ("text", "code"), [("  ", "intake.empty"), ("BOMB", "intake.zip_bomb")]
)  # fmt: skip
def test_what_cannot_be_read_leaves_nothing_behind(world, text, code):
    with pytest.raises(Invalid) as refused:
        upload(world, text)
    assert refused.value.code == code
    assert not Document.objects.exists()
    assert not Blob.objects.exists()
    assert upload(world)


def test_the_same_file_again_gives_the_same_documents(world):
    assert upload(world) == upload(world)
    assert Draft.objects.count() == 4


def test_a_file_with_two_communiques_gives_two_documents(world):
    assert [d.part for d in upload(world, f"{TEXT}\f{TEXT}")] == [0, 1]


def test_a_page_that_is_no_communique_says_why_and_lets_a_person_go_on(world):
    (document,) = upload(world, "通知公告")
    assert (document.is_communique, document.reason) == (False, "no_meeting")
    document = services.read_anyway(document_id=document.pk, by=world.city, at=NOON)
    assert document.forced_by == world.city.name
    draft = services.add_draft(
        document_id=document.pk, text="", start=0, end=2, by=world.city, at=NOON
    )
    assert draft.text == "通知"


def test_an_upload_may_answer_a_relay_of_the_own_organisation_alone(world):
    relay = acknowledged(directive(world), world)
    (document,) = upload(world, relay_id=relay.pk)
    assert document.relay_id == relay.pk
    with pytest.raises(Exception, match=r"loop\.not_"):
        upload(world, who="head", relay_id=relay.pk)


def test_a_post_that_drafts_nothing_uploads_nothing(world):
    with pytest.raises(NotAllowed):
        upload(world, who="inspector")
