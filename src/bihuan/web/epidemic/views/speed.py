"""Seven stages in which speed is measured, by place and period."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from bihuan.epidemic.selectors.speed import (
    PERIODS,
    Stage,
    period_of,
    place_for,
    since_of,
    speed_board,
)
from bihuan.web.epidemic.words import STAGES
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export

HOUR = 3600

LINES: list[Column[Stage]] = [
    Column(_("环节"), lambda s: STAGES[s.key][0]), Column(_("件数"), lambda s: s.total.n),
    Column(_("已完成"), lambda s: s.total.done), Column(_("进行中"), lambda s: s.total.running),
    Column(_("超时限"), lambda s: s.total.breaches),
    Column(_("中位(小时)"), lambda s: s.total.median and s.total.median.total_seconds() / HOUR),
    Column(_("P90(小时)"), lambda s: s.total.p90 and s.total.p90.total_seconds() / HOUR),
    Column(_("时限(小时)"), lambda s: s.limit and s.limit.total_seconds() / HOUR),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Strip:
    """Where median, 90th percentile and limit lie on a strip of 100 that ends at twice the limit."""

    median: float
    p90: float
    late: bool  # the 90th percentile is past the limit


def _strip(stage: Stage) -> Strip | None:
    total = stage.total
    if stage.limit is None or total.median is None or total.p90 is None:
        return None
    end = stage.limit * 2
    median, p90 = (round(min(100 * n / end, 100), 1) for n in (total.median, total.p90))
    return Strip(median, p90, late=total.p90 > stage.limit)


@page(duty="epidemic.read", past=True)
def speed(request: WorkRequest) -> HttpResponse:
    """The seven rows of a place over a period; one of them by node and by day."""
    by, at = request.actor, request.at
    place = place_for(code=request.GET.get("place", ""), by=by)
    days = period_of(request.GET.get("days", ""))
    stages = speed_board(place=place, by=by, at=at, days=days)
    if wants_export(request):
        return exported(request, name="speed", columns=LINES, rows=stages)
    chosen = next((s for s in stages if s.key == request.GET.get("stage", "")), None)
    shown = {
        "rows": [(stage, _strip(stage)) for stage in stages], "place": place, "days": days,
        "since": since_of(at, days), "periods": PERIODS, "chosen": chosen,
        "upper": place.parent if place.pk != by.place_id else None,
    }  # fmt: skip
    return render(request, "epidemic/speed.html", shown)
