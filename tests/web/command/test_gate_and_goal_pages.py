"""A unit's own gate and the goals of a year through HTTP."""

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.command.models import GoalSet
from tests.web.safety.test_registers import read

# No token or identifier of a page can hold these by chance.
STAFF = [f"工-A{number:03}" for number in range(320)]


def test_8_of_320_are_missing_for_the_unit_by_number_and_for_the_node_as_a_figure(enter):
    factory, county = enter("factory"), enter("county")
    assert "还没有在册工号" in read(factory, "/gate/")
    assert factory.post("/gate/roll/", {"text": ",".join(STAFF)}).status_code == 302
    said = {"day": "2026-03-10", "text": "\n".join(STAFF[8:]), "ill": "1"}
    assert factory.post("/gate/day/", said).status_code == 302
    own = read(factory, "/gate/")
    assert "312 / 320" in own
    assert all(number in own for number in STAFF[:8])
    page = read(county, "/gates/")
    assert "312 / 320" in page
    assert not any(number in page for number in STAFF)
    for who in ("inspector", "builder", "admin", "factory"):
        assert enter(who).get("/gates/").status_code == 403
    for who in ("county", "inspector", "builder"):
        assert enter(who).get("/gate/").status_code == 403
    county.cookies["language"] = "en"
    assert "Missing" in read(county, "/gates/")


def test_a_unit_enters_its_gates_and_what_it_did_for_its_staff(enter):
    factory = enter("factory")
    factory.post("/gate/roll/", {"text": "A1 A2"})
    assert factory.post("/gate/entrance/", {"name": "东门"}).status_code == 302
    assert "没有人" in read(factory, "/gate/")
    link = "/gate/entrances/"
    page = read(factory, "/gate/")
    pk = page.split(link)[1].split("/")[0]
    watch = {"day": "2026-03-10", "on_duty": "A2", "visitors": "12"}
    assert factory.post(f"{link}{pk}/", watch).status_code == 302
    wrong = factory.post(f"{link}{pk}/", watch | {"on_duty": "B9"})
    assert "在册工号里没有" in wrong.content.decode()
    act = {"kind": "offer", "day": "2026-03-10", "topic": "流感疫苗", "n": "2"}
    assert factory.post("/gate/act/", act).status_code == 302
    assert "已提供接种" in read(factory, "/gate/")
    assert factory.get("/gate/moon/").status_code == 404


def test_five_goals_are_set_and_shown_as_lights_with_words(enter):
    city = enter("city")
    assert "还没有现行的年度目标" in read(city, "/goals/")
    assert "坚决防止重特大事故" in read(city, "/goals/new/")
    form = {"title": "三坚决两确保", "source": "年初会议", "starts": "2026-01-01",
            "ends": "2026-12-31", "name_1": "防重特大", "rule_1": "major", "most_1": "0",
            "post_1": "北原市mayor", "name_2": "防群死群伤"}  # fmt: skip
    sent = city.post("/goals/new/", form)
    assert sent.status_code == 302, sent.content.decode()
    page = read(city, sent.url)
    assert "绿灯" in page
    assert "未定义" in page
    assert "没有判断办法" in page
    assert "三坚决两确保" in read(enter("county"), "/goals/")
    assert enter("outsider").get(sent.url).status_code == 404
    assert GoalSet.objects.count() == 1
    city.cookies["language"] = "en"
    assert "Undefined" in read(city, sent.url)


def test_the_responsible_post_reports_a_figure_with_its_document_on_the_page(
    enter, settings, tmp_path
):
    settings.EVIDENCE_ROOT = tmp_path / "evidence"
    city, mayor = enter("city"), enter("mayor")
    form = {"title": "三坚决两确保", "source": "年初会议", "starts": "2026-01-01",
            "ends": "2026-12-31", "name_1": "防群死群伤", "rule_1": "disaster_groups",
            "most_1": "0", "post_1": "北原市mayor"}  # fmt: skip
    page = city.post("/goals/new/", form).url
    assert "责任岗位还没有填报" in read(mayor, page)
    path = f"/goals/figures/{GoalSet.objects.get().goals.get(position=1).pk}/"
    assert city.get(path).url == page, "whoever reports is another"
    sent = {"value": "0", "day": "2026-03-09", "basis": "灾情快报第 6 期",
            "document": SimpleUploadedFile("快报.txt", "无灾情".encode())}  # fmt: skip
    assert "只有这项目标的责任岗位能填报" in city.post(path, sent).content.decode()
    sent["document"].seek(0)
    answer = mayor.post(path, sent)
    assert answer.status_code == 302, answer.content.decode()
    told = read(mayor, page)
    assert "绿灯" in told
    assert "快报.txt" in told
    link = told.split('href="/evidence/')[1].split('"')[0]
    assert b"".join(city.get(f"/evidence/{link}").streaming_content).decode() == "无灾情"
    assert f"/evidence/{link}" not in read(enter("county"), page), "a paper of the level above"
    mayor.cookies["language"] = "en"
    assert "Reported as of" in read(mayor, page)
