"""Tables on their way into a register: upload, preview, the bar of progress, what was left out."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.core.errors import Refused
from bihuan.safety.rules.sheet import SENSOR
from bihuan.safety.selectors.establishments import kinds
from bihuan.safety.services import importing
from bihuan.safety.services.handing import read_or_hand_over, write_or_hand_over
from bihuan.web.attempts import attempt
from bihuan.web.messages import words, words_for
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.registers import ImportForm, kind_choices
from bihuan.web.table import Column, exported


def _refused_columns(titles: Mapping[str, str]) -> tuple[Column[Any], ...]:
    """What the file of refused rows says; columns are called as in the table that came."""
    return (
        Column(gettext_lazy("行"), lambda line: line.row),
        Column(gettext_lazy("列"), lambda line: titles.get(line.column, line.column)),
        Column(gettext_lazy("内容"), lambda line: line.value),
        Column(gettext_lazy("原因和改法"), lambda line: words(line.code, **line.facts)),
    )


def language() -> str:
    """The reader's language."""
    return get_language() or ""


@page(duty="task.assign")
def upload(request: WorkRequest) -> HttpResponse:
    """A table of establishments or of sensors, previewed first."""
    by, at = request.actor, request.at
    known = kind_choices(kinds(), language())
    form = ImportForm(request.POST or None, request.FILES or None, kinds=known, at=at)
    row = attempt(
        form,
        lambda said: importing.stage_upload(
            kind=said["kind"], file_name=said["file"].name, pieces=said["file"].chunks(), by=by,
            at=at,
        ),
    )  # fmt: skip
    if row is not None:
        return redirect("safety:import_preview", row.pk)
    return render(request, "safety/import.html", {"form": form, "kinds": known})


@page(duty="task.assign")
def sensor_template(request: WorkRequest) -> HttpResponse:
    """The empty table of sensors, with its headings in the reader's language."""
    columns: list[Column[Any]] = [Column(one.title(language()), str) for one in SENSOR]
    return exported(request, name="sensors", columns=columns, rows=())


@page(duty="task.assign")
def preview(request: WorkRequest, upload_id: int) -> HttpResponse:
    """What the import will do; confirmed, it is done, and then what it did."""
    by, at = request.actor, request.at
    if request.method == "POST":
        done = write_or_hand_over(upload_id=upload_id, by=by, at=at)
        if done is not None:
            told = {"n": done.added, "m": done.changed}
            messages.success(request, _("新增 %(n)d 处,更改 %(m)d 处") % told)
        return redirect("safety:import_preview", upload_id)
    row = importing.fetch_upload(upload_id=upload_id, by=by)
    shown = _shown(row)
    try:
        shown["report"] = read_or_hand_over(upload_id=upload_id, by=by, at=at)
    except Refused as refused:
        shown["fault"] = words_for(refused)
    return render(request, "safety/preview.html", shown)


def _shown(row: Any) -> dict[str, Any]:
    columns = importing.columns_of_upload(row)
    return {"upload": row, "titles": {column.key: column.title(language()) for column in columns}}


@page(duty="task.assign")
def progress(request: WorkRequest, upload_id: int) -> HttpResponse:
    """How far reading or writing is; at its end the page is asked for anew."""
    row = importing.fetch_upload(upload_id=upload_id, by=request.actor)
    answer = render(request, "safety/partials/import_progress.html", {"upload": row})
    if not row.busy:
        answer["HX-Refresh"] = "true"
    return answer


@page(duty="task.assign")
def refused(request: WorkRequest, upload_id: int) -> HttpResponse:
    """Every row that was left out, as a table."""
    row = importing.fetch_upload(upload_id=upload_id, by=request.actor)
    lines = importing.refusals_of(row)
    columns = _refused_columns(_shown(row)["titles"])
    return exported(request, name=f"refused-{row.pk}", columns=columns, rows=lines)
