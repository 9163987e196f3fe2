"""My work: what the post owes, what waits for it, what it was told, and the list of all loops."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from bihuan.core.errors import Invalid
from bihuan.core.loops import counts, selectors, services
from bihuan.core.loops.rules import UNDO
from bihuan.core.loops.services.many import Many
from bihuan.core.packs import registry
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import wants_export
from bihuan.web.work import desk, lists
from bihuan.web.work.forms import DeskFilter, LoopFilter
from bihuan.web.work.news import news_rows

JUST = "just_acknowledged"  # in the session: what one press of the button acknowledged


@page("post")
def mine(request: WorkRequest) -> HttpResponse:
    """Open loops of the post by deadline."""
    return _desk(request, selectors.mine, "mine")


@page(duty="task.accept")
def to_accept(request: WorkRequest) -> HttpResponse:
    """Submitted loops that wait for the post's organisation."""
    return _desk(request, selectors.to_accept, "to_accept")


def _desk(request: WorkRequest, find: desk.Find, tab: str) -> HttpResponse:
    form = DeskFilter.read(request)
    found = partial(find, by=request.actor, at=request.at, wanted=form.wanted())
    if wants_export(request):
        return lists.as_file(request, tab, lambda after: found(after=after, size=lists.CHUNK))
    rows = found(after=request.GET.get("after", ""))
    shown = {
        "tab": tab, "form": form, "after": rows.after, "tabs": _tabs(request),
        "rows": [desk.desk_row(row, by=request.actor) for row in rows.rows],
    }  # fmt: skip
    return render(request, f"work/{tab}.html", shown)


def _tabs(request: WorkRequest) -> counts.Desk:
    return counts.desk(by=request.actor, at=request.at)


@page("post")
def told(request: WorkRequest) -> HttpResponse:
    """News for the post, newest first; those behind a loop lead to it."""
    news = news_rows(selectors.notices(by=request.actor))
    shown = {"tab": "told", "tabs": _tabs(request), "news": news}
    return render(request, "work/told.html", shown)


@page("post")
@require_POST
def read(request: WorkRequest) -> HttpResponse:
    """Mark the news the post has by now as read."""
    n = services.read_notices(by=request.actor, at=request.at)
    messages.success(request, ngettext("%(n)d 条已读", "%(n)d 条已读", n) % {"n": n})
    return redirect("work:told")


@page("post")
def row(request: WorkRequest, pk: int) -> HttpResponse:
    """One row of a list again, without the form that was opened in it."""
    shown = desk.desk_row_of(obligation_id=pk, by=request.actor, at=request.at)
    return render(request, "work/partials/desk_row.html", {"row": shown})


@page("post")
@require_POST
def acknowledge(request: WorkRequest) -> HttpResponse:
    """Acknowledge the loops ticked: first a preview, then, confirmed, the act."""
    ids = desk.chosen_ids(request.POST.getlist("loop"))
    if not ids:
        raise Invalid("bulk.nothing", field="loop")
    if "confirmed" not in request.POST:
        rows = desk.chosen(ids, by=request.actor, at=request.at)
        minutes = registry.value("acknowledge.undo_minutes", request.at, scope=request.actor.scope)
        return render(request, "work/acknowledge.html", {"rows": rows, "minutes": minutes.value})
    done = services.act_on_many(
        obligation_ids=ids, move="acknowledge", by=request.actor, at=request.at
    )
    request.session[JUST] = list(done.done)
    _tell(request, done)
    return redirect("work:mine")


@page("post")
@require_POST
def undo(request: WorkRequest) -> HttpResponse:
    """Take the last acknowledgement of this session back, as far as nothing happened since."""
    ids = request.session.pop(JUST, [])
    if not ids:
        raise Invalid("bulk.nothing", field="loop")
    many = services.act_on_many(obligation_ids=ids, move=UNDO, by=request.actor, at=request.at)
    n, left = len(many.done), len(many.refused)
    if n:
        messages.success(
            request, ngettext("已撤销签收 %(n)d 项", "已撤销签收 %(n)d 项", n) % {"n": n}
        )
    if left:
        words = _("%(n)d 项未能撤销:已过时间,或之后又有了办理") % {"n": left}
        messages.error(request, words, extra_tags="refused")
    return redirect("work:mine")


def _tell(request: WorkRequest, many: Many) -> None:
    n, left = len(many.done), len(many.refused)
    if n:
        words = ngettext("已签收 %(n)d 项", "已签收 %(n)d 项", n) % {"n": n}
        messages.success(request, words, extra_tags="undo")
    if left:
        words = _("%(n)d 项未能签收:状态已变或不归您承办") % {"n": left}
        messages.error(request, words, extra_tags="refused")


@page(duty="loop.read")
def loops(request: WorkRequest) -> HttpResponse:
    """Every loop the post may see, narrowed: the rows behind the figures of other pages."""
    form = LoopFilter.read(request)
    found = partial(selectors.loops, by=request.actor, at=request.at, wanted=form.wanted())
    if wants_export(request):
        return lists.as_file(request, "loops", lambda after: found(after=after, size=lists.CHUNK))
    rows = found(after=request.GET.get("after", ""))
    shown = {"form": form, "rows": rows.rows, "after": rows.after, "tab": "loops"}
    return render(request, "work/loops.html", shown)
