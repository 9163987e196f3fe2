"""Inspections on the phone, checklists, campaigns."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.services.proof import File
from bihuan.safety.rules.checklists import (
    is_asked,
    items_of,
    left_open,
    read_answer,
    shown_answer,
)
from bihuan.safety.selectors import coverage, programmes, specials
from bihuan.safety.selectors import establishments as places
from bihuan.safety.selectors import inspections as selectors
from bihuan.safety.selectors.field import waiting_entries
from bihuan.safety.selectors.joint import asked_for
from bihuan.safety.services import inspections as services
from bihuan.safety.services.checklists import NewChecklist, plain_items, write_checklist
from bihuan.safety.services.specials import open_special as open_new_special
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.inspections import CampaignForm, ChecklistForm, SpecialForm
from bihuan.web.safety.forms.registers import sector_choices
from bihuan.web.templatetags.safety import named

BACK = ("safety:inspections", gettext_lazy("安全检查"))


def _sectors() -> list[tuple[str, str]]:
    return sector_choices(list(places.sectors()), get_language() or "")


@page(duty="loop.read")
def inspections(request: WorkRequest) -> HttpResponse:
    """Inspections, campaigns and checklists."""
    by = request.actor
    rows, after = selectors.inspections(by=by, after=request.GET.get("after", ""))
    shown = {
        "rows": rows, "after": after, "checklists": selectors.checklists(),
        "campaigns": selectors.campaigns(by=by),
        "waiting": len(waiting_entries(by=by)), "sectors": places.sectors(),
    }  # fmt: skip
    return render(request, "safety/inspections.html", shown)


@page(duty="supervise.plan")
def checklist(request: WorkRequest) -> HttpResponse:
    """A checklist, new or as a next version."""
    by, at = request.actor, request.at
    form = ChecklistForm(request.POST or None, sectors=_sectors(), at=at)
    row = attempt(
        form,
        lambda said: write_checklist(
            given=NewChecklist(said["code"], said["title"], said["sector"],
                               plain_items(form.lines())), by=by, at=at,
        ),
    )  # fmt: skip
    if row is not None:
        return redirect("safety:inspections")
    return render(request, "safety/form.html", {"form": form, "title": _("检查表"), "back": BACK})


@page(duty="loop.read")
def choose(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Which checklist to inspect a place by; chosen, the inspection begins."""
    by, at = request.actor, request.at
    place = places.fetch_establishment(establishment_id=establishment_id, by=by)
    if request.method == "POST":
        said = request.POST
        chosen, campaign = said.get("checklist", ""), said.get("campaign", "")
        row = services.begin_inspection(
            establishment_id=place.pk, by=by, at=at,
            checklist_id=int(chosen) if chosen.isdecimal() else 0,
            campaign_id=int(campaign) if campaign.isdecimal() else None,
        )  # fmt: skip
        return redirect("safety:inspection", row.pk)
    shown = {
        "place": place, "checklists": selectors.lists_for(place, at=at),
        "campaigns": [
            one for one in selectors.campaigns(by=by)
            if place.sector in one.sectors and one.ended_at is None
        ],
    }  # fmt: skip
    return render(request, "safety/choose.html", shown)


@page(duty="loop.read")
def inspection(request: WorkRequest, inspection_id: int) -> HttpResponse:
    """One inspection: an item, its answer, what is left, its photos."""
    row = selectors.fetch_inspection(inspection_id=inspection_id, by=request.actor)
    items, language = items_of(row.checklist.items), get_language() or ""
    lines = [
        (item, item.words(language), row.answers.get(item.code, ""),
         shown_answer(item, row.answers.get(item.code, ""), language))
        for item in items if item.kind == "note" or is_asked(item, row.answers)
    ]  # fmt: skip
    shown = {
        "row": row, "lines": lines, "left": len(left_open(items, row.answers)),
        "asked_for": asked_for(row), "asked": sum(item.kind != "note" for item, *_rest in lines),
        "works": row.issuer_org_id == request.actor.org_id and row.ended_at is None,
        "quality": selectors.self_inspection(row.establishment, at=request.at),
        "proofs": selectors.inspection_proofs(row), "today": request.at,
    }  # fmt: skip
    return render(request, "safety/inspection.html", shown)


