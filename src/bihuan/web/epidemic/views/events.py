"""Events, their curve, and the change of an edition."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.core.packs import registry
from bihuan.core.packs.diff import diff
from bihuan.core.packs.diseases import diseases
from bihuan.core.packs.types import Pack
from bihuan.epidemic.selectors import files
from bihuan.epidemic.selectors.closing import left_of
from bihuan.epidemic.selectors.clusters import cluster_rows
from bihuan.epidemic.selectors.orders import effect, order_rows
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.selectors.spills import event_spills, outward_of, waiting_for
from bihuan.epidemic.selectors.trainings import CLOCK, trainings
from bihuan.epidemic.selectors.workload import share_reached
from bihuan.epidemic.services.cases import edition_of, open_event
from bihuan.epidemic.services.closing import close_event
from bihuan.epidemic.services.contacts import switch_edition
from bihuan.epidemic.services.naming import name_disease
from bihuan.epidemic.services.trainings import DUTY, assign_trainings
from bihuan.epidemic.types import CaseRow
from bihuan.sensing.selectors.signals import signal_detail
from bihuan.web.attempts import answering, attempt
from bihuan.web.epidemic.forms import EditionsForm, EventForm, NamingForm
from bihuan.web.epidemic.words import VARIABLES
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export
from bihuan.web.words import titled

FAMILIES = ("control-plan", "treatment-plan", "testing-guideline")
# Pseudonymous by construction: no column here identifies.
LINES: list[Column[CaseRow]] = [
    Column(gettext_lazy("编号"), lambda r: r.number), Column(gettext_lazy("分类"), lambda r: r.kind),
    Column(gettext_lazy("居住地"), lambda r: r.place), Column(gettext_lazy("年龄组"), lambda r: r.age_band),
    Column(gettext_lazy("发病"), lambda r: r.onset), Column(gettext_lazy("诊断"), lambda r: r.diagnosed_at),
    Column(gettext_lazy("报告"), lambda r: r.reported_at), Column(gettext_lazy("感染来源"), lambda r: r.origin),
    Column(gettext_lazy("发现方式"), lambda r: r.found_in),
]  # fmt: skip


@page(duty="epidemic.read", past=True)
def events(request: WorkRequest) -> HttpResponse:
    """Events of the place."""
    rows = files.event_rows(by=request.actor, at=request.at)
    shown = {"rows": rows, "waiting": waiting_for(by=request.actor)}
    return render(request, "epidemic/events.html", shown)


@page(duty="case.write")
def new_event(request: WorkRequest) -> HttpResponse:
    """Open an event, from a signal where there is one."""
    by, at = request.actor, request.at
    origin = request.GET.get("signal", "")
    form = EventForm(
        request.POST or None, at=at, scope=by.scope, initial=_proposed(request, origin)
    )
    row = attempt(form, lambda said: open_event(
        title=said["title"], disease_code=said["disease"], place_id=said["place"], by=by, at=at,
        origin=f"signal:{origin}" if origin.isdecimal() else ""))  # fmt: skip
    if row is not None:
        return redirect("epidemic:event", row.pk)
    return render(request, "epidemic/form.html", {"form": form, "title": _("开立事件")})


def _proposed(request: WorkRequest, origin: str) -> dict[str, str]:
    """What the signal says already, or the place of the post."""
    if not origin.isdecimal():
        return {"place": request.actor.place_name}
    row = signal_detail(signal_id=int(origin), by=request.actor, at=request.at).row
    return {"title": f"{row.place} {row.title}", "place": row.place_code}


@page(duty="epidemic.read", past=True)
def event(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """One event: the plan in force, the curve, the cases, the orders."""
    return _event(request, fetch_event(event_id=outbreak_id, by=request.actor))


def _event(request: WorkRequest, row: Any, **more: Any) -> HttpResponse:
    by, at, outbreak_id = request.actor, request.at, row.pk
    cases = files.case_rows(by=by, event=row, at=at)
    if wants_export(request):
        return exported(request, name=f"cases-{outbreak_id}", columns=LINES, rows=cases)
    variable = request.GET.get("by", "kind")
    pack = edition_of(row, at)
    shown = {
        "event": row, "pack": pack, "cases": cases, "variable": variable, "radii": _radii(pack),
        "variables": VARIABLES.items(), "orders": order_rows(by=by, at=at, event_id=outbreak_id),
        "curve": files.curve(event=row, by=by, at=at, variable=variable),
        "reached": share_reached(event=row, at=at),
        "known": files.known_before(event=row, at=at),
        "outward": outward_of(event_spills(event=row, by=by, at=at)),
        "left": left_of(row, at) if by.has("case.write") and row.closed_at is None else None,
        "clusters": cluster_rows(event=row, by=by, at=at) if by.has("case.read") else (),
        "naming": _naming(row, request),
    }  # fmt: skip
    return render(request, "epidemic/event.html", shown | more)


@page(duty="case.write")
@require_POST
def close(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """End an event with its conclusion."""
    with answering(request, _("事件已结束")):
        close_event(event_id=outbreak_id, reason=request.POST.get("reason", ""), by=request.actor,
                    at=request.at)  # fmt: skip
    return redirect("epidemic:event", outbreak_id)


@page(duty="case.write")
@require_POST
def name(request: WorkRequest, outbreak_id: int) -> HttpResponse:
    """Say which disease it is, once that is known."""
    by, at = request.actor, request.at
    form = NamingForm(request.POST, at=at)
    done = attempt(form, lambda said: name_disease(
        event_id=outbreak_id, disease_code=said["disease"], reason=said["basis"], by=by, at=at))  # fmt: skip
    if done is None:
        return _event(request, fetch_event(event_id=outbreak_id, by=by), naming=form)
    told = {"f": done.freed, "s": done.shorter, "k": done.kept}
    messages.success(request, _("病种已确定"))
    messages.info(request, _("接触者:解除 %(f)d 人,缩短 %(s)d 人,不变 %(k)d 人") % told)
    return redirect("epidemic:event", outbreak_id)


def _naming(row: Any, request: WorkRequest) -> NamingForm | None:
    """Begins with the disease as it is: none that nobody chose is set by one press."""
    if row.closed_at is not None or not request.actor.has("case.write"):
        return None
    return NamingForm(at=request.at, initial={"disease": row.disease})


def _radii(pack: Pack) -> list[dict[str, object]]:
    return [row for row in pack.tables.get("zone", ()) if "radius_m" in row]


@page(duty="epidemic.read")
def editions(request: WorkRequest) -> HttpResponse:
    """What changes for whom when an edition is followed by another (M070)."""
    by, at = request.actor, request.at
    if request.method == "POST":
        said = request.POST
        if "train" in said:
            return _train(request)
        n = switch_edition(disease=said.get("disease", ""), edition=said.get("edition", ""), by=by,
                           at=at)  # fmt: skip
        messages.success(request, _("已重算 %(n)d 人") % {"n": n})
        return redirect(f"{request.path}?{request.GET.urlencode()}")
    form, packs = _editions_form(request)
    old, new = (packs.get(request.GET.get(name, "")) for name in ("old", "new"))
    disease = request.GET.get("disease", "")
    shown: dict[str, object] = {"form": form, "old": old, "new": new, "disease": disease}
    if old and new:
        held = disease and registry.edition("control-plan", at, scope=by.scope, disease=disease)
        shown |= {
            "changes": diff(old, new), "names": _names(old, new, at), "may_switch": by.has("order.draft") and held == new,
            "effect": effect(old=old, new=new, disease=disease, by=by, at=at),
            "trainings": trainings(old=old, new=new, by=by, at=at), "may_train": by.has(DUTY),
            "limit": registry.clock(CLOCK, at, scope=by.scope),
        }  # fmt: skip
    return render(request, "epidemic/editions.html", shown)


def _train(request: WorkRequest) -> HttpResponse:
    """Give the trainings of an edition; back to the same comparison."""
    old, new = request.POST.get("old", ""), request.POST.get("new", "")
    with answering(request, _("已下达培训任务")):
        assign_trainings(old=old, new=new, by=request.actor, at=request.at)
    said = {"disease": request.GET.get("disease", ""), "old": old, "new": new}
    return redirect(f"{reverse('epidemic:editions')}?{urlencode(said)}#trainings")


def _names(old: Pack, new: Pack, at: datetime) -> dict[str, str]:
    """What the keys of two editions are called, and those of the menu of measures."""
    menu = registry.edition("response", at).tables["measure"]
    rows = [row for pack in (old, new) for table in pack.tables.values() for row in table]
    return {str(row["key"]): titled(row) for row in (*menu, *rows) if "key" in row}


def _editions_form(request: WorkRequest) -> tuple[EditionsForm, dict[str, Pack]]:
    """The filter with the editions there are, of a disease when one is chosen."""
    disease = request.GET.get("disease", "")
    every = [p for p in registry.all_packs() if p.family in FAMILIES]
    packs = {p.ref: p for p in every if not disease or disease in p.diseases}
    codes = sorted({code for p in every for code in p.diseases})
    form = EditionsForm(request.GET or None)
    listed = {one.code: titled(one) for one in diseases(request.at)}
    form.fields["disease"].choices = [  # type: ignore[attr-defined]
        ("", "—"), *((code, listed.get(code, code)) for code in codes)
    ]  # fmt: skip
    for name in ("old", "new"):
        said = [(ref, f"{titled(p)} ({p.valid_from})") for ref, p in packs.items()]
        form.fields[name].choices = [("", "—"), *said]  # type: ignore[attr-defined]
    if disease and not packs:
        raise NotFound("pack.no_edition", family="control-plan", disease=disease)
    return form, packs
