"""Problems, tasks and responsibilities are three views of one graph, in and out of a file."""

import csv
import io
from datetime import timedelta

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation, ProblemTask, Responsibility
from bihuan.core.loops.services import (
    act,
    describe_problem,
    propose_responsibility,
    serve_problem,
)
from bihuan.core.loops.services.problems import Description
from bihuan.supervision.rules.tables import PROBLEMS, RESPONSIBILITIES, TASKS
from bihuan.supervision.selectors import lists as selectors
from bihuan.supervision.selectors.sheets import comma_separated, workbook
from bihuan.supervision.services import lists
from bihuan.supervision.services.uploads import stage
from bihuan.supervision.types import ListFilter
from tests.conftest import NOON
from tests.factories import task
from tests.supervision.conftest import DAY, HOUR, deliver, problem, prove, rectifying, say

ALL = ListFilter()


def other_tongue(kind, code):
    return f"{kind} {code} in English"


SAYS = (say, other_tongue)


@pytest.fixture
def graph(world):
    """A problem with two tasks and a responsibility, and a task that serves none."""
    found = problem(world)
    first, second = (task(world, owner="county", by="city", title=t) for t in ("清理", "划线"))
    task(world, owner="county2", by="city", title="普查")
    for row in (first, second):
        serve_problem(problem_id=found.pk, task_id=row.pk, by=world.city, at=NOON)
    describe_problem(
        obligation_id=found.pk, by=world.city, at=NOON,
        given=Description(cause="=无人管理", figure_name="堵塞处数", figure_before=5.0),
    )  # fmt: skip
    propose_responsibility(
        obligation_id=found.pk, party="territory", post_id=world.county.post_id, duty="日常巡查",
        by=world.city, at=NOON,
    )  # fmt: skip
    return world


def exported(world, who="city", speak=say, language="zh-hans"):
    found = selectors.everything(by=world.actor(who), at=NOON, wanted=ALL)
    return workbook(found, language=language, say=speak)


def staged(world, data, name="lists.xlsx", who="city"):
    return stage(kind="lists", file_name=name, data=data, given={}, by=world.actor(who), at=NOON).pk


def previewed(world, data, **options):
    who = options.get("who", "city")
    pk = staged(world, data, **options)
    return lists.preview(upload_id=pk, by=world.actor(who), at=NOON + HOUR, says=SAYS)


def acted(world, data, **options):
    who = options.get("who", "city")
    pk = staged(world, data, **options)
    return lists.act(upload_id=pk, by=world.actor(who), at=NOON + HOUR, says=SAYS)


def book(**sheets):
    """A workbook of sheets given as lists of rows, the first one the headings."""
    paper = io.BytesIO()
    with xlsxwriter.Workbook(paper) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                for place, cell in enumerate(row):
                    sheet.write_string(number, place, str(cell))
    return paper.getvalue()


def edges():
    return set(ProblemTask.objects.values_list("problem_id", "task_id"))


def test_a_problem_without_a_task_is_red_after_a_day(world):
    problem(world)
    soon = selectors.problems(by=world.city, at=NOON + DAY, wanted=ALL).rows[0]
    late = selectors.problems(by=world.city, at=NOON + DAY + HOUR, wanted=ALL).rows[0]
    assert (soon.untasked, late.untasked) == (False, True)
    red = ListFilter(stage="untasked")
    assert selectors.problems(by=world.city, at=NOON + DAY, wanted=red).rows == ()
    assert len(selectors.problems(by=world.city, at=NOON + DAY + HOUR, wanted=red).rows) == 1


def test_a_task_without_criterion_deadline_or_owner_is_not_saved(world):
    head = ("标题", "领域", "责任岗位", "期限", "验收标准")
    whole = ("清理通道", "work-safety", world.county.post_title, "2026-04-01", "通道畅通")
    without = [(*whole[:4], ""), (*whole[:3], "", whole[4]), (*whole[:2], "", *whole[3:])]
    report = acted(world, book(任务=[head, whole, *without]))
    assert [r.code for r in report.refusals] == [
        "task.no_criterion", "lists.no_due", "lists.post_unknown",
    ]  # fmt: skip
    assert [(r.row, r.column) for r in report.refusals] == [
        (3, "criterion"), (4, "due_at"), (5, "owner"),
    ]  # fmt: skip
    assert Obligation.objects.filter(flow="task").count() == report.added == 1


def test_closing_all_tasks_moves_a_problem_to_be_verified_and_never_to_closed(graph):
    found = rectifying(graph, Obligation.objects.get(flow="problem"))
    served = Obligation.objects.filter(serves__problem=found.pk).order_by("pk")
    for row in served:
        prove(graph, row, "county")
        found.refresh_from_db()
        assert found.state == "rectifying"
        act(obligation_id=row.pk, move="accept", by=graph.clerk, at=NOON + HOUR)
        deliver()
    found.refresh_from_db()
    assert (found.state, found.closed_at) == ("submitted", None)
    assert found.submitted_by_id == graph.county.person_id
    deliver()
    act(obligation_id=found.pk, move="verify", by=graph.clerk, at=NOON + HOUR)