@page(duty="loop.read")
@require_POST
def deed(request: WorkRequest, inspection_id: int, deed: str) -> HttpResponse:
    """Answer an item, or end."""
    ask: dict[str, Any] = {"inspection_id": inspection_id, "by": request.actor, "at": request.at}
    said = request.POST
    if deed == "answer":
        row = selectors.fetch_inspection(inspection_id=inspection_id, by=request.actor)
        code = said.get("item", "")
        item = next((one for one in items_of(row.checklist.items) if one.code == code), None)
        answer = read_answer(item, said.get("answer", ""), said.getlist("answer")) if item else ""
        hazard = services.answer_item(item=code, answer=answer, note=said.get("note", ""), **ask)
        if hazard is not None:
            messages.success(request, _("已登记 %(number)s") % {"number": hazard.number})
    elif deed == "photo":
        photos = [File(photo.name or "", photo.chunks) for photo in request.FILES.getlist("photo")]
        services.add_photos(item=said.get("item", ""), photos=photos, **ask)
    elif deed == "end":
        services.end_inspection(**ask)
    else:
        raise NotFound("not_found", deed=deed)
    return redirect("safety:inspection", inspection_id)


@page(duty="supervise.plan")
def open_campaign(request: WorkRequest) -> HttpResponse:
    """A great inspection of some sectors or of all."""
    by, at = request.actor, request.at
    form = CampaignForm(request.POST or None, sectors=_sectors(), at=at)
    row = attempt(form, lambda _s: services.open_campaign(given=form.given(), by=by, at=at))
    if row is not None:
        return redirect("safety:campaign", row.pk)
    note = _("辖区内所选行业的所有场所都在应查之列。开展之后再派发给检查岗位。")
    shown = {"form": form, "title": _("大排查大整治"), "back": BACK, "note": note,
             "verb": _("开展行动")}  # fmt: skip
    return render(request, "safety/form.html", shown)


def _unit(one: Any) -> str:
    """A unit as the form names it, its sector first."""
    return f"{named(one.venue.sector)} · {one.venue.name}"


@page(duty="supervise.plan")
def open_special(request: WorkRequest) -> HttpResponse:
    """A special inspection: its tasks go to units of the national system through this node."""
    by, at = request.actor, request.at
    units = [(one.pk, _unit(one)) for one in specials.nameable(by=by)]
    form = SpecialForm(request.POST or None, units=units, at=at)
    row = attempt(form, lambda _s: open_new_special(given=form.given(), by=by, at=at))
    if row is not None:
        return redirect("safety:campaign", row.pk)
    note = _("只列出挂靠本级的垂直管理单位。任务由本级下发,其他地方不能直接指派。")
    shown = {"form": form, "title": _("专项大检查"), "back": BACK, "note": note,
             "verb": _("下达任务")}  # fmt: skip
    return render(request, "safety/form.html", shown)


@page(duty=("supervise.visit", "loop.read"))
def campaign(request: WorkRequest, campaign_id: int) -> HttpResponse:
    """One campaign, each reader's part of it; its owner ends it."""
    by, at = request.actor, request.at
    row = selectors.fetch_campaign(campaign_id=campaign_id, by=by)
    if request.method == "POST":
        services.end_campaign(campaign_id=campaign_id, by=by, at=at)
        return redirect("safety:campaign", campaign_id)
    shown = {
        "row": row, "figures": selectors.campaign_figures(row, by=by, at=at),
        "phases": programmes.phases(row), "topics": programmes.topics(row, by=by, at=at),
        "cube": None if row.special else coverage.cube(
            row, by=by, at=at, axis=request.GET.get("axis", ""), upto=request.GET.get("upto", "")
        ),
        "teams": () if row.special else programmes.teams(row, by=by, at=at),
        "running": local_date(at) <= row.ends,
        "missing": () if row.ended_at else selectors.end_missing(row, by=by, at=at),
        "special": specials.special(row, at=at) if row.special else None, "now": at,
        "sectors": places.sectors(),
    }  # fmt: skip
    return render(request, "safety/campaign.html", shown)
