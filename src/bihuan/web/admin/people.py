"""People and posts: who holds what, since when, with which duties."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import NotFound, Refused
from bihuan.core.orgs import services
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.staffing import PostDetail, PostRow, post_detail, posts_under
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.web.admin.forms import (
    AbsenceForm,
    AccountForm,
    AppointForm,
    LeaveForm,
    NewPostForm,
    PortfolioForm,
    PostFilter,
)
from bihuan.web.admin.words import DUTIES, ROLES
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.table import Column, exported, wants_export

MANAGE = "people.manage"
EXPORTED = 1000  # rows fetched at a time

COLUMNS: tuple[Column[PostRow], ...] = (
    Column(_("岗位"), lambda row: row.title),
    Column(_("类型"), lambda row: ROLES[row.role]),
    Column(_("机构"), lambda row: row.org),
    Column(_("地方"), lambda row: row.place),
    Column(_("在任"), lambda row: row.holder),
    Column(_("任职时间"), lambda row: row.since),
)


@page(duty=MANAGE)
def posts(request: WorkRequest) -> HttpResponse:
    """Every post of the place and below, narrowed by title, holder, type, vacancy."""
    form = PostFilter.read(request)
    wanted = {name: form.said(name) for name in ("text", "role", "holding")}
    if wants_export(request):
        rows = _every(request.actor.scope, request.at, wanted)
        return exported(request, name="posts", columns=COLUMNS, rows=rows)
    after = request.GET.get("after", "")
    found = posts_under(scope=request.actor.scope, at=request.at, after=after, **wanted)
    shown = {"form": form, "page": found}
    return render(request, "admin/posts.html", shown)


def _every(scope: str, at: datetime, wanted: dict[str, str]) -> Iterator[PostRow]:
    after = ""
    while True:
        found = posts_under(scope=scope, at=at, after=after, size=EXPORTED, **wanted)
        yield from found.rows
        after = found.after
        if not after:
            return


@page(duty=MANAGE)
def new_post(request: WorkRequest, org_id: int) -> HttpResponse:
    """Open a post of a body."""
    org = Org.objects.filter(within("scope", request.actor.scope), pk=org_id).first()
    if org is None:
        raise NotFound("org.not_found")
    form = NewPostForm(request.POST or None, at=request.at)
    if form.is_valid():
        try:
            made = services.open_post(
                org_id=org_id, by=request.actor, at=request.at, **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("岗位已设立,请任命。"))
            return redirect("admin:post", made.pk)
    status = 422 if form.errors else 200
    return render(request, "admin/new_post.html", {"form": form, "org": org}, status=status)


@page(duty=MANAGE)
def post(request: WorkRequest, post_id: int) -> HttpResponse:
    """One post: holder, duties, portfolio, past holders, and what can be done."""
    found = post_detail(post_id=post_id, scope=request.actor.scope, at=request.at)
    return _shown(request, found, _forms(found, request.at))


def _shown(
    request: WorkRequest, found: PostDetail, forms: dict[str, WorkForm], status: int = 200
) -> HttpResponse:
    shown = {
        "detail": found, "post": found.post, "forms": forms, "role": ROLES[found.post.role],
        "duties": [DUTIES.get(duty, duty) for duty in found.duties],
        "holding": _present(found, request.at),
    }  # fmt: skip
    return render(request, "admin/post.html", shown, status=status)


def _present(found: PostDetail, at: datetime) -> Any:
    """The tenure in force, or the one that begins next."""
    return next((t for t in found.tenures if t.ends is None or t.ends > at), None)


def _forms(found: PostDetail, at: datetime, act: str = "", data: Any = None) -> dict[str, WorkForm]:
    """Every form of the page, the one that was sent with its data."""
    portfolio = {"sectors": found.post.sectors, "leader_id": found.post.leader_id}
    made: dict[str, WorkForm] = {}
    for name, (make, _do, _said) in ACTS.items():
        options: dict[str, Any] = {"at": at}
        if make is PortfolioForm:
            options |= {"colleagues": found.colleagues, "initial": portfolio}
        made[name] = make(data if name == act else None, prefix=name, **options)
    return made


@page(duty=MANAGE)
@require_POST
def act(request: WorkRequest, post_id: int, act: str) -> HttpResponse:
    """One act on a post; a refusal shows beside the field it names, nothing typed is lost."""
    if act not in ACTS:
        raise Http404
    _make, do, said = ACTS[act]
    found = post_detail(post_id=post_id, scope=request.actor.scope, at=request.at)
    forms = _forms(found, request.at, act, request.POST)
    if forms[act].is_valid():
        try:
            do(found, forms[act].cleaned_data, by=request.actor, at=request.at)
        except Refused as refused:
            forms[act].refuse(refused)
        else:
            messages.success(request, str(said))
            return redirect("admin:post", post_id)
    return _shown(request, found, forms, status=422)


def _appoint(found: PostDetail, said: dict[str, Any], *, by: Actor, at: datetime) -> None:
    services.appoint(post_id=found.post.pk, by=by, at=at, **said)


def _leave(found: PostDetail, said: dict[str, Any], *, by: Actor, at: datetime) -> None:
    holding = _present(found, at)
    if holding is None:
        raise NotFound("tenure.not_found")
    services.end_tenure(tenure_id=holding.pk, by=by, at=at, **said)


def _portfolio(found: PostDetail, said: dict[str, Any], *, by: Actor, at: datetime) -> None:
    services.set_portfolio(post_id=found.post.pk, by=by, at=at, **said)


def _absence(found: PostDetail, said: dict[str, Any], *, by: Actor, at: datetime) -> None:
    services.record_absence(post_id=found.post.pk, by=by, at=at, **said)


def _account(found: PostDetail, said: dict[str, Any], *, by: Actor, at: datetime) -> None:
    holding = _present(found, at)
    if holding is None:
        raise NotFound("post.vacant")
    services.open_account(person_id=holding.person_id, by=by, at=at, **said)


def _end(found: PostDetail, _said: dict[str, Any], *, by: Actor, at: datetime) -> None:
    services.end_post(post_id=found.post.pk, by=by, at=at)


# act: its form, what it does, what is said afterwards
ACTS: dict[str, tuple[type[WorkForm], Callable[..., None], Promise]] = {
    "appoint": (AppointForm, _appoint, _("已任命。")),
    "leave": (LeaveForm, _leave, _("已免职,权限自该时刻起收回。")),
    "portfolio": (PortfolioForm, _portfolio, _("分工已调整。")),
    "absence": (AbsenceForm, _absence, _("已登记外出,由顺位者代理。")),
    "account": (AccountForm, _account, _("账号已开通。")),
    "end": (WorkForm, _end, _("岗位已撤销。")),
}
