"""The audit as read by its reader, its verification, and the invariants of the whole database."""

from collections.abc import Iterator
from itertools import islice

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bihuan.core.audit.models import Entry
from bihuan.core.audit.selectors import Wanted, entries, entry_count, faults
from bihuan.core.loops import invariants as nightly
from bihuan.web.admin.forms import AuditFilter
from bihuan.web.admin.words import INVARIANTS
from bihuan.web.moments import read_moment
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export
from bihuan.web.words import act_words

SHOWN = 20
EXPORTED = 1000

COLUMNS: tuple[Column[Entry], ...] = (
    Column(_("时间"), lambda row: row.at),
    Column(_("人员与岗位"), lambda row: row.actor),
    Column(_("动作"), lambda row: act_words(row.action)),
    Column(_("动作代码"), lambda row: row.action),
    Column(_("对象"), lambda row: row.subject),
    Column(_("之前"), lambda row: row.before),
    Column(_("之后"), lambda row: row.after),
    Column(_("链"), lambda row: f"{row.chain}#{row.seq}"),
    Column(_("散列"), lambda row: row.hash),
)


@page(duty="audit.read")
def audit(request: WorkRequest) -> HttpResponse:
    """Who did what to what, newest first, in the reader's scope."""
    form = AuditFilter.read(request)
    wanted = _wanted(request, form)
    if wants_export(request):
        rows = _every(request.actor.scope, wanted)
        return exported(request, name="audit", columns=COLUMNS, rows=rows)
    found = entries(scope=request.actor.scope, wanted=wanted, after=request.GET.get("after", ""))
    return render(request, "admin/audit.html", {"form": form, "page": found})


def _wanted(request: WorkRequest, form: AuditFilter) -> Wanted:
    since, until = form.said("since"), form.said("until")
    return Wanted(
        subject=form.said("subject"), action=form.said("action"), actor=form.said("actor"),
        since=read_moment(since, at=request.at) if since else None,
        until=read_moment(until, at=request.at, last=True) if until else None,
    )  # fmt: skip


def _every(scope: str, wanted: Wanted) -> Iterator[Entry]:
    after = ""
    while True:
        found = entries(scope=scope, wanted=wanted, after=after, size=EXPORTED)
        yield from found.rows
        after = found.after
        if not after:
            return


@page(duty="audit.read")
@require_POST
def verify(request: WorkRequest) -> HttpResponse:
    """Walk every chain now and say whether anything was altered, removed or reordered."""
    found = list(islice(faults(), SHOWN))
    shown = {"faults": found, "count": entry_count(), "shown": SHOWN}
    return render(request, "admin/verified.html", shown)


@page(duty="invariants.read")
def invariants(request: WorkRequest) -> HttpResponse:
    """The last result of each invariant, and the first rows that break it."""
    checks = nightly.latest()
    shown = {
        "checks": [(INVARIANTS.get(check.name, check.name), check) for check in checks],
        "broken": sum(1 for check in checks if check.broken),
        "waiting": nightly.waiting(at=request.at),
    }
    return render(request, "admin/invariants.html", shown)


@page(duty="invariants.read")
@require_POST
def run_invariants(request: WorkRequest) -> HttpResponse:
    """Check now instead of tonight."""
    results = nightly.run(at=request.at)
    told = {"n": len(results), "b": sum(1 for result in results if result.broken)}
    messages.success(request, _("已核对 %(n)d 条,%(b)d 条不成立。") % told)
    return redirect("admin:invariants")
