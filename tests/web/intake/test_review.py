"""The review page: what it shows, its acts, and who may."""

import pytest
from django.test import Client

HTMX = {"HTTP_HX_REQUEST": "true"}


def drafts(document):
    return list(document.drafts.order_by("position"))


@pytest.mark.parametrize(
    ("who", "status"),
    [("city", 200), ("clerk", 200), ("head", 200), ("outsider", 404), ("county", 404)],
)
def test_who_may_see_a_document(enter, document, who, status):
    assert enter(who).get(f"/documents/{document.pk}/").status_code == status


def test_nobody_is_asked_to_sign_in(document):
    assert Client().get(f"/documents/{document.pk}/").status_code == 302


def test_marks_and_cards_point_at_each_other(enter, document):
    page = enter("city").get(f"/documents/{document.pk}/").content.decode()
    for draft in drafts(document):
        assert f'id="d{draft.pk}"' in page
        assert f'data-mark="{draft.pk}"' in page
    assert "只存档,不形成任务" in page


def test_the_original_with_its_repairs_stands_beside_the_text(enter, document):
    page = enter("city").get(f"/documents/{document.pk}/?text=original").content.decode()
    assert "<ins" in page
    assert "改正错字" in page
    assert f'data-mark="{drafts(document)[0].pk}"' in page


def test_an_act_keeps_the_original_beside_the_text(enter, document):
    client, draft = enter("city"), drafts(document)[1]
    address = f"/drafts/{draft.pk}/status/"
    for here, beside in (("?text=original", True), ("", False)):
        seen = {"HX-Current-URL": f"http://testserver/documents/{document.pk}/{here}"}
        part = client.post(address, {"status": "kept"}, headers=seen, **HTMX).content.decode()
        assert ("review-both" in part) is beside


def test_a_part_is_answered_to_a_part_and_a_page_to_a_page(enter, document):
    client, draft = enter("city"), drafts(document)[1]
    address = f"/drafts/{draft.pk}/status/"
    part = client.post(address, {"status": "rejected"}, **HTMX).content.decode()
    assert part.lstrip().startswith('<div id="review"')
    page = client.post(address, {"status": "proposed"})
    assert page["Location"] == f"/documents/{document.pk}/#d{draft.pk}"


def test_split_merge_add_and_undo(enter, document):
    client, draft = enter("city"), drafts(document)[1]
    asked = client.get(f"/drafts/{draft.pk}/split/", **HTMX).content.decode()
    assert 'value="8"' in asked
    client.post(f"/drafts/{draft.pk}/split/", {"offset": "8"})
    assert document.drafts.count() == 4
    client.post(f"/drafts/{draft.pk}/merge/")
    client.post(f"/documents/{document.pk}/add/", {"text": "另有要求"})
    client.post(f"/documents/{document.pk}/keep/")
    for _step in range(4):
        client.post(f"/documents/{document.pk}/undo/")
    page = client.get(f"/documents/{document.pk}/").content.decode()
    assert "另有要求" not in page
    assert "撤销上一步" not in page


def test_the_edit_form_saves_every_field_and_names_what_is_wrong(enter, document, world):
    client, draft = enter("city"), drafts(document)[1]
    form = client.get(f"/drafts/{draft.pk}/?focus=domain", **HTMX).content.decode()
    assert "autofocus" in form
    told = {"text": "要排查渡口", "domain": "work-safety", "criterion": "有台账", "due_at": "3-20",
            "owner_post_id": world.clerk.post_id, "actionable": "on"}  # fmt: skip
    client.post(f"/drafts/{draft.pk}/", told)
    draft.refresh_from_db()
    assert (draft.criterion, draft.owner_post_id) == ("有台账", world.clerk.post_id)
    wrong = client.post(f"/drafts/{draft.pk}/", told | {"due_at": "改天"}, **HTMX)
    assert "看不懂这个时间" in wrong.content.decode()
    assert wrong["HX-Retarget"] == f"#f{draft.pk}"


def test_above_reads_and_may_not_edit(enter, document):
    draft = drafts(document)[0]
    answer = enter("head").post(f"/drafts/{draft.pk}/status/", {"status": "rejected"})
    assert answer.status_code == 403
    assert enter("outsider").post(f"/drafts/{draft.pk}/merge/").status_code == 404


def test_the_record_of_the_meeting_is_corrected(enter, document):
    client = enter("city")
    told = {"title": "改正后的会议", "form": "video", "held_at": "昨天", "speakers": "甲\n乙"}
    client.post(f"/documents/{document.pk}/minutes/", told)
    document.refresh_from_db()
    assert (document.meeting["form"], document.meeting["speakers"]) == ("video", ["甲", "乙"])
    assert "请填写" not in client.get(f"/documents/{document.pk}/minutes/").content.decode()


def test_the_page_is_complete_in_english(enter, document):
    client = enter("city")
    client.cookies["language"] = "en"
    page = client.get(f"/documents/{document.pk}/").content.decode()
    assert "Undo" in page or "Keep all" in page


def test_the_posts_that_the_text_names_are_proposed_and_taken_by_a_person(enter, document, world):
    client, draft = enter("city"), drafts(document)[1]
    document.drafts.filter(pk=draft.pk).update(responsible="市疫情防控指挥部办公室、市住建局")
    page = client.get(f"/documents/{document.pk}/").content.decode()
    assert "似乎由此牵头" in page
    draft.refresh_from_db()
    assert draft.owner_post_id is None
    client.post(f"/drafts/{draft.pk}/owe/")
    draft.refresh_from_db()
    assert draft.owner_post_id == world.city.post_id
    assert client.post(f"/drafts/{draft.pk}/owe/").status_code == 422


def test_a_lead_and_its_supporters_are_chosen_in_the_form(enter, document, world):
    client, draft = enter("city"), drafts(document)[1]
    told = {"text": "要排查渡口", "domain": "work-safety", "criterion": "有台账",
            "actionable": "on", "support_post_ids": [world.county.post_id]}  # fmt: skip
    refused = client.post(f"/drafts/{draft.pk}/", told).content.decode()
    assert "必须有一个牵头岗位" in refused
    client.post(f"/drafts/{draft.pk}/", told | {"owner_post_id": world.clerk.post_id})
    draft.refresh_from_db()
    assert draft.support_post_ids == [world.county.post_id]
    assert "配合" in client.get(f"/documents/{document.pk}/").content.decode()