def test_an_exported_file_imported_again_gives_the_same_graph(graph):
    before = edges(), Obligation.objects.count(), Responsibility.objects.count()
    versions = list(Obligation.objects.order_by("pk").values_list("pk", "version", "due_at"))
    for data in (exported(graph), exported(graph, speak=other_tongue, language="en")):
        report = acted(graph, data)
        assert report.refusals == report.corrections == ()
        assert (report.idle, report.unchanged) == (True, 5)
    assert (edges(), Obligation.objects.count(), Responsibility.objects.count()) == before
    assert (
        list(Obligation.objects.order_by("pk").values_list("pk", "version", "due_at")) == versions
    )


def test_one_list_as_csv_comes_back_the_same(graph):
    found = selectors.everything(by=graph.city, at=NOON, wanted=ALL)
    for sheet, rows in zip((PROBLEMS, TASKS, RESPONSIBILITIES), found, strict=True):
        data = comma_separated(sheet, rows, language="zh-hans", say=say)
        report = acted(graph, data, name=f"{sheet.key}.csv")
        assert (report.idle, report.unchanged, report.refusals) == (True, len(rows), ())


def test_no_cell_of_an_export_is_a_formula(graph):
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(exported(graph))).get_sheet_by_index(0)
    heads, row = sheet.to_python()
    assert row[heads.index("原因")] == "'=无人管理"
    found = selectors.problems(by=graph.city, at=NOON, wanted=ALL).rows
    text = comma_separated(PROBLEMS, found, language="en", say=say).decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["Cause"] == "'=无人管理"


def edit(data, sheet_index, column, value, row=1):
    """The exported file with one cell changed, as a clerk would."""
    made = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = {name: made.get_sheet_by_name(name).to_python() for name in made.sheet_names}
    target = sheets[made.sheet_names[sheet_index]]
    target[row][target[0].index(column)] = value
    return book(**sheets)


def test_an_edited_cell_changes_what_people_write(graph):
    data = edit(exported(graph), 0, "范围", "三个车间")
    assert previewed(graph, data).changed == 1
    assert selectors.problems(by=graph.city, at=NOON, wanted=ALL).rows[0].extent == ""
    report = acted(graph, data)
    assert (report.changed, report.unchanged, report.refusals) == (1, 4, ())
    assert selectors.problems(by=graph.city, at=NOON, wanted=ALL).rows[0].extent == "三个车间"


def test_what_moves_alone_may_change_is_refused_by_cell(graph):
    report = previewed(graph, edit(exported(graph), 0, "状态", "state:closed"))
    (refusal,) = report.refusals
    assert (refusal.row, refusal.column, refusal.code) == (2, "state", "lists.read_only")
    assert report.unchanged == 4


def test_a_later_deadline_is_an_extension_with_its_reason(graph):
    row = Obligation.objects.filter(flow="task").order_by("-pk").first()
    data = edit(exported(graph), 1, "期限", "2026-05-01 18:00")
    assert [r.code for r in previewed(graph, data).refusals] == ["loop.no_reason"]
    report = acted(graph, edit(data, 1, "延期理由", "台风"))
    row.refresh_from_db()
    assert (report.changed, row.extensions, row.due_rule) == (1, 1, "extended")


def test_how_a_cell_is_mended_is_told(graph):
    number = Obligation.objects.get(flow="problem").number
    data = edit(exported(graph), 0, "编号", number.lower().replace("-00", "-"))
    data = edit(data, 0, "复测日期", "2026/4/1")
    mends = [(c.column, c.mended) for c in acted(graph, data).corrections]
    assert mends == [("number", number), ("remeasure_on", "2026-04-01")]


def test_new_rows_refer_to_each_other_by_names_of_their_own(world):
    post = world.county.post_id
    data = book(
        问题=[("编号", "标题", "领域", "责任岗位编号"), ("新1", "护栏缺失", "work-safety", post)],
        任务=[("编号", "标题", "领域", "责任岗位编号", "期限", "验收标准", "问题编号"),
              ("", "补装护栏", "work-safety", post, "2026/4/1", "护栏完好", "新1")],
        责任=[("事项编号", "责任方", "岗位编号", "职责"), ("新1", "unit", post, "日常检查")],
    )  # fmt: skip
    report = acted(world, data)
    assert (report.added, report.refusals) == (3, ())
    assert len(edges()) == 1
    again = acted(world, data)
    assert (again.idle, again.unchanged) == (True, 3)


