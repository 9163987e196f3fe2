"""Saved views: a list narrowed as somebody wants to see it again."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.errors import Invalid, Refused
from bihuan.core.orgs.services.views import drop_view, save_view, saved_views
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page

PASSING = ("after", "format", "as_of")  # of one look at a list, not of the list


class ViewForm(WorkForm):
    """A name for what the list shows."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=80)
    shared = forms.BooleanField(label=gettext_lazy("本单位的人都能用"), required=False)


def _asked(request: WorkRequest) -> tuple[str, str]:
    """The list and what it is narrowed to, without the key of a page. Raises Invalid."""
    path = request.GET.get("page", "")
    try:
        resolve(path)
    except Resolver404 as fault:
        raise Invalid("view.page", field="page") from fault
    narrowed = QueryDict(request.GET.get("query", "")[:2000], mutable=True)
    for name in PASSING:
        narrowed.pop(name, None)
    return path, narrowed.urlencode()


@page("post")
def views(request: WorkRequest) -> HttpResponse:
    """The saved views of one list, and the form to save what it shows now."""
    path, query = _asked(request)
    form = ViewForm(request.POST or None, at=request.at)
    if form.is_valid():
        try:
            save_view(page=path, query=query, by=request.actor, at=request.at, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("已保存视图“%(name)s”") % form.cleaned_data)
            return redirect(f"{path}?{query}" if query else path)
    shown = {"form": form, "path": path, "query": query}
    shown["rows"] = saved_views(page=path, by=request.actor)
    return render(request, "pages/views.html", shown, status=422 if form.errors else 200)


@page("post")
@require_POST
def drop(request: WorkRequest, pk: int) -> HttpResponse:
    """Forget a view of one's own."""
    gone = drop_view(view_id=pk, by=request.actor)
    messages.success(request, _("已删除视图“%(name)s”") % {"name": gone.name})
    return redirect(gone.page)
