"""What somebody in care asks about themselves: basis, end, needs, and the certificate."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from bihuan.core.audit.services import SYSTEM
from bihuan.core.errors import Refused
from bihuan.epidemic.selectors import care
from bihuan.epidemic.services import needs, stays
from bihuan.web.attempts import attempt
from bihuan.web.care.forms import OwnForm
from bihuan.web.messages import words_for
from bihuan.web.requests import AnyRequest
from bihuan.web.rights import page


@page("public")
def my_stay(request: AnyRequest) -> HttpResponse:
    """My stay: asked with the code of the notice and the telephone given then."""
    form, at = OwnForm(request.POST or None, at=request.at), request.at
    row = attempt(form, lambda s: stays.own_stay(code=s["code"], phone=s["phone"], at=at))
    shown: dict[str, object] = {"form": form, "charge": row}
    if row is None:
        return render(request, "care/my_stay.html", shown)
    if "text" in request.POST:
        _ask(request, row)
    stay = care.stay_of(row, at)
    shown |= {"stay": stay, "stays": care.stays_of(row), "holder": care.holder_at(row, at),
              "needs": care.needs_of(stay) if stay else ()}  # fmt: skip
    return render(request, "care/my_stay.html", shown)


def _ask(request: AnyRequest, row: Any) -> None:
    said = request.POST
    try:
        needs.file_need(charge=row, kind=said.get("kind", ""), text=said.get("text", ""),
                        by=SYSTEM, at=request.at)  # fmt: skip
        messages.success(request, _("已收到,会按时答复。"))
    except Refused as refused:
        messages.error(request, str(words_for(refused)))
