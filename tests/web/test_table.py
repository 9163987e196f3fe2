"""Exports hold what was shown and never run as formulas."""

from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django import forms
from django.test import RequestFactory
from python_calamine import CalamineWorkbook

from bihuan.web.table import Column, FilterForm, cell, exported, query

COLUMNS = (Column("名称", lambda row: row[0]), Column("期限", lambda row: row[1]))
ROWS = [("=1+1", datetime(2026, 3, 10, 4, 0, tzinfo=UTC)), ("渡口", None)]
ask = RequestFactory()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
def test_a_cell_never_becomes_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_figures_and_days_stay_what_they_are() -> None:
    assert (cell(-3), cell(2.5), cell(date(2026, 3, 1)), cell(None)) == (-3, 2.5, "2026-03-01", "")


def test_csv_opens_in_a_spreadsheet_with_local_times() -> None:
    answer = exported(ask.get("/?format=csv"), name="list", columns=COLUMNS, rows=ROWS)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "'=1+1,2026-03-10 12:00" in answer.content.decode("utf-8-sig")
    assert answer["Content-Disposition"] == 'attachment; filename="list.csv"'


def test_xlsx_holds_the_same_rows() -> None:
    answer = exported(ask.get("/?format=xlsx"), name="list", columns=COLUMNS, rows=ROWS)
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    assert rows.to_python() == [["名称", "期限"], ["'=1+1", "2026-03-10 12:00"], ["渡口", ""]]


def test_an_address_changes_one_part_of_its_query_and_drops_what_is_empty() -> None:
    request = ask.get("/?state=closed&after=9")
    assert query(request, {"sort": "due", "after": ""}) == "?state=closed&sort=due"


class Narrow(FilterForm):
    text = forms.CharField()
    kind = forms.ChoiceField(choices=[("", "全部"), ("task", "任务")])


@pytest.mark.parametrize(
    ("address", "narrowing"), [("/", 0), ("/?text=渡口&kind=task", 2), ("/?kind=unknown&page=2", 0)]
)
def test_a_filter_knows_how_many_of_its_fields_narrow_the_list(address, narrowing) -> None:
    assert Narrow.read(ask.get(address)).narrowing == narrowing


def test_the_fields_of_a_filter_share_no_id_with_a_form_in_the_list() -> None:
    filters = Narrow.read(ask.get("/"))
    assert filters["text"].id_for_label != Narrow()["text"].id_for_label
