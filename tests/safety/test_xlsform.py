"""Checklists from XLSForm: every kind is read, every fault named, and what is written reads back."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.safety.rules.checklists import (
    Item,
    answer_fault,
    is_asked,
    is_gap,
    items_of,
    left_open,
    line_of,
    read_answer,
)
from bihuan.safety.rules.expressions import ExpressionFault, holds, parsed, written
from bihuan.safety.rules.xlsform import read_form, write_form

HEAD = ["type", "name", "label::中文 (zh)", "label::English (en)", "required", "relevant",
        "constraint", "constraint_message", "hazard", "gap"]  # fmt: skip
SURVEY = [
    HEAD,
    ["start", "start"],
    ["begin group", "g1", "消防", "Fire", "", "", "", "", "", ""],
    ["select_one check", "exit", "安全出口畅通", "Exits clear", "yes", "", "", "", "出口锁闭", ""],
    ["select_one yesno", "stock", "有危化品", "Chemicals", "yes"],
    ["begin_group", "g2", "危化品", "Chemicals", "", "${stock} = 'yes'"],
    ["select_multiple kinds", "which", "品种", "Which", "yes"],
    ["decimal", "tons", "吨数", "Tons", "yes", "", ". >= 0 and . < 100", "应在 0 到 100 之间"],
    ["end_group"],
    ["end group"],
    ["select_one yesno", "locked", "门锁着", "Door locked", "", "", "", "", "出口锁闭", "yes"],
    ["integer", "people", "人数", "People"],
    ["text", "remark", "备注", "Remark"],
    ["date", "checked", "上次检测", "Last test"],
    ["image", "photo", "照片", "Photo", "true"],
    ["note", "hint", "请先出示证件", "Show your card first"],
    ["geopoint", "where", "位置", "Place"],
]
CHOICES = [
    ["list_name", "name", "label::中文 (zh)", "label::English (en)"],
    ["check", "fine", "合格", "Fine"], ["check", "gap", "有隐患", "Gap"],
    ["check", "absent", "无", "None"], ["yesno", "yes", "是", "Yes"], ["yesno", "no", "否", "No"],
    ["kinds", "lpg", "液化气", "LPG"], ["kinds", "acid", "酸", "Acid"],
]  # fmt: skip
SETTINGS = [["form_title", "form_id"], ["村镇检查", "Town-Check"]]
SHEETS = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}


def items(sheets=SHEETS):
    form = read_form(sheets)
    assert form.faults == []
    return {item.code: item for item in form.items}


def test_every_kind_is_read_with_its_languages_groups_and_conditions():
    form = read_form(SHEETS)
    assert (form.title, form.code, form.faults) == ("村镇检查", "town_check", [])
    found = {item.code: item for item in form.items}
    assert [item.kind for item in form.items] == [
        "check", "select_one", "select_multiple", "decimal", "select_one", "integer", "text",
        "date", "image", "note", "geopoint",
    ]  # fmt: skip
    assert (found["exit"].group, found["exit"].type) == ("消防", "出口锁闭")
    assert (found["tons"].group, found["tons"].group_en) == ("消防 / 危化品", "Fire / Chemicals")
    assert found["which"].choices[0] == ("lpg", "液化气", "LPG")
    assert found["tons"].words("en") == "Tons"


def test_answers_follow_conditions_constraints_and_kinds():
    found = items()
    assert not is_asked(found["tons"], {"stock": "no"})
    assert is_asked(found["tons"], {"stock": "yes"})
    assert not is_asked(found["hint"], {})
    left = {item.code for item in left_open(list(found.values()), {"stock": "no", "exit": "fine"})}
    assert left == {"photo"}
    assert is_gap(found["locked"], "yes")
    assert not is_gap(found["locked"], "no")
    assert is_gap(found["exit"], "gap")


@pytest.mark.parametrize(
    ("code", "answer", "fault"),
    [
        ("tons", 5.5, None), ("tons", 100, "inspection.constraint"), ("tons", "x", "inspection.answer"),
        ("tons", float("nan"), "inspection.answer"), ("exit", "yes", "inspection.answer"),
        ("which", ["lpg"], None), ("which", [], "inspection.answer"), ("which", "lpg", "inspection.answer"),
        ("people", 3, None), ("people", True, "inspection.answer"), ("people", 3.5, "inspection.answer"),
        ("remark", " ", "inspection.answer"), ("remark", "好", None), ("checked", "2026-02-30", "inspection.answer"),
        ("checked", "2026-02-03", None), ("photo", 2, None), ("photo", 0, "inspection.answer"),
        ("where", [113.5, 24.1], None), ("where", [500, 0], "inspection.answer"),
        ("hint", "x", "inspection.answer"), ("stock", {}, "inspection.answer"),
    ],
)  # fmt: skip
def test_an_answer_must_fit_its_kind(code, answer, fault):
    assert answer_fault(items()[code], answer, {}) == fault


def test_what_is_typed_in_a_box_becomes_the_kind_of_its_item():
    found = items()
    typed = [("people", "12", 12), ("people", "x", "x"), ("tons", " 1.5 ", 1.5),
             ("where", "113.5, 24.1", [113.5, 24.1]), ("remark", " 好 ", "好")]  # fmt: skip
    assert [read_answer(found[code], text) for code, text, _meant in typed] == [
        meant for *_rest, meant in typed
    ]
    assert read_answer(found["which"], "lpg", ["lpg", "acid"]) == ["lpg", "acid"]


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        (["", "x", "题"], "type", "xlsform.missing"),
        (["calculate", "x", "题"], "type", "xlsform.type"),
        (["begin repeat", "x", "题"], "type", "xlsform.type"),
        (["text", "2x", "题"], "name", "xlsform.name"),
        (["text", "", "题"], "name", "xlsform.name"),
        (["text", "exit", "题"], "name", "xlsform.twice"),
        (["text", "x", ""], "label", "xlsform.missing"),
        (["select_one nothing", "x", "题"], "type", "xlsform.no_list"),
        (["text", "x", "题", "", "", "${nobody} = 1"], "relevant", "xlsform.expression"),
        (["text", "x", "题", "", "", "", "regex(., 'a+')"], "constraint", "xlsform.expression"),
        (["select_one yesno", "x", "题", "", "", "", "", "", "", "maybe"], "gap", "xlsform.gap"),
        (["end_group"], "type", "xlsform.no_group"),
        (["begin_group", "g9", "组"], "type", "xlsform.open_group"),
    ],
)
def test_a_fault_names_its_row_and_column(row, column, code):
    form = read_form(SHEETS | {"survey": [*SURVEY, row]})
    assert [(f.sheet, f.row, f.column, f.code) for f in form.faults] == [
        ("survey", len(SURVEY) + 1, column, code)
    ]


def test_choices_without_name_or_named_twice_are_faults_and_no_survey_is_one():
    broken = [*CHOICES, ["yesno", "yes", "又"], ["yesno", "", "x"], ["", "a", "x"], ["k", "a", ""]]
    found = read_form(SHEETS | {"choices": broken}).faults
    assert [(f.row, f.column) for f in found] == [
        (9, "name"),
        (10, "name"),
        (11, "list_name"),
        (12, "label"),
    ]
    assert [f.code for f in read_form({"a": []}).faults] == ["xlsform.no_survey"]
    assert [f.code for f in read_form({"survey": [HEAD]}).faults] == ["xlsform.no_survey"]
    many = [HEAD, *[["text", f"q{n}", "题"] for n in range(201)]]
    assert [f.code for f in read_form({"survey": many}).faults] == ["xlsform.too_many"]


def test_a_form_with_one_language_is_read_too():
    form = read_form({"survey": [["type", "name", "label"], ["text", "a", "问题"]]})
    assert (form.items[0].text, form.items[0].text_en) == ("问题", "")


def test_what_is_written_reads_back_the_same():
    first = read_form(SHEETS).items
    again = read_form(write_form(first, title="村镇检查", code="town_check", version=3))
    assert again.faults == []
    # a group's condition is written with each of its items
    assert [replace(a, group="", group_en="") for a in again.items] == [
        replace(b, group="", group_en="") for b in first
    ]
    assert [item.group.split(" / ")[-1] for item in again.items] == [
        item.group.split(" / ")[-1] for item in first
    ]


def test_items_are_kept_short_and_read_back_whole():
    first = read_form(SHEETS).items
    assert list(items_of([line_of(item) for item in first])) == first
    assert line_of(Item("1", "题")) == {"code": "1", "text": "题"}


trees = st.recursive(
    st.sampled_from([["ref", "a"], ["ref", "b"], ["self"], ["is", "1"], ["is", "yes"]]),
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["and", "or", "=", "!=", "<", ">="]), inner, inner).map(list),
        inner.map(lambda tree: ["not", tree]),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(trees, st.sampled_from(["", "1", "yes", "2"]), st.sampled_from(["1", "yes", ""]))
def test_an_expression_written_and_read_means_the_same(tree, answer, own):
    again = parsed(written(tree), {"a", "b"})
    assert holds(again, {"a": answer}, own) == holds(tree, {"a": answer}, own)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="${}ab'.()=<>!andornt 1,", max_size=40))
def test_no_text_breaks_the_reader_of_expressions(text):
    try:
        tree = parsed(text, {"a", "b"})
    except ExpressionFault:
        return
    holds(tree, {}, None)


def test_a_bottomless_expression_is_refused():
    with pytest.raises(ExpressionFault):
        parsed("(" * 60 + "1" + ")" * 60, set())
    with pytest.raises(ExpressionFault):
        parsed("1 = " * 200, set())
