"""Checklists: one shown, imported from XLSForm with a preview, exported back."""

import io
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.core.evidence.cells import shielded
from bihuan.core.evidence.tables import read_tables
from bihuan.safety.rules.checklists import Item, items_of
from bihuan.safety.rules.xlsform import Form, read_form, write_form
from bihuan.safety.selectors import establishments as places
from bihuan.safety.selectors.inspections import checklists, fetch_checklist
from bihuan.safety.services.checklists import NewChecklist, write_checklist
from bihuan.supervision.services.uploads import fetch_upload
from bihuan.web.field.forms import FormUpload
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.registers import sector_choices
from bihuan.web.supervision.attempts import staged

KIND = "xlsform"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@page(duty="loop.read")
def checklist(request: WorkRequest, ref: str) -> HttpResponse:
    """One version with its items, source and certainty."""
    row = fetch_checklist(checklist_id=int(ref) if ref.isdecimal() else 0)
    language = get_language() or ""
    items = [(item, item.words(language)) for item in items_of(row.items)]
    return render(request, "field/checklist.html", {"row": row, "items": items})


@page(duty="supervise.plan")
def upload(request: WorkRequest) -> HttpResponse:
    """An XLSForm, previewed first."""
    choices = sector_choices(list(places.sectors()), get_language() or "")
    form = FormUpload(request.POST or None, request.FILES or None, sectors=choices, at=request.at)
    number = staged(request, form, KIND, "sector")
    if number is not None:
        return redirect("field:form_preview", number)
    return render(request, "field/upload.html", {"form": form})


@page(duty="supervise.plan")
def preview(request: WorkRequest, upload_id: int) -> HttpResponse:
    """What the form says, every fault by row and column; confirmed, it is the next version."""
    row = fetch_upload(upload_id=upload_id, kind=KIND, by=request.actor)
    form = read_form(read_tables(bytes(row.data), row.file_name))
    if request.method == "POST" and not form.faults:
        made = write_checklist(given=_given(form, row), by=request.actor, at=request.at)
        messages.success(request, _("已写入 %(list)s") % {"list": made})
        return redirect("field:checklist", made.pk)
    language = get_language() or ""
    former = next((one for one in checklists() if one.code == _code(form, row)), None)
    shown = {
        "form": form, "file": row.file_name, "former": former, "given": _given(form, row),
        "items": [(item, item.words(language)) for item in form.items],
        "changes": _changes(items_of(former.items) if former else (), form.items),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "field/form_preview.html", shown, status=status)


def _code(form: Form, row: Any) -> str:
    """The form's own id, else the name of the file."""
    stem = row.file_name.rpartition(".")[0].lower()
    told = form.code or "".join(c if c.isascii() and c.isalnum() else "_" for c in stem)
    return told if told[:1].isalpha() else f"form_{told}".rstrip("_")


def _given(form: Form, row: Any) -> NewChecklist:
    title = form.title or row.file_name.rpartition(".")[0]
    return NewChecklist(_code(form, row)[:40], title, row.given["sector"], form.items,
                        source=row.file_name)  # fmt: skip


def _changes(former: Any, items: list[Item]) -> dict[str, int]:
    """How many items are new, gone, changed against the version before."""
    old, new = ({item.code: item for item in side} for side in (former, items))
    both = old.keys() & new.keys()
    return {
        "added": len(new.keys() - old.keys()), "gone": len(old.keys() - new.keys()),
        "changed": sum(old[code] != new[code] for code in both),
    }  # fmt: skip


@page(duty="loop.read")
def export(request: WorkRequest, ref: str) -> HttpResponse:
    """A version as an XLSForm workbook."""
    del request  # checklists are everybody's
    row = fetch_checklist(checklist_id=int(ref) if ref.isdecimal() else 0)
    sheets = write_form(items_of(row.items), title=row.title, code=row.code, version=row.version)
    paper = io.BytesIO()
    with xlsxwriter.Workbook(paper, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for number, line in enumerate(lines):
                sheet.write_row(number, 0, [shielded(cell) for cell in line])
    answer = HttpResponse(paper.getvalue(), content_type=SHEET)
    answer["Content-Disposition"] = f'attachment; filename="{row.code}-v{row.version}.xlsx"'
    return answer