def test_an_edge_or_a_word_is_never_lost_by_an_empty_cell(graph):
    emptied = previewed(graph, edit(exported(graph), 0, "原因", ""))
    unlinked = previewed(graph, edit(exported(graph), 0, "任务编号", ""))
    assert [r.code for r in emptied.refusals] == ["lists.emptied"]
    assert [r.code for r in unlinked.refusals] == ["lists.unlinked"]


def test_what_the_post_may_not_see_does_not_exist_in_its_file_either(graph):
    report = previewed(graph, exported(graph), who="outsider")
    assert {r.code for r in report.refusals} == {"loop.not_found", "responsibility.not_found"}
    assert report.unchanged == 0


def test_a_preview_writes_nothing_and_an_upload_is_acted_on_once(world):
    head = ("标题", "领域", "责任岗位编号")
    pk = staged(world, book(问题=[head, ("护栏缺失", "work-safety", world.county.post_id)]))
    asked = {"upload_id": pk, "by": world.city, "at": NOON, "says": SAYS}
    assert lists.preview(**asked).added == 1
    assert Obligation.objects.count() == 0
    assert lists.act(**asked).added == 1
    with pytest.raises(Conflict) as refused:
        lists.act(**asked)
    assert refused.value.code == "upload.acted"
    with pytest.raises(NotFound):
        lists.preview(**(asked | {"by": world.clerk}))


def test_a_post_that_may_not_give_tasks_may_not_import(world):
    data = book(问题=[("标题", "领域"), ("护栏缺失", "work-safety")])
    with pytest.raises(NotAllowed):
        previewed(world, data, who="factory")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "table.empty"),
        (b"\xd0\xcf\x11\xe0old", "table.encrypted"),
        (b"PK\x03\x04broken", "table.unreadable"),
        (b"\xff\xff\xff\x00", "table.unreadable"),
        ("没有,这样的,表\n1,2,3\n".encode(), "table.no_list"),
        (b"x" * (10 * 1024 * 1024 + 1), "table.too_large"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(world, data, code):
    with pytest.raises(Invalid) as refused:
        previewed(world, data)
    assert refused.value.code == code


def test_a_zip_bomb_is_not_unpacked(world):
    import zipfile

    paper = io.BytesIO()
    with zipfile.ZipFile(paper, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (101 * 1024 * 1024))
    with pytest.raises(Invalid) as refused:
        staged(world, paper.getvalue())
    assert refused.value.code == "table.too_large"


def test_csv_from_a_chinese_spreadsheet_is_read(world):
    text = f"标题,领域,责任岗位编号\n护栏缺失,work-safety,{world.county.post_id}\n"
    assert previewed(world, text.encode("gb18030"), name="a.csv").added == 1
    assert previewed(world, text.replace(",", "\t").encode("utf-16"), name="a.csv").added == 1


def test_lists_filter_sort_and_page_by_key_at_a_fixed_price(graph, django_assert_num_queries):
    ask = {"by": graph.city, "at": NOON}
    with django_assert_num_queries(3):
        assert len(selectors.problems(**ask, wanted=ALL).rows) == 1
    with django_assert_num_queries(2):
        tasks = selectors.tasks(**ask, wanted=ListFilter(sort="due")).rows
    with django_assert_num_queries(2):
        answers = selectors.responsibilities(**ask, wanted=ALL).rows
    assert [ref.number for ref in answers[0].tasks] == [t.number for t in tasks if t.problems]
    pages, after = [], ""
    for _ in range(3):
        page = selectors.tasks(**ask, wanted=ListFilter(sort="due"), after=after, size=1)
        pages += page.rows
        after = page.after
    assert (pages, after) == (list(tasks), "")
    narrow = ListFilter(text="普查", stage="open", domain="work-safety")
    assert [row.title for row in selectors.tasks(**ask, wanted=narrow).rows] == ["普查"]
    by_number = ListFilter(text=tasks[0].number)
    assert selectors.tasks(**ask, wanted=by_number).rows == tasks[:1]
    later = selectors.tasks(by=graph.city, at=NOON + timedelta(days=30),
                            wanted=ListFilter(stage="overdue"))  # fmt: skip
    assert len(later.rows) == 3


@pytest.mark.parametrize(
    ("who", "problems", "tasks"),
    [("head", 1, 3), ("city", 1, 3), ("county", 1, 2), ("county2", 0, 1), ("outsider", 0, 0)],
)
def test_each_post_sees_its_own_part_of_the_graph(graph, who, problems, tasks):
    ask = {"by": graph.actor(who), "at": NOON, "wanted": ALL}
    assert len(selectors.problems(**ask).rows) == problems
    assert len(selectors.tasks(**ask).rows) == tasks
    assert len(selectors.responsibilities(**ask).rows) == problems
