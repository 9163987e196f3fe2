"""The three lists through HTTP: what each post sees, files out, files in."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import propose_responsibility, serve_problem
from tests.conftest import NOON
from tests.factories import task
from tests.supervision.conftest import problem

PAGES = ("/lists/problems/", "/lists/tasks/", "/lists/responsibilities/")


@pytest.fixture
def graph(world):
    """A problem of the county with a task and a responsibility."""
    found = problem(world)
    work = task(world, owner="county", by="city", title="清理通道")
    serve_problem(problem_id=found.pk, task_id=work.pk, by=world.city, at=NOON)
    propose_responsibility(
        obligation_id=found.pk, party="territory", post_id=world.county.post_id,
        duty="日常巡查消防通道", by=world.city, at=NOON,
    )  # fmt: skip
    return found


@pytest.mark.parametrize("address", PAGES)
def test_a_list_is_seen_by_owner_and_jurisdiction_and_not_by_outsiders(graph, enter, address):
    mark = {PAGES[0]: graph.number, PAGES[1]: "清理通道", PAGES[2]: "日常巡查消防通道"}[address]
    for who, seen in (("county", True), ("city", True), ("clerk", True), ("outsider", False),
                      ("county2", False)):  # fmt: skip
        answer = enter(who).get(address)
        assert answer.status_code == 200
        assert (mark in answer.content.decode()) is seen, who
    assert enter("auditor").get(address).status_code == 403


@pytest.mark.parametrize(("address", "queries"), list(zip(PAGES, (11, 10, 10), strict=True)))
def test_a_list_costs_the_same_however_long_it_is(
    graph, world, enter, address, queries, django_assert_max_num_queries
):
    client = enter("city")
    with django_assert_max_num_queries(queries):
        client.get(address)
    for number in range(5):
        problem(world, title=f"问题{number}")
        task(world, owner="county", by="city", title=f"任务{number}")
    with django_assert_max_num_queries(queries):
        client.get(address)


def test_filters_live_in_the_address(graph, enter):
    client = enter("city")
    assert graph.number in client.get("/lists/problems/?text=消防").content.decode()
    for query in ("text=没有", "stage=closed", "state=closed", "domain=testing",
                  "stage=untasked"):  # fmt: skip
        assert graph.number not in client.get(f"/lists/problems/?{query}").content.decode(), query


def sheets(client):
    answer = client.get("/lists/workbook/")
    assert 'filename="lists-20260310.xlsx"' in answer["Content-Disposition"]
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return answer.content, book


def test_three_sheets_come_out_in_the_readers_language(graph, enter):
    client = enter("city")
    _, book = sheets(client)
    assert book.sheet_names == ["问题清单", "任务清单", "责任清单"]
    client.cookies["language"] = "en"
    _, book = sheets(client)
    assert book.sheet_names == ["Problems", "Tasks", "Responsibilities"]
    text = client.get("/lists/tasks/?format=csv").content.decode("utf-8-sig")
    assert text.startswith("Number,Title,Text,Domain")


def brought(client, content, name="lists.xlsx"):
    upload = SimpleUploadedFile(name, content)
    answer = client.post("/lists/import/", {"file": upload})
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_came_out_goes_in_again_and_changes_nothing(graph, enter, language):
    client = enter("city")
    client.cookies["language"] = language
    content, _ = sheets(client)
    client.cookies["language"] = "zh-hans"
    answer = client.get(brought(client, content)).content.decode()
    assert "文件内容与系统一致" in answer
    assert "不采纳的行" not in answer


def test_a_preview_says_what_and_why_and_the_act_follows_it(graph, world, enter):
    client = enter("city")
    text = (
        "标题,领域,责任岗位,期限,验收标准\n"
        f"补装护栏,安全生产,{world.county.post_title},2026/4/1,护栏完好\n"
        f"没有标准,安全生产,{world.county.post_title},2026-04-01,\n"
    )
    address = brought(client, text.encode("utf-8-sig"), "新任务.csv")
    seen = client.get(address).content.decode()
    assert "请写明验收标准" in seen
    assert Obligation.objects.filter(flow="task").count() == 1
    assert client.post(address)["Location"] == "/lists/problems/"
    assert Obligation.objects.filter(brief__title="补装护栏").count() == 1
    assert client.post(address).status_code == 409
    assert enter("clerk").get(address).status_code == 404


def test_a_file_that_cannot_be_read_is_refused_beside_the_field(world, enter):
    upload = SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken")
    answer = enter("city").post("/lists/import/", {"file": upload})
    assert answer.status_code == 200
    assert "文件无法读取" in answer.content.decode()
    assert enter("factory").get("/lists/import/").status_code == 403
