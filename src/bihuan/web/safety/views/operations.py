"""Dangerous operations at sites, and dormitories looked at once for both domains."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.safety.selectors import operations as selectors
from bihuan.safety.selectors.dormitories import dormitories as sites
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.services import operations as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.forms import WorkForm
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page
from bihuan.web.supervision.forms import day_field
from bihuan.web.words import choices_of

BACK = ("safety:operations", gettext_lazy("危险作业"))
DEEDS = {
    "sign": services.sign_plan, "begin": services.begin_operation,
    "stop": services.stop_operation, "end": services.end_operation,
}  # fmt: skip


class OperationForm(WorkForm):
    """What is to be done, when, by which plan."""

    kind = forms.ChoiceField(label=gettext_lazy("作业类别"))
    what = forms.CharField(
        label=gettext_lazy("作业内容"), max_length=120, help_text=gettext_lazy("例:二号塔吊安装")
    )
    day = day_field(gettext_lazy("计划开始"))
    plan = forms.CharField(
        label=gettext_lazy("专项施工方案(名称和编号)"), max_length=200, required=False
    )
    under_way = forms.BooleanField(
        label=gettext_lazy("现场发现已在作业:没有签字齐全的方案,立即叫停"), required=False
    )

    def __init__(self, *data: Any, kinds: list[tuple[str, str]], judges: bool,
                 **options: Any) -> None:  # fmt: skip
        super().__init__(*data, **options)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = kinds
        if not judges:
            del self.fields["under_way"]


@page(duty="loop.read")
def operations(request: WorkRequest) -> HttpResponse:
    """Operations, the stopped and the unsigned first."""
    rows = selectors.operations(by=request.actor, at=request.at)
    return render(request, "safety/operations.html", {"rows": rows})


@page(duty="loop.read")
def note(request: WorkRequest, establishment_id: int) -> HttpResponse:
    """Note an operation of a site."""
    by, at = request.actor, request.at
    place = fetch_establishment(establishment_id=establishment_id, by=by)
    kinds = choices_of(selectors.operation_kinds(scope=place.scope, at=at).values())
    judges = by.has("problem.accept") and place.owner_org_id != by.org_id
    form = OperationForm(request.POST or None, kinds=kinds, judges=judges, at=at,
                         initial={"day": local_date(at)})  # fmt: skip
    ask: dict[str, Any] = {"establishment_id": place.pk, "by": by, "at": at}
    row = attempt(
        form,
        lambda said: services.note_operation(given=services.NewOperation(**said), **ask),
    )
    if row is not None:
        return redirect("safety:operation", row.pk)
    title = _("危险作业:%(name)s") % {"name": place.venue.name}
    return render(request, "safety/form.html", {"form": form, "title": title, "back": BACK})


@page(duty="loop.read")
def operation(request: WorkRequest, operation_id: int) -> HttpResponse:
    """One operation: its plan, its signatures, where it stands."""
    by = request.actor
    row = selectors.fetch_operation(operation_id=operation_id, by=by)
    found = selectors.operation_row(row, at=request.at)
    mine = row.owner_org_id == by.org_id
    shown = {
        "found": found, "side": services.party_for(row, by),
        "runs": mine or by.has("task.assign"), "judges": by.has("problem.accept") and not mine,
    }  # fmt: skip
    return render(request, "safety/operation.html", shown)


@page(duty="loop.read")
@require_POST
def deed(request: WorkRequest, operation_id: int, deed: str) -> HttpResponse:
    """Write the plan, sign it, begin, stop, end."""
    ask: dict[str, Any] = {"operation_id": operation_id, "by": request.actor, "at": request.at}
    if deed not in {*DEEDS, "plan"}:
        raise NotFound("not_found", deed=deed)
    with answering(request, _("已记录")):
        if deed == "plan":
            services.write_plan(plan=request.POST.get("plan", ""), **ask)
        else:
            DEEDS[deed](**ask)
    return redirect("safety:operation", operation_id)


@page(duty="loop.read")
def dormitories(request: WorkRequest) -> HttpResponse:
    """Sites with a dormitory and their last look, read by both domains."""
    found = sites(by=request.actor, at=request.at)
    return render(request, "safety/dormitories.html", {"found": found})
