"""Upload and paste: into the review, or back to the form with the reason."""

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.intake.models import Document
from tests.command.builders import acknowledged, directive
from tests.web.intake.conftest import TEXT

NEW = "/documents/new/"


def test_pasted_text_leads_to_its_review(enter):
    answer = enter("city").post(NEW, {"text": TEXT}, follow=True)
    assert answer.redirect_chain[0][0].startswith("/documents/")
    assert "要排查渡口安全" in answer.content.decode()


def test_a_file_leads_to_its_review_and_comes_back_as_it_was(enter):
    client = enter("city")
    client.post(NEW, {"file": SimpleUploadedFile("会议.txt", TEXT.encode())})
    found = Document.objects.get()
    original = client.get(f"/documents/{found.pk}/original/")
    assert b"".join(original.streaming_content) == TEXT.encode()
    assert original["Content-Type"] == "application/octet-stream"
    assert original["Content-Disposition"].startswith("attachment")


def test_what_cannot_be_read_is_told_beside_the_form(enter):
    for text, words in (("", "没有内容"), ("BOMB", "异常庞大")):
        answer = enter("city").post(NEW, {"text": text})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Document.objects.exists()


def test_a_text_that_is_no_communique_says_why_and_lets_a_person_go_on(enter):
    client = enter("city")
    page = client.post(NEW, {"text": "通知公告"}, follow=True)
    assert "没有找到会议" in page.content.decode()
    assert "已读入" not in page.content.decode()
    found = Document.objects.get()
    page = client.post(f"/documents/{found.pk}/anyway/", follow=True)
    assert "添加一条要求" in page.content.decode()


def test_an_answer_to_a_relay_is_uploaded_by_its_owner_alone(enter, world):
    relay = acknowledged(directive(world), world)
    address = f"{NEW}?relay={relay.pk}"
    assert enter("city").post(address, {"text": TEXT}).status_code == 302
    assert enter("outsider").post(address, {"text": TEXT}).status_code == 404
    assert enter("head").post(address, {"text": TEXT}).status_code == 422
    assert Document.objects.get().relay_id == relay.pk


def test_the_list_is_for_those_who_draft(enter, document):
    assert "全市安全生产" in enter("city").get("/documents/").content.decode()
    assert "全市安全生产" not in enter("outsider").get("/documents/").content.decode()
    assert enter("inspector").get("/documents/").status_code == 403


def test_a_post_that_drafts_nothing_is_not_offered_an_upload(enter):
    for address in ("/directives/", "/documents/"):
        page = enter("factory").get(address)
        assert page.status_code in {200, 403}
        assert NEW not in page.content.decode()
    assert NEW in enter("city").get("/directives/").content.decode()
