"""Pages of supervision through HTTP: the work done on them, and who may see what."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from bihuan.core.loops.models import Obligation, Problem
from bihuan.core.orgs.models import Post
from bihuan.supervision.models import (
    Candidate,
    ChecklistStep,
    FigureAsk,
    Plan,
    PlanSite,
    Result,
    Round,
    Team,
    Visit,
)
from bihuan.supervision.services.burden import NewForm, ask_figure, write_form
from bihuan.supervision.services.plans import NewPlan, draw_up
from bihuan.supervision.services.visits import NewTeam, NewVisit, form_team, plan_visit
from tests.conftest import NOON
from tests.factories import task
from tests.supervision.conftest import venues

TODAY = date(2026, 3, 10)
LATER = TODAY + timedelta(days=20)


def read(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


@pytest.fixture
def plan(world):
    venues(world, 2)
    venues(world, 1, code="990102", name="校")
    given = NewPlan(
        "全覆盖检查", TODAY, LATER, ("restaurant",), (("入口", "测温"), ("后厨", "留样"))
    )
    return draw_up(given=given, by=world.city, at=NOON)


@pytest.fixture
def visit(world):
    given = NewTeam("督查一组", "查渡口", world.inspector.post_id, (world.builder.post_id,), TODAY,
                    LATER)  # fmt: skip
    team = form_team(given=given, by=world.head, at=NOON)
    given = NewVisit(world.county.post_id, NOON, announced=False, links=("储存",))
    return plan_visit(team_id=team.pk, given=given, by=world.builder, at=NOON)


@pytest.fixture
def ask(world):
    given = NewForm("日报", "掌握进度", LATER, (("已查渡口数", "处"),))
    figure = write_form(given=given, by=world.county, at=NOON).figures.get()
    place = world.places["990101001"].pk
    return ask_figure(figure_id=figure.pk, period="2026-W11", place_ids=[place],
                      due_at=NOON + timedelta(days=1), by=world.county, at=NOON)[0]  # fmt: skip


OPEN = (
    "/supervision/weak/", "/supervision/plans/", "/supervision/second/", "/supervision/visits/",
    "/supervision/rounds/", "/supervision/external/", "/supervision/burden/",
    "/supervision/burden/asks/",
)  # fmt: skip
PLANNERS = (
    "/supervision/registers/", "/supervision/registers/new/", "/supervision/plans/new/",
    "/supervision/teams/new/", "/supervision/rounds/new/", "/supervision/burden/forms/new/",
    "/supervision/burden/asks/new/",
)  # fmt: skip


@pytest.mark.parametrize("address", OPEN)
def test_reading_pages_open_empty_for_every_working_post(world, enter, address):
    for who in ("city", "county", "outsider", "factory"):
        read(enter(who), address)
    read(enter("auditor"), address, 403)


@pytest.mark.parametrize("address", PLANNERS)
def test_pages_that_make_something_are_for_planners(world, enter, address):
    read(enter("city"), address)
    read(enter("factory"), address, 403)
    read(enter("auditor"), address, 403)


def test_a_problem_is_entered_with_a_photo_and_leads_to_its_page(world, enter):
    paper = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(paper, "PNG")
    asked = {
        "title": "护栏缺失", "text": "东侧护栏缺失。", "domain": "work-safety",
        "owner_post": world.county.post_title,
        "photos": SimpleUploadedFile("a.png", paper.getvalue()),
    }  # fmt: skip
    client = enter("city")
    answer = client.post("/supervision/problems/new/", asked)
    row = Obligation.objects.get(flow="problem")
    assert answer["Location"] == f"/loops/{row.pk}/"
    assert row.state == "registered"
    half = client.post("/supervision/problems/new/", asked | {"figure_name": "缺口", "photos": ""})
    assert "指标、现值、目标值、复测日期要一起填写" in half.content.decode()
    lost = client.post("/supervision/problems/new/", asked | {"owner_post": "无此岗", "photos": ""})
    assert "辖区内没有这个岗位" in lost.content.decode()
    assert Obligation.objects.count() == 1
    read(enter("auditor"), "/supervision/problems/new/", 403)


def test_of_posts_with_one_title_the_body_in_brackets_tells_which(world, enter):
    post = Post.objects.get(pk=world.county.post_id)
    Post.objects.filter(pk=world.county2.post_id).update(title=post.title)
    asked = {"title": "护栏缺失", "text": "东侧。", "domain": "work-safety"}
    client = enter("city")
    assert f'value="{post.title}({post.org.name})"' in read(client, "/supervision/problems/new/")
    unclear = client.post("/supervision/problems/new/", asked | {"owner_post": post.title})
    assert "有多个同名岗位" in unclear.content.decode()
    client.post(
        "/supervision/problems/new/", asked | {"owner_post": f"{post.title}（{post.org.name}）"}
    )
    assert Obligation.objects.get(flow="problem").owner_post == post


def test_a_pair_entered_on_the_page_is_on_the_page_of_weak_links(world, enter):
    client = enter("city")
    client.post("/supervision/problems/new/", {
        "title": "报告不及时", "text": "平均 9 小时。", "domain": "epidemic-sensing",
        "owner_post": world.county.post_title, "figure_name": "报告用时", "figure_before": "9",
        "figure_target": "2", "remeasure_on": "2026-04-01",
    })  # fmt: skip
    assert Problem.objects.get().figure_target == 2
    page = read(client, "/supervision/weak/")
    assert "报告不及时" in page
    assert "350%" in page
    assert "报告不及时" not in read(enter("outsider"), "/supervision/weak/")


def test_a_plan_is_drawn_up_filled_and_seen_by_its_area_alone(world, enter, plan):
    client = enter("city")
    page = read(client, f"/supervision/plans/{plan.pk}/")
    assert "店0000" in page
    assert "校0000" in page
    assert "未达全覆盖" in page
    county = read(enter("county"), f"/supervision/plans/{plan.pk}/")
    assert "店0000" in county
    assert "校0000" not in county
    read(enter("outsider"), f"/supervision/plans/{plan.pk}/", 404)
    site = PlanSite.objects.get(name="店0000")
    address = f"/supervision/plans/{plan.pk}/sites/{site.pk}/"
    one, two = plan.steps.order_by("position")
    said = {f"o{one.pk}": "fine", f"o{two.pk}": "gap", f"n{two.pk}": ""}
    assert "请写明情况" in client.post(address, said).content.decode()
    assert Result.objects.count() == 0
    client.post(address, said | {f"n{two.pk}": "未留样"})
    assert sorted(Result.objects.values_list("outcome", flat=True)) == ["fine", "gap"]
    assert "33.3%" in read(client, f"/supervision/plans/{plan.pk}/")
    read(enter("outsider"), address, 404)
    read(enter("factory"), address, 403)


def test_a_second_pass_is_drawn_from_the_first_and_shows_what_was_missed(world, enter, plan):
    client = enter("city")
    site = PlanSite.objects.get(name="店0000")
    one, _two = plan.steps.order_by("position")
    client.post(f"/supervision/plans/{plan.pk}/sites/{site.pk}/", {f"o{one.pk}": "fine"})
    client.post("/supervision/plans/new/", {
        "title": "复查", "starts": TODAY, "ends": LATER, "first": plan.pk, "steps": "",
    })  # fmt: skip
    second = Plan.objects.get(first=plan)
    again = PlanSite.objects.get(plan=second)
    step = second.steps.order_by("position")[0]
    address = f"/supervision/plans/{second.pk}/sites/{again.pk}/"
    said = {f"o{step.pk}": "gap", f"n{step.pk}": "未测温", f"e{step.pk}": "on"}
    assert "复查须换人" in client.post(address, said).content.decode()
    enter("clerk").post(address, said)
    page = read(client, "/supervision/second/")
    assert "漏查率" in page
    assert "100.0%" in page


def test_steps_are_typed_one_a_line_with_either_colon(world, enter):
    venues(world, 1)
    enter("city").post("/supervision/plans/new/", {
        "title": "检查", "starts": TODAY, "ends": LATER, "kinds": "restaurant",
        "steps": "入口:测温\n后厨\uff1a留样\n仓库",
    })  # fmt: skip
    steps = Plan.objects.get().steps.order_by("position").values_list("link", "name")
    assert list(steps) == [("入口", "测温"), ("后厨", "留样"), ("仓库", "仓库")]


def test_a_visit_is_made_on_the_phone_and_the_unit_sees_it_once_it_begins(world, enter, visit):
    address = f"/supervision/visits/{visit.pk}/"
    read(enter("county"), address, 404)
    client = enter("builder")
    client.post(f"{address}begin/")
    assert "当场交办" in read(client, address)
    finding = {"title": "无台账", "text": "危化品无台账", "domain": "work-safety", "link": "储存"}
    bad = client.post(f"{address}find/", finding | {"title": ""})
    assert "危化品无台账" in bad.content.decode()
    client.post(f"{address}find/", finding)
    unit = read(enter("county"), address)
    assert "无台账" in unit
    assert "当场交办" not in unit
    enter("county").post(f"{address}comment/", {"comment": "当日整改"})
    assert enter("county").post(f"{address}end/").status_code == 403
    client.post(f"{address}end/")
    assert Visit.objects.get().ended_at == NOON
    assert "当日整改" in read(client, address)
    read(enter("outsider"), address, 404)
    assert client.post(f"{address}nonsense/").status_code == 404


def test_a_team_and_a_visit_are_made_on_pages(world, enter):
    enter("head").post("/supervision/teams/new/", {
        "name": "督查二组", "mandate": "查车间", "leader": world.inspector.post_title,
        "members": world.builder.post_title, "starts": TODAY, "ends": LATER,
    })  # fmt: skip
    page = read(enter("inspector"), "/supervision/visits/")
    address = f"/supervision/teams/{Team.objects.get().pk}/visit/"
    assert address in page
    enter("inspector").post(address, {
        "owner_post": world.county.post_title, "planned_for": "明天 9:00", "announced": "yes",
        "links": "储存\n使用",
    })  # fmt: skip
    assert Visit.objects.get().links == ["储存", "使用"]
    assert world.county.post_title in read(enter("county"), "/supervision/visits/")


def test_a_round_of_two_is_refused_in_words_and_drawn_with_an_observer(world, enter):
    client = enter("city")
    orgs = [world.county.org_id, world.county2.org_id]
    asked = {"title": "第一轮", "orgs": orgs, "links": "储存", "planned_for": "明天"}
    answer = client.post("/supervision/rounds/new/", asked)
    assert "须指定第三方监督员" in answer.content.decode()
    lost = client.post("/supervision/rounds/new/", asked | {"excluded": "甲>乙"})
    assert "名单里没有" in lost.content.decode()
    assert Round.objects.count() == 0
    page = read(client, "/supervision/rounds/")
    assert "还没有交叉检查" in page


def test_findings_from_outside_are_loaded_in_two_steps(world, enter):
    client = enter("head")
    text = "序号,问题\n1,制度不全\n2,台账不清\n"
    answer = client.post("/supervision/external/new/", {
        "issuer": "国家督查组", "answer_by": LATER,
        "file": SimpleUploadedFile("f.csv", text.encode()),
    })  # fmt: skip
    address = answer["Location"]
    assert "新增" in read(client, address)
    assert Obligation.objects.count() == 0
    where = client.post(address)["Location"]
    page = read(client, where)
    assert "制度不全" in page
    read(enter("city"), where, 404)
    read(enter("outsider"), where, 404)
    item = Problem.objects.first().obligation.externalitem
    refused = client.post(f"/supervision/external/items/{item.pk}/answer/", {"answer": "已改"})
    assert refused.status_code == 409
    assert "还没有通过本级验收" in refused.content.decode()


def test_a_register_is_compared_and_its_candidates_decided(world, enter):
    venues(world, 1)
    client = enter("city")
    text = "名称,地址\n店0000,某路\n新店,某街\n"
    answer = client.post("/supervision/registers/new/", {
        "source": "licence", "kind": "restaurant", "as_of": TODAY,
        "file": SimpleUploadedFile("r.csv", text.encode()),
    })  # fmt: skip
    where = client.post(answer["Location"])["Location"]
    assert "新店" in read(client, where)
    candidate = Candidate.objects.get()
    client.post(f"/supervision/candidates/{candidate.pk}/", {"decision": "added"})
    assert "无盲区" in read(client, where)
    read(enter("outsider"), where, 404)


def test_a_second_request_for_a_figure_is_refused_with_the_way_to_it(world, enter, ask):
    township = enter("township")
    address = f"/supervision/burden/asks/{ask.pk}/"
    read(township, address)
    township.post(address, {"value": "12"})
    assert FigureAsk.objects.get().value == 12
    client = enter("county")
    again = client.post("/supervision/burden/asks/new/", {
        "figure": ask.figure_id, "period": "2026-W11", "due_at": "明天",
        "places": [world.places["990101001"].pk],
    }).content.decode()  # fmt: skip
    assert "台账里已有" in again
    assert f'href="{address}"' in again
    assert "12" in read(client, address)
    read(enter("outsider"), address, 404)
    assert "码头镇" in read(client, "/supervision/burden/")
    form = client.post("/supervision/burden/forms/new/", {
        "title": "周报", "purpose": "了解", "expires_on": LATER, "figures": "已查渡口数(处)",
    }).content.decode()  # fmt: skip
    assert f"/supervision/burden/#figure-{ask.figure_id}" in form


def test_a_checklist_is_set_answered_and_graded_on_its_page(world, enter):
    row = task(world, owner="county", by="city")
    address = f"/supervision/checklists/{row.pk}/"
    city, county = enter("city"), enter("county")
    city.post(f"{address}steps/", {"steps": "查门\n巡查每4小时"})
    step, watch = ChecklistStep.objects.order_by("position")
    assert (watch.text, watch.every_hours) == ("巡查", 4)
    county.post(f"/supervision/steps/{step.pk}/answer/", {"answer": "exempt", "reason": "停业"})
    assert "同意例外" in read(city, address)
    city.post(f"/supervision/steps/{step.pk}/approve/")
    assert "已同意例外" in read(county, address)
    assert county.post(f"{address}steps/", {"steps": "再查"}).status_code == 200
    read(enter("outsider"), address, 404)


@pytest.mark.parametrize(
    ("address", "queries"),
    [("/supervision/plans/", 10), ("/supervision/visits/", 11), ("/supervision/rounds/", 9),
     ("/supervision/weak/", 11), ("/supervision/burden/", 14)],
)  # fmt: skip
def test_pages_cost_a_bounded_number_of_queries(
    world, enter, plan, visit, ask, address, queries, django_assert_max_num_queries
):
    client = enter("city")
    with django_assert_max_num_queries(queries):
        read(client, address)
