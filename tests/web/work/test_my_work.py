"""My work: by deadline, acted on from the list, exported as shown."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bihuan.core.evidence.models import Item
from bihuan.core.loops import services
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.selectors import PAGE
from bihuan.core.loops.services.proof import Proof
from tests.conftest import NOON
from tests.factories import task

HOUR = timedelta(hours=1)
HTMX = {"HX-Request": "true"}


def photo(colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return SimpleUploadedFile("渡口.png", out.getvalue(), "image/png")


def submitted(world, owner="city", by="head") -> Obligation:
    row = task(world, owner=owner, by=by)
    who = world.actor(owner)
    return services.prove(obligation_id=row.pk, given=Proof(text="已办"), by=who, at=NOON)


def test_the_post_sees_what_it_owes_by_deadline_and_others_do_not(world, enter):
    late = task(world, due=NOON + 9 * HOUR, title="后到期")
    soon = task(world, due=NOON + 2 * HOUR, title="先到期")
    page = enter("city").get("/work/").content.decode()
    assert page.index(soon.number) < page.index(late.number)
    for other in ("clerk", "county", "outsider"):
        assert soon.number not in enter(other).get("/work/").content.decode()


def test_nobody_comes_in_without_signing_in(client, world):
    assert client.get("/work/").status_code == 302


def test_a_deadline_is_told_in_words_and_on_the_wall_clock(world, enter):
    task(world, due=NOON + 2 * HOUR)
    page = enter("city").get("/work/").content.decode()
    assert "还剩 2 小时 0 分" in page
    assert "03-10 14:00" in page


def test_overdue_is_counted_and_said_in_words(world, enter, clock):
    task(world, due=NOON + HOUR)
    clock.at = NOON + 3 * HOUR
    page = enter("city").get("/work/").content.decode()
    assert "1 项已逾期" in page
    assert "已逾期 2 小时" in page


def test_the_list_costs_a_fixed_number_of_queries(world, enter, django_assert_num_queries):
    client = enter("city")
    task(world)
    with django_assert_num_queries(7):
        client.get("/work/")
    for _ in range(12):
        task(world)
    with django_assert_num_queries(7):
        client.get("/work/")


def test_a_loop_is_acknowledged_in_its_row(world, enter):
    row = task(world)
    answer = enter("city").post(f"/loops/{row.pk}/acknowledge/", {"version": 0}, headers=HTMX)
    page = answer.content.decode()
    assert page.strip().startswith(f'<tbody id="loop-{row.pk}"')
    assert "已签收" in page
    assert "html" not in page[:20]
    row.refresh_from_db()
    assert row.state == "acknowledged"


def test_a_stale_row_is_refused_with_a_toast_and_changes_nothing(world, enter):
    row = task(world)
    enter("city").post(f"/loops/{row.pk}/acknowledge/", {"version": 0}, headers=HTMX)
    answer = enter("city").post(
        f"/loops/{row.pk}/prove/", {"version": 0, "text": "办了"}, headers=HTMX
    )
    assert "别人已改动" in answer.content.decode()
    row.refresh_from_db()
    assert row.state == "acknowledged"


def test_proof_opens_in_the_row_and_takes_photo_and_words(world, enter):
    row = task(world)
    client = enter("city")
    asked = client.get(f"/loops/{row.pk}/prove/", headers=HTMX).content.decode()
    assert 'type="file"' in asked
    assert "multiple" in asked
    given = {"photos": [photo(), photo("blue")], "text": "查了 3 处", "version": 0}
    answer = client.post(f"/loops/{row.pk}/prove/", given, headers=HTMX)
    assert "待验收" in answer.content.decode()
    assert Item.objects.filter(subject=row.subject).count() == 3


def test_every_file_at_fault_is_named_beside_the_field_and_words_are_kept(world, enter):
    row = task(world)
    bad = SimpleUploadedFile("病毒.exe", b"MZ\x90\x00" + b"\x00" * 60)
    given = {"photos": [photo(), bad], "text": "查了 3 处"}
    page = enter("city").post(f"/loops/{row.pk}/prove/", given).content.decode()
    assert "病毒.exe:不接受这种文件" in page
    assert "查了 3 处" in page
    assert not Item.objects.exists()


def test_what_waits_is_accepted_or_returned_with_a_reason(world, enter):
    row, other = submitted(world), submitted(world, owner="county")
    client = enter("head")
    assert row.number in client.get("/work/accept/").content.decode()
    accepted = client.post(f"/loops/{row.pk}/accept/", {"version": row.version}, headers=HTMX)
    assert "已销号" in accepted.content.decode()
    without = client.post(f"/loops/{other.pk}/return/", {"note": " "}, headers=HTMX)
    other.refresh_from_db()
    assert other.state == "submitted"
    assert "form-error" in without.content.decode()
    client.post(f"/loops/{other.pk}/return/", {"note": "缺照片"}, headers=HTMX)
    other.refresh_from_db()
    assert other.state == "returned"


def test_who_submitted_may_not_accept_and_is_told_why(world, enter):
    row = submitted(world, owner="clerk", by="city")
    answer = enter("clerk").post(f"/loops/{row.pk}/accept/", {"version": row.version}, headers=HTMX)
    assert answer.status_code == 409
    assert "不能是同一人" in answer.content.decode()


def test_ticked_loops_are_previewed_and_then_acknowledged(world, enter):
    rows = [task(world, title=f"事项{n}") for n in range(3)]
    strange = task(world, owner="county")
    client = enter("city")
    ids = [row.pk for row in (*rows, strange)]
    preview = client.post("/work/acknowledge/", {"loop": ids}).content.decode()
    assert "确认签收" in preview
    assert strange.number not in preview
    assert not Obligation.objects.filter(state="acknowledged").exists()
    client.post("/work/acknowledge/", {"loop": ids, "confirmed": "1"})
    done = Obligation.objects.filter(state="acknowledged").values_list("pk", flat=True)
    assert set(done) == {row.pk for row in rows}


def test_what_was_just_acknowledged_can_be_taken_back_until_something_happens(world, enter):
    rows = [task(world, title=f"事项{n}") for n in range(3)]
    client, ids = enter("city"), [row.pk for row in rows]
    assert "10 分钟内" in client.post("/work/acknowledge/", {"loop": ids}).content.decode()
    client.post("/work/acknowledge/", {"loop": ids, "confirmed": "1"})
    assert 'action="/work/acknowledge/undo/"' in client.get("/work/").content.decode()
    given = {"text": "办了", "version": 1}
    client.post(f"/loops/{rows[0].pk}/prove/", given, headers=HTMX)
    assert client.post("/work/acknowledge/undo/").status_code == 302
    page = client.get("/work/").content.decode()
    assert "已撤销签收 2 项" in page
    assert "1 项未能撤销" in page
    states = Obligation.objects.filter(pk__in=ids).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["submitted", "issued", "issued"]
    assert client.post("/work/acknowledge/undo/").status_code == 422, "there is nothing left"


def test_nothing_ticked_is_told(world, enter):
    assert enter("city").post("/work/acknowledge/", {}).status_code == 422


def test_filters_and_the_export_show_the_same_rows(world, enter):
    task(world, title="=HYPERLINK(1)", domain="testing")
    task(world, title="排查渡口")
    client = enter("city")
    shown = client.get("/work/?domain=testing").content.decode()
    assert "HYPERLINK" in shown
    assert "排查渡口" not in shown
    told = client.get("/work/?domain=testing&format=csv").content.decode("utf-8-sig")
    assert "'=HYPERLINK" in told
    assert len(told.strip().splitlines()) == 2
    book = client.get("/work/?format=xlsx")
    assert book.content[:2] == b"PK"


def test_pages_continue_by_key(world, enter):
    for n in range(PAGE + 1):
        task(world, title=f"事项{n}号", due=NOON + (n + 1) * HOUR)
    client = enter("city")
    first = client.get("/work/").content.decode()
    last, next_one = f"事项{PAGE - 1}号", f"事项{PAGE}号"
    assert last in first
    assert next_one not in first
    key = client.get("/work/").context["after"]
    second = client.get(f"/work/?after={key}").content.decode()
    assert next_one in second
    assert last not in second


def test_news_leads_to_its_loop_and_is_read(world, enter):
    row = task(world)
    client = enter("city")
    page = client.get("/work/told/").content.decode()
    assert f"/loops/{row.pk}/" in page
    assert "未读" in page
    client.post("/work/told/read/")
    assert "未读" not in client.get("/work/told/").content.decode()


@pytest.mark.parametrize("path", ["/work/", "/work/accept/", "/work/told/", "/loops/"])
def test_an_empty_page_says_what_to_do_in_both_languages(world, enter, path):
    client = enter("county2")
    assert "还没有" in (page := client.get(path).content.decode()) or "没有" in page
    client.cookies["language"] = "en"
    page = client.get(path).content.decode()
    empty = page[page.index('class="empty"') :][:400]
    assert "No" in empty
