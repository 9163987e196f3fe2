"""The four early times of nodes and sentinels, month by month."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from bihuan.epidemic.selectors.early import EarlyRow, early_rows, limits_of, months_of
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export

LINES: list[Column[EarlyRow]] = [
    Column(_("地方或单位"), lambda r: r.name), Column(_("病例"), lambda r: r.cases),
    Column(_("及时报告 %"), lambda r: r.steps[0].percent),
    Column(_("及时隔离 %"), lambda r: r.steps[1].percent),
    Column(_("及时治疗 %"), lambda r: r.steps[2].percent), Column(_("四早得分"), lambda r: r.score),
]  # fmt: skip


@page(duty="epidemic.read", past=True)
def early(request: WorkRequest) -> HttpResponse:
    """Who detects, reports, isolates and treats in time, and who does not; the lowest first."""
    by, at = request.actor, request.at
    months = months_of(at)
    month = _month(request.GET.get("month", ""), months)
    by_org = request.GET.get("by") == "org"
    rows = early_rows(by=by, at=at, month=month, by_org=by_org)
    if wants_export(request):
        return exported(request, name=f"four-early-{month:%Y-%m}", columns=LINES, rows=rows)
    shown = {
        "rows": rows, "months": months, "month": month, "by_org": by_org,
        "limits": limits_of(at, by.scope),
    }  # fmt: skip
    return render(request, "epidemic/early.html", shown)


def _month(said: str, months: tuple[date, ...]) -> date:
    return next((one for one in months if f"{one:%Y-%m}" == said), months[-1])
