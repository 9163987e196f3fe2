"""Accidents: the call, the running clocks, the reports, the statistics."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.orgs.models import Party, Sector
from bihuan.safety.selectors import accidents as selectors
from bihuan.safety.selectors.aftermath import aftermath
from bihuan.safety.services import accidents as services
from bihuan.safety.services import aftermath as after
from bihuan.supervision.selectors.visits import posts_below
from bihuan.web.attempts import attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.safety.forms.accidents import (
    CallForm,
    CorrectForm,
    FigureForm,
    LessonForm,
    PhoneForm,
    ReadBackForm,
    ReportForm,
)
from bihuan.web.table import Column, exported, wants_export
from bihuan.web.templatetags.safety import authority

BACK = ("safety:accidents", gettext_lazy("事故"))
COLUMNS: tuple[Column[Any], ...] = (
    Column(gettext_lazy("月份"), lambda line: line[0]),
    Column(gettext_lazy("起数"), lambda line: line[1]),
    Column(gettext_lazy("死亡"), lambda line: line[2]),
    Column(gettext_lazy("未遂事件报告"), lambda line: line[3]),
)


@page(duty="loop.read")
def accidents(request: WorkRequest) -> HttpResponse:
    """Every accident the post may see."""
    rows = selectors.accidents(by=request.actor)
    return render(request, "safety/accidents.html", {"rows": rows})


@page(duty="problem.find")
def call(request: WorkRequest) -> HttpResponse:
    """The call that starts the clock."""
    by, at = request.actor, request.at
    said = request.GET.get("establishment", "")
    site = int(said) if said.isdecimal() else None
    form = CallForm(request.POST or None, by=by, at=at)
    row = attempt(form, lambda _s: services.call_accident(given=form.given(site), by=by, at=at))
    if row is not None:
        messages.success(request, _("已接报,报告时限开始计时"))
        return redirect("safety:accident", row.pk)
    return render(request, "safety/call.html", {"form": form})


@page(duty="loop.read")
def accident(request: WorkRequest, accident_id: int) -> HttpResponse:
    """One accident: what happened, what we know, what we told."""
    return _accident(request, accident_id)


def _accident(
    request: WorkRequest, accident_id: int, figure: FigureForm | None = None
) -> HttpResponse:
    by, at = request.actor, request.at
    row = selectors.fetch_accident(accident_id=accident_id, by=by)
    shown = {
        "row": row, "duties": selectors.duty_rows(row, by=by, at=at),
        "figures": row.figures.order_by("-pk"), "form": figure or FigureForm(at=at),
        "addressee": selectors.addressee(row),
        "after": aftermath(row, at=at), "calls": row.phone_calls.order_by("-called_at", "-pk"),
    }  # fmt: skip
    return render(request, "safety/accident.html", shown)


@page(duty="problem.find")
def correct(request: WorkRequest, accident_id: int) -> HttpResponse:
    """Complete what the call left out."""
    by, at = request.actor, request.at
    row = selectors.fetch_accident(accident_id=accident_id, by=by)
    known = {name: getattr(row, name) for name in ("what", "where", "kind", "occurred_at")}
    form = CorrectForm(request.POST or None, at=at, initial=known)
    ask: dict[str, Any] = {"accident_id": row.pk, "by": by, "at": at}
    if attempt(form, lambda _s: services.correct_accident(given=form.given(), **ask)):
        messages.success(request, _("已更正,等级按更正后的补报期重算"))
        return redirect("safety:accident", row.pk)
    shown = {"form": form, "title": _("补充、更正"), "back": ("safety:accident", row.what, row.pk)}
    return render(request, "safety/form.html", shown)


@page(duty="evidence.add")
@require_POST
def figure(request: WorkRequest, accident_id: int) -> HttpResponse:
    """What a source knows now."""
    by, at = request.actor, request.at
    form = FigureForm(request.POST, at=at)
    ask: dict[str, Any] = {"accident_id": accident_id, "by": by, "at": at}
    done = attempt(
        form,
        lambda said: services.add_figure(
            source=said["source"], harm=form.harm(), as_of=said["as_of"] or at, **ask
        ),
    )
    if done is None:
        return _accident(request, accident_id, form)
    if not done.counts:
        messages.warning(request, _("已记录。超过补报期,不改变等级。"))
    return redirect("safety:accident", accident_id)


@page(duty="evidence.add")
def phone(request: WorkRequest, accident_id: int) -> HttpResponse:
    """A telephone call."""
    by, at = request.actor, request.at
    row = selectors.fetch_accident(accident_id=accident_id, by=by)
    form = PhoneForm(request.POST or None, at=at)
    ask: dict[str, Any] = {"accident_id": row.pk, "by": by, "at": at}
    if attempt(form, lambda _s: after.log_call(given=form.given(), **ask)):
        return redirect("safety:accident", row.pk)
    shown = {"form": form, "title": _("电话记录:%(what)s") % {"what": row.what}, "back": BACK}
    return render(request, "safety/form.html", shown)


@page(duty="problem.accept")
def read_back(request: WorkRequest, accident_id: int, party: str) -> HttpResponse:
    """Read an accident back against a party's statement of responsibility."""
    by, at = request.actor, request.at
    row = selectors.fetch_accident(accident_id=accident_id, by=by)
    form = ReadBackForm(request.POST or None, at=at)
    ask: dict[str, Any] = {"accident_id": row.pk, "party": party, "by": by, "at": at}
    if attempt(form, lambda said: after.read_back(**said, **ask)):
        return redirect("safety:accident", row.pk)
    title = _("对照%(party)s责任书") % {"party": Party(party).label}
    return render(request, "safety/form.html", {"form": form, "title": title, "back": BACK})


