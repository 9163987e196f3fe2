"""Infection control of a house: checklists with due dates, tests of the staff, the clean days."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from bihuan.core.errors import Invalid, NotFound
from bihuan.epidemic.selectors import care
from bihuan.epidemic.selectors import rounds as rows
from bihuan.epidemic.services import rounds as services
from bihuan.web.attempts import answering, attempt
from bihuan.web.care.forms_house import GroupForm, RoundForm, StaffTestForm
from bihuan.web.care.views.facilities import number_in
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty=("care.read", "care.do"))
def control(request: WorkRequest, facility_id: int) -> HttpResponse:
    """What is due, what failed, who is still to be tested; counts and never a name."""
    by, at = request.actor, request.at
    row = care.fetch_facility(facility_id=facility_id, by=by)
    wards = rows.wards_of(row)
    if request.method == "POST" and "tests" in request.POST:
        return _note_tests(request, row.pk)
    form = GroupForm(request.POST or None, wards=wards, at=at)
    made = attempt(
        form, lambda said: services.set_staff_group(facility_id=row.pk, **said, by=by, at=at)
    )
    if made is not None:
        return redirect("care:control", row.pk)
    hospital, tasks = row.kind == "hospital", rows.round_tasks(row)
    shown = {
        "facility": row, "works": care.works_for(row, by), "wards": wards, "form": form,
        "due": [(d, tasks.get(d.checklist["key"])) for d in rows.due_rounds(row, at)],
        "faults": rows.open_faults(row),
        "rounds": rows.recent_rounds(row, at), "record": rows.record_of(row, at) if hospital else None,
        "groups": rows.staff_schedule(row, at) if hospital else (), "day": StaffTestForm(at=at)["day"],
    }  # fmt: skip
    return render(request, "care/control.html", shown)


def _note_tests(request: WorkRequest, facility_id: int) -> HttpResponse:
    """How many of a group were tested; a positive one more opens the file of the ward."""
    with answering(request, _("已记录")):
        form = StaffTestForm(request.POST, at=request.at)
        if not form.is_valid():
            raise Invalid("tests.counts", field="tested", people="…")
        file = services.note_tests(group_id=number_in(request, "tests"), by=request.actor,
                                   at=request.at, **form.cleaned_data)  # fmt: skip
        if file is not None:
            return redirect(f"{reverse('care:facility', args=[facility_id])}#wards")
    return redirect("care:control", facility_id)


@page(duty=("care.manage", "care.do"))
def walk(request: WorkRequest, facility_id: int) -> HttpResponse:
    """Go through a checklist (`?list=`, `?ward=`): every item passes, or fails with what was seen."""
    by, at = request.actor, request.at
    row = care.fetch_facility(facility_id=facility_id, by=by)
    checklist, ward = _asked(request, rows.due_rounds(row, at))
    items = rows.items_of(checklist["key"], row.scope, at)
    form = RoundForm(request.POST or None, items=items, at=at)

    def work(_said: dict[str, Any]) -> Any:
        given = services.NewRound(checklist["key"], ward, form.answers())
        return services.note_round(facility_id=row.pk, given=given, by=by, at=at)

    if attempt(form, work) is not None:
        return redirect("care:control", row.pk)
    shown = {"facility": row, "checklist": checklist, "ward": ward, "form": form,
             "lines": form.lines(items)}  # fmt: skip
    return render(request, "care/round.html", shown)


def _asked(request: WorkRequest, due: Sequence[rows.DueRound]) -> tuple[Mapping[str, Any], str]:
    """The checklist that is asked for; the most urgent one where none is."""
    wanted = request.GET.get("list", due[0].checklist["key"] if due else "")
    ward = request.GET.get("ward", due[0].ward if due and "list" not in request.GET else "")
    found = next((d for d in due if d.checklist["key"] == wanted and d.ward == ward), None)
    if found is None:
        raise NotFound("round.unknown")
    return found.checklist, ward
