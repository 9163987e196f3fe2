"""The review page: text and demands side by side, the original, the record of the meeting."""

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import Refused
from bihuan.core.evidence.services import blob_path
from bihuan.intake import services
from bihuan.intake.selectors.choices import body_choices
from bihuan.intake.selectors.doors import fetch_document
from bihuan.intake.selectors.review import chosen_minutes, review
from bihuan.web.intake.forms import MinutesForm, typed
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page("post")
def document(request: WorkRequest, pk: int) -> HttpResponse:
    """Text with the demands marked, cards beside it; `?text=original` shows what came in."""
    found = review(document_id=pk, by=request.actor)
    return render(request, "intake/review.html", shown(request, found))


def shown(request: WorkRequest, found: object) -> dict[str, object]:
    """What the template of the review needs, whole page or part."""
    return {
        "review": found,
        "original": request.GET.get("text") == "original",
        "may_edit": request.actor.has("directive.draft"),
        "may_send": request.actor.has("directive.issue"),
    }


@page("post")
def original(request: WorkRequest, pk: int) -> FileResponse:
    """The file as it came: a download, never a page."""
    found = fetch_document(document_id=pk, by=request.actor)
    return FileResponse(
        blob_path(found.blob_id).open("rb"), as_attachment=True, filename=found.name,
        content_type="application/octet-stream",
    )  # fmt: skip


@page(duty="directive.draft")
@require_POST
def anyway(request: WorkRequest, pk: int) -> HttpResponse:
    """Go on with a text that was not taken for a communiqué."""
    services.read_anyway(document_id=pk, by=request.actor, at=request.at)
    messages.info(request, _("请在左侧选取文字,逐条列为要求。"))
    return redirect("intake:document", pk)


@page(duty="directive.draft")
def minutes(request: WorkRequest, pk: int) -> HttpResponse:
    """Correct the record of the meeting."""
    told = chosen_minutes(document_id=pk, by=request.actor, at=request.at)
    form = MinutesForm(
        typed(request), at=request.at, initial=MinutesForm.initial_of(told),
        bodies=body_choices(by=request.actor),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_minutes(
                document_id=pk, given=form.minutes(), by=request.actor, at=request.at
            )
            return redirect("intake:document", pk)
        except Refused as refused:
            form.refuse(refused)
    return render(request, "intake/minutes.html", {"form": form, "pk": pk})
