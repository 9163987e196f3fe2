"""The day's checks on a phone, and who has how much to do."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from bihuan.core.places.types import COUNTY
from bihuan.epidemic.selectors import contacts
from bihuan.epidemic.selectors import workload as selectors
from bihuan.epidemic.services.contacts import check_contact
from bihuan.web.attempts import answering
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

MOST = 1_000  # a heading need not count further
KEPT_S = 60  # of millions of contacts above the county; below it a check shows at once


@page(duty="contact.do")
def checks(request: WorkRequest) -> HttpResponse:
    """Contacts whose check of today is still to do: one touch for each."""
    by, at = request.actor, request.at
    if request.method == "POST":
        _check(request)
        return redirect("investigation:checks")
    rows, after = contacts.contact_page(
        by=by, at=at, what="check", after=request.GET.get("after", "")
    )
    shown: dict[str, object] = {"rows": rows, "after": after}
    if len(by.scope) >= COUNTY:  # above, the workload tells who has how many
        shown["left"] = contacts.counted(contacts.owed(by, at, "check"), most=MOST)
        shown["done"] = contacts.checks_done(by, at, most=MOST)
    return render(request, "investigation/checks.html", shown)


def _check(request: WorkRequest) -> None:
    said = request.POST
    number = said.get("contact", "")
    with answering(request, _("已记录")):
        check_contact(
            contact_id=int(number) if number.isdecimal() else 0, test=said.get("test", ""),
            symptoms=said.get("symptoms") == "yes", by=request.actor, at=request.at,
        )  # fmt: skip


@page(duty="contact.do")
def workload(request: WorkRequest) -> HttpResponse:
    """Teams by their clocks, townships by their contacts."""
    by, at = request.actor, request.at
    shown = {
        "teams": selectors.team_rows(by=by, at=at),
        "places": lambda: selectors.place_rows(by=by, at=at),
        "kept": KEPT_S if len(by.scope) < COUNTY else 0,
        "owed": contacts.checks_owed(by, at),
    }
    return render(request, "investigation/workload.html", shown)
