"""Whom or what must be checked: lists with their denominator, line by line."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.evidence.tables import MOST_BYTES, read_tables
from bihuan.epidemic.selectors import screening as selectors
from bihuan.epidemic.services import screening as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.investigation.forms import LinesForm, ScreeningForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="contact.do")
def lists(request: WorkRequest) -> HttpResponse:
    """Lists with how much of each is done here, and a new one."""
    by, at = request.actor, request.at
    form = ScreeningForm(request.POST or None, at=at)
    row = attempt(form, lambda _s: services.draw_list(given=form.given(), by=by, at=at))
    if row is not None:
        return redirect("investigation:screening_list", row.pk)
    shown = {"rows": selectors.list_rows(by=by, at=at), "form": form}
    return render(request, "investigation/screening.html", shown)


@page(duty="contact.do")
def screening(request: WorkRequest, screening_id: int) -> HttpResponse:
    """One list: coverage, lines to note, and more lines with a look before they are taken."""
    by, at = request.actor, request.at
    row = selectors.fetch_list(screening_id=screening_id, by=by)
    form = LinesForm(request.POST or None, request.FILES or None, at=at)
    keep = "keep" in request.POST

    def fill(said: dict[str, Any]) -> tuple[str, services.Filled]:
        text = _text(said)
        return text, services.fill_list(
            screening_id=screening_id, text=text, keep=keep, by=by, at=at
        )

    text, filled = attempt(form, fill) or ("", None)
    if filled is not None and keep:
        messages.success(request, _("已加入 %(n)d 项") % {"n": filled.added})
        return redirect("investigation:screening_list", screening_id)
    whole = request.GET.get("show") == "all"
    lines, after = selectors.line_page(
        screening=row, by=by, open_only=not whole, after=request.GET.get("after", "")
    )
    shown = {
        "screening": row, "done": selectors.coverage_of(screening=row, by=by, at=at),
        "lines": lines, "after": after, "whole": whole, "own": row.scope == by.scope,
        "form": form, "filled": filled, "text": text,
    }  # fmt: skip
    return render(request, "investigation/screening_list.html", shown)


def _text(said: dict[str, Any]) -> str:
    """What was pasted, or the first two columns of the file."""
    file = said["file"]
    if file is None:
        return str(said["text"])
    rows = next(iter(read_tables(file.read(MOST_BYTES + 1), file.name).values()))
    return "\n".join(",".join(row[:2]) for row in rows)


@page(duty="contact.do")
@require_POST
def note(request: WorkRequest, line_id: int) -> HttpResponse:
    """What came of a line; back to its list."""
    said = request.POST
    with answering(request, _("已记录")):
        services.note_line(
            line_id=line_id, state=said.get("state", ""), reason=said.get("reason", ""),
            by=request.actor, at=request.at,
        )  # fmt: skip
    back = said.get("list", "")
    if back.isdecimal() and len(back) < 19:
        return redirect("investigation:screening_list", int(back))
    return redirect("investigation:screening")
