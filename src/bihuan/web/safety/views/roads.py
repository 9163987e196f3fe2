"""Rural roads: segments by need, one with its history, crashes imported, interim limits."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.safety.rules.roads import COLUMNS
from bihuan.safety.selectors import roads as selectors
from bihuan.safety.services import roads as services
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import answering, attempt
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.tables import Intake, previewed, uploaded
from bihuan.web.supervision.forms import PostField, day_field

ASSIGN = "task.assign"
INTAKE = Intake(
    "crashes", gettext_lazy("导入伤人事故"), COLUMNS, services.take_crashes,
    "safety:road_import", "safety:road_preview", ("safety:roads", gettext_lazy("农村道路")),
)  # fmt: skip


class CrashForm(WorkForm):
    """How many crashes with injured people on a day."""

    day = day_field(gettext_lazy("日期"))
    injury = forms.IntegerField(
        label=gettext_lazy("伤人事故起数"), min_value=0,
        help_text=gettext_lazy("只记起数,不记任何人。"),
    )  # fmt: skip
    source = forms.CharField(label=gettext_lazy("来源"), max_length=120, required=False)


class OfficerForm(WorkForm):
    """Who looks after a segment."""

    post_id = PostField(label=gettext_lazy("岗位"))


@page(duty="loop.read")
def roads(request: WorkRequest) -> HttpResponse:
    """Segments, those that owe an interim measure first."""
    by, at = request.actor, request.at
    rows = selectors.segments(by=by, at=at)
    shown = {"rows": rows, "held": selectors.bounds(scope=by.scope, at=at),
             "owing": sum(one.owes for one in rows)}  # fmt: skip
    return render(request, "safety/roads.html", shown)


@page(duty="loop.read")
def road(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """One segment: its history, its officer, its interim limit; a day is typed here."""
    by, at = request.actor, request.at
    found = selectors.segment(establishment_id=establishment_id, by=by, at=at)
    form = CrashForm(request.POST or None, at=at, initial={"day": local_date(at), "injury": 1})

    def work(said: dict[str, Any]) -> Any:
        return services.note_crashes(given=services.DayCount(found.row.pk, **said), by=by, at=at)

    if attempt(form, work) is not None:
        return redirect("safety:road", found.row.pk)
    officer = OfficerForm(at=at)
    officer.fields["post_id"].scope = by.scope  # type: ignore[attr-defined]
    shown = {
        "found": found, "form": form, "officer": officer, "posts": posts_below(by=by),
        "days": selectors.crash_days(establishment_id=found.row.pk),
        "held": selectors.bounds(scope=found.row.scope, at=at),
    }  # fmt: skip
    return render(request, "safety/road.html", shown)


@page(duty=ASSIGN)
@require_POST
def officer(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Name who looks after a segment."""
    by, at = request.actor, request.at
    selectors.segment(establishment_id=establishment_id, by=by, at=at)
    form = OfficerForm(request.POST, at=at)
    form.fields["post_id"].scope = by.scope  # type: ignore[attr-defined]
    named = attempt(
        form,
        lambda said: services.name_officer(establishment_id=establishment_id, by=by, at=at, **said),
    )
    if named is None:
        messages.error(
            request, " ".join(str(one) for one in form.errors.get("post_id", ())) or _("没有保存。")
        )
    return redirect("safety:road", establishment_id)


@page(duty="problem.grade")
@require_POST
def limit(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Order an interim speed limit."""
    said = request.POST.get("speed", "")
    with answering(request, _("已下达临时限速,并登记重大隐患。")):
        services.limit_speed(
            establishment_id=establishment_id, speed=int(said) if said.isdecimal() else 0,
            by=request.actor, at=request.at,
        )  # fmt: skip
    return redirect("safety:road", establishment_id)


@page(duty=ASSIGN)
def upload(request: WorkRequest) -> HttpResponse:
    """A table of crashes."""
    return uploaded(request, INTAKE)


@page(duty=ASSIGN)
def preview(request: WorkRequest, upload_id: int) -> HttpResponse:
    """What the table would change."""
    return previewed(request, upload_id, INTAKE)
