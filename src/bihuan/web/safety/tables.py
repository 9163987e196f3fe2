"""A table sent as a file or pasted: previewed with every row left out named, then taken."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.core.evidence.cells import Column, Report
from bihuan.core.evidence.tables import MOST_BYTES, read_tables
from bihuan.supervision.services.uploads import fetch_upload, stage
from bihuan.web.attempts import attempt
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest

PASTED = "paste.csv"


class TableForm(WorkForm):
    """A file, or rows pasted from a spreadsheet."""

    file = forms.FileField(label=gettext_lazy("文件(XLSX 或 CSV)"), required=False)
    text = forms.CharField(
        label=gettext_lazy("或直接粘贴"), required=False,
        widget=forms.Textarea({"rows": 8, "spellcheck": "false"}),
        help_text=gettext_lazy("第一行是表头,用逗号或制表符分开。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        said = super().clean() or {}
        if not said.get("file") and not said.get("text"):
            raise ValidationError(_("请选择文件,或粘贴内容。"))
        return said

    def data_of(self) -> tuple[str, bytes]:
        """Name and content; the Chinese comma divides too where the first row has one."""
        file, text = self.cleaned_data["file"], self.cleaned_data["text"]
        if file is not None:
            return file.name or "", file.read(MOST_BYTES + 1)
        return PASTED, text.replace("\uff0c", ",").encode()


@dataclass(frozen=True, slots=True)
class Intake:
    """What a kind of table is: its columns, who takes it, where its pages are."""

    kind: str
    title: str | Promise
    columns: Sequence[Column]
    take: Callable[..., Report]
    upload: str
    preview: str
    back: tuple[str, str | Promise]


def uploaded(request: WorkRequest, intake: Intake) -> HttpResponse:
    """Send or paste a table; it is kept for its preview."""
    form = TableForm(request.POST or None, request.FILES or None, at=request.at)

    def work(_said: dict[str, Any]) -> int:
        name, data = form.data_of()
        row = stage(kind=intake.kind, file_name=name, data=data, given={}, by=request.actor,
                    at=request.at)  # fmt: skip
        return int(row.pk)

    number = attempt(form, work)
    if number is not None:
        return redirect(intake.preview, number)
    language = get_language() or ""
    shown = {"form": form, "intake": intake,
             "heads": [column.title(language) for column in intake.columns]}  # fmt: skip
    return render(request, "safety/table.html", shown)


def previewed(request: WorkRequest, upload_id: int, intake: Intake) -> HttpResponse:
    """What the table would change, and each row left out with its reason; confirmed, it is done."""
    row = fetch_upload(upload_id=upload_id, kind=intake.kind, by=request.actor)
    rows = next(iter(read_tables(bytes(row.data), row.file_name).values()))
    keep = request.method == "POST"
    report = intake.take(rows=rows, keep=keep, by=request.actor, at=request.at)
    if keep:
        messages.success(request, _("已写入 %(n)d 行") % {"n": report.added + report.changed})
        return redirect(intake.back[0])
    language = get_language() or ""
    titles = {column.key: column.title(language) for column in intake.columns}
    shown = {"report": report, "file": row.file_name, "intake": intake, "titles": titles}
    return render(request, "safety/table_preview.html", shown)
