"""Contacts: the day's list, one contact, a new one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.core.places.types import under
from bihuan.epidemic.selectors import contacts as lists
from bihuan.epidemic.selectors.sight import fetch_case, fetch_contact
from bihuan.epidemic.services import contacts as services
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.clearing import clear_contact
from bihuan.epidemic.services.illness import fell_ill
from bihuan.web.attempts import answering, attempt
from bihuan.web.epidemic.forms import ContactForm, IllnessForm
from bihuan.web.epidemic.words import TO_DO
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="contact.do")
def contacts(request: WorkRequest) -> HttpResponse:
    """Contacts under management in the place, or those of whom something is owed; page by page."""
    by, at, what = request.actor, request.at, request.GET.get("what", "")
    rows, after = lists.contact_page(by=by, at=at, what=what, after=request.GET.get("after", ""))
    shown = {"rows": rows, "after": after, "what": what, "tabs": TO_DO.items()}
    return render(request, "epidemic/contacts.html", shown)


@page(duty="case.write")
def new_contact(request: WorkRequest, case_id: int) -> HttpResponse:
    """Name a contact of a case."""
    by, at = request.actor, request.at
    case = fetch_case(case_id=case_id, by=by)
    form = ContactForm(
        request.POST or None,
        pack=edition_of(case.event, at, scope=case.scope),
        at=at,
        scope=by.scope,
    )
    said = request.GET.get("via", "")
    via = int(said) if said.isdecimal() else None
    row = attempt(
        form, lambda _s: services.name_contact(given=form.given(case_id, via), by=by, at=at)
    )
    if row is not None:
        messages.success(request, _("已登记 %(number)s") % {"number": row.number})
        return redirect("epidemic:case", case_id)
    return render(request, "epidemic/form.html", {"form": form, "title": _("登记接触者")})


@page(duty="contact.do")
def contact(request: WorkRequest, contact_id: int) -> HttpResponse:
    """One contact: the plan, the days, what can be done now."""
    return _contact(request, contact_id)


def _contact(
    request: WorkRequest, contact_id: int, person: dict[str, str] | None = None
) -> HttpResponse:
    row = fetch_contact(contact_id=contact_id, by=request.actor)
    state = lists.state_of(row, request.at)
    shown = {
        "contact": row, "state": state, "plan": services.timeline_of(row), "person": person,
        "open": state in {"named", "reached", "placed"}, "days": row.days.order_by("-day"),
        "level2": row.via_id is None and services.traces_second(row, request.at),
        "ours": under(row.scope, request.actor.scope), "onward": row.onward.order_by("pk"),
    }  # fmt: skip
    return render(request, "epidemic/contact.html", shown)


@page(duty="case.write")
def ill(request: WorkRequest, contact_id: int) -> HttpResponse:
    """The contact fell ill: one form makes the case."""
    by, at = request.actor, request.at
    row = fetch_contact(contact_id=contact_id, by=by)
    pack = edition_of(row.event, at, scope=row.scope)
    form = IllnessForm(request.POST or None, pack=pack, at=at)
    case = attempt(
        form, lambda _s: fell_ill(contact_id=contact_id, given=form.given(), by=by, at=at)
    )
    if case is not None:
        messages.success(request, _("已报告 %(number)s") % {"number": case.number})
        return redirect("epidemic:case", case.pk)
    title = _("%(number)s 转为病例") % {"number": row.number}
    return render(request, "epidemic/form.html", {"form": form, "title": title})


@page(duty="contact.do")
@require_POST
def deed(request: WorkRequest, contact_id: int, deed: str) -> HttpResponse:
    """Reached, placed, checked; or read the telephone or the address for the visit."""
    by, at, said = request.actor, request.at, request.POST
    if deed == "person":
        seen = services.read_contact(
            contact_id=contact_id, purpose=said.get("purpose", ""), by=by, at=at
        )
        return _contact(request, contact_id, seen)
    with answering(request, _("已记录")):
        if deed == "reach":
            services.reach_contact(contact_id=contact_id, by=by, at=at)
        elif deed == "place":
            services.place_contact(
                contact_id=contact_id, notice_given="notice" in said, by=by, at=at
            )
        elif deed == "check":
            services.check_contact(contact_id=contact_id, symptoms=said.get("symptoms") == "yes",
                                   test=said.get("test", ""), by=by, at=at)  # fmt: skip
        elif deed == "clear":
            clear_contact(contact_id=contact_id, reason=said.get("reason", ""), by=by, at=at)
        else:
            raise NotFound("not_found", deed=deed)
    return redirect("epidemic:contact", contact_id)
