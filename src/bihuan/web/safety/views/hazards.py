"""Hazards: list, find, grade, undertake, look again, list for supervision."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound
from bihuan.core.loops.proofs import ProofRow, proof_rows
from bihuan.core.loops.selectors import LoopDetail, loop_detail
from bihuan.safety.rules.hazards import commitments_missing, promised_until
from bihuan.safety.selectors import establishments as places
from bihuan.safety.selectors import hazards as selectors
from bihuan.safety.selectors.sweeps import sweep_of
from bihuan.safety.services import hazards as services
from bihuan.safety.services import listings, tips
from bihuan.safety.types import WritKind
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import attempt
from bihuan.web.moments import read_moment
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.hazards import (
    CommitmentForm,
    GradeForm,
    HazardFilter,
    HazardForm,
    NearMissForm,
)
from bihuan.web.safety.forms.registers import sector_choices
from bihuan.web.table import Column, exported, wants_export

BACK = ("safety:hazards", gettext_lazy("隐患"))
COLUMNS: tuple[Column[Any], ...] = (
    Column(gettext_lazy("编号"), lambda row: row.number),
    Column(gettext_lazy("隐患"), lambda row: row.title),
    Column(gettext_lazy("企业场所"), lambda row: row.establishment),
    Column(gettext_lazy("地方"), lambda row: row.place),
    Column(gettext_lazy("级别"), lambda row: row.grade),
    Column(gettext_lazy("状态"), lambda row: row.state),
    Column(gettext_lazy("发现时间"), lambda row: row.opened_at),
    Column(gettext_lazy("期限"), lambda row: row.due_at),
    Column(gettext_lazy("销号时间"), lambda row: row.closed_at),
)
EXPORTED = 20_000


@page(duty="loop.read")
def hazards(request: WorkRequest) -> HttpResponse:
    """Every hazard the post may see."""
    sectors = sector_choices(list(places.sectors()), get_language() or "")
    form = HazardFilter.read(request, sectors=sectors)
    ask: dict[str, Any] = {"by": request.actor, "at": request.at, "wanted": form.wanted()}
    if wants_export(request):
        rows, _more = selectors.hazards(**ask, size=EXPORTED)
        return exported(request, name="hazards", columns=COLUMNS, rows=rows)
    rows, after = selectors.hazards(**ask, after=request.GET.get("after", ""))
    shown = {"form": form, "rows": rows, "after": after}
    return render(request, "safety/hazards.html", shown)


@page(duty="problem.find")
def find(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """A hazard found at an establishment."""
    by, at = request.actor, request.at
    place = places.fetch_establishment(establishment_id=establishment_id, by=by)
    form = HazardForm(request.POST or None, request.FILES or None, at=at)
    row = attempt(
        form,
        lambda _s: services.report_hazard(
            establishment_id=place.pk, given=form.given(), photos=form.proofs(), by=by, at=at
        ),
    )
    if row is not None:
        messages.success(request, _("已登记 %(number)s") % {"number": row.number})
        return redirect("safety:hazard", row.pk)
    title = _("发现隐患:%(name)s") % {"name": place.venue.name}
    return render(request, "safety/form.html", {"form": form, "title": title, "back": BACK})


@page(duty="loop.read")
def hazard(request: WorkRequest, hazard_id: int) -> HttpResponse:
    """One hazard: its state, what is missing, what may be done now."""
    by, at = request.actor, request.at
    row = services.fetch_hazard(hazard_id=hazard_id, by=by)
    detail = loop_detail(obligation_id=hazard_id, by=by, at=at)
    allowed = {move.move for move in detail.row.moves if move.allowed}
    shown = {
        "hazard": row, "detail": detail, "loop": detail.row, "photos": _photos(detail),
        "moves": [move for move in detail.row.moves if move.move != "grade"],
        "can_grade": any(move.move == "grade" for move in detail.row.moves),
        "lacks": commitments_missing(vars(row)), "owns": row.obligation.owner_org_id == by.org_id,
        "rechecks": row.rechecks.order_by("pk"), "steps": row.steps.order_by("pk"),
        "listing": row.listings.filter(removed_at=None).first(),
        "orders": row.establishment.stop_orders.filter(hazard=hazard_id).order_by("pk"),
        "outlives": _outlives(row), "may_extend": "extend" in allowed,
        "past_due": row.obligation.due_at <= at, "writs": row.obligation.writs.order_by("pk"),
        "writ_forms": _writ_forms(request, row),
        "sweep": sweep_of(row.obligation, type_code=row.obligation.problem.type_code, at=at),
    }  # fmt: skip
    return render(request, "safety/hazard.html", shown)


def _outlives(row: Any) -> bool:
    """Whether the day of the commitments lies behind the clock that runs."""
    under_way = row.obligation.state in {"assigned", "rectifying"}
    return bool(
        under_way and row.finish_by and promised_until(row.finish_by) > row.obligation.due_at
    )


def _photos(detail: LoopDetail) -> list[ProofRow]:
    """What was seen, before and after."""
    rows = proof_rows(detail.evidence, assigned_at=detail.assigned_at)
    return [row for row in rows if row.is_photo]


def _writ_forms(request: WorkRequest, row: Any) -> list[tuple[str, Any, str]]:
    """The documents that the reader may issue now: kind, name, address."""
    if (
        not request.actor.has("problem.accept")
        or row.establishment.owner_org_id == request.actor.org_id
    ):
        return []
    kinds = [WritKind.RECTIFY] if row.obligation.problem.grade else []
    kinds += [WritKind.RECHECK] if row.rechecks.exists() else []
    return [
        (kind, kind.label, reverse("safety:hazard_writ", args=[row.pk, kind.value]))
        for kind in kinds
    ]


@page(duty="problem.grade")
def grade(request: WorkRequest, hazard_id: int) -> HttpResponse:
    """Grade by the criteria of the industry."""
    by, at = request.actor, request.at
    row = services.fetch_hazard(hazard_id=hazard_id, by=by)
    english = (get_language() or "").startswith("en")
    rows = selectors.criteria(sector=row.obligation.sector, at=at, scope=row.obligation.scope)
    told = [
        (one["key"], f"{one['title_en'] if english else one['title']}({one['source']})")
        for one in rows
    ]
    form = GradeForm(request.POST or None, criteria=told, by=by, at=at)
    ask: dict[str, Any] = {"hazard_id": hazard_id, "by": by, "at": at}
    if attempt(form, lambda _s: services.grade_hazard(given=form.given(), **ask)):
        return redirect("safety:hazard", hazard_id)
    shown = {"form": form, "title": _("隐患定级"), "back": BACK, "posts": posts_below(by=by)}
    return render(request, "safety/form.html", shown)


@page(duty="problem.do")
def undertake(request: WorkRequest, hazard_id: int) -> HttpResponse:
    """Write down the five commitments."""
    by, at = request.actor, request.at
    row = services.fetch_hazard(hazard_id=hazard_id, by=by)
    known = {name: getattr(row, name) for name in ("measures", "funds", "finish_by", "plan")}
    known["charged"] = row.charged_id or by.post_id
    form = CommitmentForm(request.POST or None, by=by, at=at, initial=known)
    ask: dict[str, Any] = {"hazard_id": hazard_id, "by": by, "at": at}
    if attempt(form, lambda _s: services.undertake(given=form.given(), **ask)):
        return redirect("safety:hazard", hazard_id)
    shown = {"form": form, "title": _("五落实"), "back": BACK, "posts": posts_below(by=by)}
    return render(request, "safety/form.html", shown)


@page(duty="problem.accept")
@require_POST
def recheck(request: WorkRequest, hazard_id: int) -> HttpResponse:
    """Look again."""
    services.recheck(
        hazard_id=hazard_id, fine=request.POST.get("fine") == "yes",
        note=request.POST.get("note", ""), by=request.actor, at=request.at,
    )  # fmt: skip
    return redirect("safety:hazard", hazard_id)


@page(duty="problem.accept")
@require_POST
def step(request: WorkRequest, step_id: int) -> HttpResponse:
    """Decide on the drafted legal step."""
    done = services.decide_step(
        step_id=step_id, taken=request.POST.get("taken") == "yes",
        reason=request.POST.get("reason", ""), by=request.actor, at=request.at,
    )  # fmt: skip
    return redirect("safety:hazard", done.hazard_id)


@page(duty="loop.read")
@require_POST
def listing(request: WorkRequest, hazard_id: int, deed: str) -> HttpResponse:
    """List, publish, ask for more time, decide, take off the list."""
    ask: dict[str, Any] = {"hazard_id": hazard_id, "by": request.actor, "at": request.at}
    said = request.POST
    deeds = {
        "open": lambda: listings.list_hazard(document=said.get("document", ""), **ask),
        "publish": lambda: listings.publish_listing(**ask),
        "ask": lambda: listings.ask_extension(
            until=read_moment(said.get("until", ""), at=request.at, last=True),
            reason=said.get("reason", ""), **ask,
        ),
        "grant": lambda: listings.decide_extension(granted=True, **ask),
        "refuse": lambda: listings.decide_extension(granted=False, **ask),
        "remove": lambda: listings.remove_listing(**ask),
    }  # fmt: skip
    if deed not in deeds:
        raise NotFound("not_found", deed=deed)
    deeds[deed]()
    return redirect("safety:hazard", hazard_id)


@page(duty="loop.read")
def near_miss(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Tell what nearly happened."""
    by, at = request.actor, request.at
    place = places.fetch_establishment(establishment_id=establishment_id, by=by)
    form = NearMissForm(request.POST or None, at=at)
    ask: dict[str, Any] = {"establishment_id": place.pk, "by": by, "at": at}
    if attempt(form, lambda said: tips.tell_near_miss(**said, **ask)):
        messages.success(request, _("谢谢。原因分析已开始"))
        return redirect("safety:establishment", place.pk)
    title = _("报告未遂事件:%(name)s") % {"name": place.venue.name}
    back = ("safety:establishment", place.venue.name, place.pk)
    shown = {"form": form, "title": title, "back": back, "verb": _("报告未遂事件")}
    return render(request, "safety/form.html", shown)
