"""Lists: the filter, sort and key of a page live in its address; what is shown can be exported."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, Self, TypeVar

import xlsxwriter
from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

from bihuan.core.clock import local

Row = TypeVar("Row")
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so would be run by a spreadsheet
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of an export: its heading and how a row fills it."""

    title: str | Promise
    value: Callable[[Row], Any]


class FilterForm(forms.Form):
    """Base of the filter forms: every field optional, read from the address.

    A value that a field does not know is dropped, so that an old link still opens the list.
    """

    @classmethod
    def read(cls, request: HttpRequest, **options: Any) -> Self:
        """The form bound to the address. Its ids are its own: a form in a row has fields too."""
        form = cls(request.GET, auto_id="filter_%s", **options)
        for field in form.fields.values():
            field.required = False
        form.is_valid()
        return form

    def said(self, name: str) -> Any:
        """The value of one field, empty when it was left out or not understood."""
        return self.cleaned_data.get(name) or ""

    @property
    def narrowing(self) -> int:
        """How many of the fields that are seen narrow the list."""
        return sum(bool(self.said(bound.name)) for bound in self.visible_fields())


def wants_export(request: HttpRequest) -> bool:
    """Whether the list was asked for as a file (`?format=csv` or `xlsx`)."""
    return request.GET.get("format") in {"csv", "xlsx"}


def exported(
    request: HttpRequest, *, name: str, columns: Iterable[Column[Row]], rows: Iterable[Row]
) -> HttpResponse:
    """The rows as the file asked for; CSV with a mark of UTF-8, so that spreadsheets read it."""
    columns = list(columns)
    heads = [str(column.title) for column in columns]
    lines = ([cell(column.value(row)) for column in columns] for row in rows)
    if request.GET.get("format") == "xlsx":
        return download(_xlsx(heads, lines), f"{name}.xlsx", XLSX)
    return download(_csv(heads, lines), f"{name}.csv", "text/csv; charset=utf-8")


def cell(value: Any) -> Any:
    """A value as a spreadsheet may hold it: local time, no formulas."""
    if isinstance(value, datetime):
        return f"{local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(heads: list[str], lines: Iterable[list[Any]]) -> bytes:
    paper = io.StringIO()
    writer = csv.writer(paper)
    writer.writerow(heads)
    writer.writerows(lines)
    return paper.getvalue().encode("utf-8-sig")


def _xlsx(heads: list[str], lines: Iterable[list[Any]]) -> bytes:
    paper = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(paper, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        sheet.write_row(0, 0, heads, bold)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(heads) - 1, 18)
        for number, line in enumerate(lines, start=1):
            sheet.write_row(number, 0, line)
    return paper.getvalue()


def download(content: bytes, name: str, mime: str) -> HttpResponse:
    """A file to be kept, under a name."""
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def query(request: HttpRequest, changes: Mapping[str, Any]) -> str:
    """The address's query with some values changed; empty ones drop out. Begins with "?"."""
    params = request.GET.copy()
    for key, value in changes.items():
        if value in {"", None}:
            params.pop(key, None)
        else:
            params[key] = str(value)
    return f"?{params.urlencode()}"
