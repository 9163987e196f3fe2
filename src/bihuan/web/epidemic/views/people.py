"""The person's own record, and the review of emergency readings."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.errors import Invalid
from bihuan.core.vault.selectors import emergencies, readings_of
from bihuan.core.vault.services import knows, review_glass
from bihuan.core.vault.types import ReadRow
from bihuan.web.attempts import attempt
from bihuan.web.epidemic.forms import RecordForm
from bihuan.web.requests import AnyRequest, WorkRequest
from bihuan.web.rights import page

QUARTER = timedelta(days=90)


@page("public")
def my_record(request: AnyRequest) -> HttpResponse:
    """Who read my record: asked with the code of the notice and the telephone given then."""
    form = RecordForm(request.POST or None, at=request.at)

    def work(said: dict[str, str]) -> tuple[tuple[ReadRow, ...]]:
        code = said["code"].strip().upper()
        if not knows(code, phone=said["phone"], at=request.at):
            raise Invalid("record.unknown")
        return (readings_of(code),)

    found = attempt(form, work)
    shown = {"form": form, "asked": found is not None, "readings": found[0] if found else ()}
    return render(request, "epidemic/my_record.html", shown)


@page(duty="vault.review")
def glass(request: WorkRequest) -> HttpResponse:
    """Emergency readings that wait for their review, and those reviewed."""
    if request.method == "POST":
        said = request.POST
        number = said.get("reading", "")
        review_glass(
            reading_id=int(number) if number.isdecimal() else 0, finding=said.get("finding", ""),
            by=request.actor, at=request.at,
        )  # fmt: skip
        messages.success(request, _("已复核"))
        return redirect("epidemic:glass")
    rows = emergencies(by=request.actor, since=request.at - QUARTER)
    return render(request, "epidemic/glass.html", {"rows": rows})
