"""The page of one loop: what stands in the way is named, and every deed is one form away."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bihuan.core.evidence.models import Item
from bihuan.core.loops import services
from bihuan.core.loops.models import Obligation, Problem, Responsibility
from bihuan.core.loops.services.proof import Proof
from bihuan.core.orgs.models import Slot
from bihuan.core.packs import registry
from bihuan.supervision.models import ChecklistStep
from tests.conftest import NOON
from tests.factories import brief, task

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def photo(colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return SimpleUploadedFile("渡口.png", out.getvalue(), "image/png")


@pytest.fixture
def row(world) -> Obligation:
    return task(world)


@pytest.fixture
def problem(world) -> Obligation:
    """A problem of the county, found by the city."""
    return services.open_problem(
        brief=brief(world.places["9901"], NOON, title="渡口无救生衣"), by=world.city, at=NOON,
        owner_post_id=world.county.post_id,
    )  # fmt: skip


def body(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize(
    ("username", "status"),
    [("city", 200), ("head", 200), ("clerk", 200), ("outsider", 404), ("county", 404),
     ("factory", 404), ("auditor", 404)],
)  # fmt: skip
def test_owner_issuer_and_same_place_see_the_loop_and_no_one_else(enter, row, username, status):
    assert enter(username).get(f"/loops/{row.pk}/").status_code == status
    assert enter(username).get(f"/n/{row.number}/").status_code == (302 if status == 200 else 404)


def test_the_clock_says_its_rule_with_source_and_certainty(enter, row):
    page = body(enter("city").get(f"/loops/{row.pk}/"))
    assert "未写明时限的任务:7 日内办结" in page
    assert "loop-deadlines@2026.1" in page
    assert "本系统默认值" in page


@pytest.mark.parametrize(("days_on", "said"), [(0, False), (700, True)])
def test_a_limit_in_working_days_says_when_the_year_is_not_announced(enter, row, days_on, said):
    rule = registry.clock("listing.publish", NOON)
    due = rule.due(NOON + days_on * DAY, registry.calendar())
    Obligation.objects.filter(pk=row.pk).update(due_rule=rule.ref, due_at=due)
    assert ("放假安排尚未公布" in body(enter("city").get(f"/loops/{row.pk}/"))) is said


def test_a_gate_that_is_not_met_is_named_on_the_disabled_button(world, enter, row):
    services.hand_down(
        obligation_id=row.pk, by=world.city, at=NOON,
        given=services.Part(world.county.post_id, "查港城渡口", "查", "有记录"),
    )  # fmt: skip
    page = body(enter("city").get(f"/loops/{row.pk}/"))
    assert "分解下去的事项还没有全部办结" in page
    assert "查港城渡口" in page


def test_an_unknown_deed_or_number_does_not_exist(enter, row):
    client = enter("city")
    assert client.get(f"/loops/{row.pk}/explode/").status_code == 404
    assert client.get("/n/RW-2026-999999/").status_code == 404
    assert client.get("/n/%E4%B9%B1/").status_code == 404


def test_a_part_is_handed_down_and_answers_why(world, enter, row):
    client = enter("city")
    asked = body(client.get(f"/loops/{row.pk}/hand-down/"))
    assert world.county.post_title in asked
    given = {"owner_post": world.county.post_id, "title": "查港城渡口", "text": "逐个查",
             "criterion": "有照片", "due_at": "3-12"}  # fmt: skip
    assert client.post(f"/loops/{row.pk}/hand-down/", given).status_code == 302
    part = Obligation.objects.get(parent=row)
    assert part.owner_post_id == world.county.post_id
    page = body(enter("county").get(f"/loops/{part.pk}/"))
    assert "排查渡口" in page


def test_an_extension_asks_reason_and_a_later_date(world, enter, row):
    client = enter("head")
    wrong = {"until": "3-11", "note": "台风"}
    page = body(client.post(f"/loops/{row.pk}/extend/", wrong))
    assert "新的期限必须晚于原期限" in page
    assert (
        client.post(f"/loops/{row.pk}/extend/", {"until": "3-29", "note": "台风"}).status_code
        == 302
    )
    row.refresh_from_db()
    assert (row.due_rule, row.extensions) == ("extended", 1)


def test_evidence_is_served_as_download_and_picture_to_those_who_see_the_loop(world, enter, row):
    enter("city").post(f"/loops/{row.pk}/evidence/", {"photos": [photo()]})
    item = Item.objects.get()
    original = enter("head").get(f"/evidence/{item.pk}/")
    assert original["Content-Disposition"].startswith("attachment")
    assert original["X-Content-Type-Options"] == "nosniff"
    picture = enter("head").get(f"/evidence/{item.pk}/picture/")
    assert picture["Content-Type"] == "image/webp"
    assert b"".join(picture.streaming_content)[8:12] == b"WEBP"
    assert b"".join(original.streaming_content)[:4] == b"\x89PNG"
    for other in ("outsider", "county"):
        assert enter(other).get(f"/evidence/{item.pk}/").status_code == 404
        assert enter(other).get(f"/evidence/{item.pk}/picture/").status_code == 404


def test_the_same_photo_used_again_is_flagged_with_the_first_loop(world, enter, row):
    other = task(world)
    client = enter("city")
    client.post(f"/loops/{row.pk}/evidence/", {"photos": [photo()]})
    client.post(f"/loops/{other.pk}/evidence/", {"photos": [photo()]})
    page = body(client.get(f"/loops/{other.pk}/"))
    assert "与先前使用过的文件完全相同" in page
    assert f"/loops/{row.pk}/" in page


def test_empty_slots_are_shown_assigned_and_signed(world, enter, row):
    client = enter("city")
    assert body(client.get(f"/loops/{row.pk}/")).count("空缺") == 4
    given = {"party": "territory", "post": world.city.post_id}
    client.post(f"/loops/{row.pk}/slot/", given)
    page = body(client.get(f"/loops/{row.pk}/"))
    assert page.count("空缺") == 3
    assert "签字认领" in page
    slot = Slot.objects.get()
    assert enter("outsider").post(f"/slots/{slot.pk}/sign/").status_code == 404
    client.post(f"/slots/{slot.pk}/sign/")
    slot.refresh_from_db()
    assert slot.signed_at == NOON


def work_off(world, enter, clock, problem: Obligation) -> None:
    """Bring a problem to "verified"."""
    city, county = enter("city"), enter("county")
    address = f"/loops/{problem.pk}"
    city.post(f"{address}/register/")
    city.post(f"{address}/grade/", {"grade": "general"})
    city.post(f"{address}/assign/", {"owner_post": world.county.post_id})
    clock.at = NOON + HOUR
    county.post(f"{address}/begin/")
    county.post(f"{address}/prove/", {"text": "已配齐"})
    city.post(f"{address}/verify/")


def test_a_problem_closes_only_when_all_three_gates_are_passed(world, enter, clock, problem):
    work_off(world, enter, clock, problem)
    city, address = enter("city"), f"/loops/{problem.pk}"
    page = body(city.get(f"{address}/"))
    assert "隐患没查清不放过:请写明" in page
    assert "责任不落实不放过:至少要有" in page
    given = {"cause": "未采购", "extent": "三个渡口", "similar": "已排查全县渡口"}
    city.post(f"{address}/describe/", given)
    posts = {"party": "territory", "post": world.county.post_id, "duty": "日常检查"}
    city.post(f"{address}/propose/", posts)
    entry = Responsibility.objects.get()
    blocked = city.post(f"{address}/close/")
    assert blocked.status_code == 422
    assert "责任不落实不放过" in body(blocked)
    enter("county").post(f"/responsibilities/{entry.pk}/reply/", {"reply": "已整改,愿接受"})
    city.post(f"/responsibilities/{entry.pk}/decide/", {"met": "no", "consequence": "提醒"})
    assert city.post(f"{address}/close/").status_code == 302
    problem.refresh_from_db()
    assert problem.state == "closed"
    assert Problem.objects.get().answered_for_at is not None


def test_a_major_problem_is_not_graded_without_an_interim_measure(world, enter, problem):
    city, address = enter("city"), f"/loops/{problem.pk}"
    city.post(f"{address}/register/")
    page = body(city.post(f"{address}/grade/", {"grade": "major"}))
    assert "临时管控措施及责任岗位" in page
    given = {"grade": "major", "interim": "停航", "interim_post": world.county.post_id}
    assert city.post(f"{address}/grade/", given).status_code == 302


def test_a_task_serves_a_problem_by_its_number(world, enter, problem):
    row = task(world, owner="county", by="city", title="采购救生衣")
    city = enter("city")
    city.post(f"/loops/{problem.pk}/serve/", {"number": row.number})
    assert "采购救生衣" in body(city.get(f"/loops/{problem.pk}/"))
    assert "渡口无救生衣" in body(city.get(f"/loops/{row.pk}/"))
    wrong = body(city.post(f"/loops/{problem.pk}/serve/", {"number": "RW-2026-999999"}))
    assert "没有编号为 RW-2026-999999" in wrong


def test_the_post_concerned_replies_and_no_one_decides_before_that_or_three_days(
    world, enter, clock, problem
):
    entry = services.propose_responsibility(
        obligation_id=problem.pk, party="territory", post_id=world.county.post_id, duty="日常检查",
        by=world.city, at=NOON,
    )  # fmt: skip
    address = f"/responsibilities/{entry.pk}/"
    assert "提交申辩" in body(enter("county").get(address))
    city = enter("city")
    assert "作出决定" not in body(city.get(address))
    refused = body(city.post(f"{address}decide/", {"met": "no", "consequence": "通报"}))
    assert "还没有申辩" in refused
    assert enter("outsider").get(address).status_code == 404
    assert enter("outsider").post(f"{address}reply/", {"reply": "?"}).status_code == 404
    clock.at = NOON + 3 * DAY
    assert "作出决定" in body(city.get(address))
    city.post(f"{address}decide/", {"met": "no", "consequence": "通报"})
    entry.refresh_from_db()
    assert entry.decided_at == NOON + 3 * DAY


def test_the_page_costs_a_fixed_number_of_queries(world, enter, row, django_assert_num_queries):
    client = enter("city")
    with django_assert_num_queries(16):
        client.get(f"/loops/{row.pk}/")
    for colour in ("red", "blue", "green"):
        given = Proof(text=colour)
        services.add_proof(obligation_id=row.pk, given=given, by=world.city, at=NOON)
    with django_assert_num_queries(16):
        client.get(f"/loops/{row.pk}/")


def test_a_task_with_a_checklist_leads_to_it(enter, row):
    link = f"/supervision/checklists/{row.pk}/"
    client = enter("city")
    assert link not in body(client.get(f"/loops/{row.pk}/"))
    ChecklistStep.objects.create(task=row, position=1, text="逐船核对救生衣")
    assert link in body(client.get(f"/loops/{row.pk}/"))