@page(duty="task.assign")
def lesson(request: WorkRequest, accident_id: int) -> HttpResponse:
    """A lesson becomes a task."""
    by, at = request.actor, request.at
    row = selectors.fetch_accident(accident_id=accident_id, by=by)
    form = LessonForm(request.POST or None, by=by, at=at)
    ask: dict[str, Any] = {"accident_id": row.pk, "by": by, "at": at}
    if attempt(form, lambda _s: after.teach(given=form.given(), **ask)):
        messages.success(request, _("教训已成为任务"))
        return redirect("safety:accident", row.pk)
    shown = {"form": form, "title": _("从事故中吸取教训"), "back": BACK,
             "posts": posts_below(by=by)}  # fmt: skip
    return render(request, "safety/form.html", shown)


@page(duty="task.do")
def report(request: WorkRequest, duty_id: int) -> HttpResponse:
    """Send a report to the next level."""
    by, at = request.actor, request.at
    duty = selectors.fetch_duty(duty_id=duty_id, by=by)
    form = ReportForm(request.POST or None, at=at, sent=duty.reports.exists())
    ask: dict[str, Any] = {"duty_id": duty_id, "by": by, "at": at}
    sent = attempt(
        form, lambda said: services.send_report(given=form.given(), kind=said["kind"], **ask)
    )
    if sent is not None:
        messages.success(request, _("已上报"))
        return redirect("safety:accident", sent.duty.accident_id)
    way = {"below": authority(duty.from_level), "above": authority(duty.to_level)}
    shown = {"form": form, "title": _("上报事故"), "note": _("%(below)s → %(above)s") % way,
             "back": ("safety:accident", duty.accident.what, duty.accident_id)}  # fmt: skip
    return render(request, "safety/form.html", shown)


@page(duty="problem.accept")
@require_POST
def false(request: WorkRequest, report_id: int) -> HttpResponse:
    """Find that a report was false."""
    done = services.find_false(
        report_id=report_id, reason=request.POST.get("reason", ""), by=request.actor,
        at=request.at,
    )  # fmt: skip
    return redirect("safety:accident", done.report.duty.accident_id)


@page(duty="loop.read")
def statistics(request: WorkRequest) -> HttpResponse:
    """Same-period comparison and control chart."""
    found = selectors.statistics(by=request.actor, at=request.at)
    if wants_export(request):
        lines = [(*line, told) for line, told in zip(found.months, found.near_misses, strict=True)]
        return exported(request, name="accidents", columns=COLUMNS, rows=lines)
    sectors = {sector.code: sector for sector in Sector.objects.all()}
    months = [
        (month, n, deaths, i in found.chart.out, found.near_misses[i])
        for i, (month, n, deaths) in enumerate(found.months)
    ]
    shown = {"found": found, "sectors": sectors, "months": months,
             "years": list(zip(found.months[12:], found.months[:12], strict=True))}  # fmt: skip
    return render(request, "safety/statistics.html", shown)
