"""Signals, the day's counts, sentinels."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from bihuan.core.clock import local_date
from bihuan.core.places.types import COUNTY
from bihuan.epidemic.selectors.files import event_of
from bihuan.sensing.selectors import sentinels as register
from bihuan.sensing.selectors import signals as seen
from bihuan.sensing.services import sentinels as services
from bihuan.sensing.services import signals as judging
from bihuan.sensing.types import NewSentinel, SentinelRow, SignalRow
from bihuan.web.attempts import answering, attempt
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.sensing.forms import MONTH, CountForm, SentinelForm, VerdictForm, VisitForm
from bihuan.web.table import Column, exported, wants_export

SIGNALS: list[Column[SignalRow]] = [
    Column(gettext_lazy("信号"), lambda r: r.title),
    Column(gettext_lazy("地方"), lambda r: r.place),
    Column(gettext_lazy("日期"), lambda r: r.day),
    Column(gettext_lazy("实际"), lambda r: r.observed),
    Column(gettext_lazy("预期"), lambda r: round(r.expected, 1)),
    Column(gettext_lazy("期限"), lambda r: r.due_at),
    Column(gettext_lazy("结论"), lambda r: r.verdict),
]
SENTINELS: list[Column[SentinelRow]] = [
    Column(gettext_lazy("哨点"), lambda r: r.name),
    Column(gettext_lazy("地方"), lambda r: r.place),
    Column(gettext_lazy("最近报告"), lambda r: r.last_at),
    Column(gettext_lazy("连续缺报天数"), lambda r: r.missed),
]


@page(duty="sensing.read", past=True)
def signals(request: WorkRequest) -> HttpResponse:
    """Signals of the place, what is owed first, and how precise they were."""
    by, at = request.actor, request.at
    rows, after = seen.signal_rows(by=by, at=at, after=request.GET.get("after", ""))
    if wants_export(request):
        return exported(request, name="signals", columns=SIGNALS, rows=rows)
    shown = {"rows": rows, "after": after, "open": [r for r in rows if r.closed_at is None],
             "precision": seen.precision(by=by, since=at - MONTH, at=at),
             "alerts": seen.alert_rows(by=by, since=at - 12 * MONTH, at=at)}  # fmt: skip
    return render(request, "sensing/signals.html", shown)


@page(duty="sensing.read")
def signal(request: WorkRequest, signal_id: int) -> HttpResponse:
    """One signal: its series, why it rose, and its verdict."""
    by, at = request.actor, request.at
    found = seen.signal_detail(signal_id=signal_id, by=by, at=at)
    others = [(row.id, f"{row.place} {row.title} {row.day}") for row in found.others]
    form = VerdictForm(request.POST or None, others=others, at=at)
    if attempt(form, lambda said: _judge(signal_id, said, request)):
        messages.success(request, _("已记录"))
        return redirect("sensing:signal", signal_id)
    outbreak = event_of(origin=f"signal:{signal_id}", by=by)
    shown = {"signal": found, "form": form, "event": outbreak}
    return render(request, "sensing/signal.html", shown)


def _judge(signal_id: int, said: dict[str, str], request: WorkRequest) -> object:
    by, at = request.actor, request.at
    if said["verdict"] == "watch":
        return judging.watch_signal(signal_id=signal_id, reason=said["reason"], by=by, at=at)
    return judging.judge_signal(
        signal_id=signal_id, verdict=said["verdict"], reason=said["reason"], by=by, at=at,
        into_id=int(said["into"]) if said["into"] else None,
    )  # fmt: skip


@page(duty="sensing.report")
def report(request: WorkRequest) -> HttpResponse:
    """The counts of a day, short enough for a phone; detection runs at once."""
    by, at = request.actor, request.at
    mine = list(register.reportable(by).order_by("name")[:20])
    form = CountForm(request.POST or None, sentinels=mine, at=at)
    filed = attempt(form, lambda _s: (services.report_counts(counts=form.counts(), by=by, at=at),))
    if filed is not None:
        raised = judging.detect(at=at, scope=by.scope[:COUNTY])
        told = ngettext("已报 %(n)d 个数", "已报 %(n)d 个数", filed[0]) % {"n": filed[0]}
        messages.success(request, told)
        if raised:
            messages.warning(request, _("数值高于往常,已通知疾控机构核实。"))
        return redirect("sensing:report")
    rows = register.sentinel_rows(by=by, at=at, ids=[row.pk for row in mine])
    return render(request, "sensing/report.html", {"form": form, "rows": rows})


@page(duty="sensing.read", past=True)
def sentinels(request: WorkRequest) -> HttpResponse:
    """The register, the silent first."""
    rows = register.sentinel_rows(by=request.actor, at=request.at)
    if wants_export(request):
        return exported(request, name="sentinels", columns=SENTINELS, rows=rows)
    silent = sum(row.silent for row in rows)
    return render(request, "sensing/sentinels.html", {"rows": rows, "silent": silent})


@page(duty="sensing.manage")
def new_sentinel(request: WorkRequest) -> HttpResponse:
    """Register a sentinel."""
    by, at = request.actor, request.at
    form = SentinelForm(request.POST or None, at=at, english=get_language() == "en", scope=by.scope,
                        orgs=register.reporting_bodies(by=by))  # fmt: skip

    def work(said: dict[str, Any]) -> object:
        streams = tuple(said["streams"])
        given = NewSentinel(
            said["name"],
            said["kind"],
            said["place"],
            int(said["org"]) if said["org"] else None,
            streams,
            said["catchment"],
        )
        return services.register_sentinel(given=given, by=by, at=at)

    if attempt(form, work):
        messages.success(request, _("哨点已登记"))
        return redirect("sensing:sentinels")
    return render(request, "epidemic/form.html", {"form": form, "title": _("登记哨点")})


@page(duty="sensing.read")
def sentinel(request: WorkRequest, sentinel_id: int) -> HttpResponse:
    """One sentinel: what it reported and how sharp it is."""
    by, at = request.actor, request.at
    row = register.fetch_sentinel(sentinel_id=sentinel_id, by=by)
    if "deed" in request.POST:
        return _change(request, sentinel_id)
    form = VisitForm(request.POST or None, at=at)
    noted = attempt(form, lambda said: services.note_visit(
        sentinel_id=sentinel_id, case_number=said["case_number"], visited_at=said["visited_at"],
        flagged_at=said["flagged_at"], by=by, at=at))  # fmt: skip
    if noted:
        messages.success(request, _("已记录"))
        return redirect("sensing:sentinel", sentinel_id)
    since = local_date(at) - 3 * MONTH
    shown = {"sentinel": row, "form": form, "sharp": register.performance(sentinel=row, since=since, at=at),
             "counts": register.latest_counts(sentinel=row, at=at), "task": register.silence_task(row),
             "orgs": register.reporting_bodies(by=by) if by.has("sensing.manage") else []}  # fmt: skip
    return render(request, "sensing/sentinel.html", shown)


def _change(request: WorkRequest, sentinel_id: int) -> HttpResponse:
    """Another body reports for a sentinel, or it leaves the register."""
    by, at, said = request.actor, request.at, request.POST
    org = said.get("org", "")
    with answering(request, _("已记录")):
        if said["deed"] == "retire":
            services.retire_sentinel(
                sentinel_id=sentinel_id, reason=said.get("reason", ""), by=by, at=at
            )
        else:
            services.assign_sentinel(sentinel_id=sentinel_id, by=by, at=at,
                                     org_id=int(org) if org.isdecimal() else None)  # fmt: skip
    return redirect("sensing:sentinel", sentinel_id)
