"""The review page: text and demands side by side, the original, the record of the meeting."""

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bihuan.core.errors import Refused
from bihuan.core.evidence.services import blob_path
from bihuan.intake import services
from bihuan.intake.selectors.choices import body_choices
from bihuan.intake.selectors.comparison import comparison, other_choices, standings
from bihuan.intake.selectors.doors import fetch_document
from bihuan.intake.selectors.review import chosen_minutes, review
from bihuan.web.intake.forms import MinutesForm, typed
from bihuan.web.intake.words import COVERED
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page("post")
def document(request: WorkRequest, pk: int) -> HttpResponse:
    """Text with the demands marked, cards beside it; `?text=original` adds what came in."""
    found = review(document_id=pk, by=request.actor)
    return render(request, "intake/review.html", shown(request, found))


def shown(request: WorkRequest, found: object) -> dict[str, object]:
    """What the template of the review needs, whole page or part."""
    return {
        "review": found,
        "original": _beside_original(request),
        "may_edit": request.actor.has("directive.draft"),
        "may_send": request.actor.has("directive.issue"),
        "model_host": settings.INTAKE_MODEL.host,
    }


def _beside_original(request: WorkRequest) -> bool:
    """Whether the original is wanted beside the text; an act keeps what its page shows."""
    here = request.headers.get("HX-Current-URL", "")
    return "original" in (request.GET.get("text"), *parse_qs(urlsplit(here).query).get("text", ()))


@page("post")
def compare(request: WorkRequest, pk: int) -> HttpResponse:
    """The coverage table against the upper or a sister meeting (`?with=`)."""
    others = other_choices(document_id=pk, by=request.actor)
    wanted = request.GET.get("with") or (others[0][0] if others else "")
    if not wanted:
        return render(request, "intake/compare.html", {"pk": pk, "others": others})
    found = comparison(document_id=pk, other=wanted, by=request.actor)
    counts = [(COVERED[name], n) for name, n in standings(found.rows).items()]
    told = {"pk": pk, "others": others, "wanted": wanted, "found": found, "counts": counts}
    return render(request, "intake/compare.html", told)


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
def model(request: WorkRequest, pk: int) -> HttpResponse:
    """Ask the site's own model for a second opinion; nothing is applied."""
    endpoint = settings.INTAKE_MODEL
    services.ask_model(document_id=pk, endpoint=endpoint, by=request.actor, at=request.at)
    messages.success(request, _("模型的意见已列在各条草稿旁,没有改动任何草稿。"))
    return redirect("intake:document", pk)


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
    asked = request.GET.get("session", "")
    session = int(asked) if asked.isdecimal() and len(asked) < 3 else 0
    told = chosen_minutes(document_id=pk, by=request.actor, at=request.at, session=session)
    form = MinutesForm(
        typed(request), at=request.at, initial=MinutesForm.initial_of(told),
        bodies=body_choices(by=request.actor),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_minutes(
                document_id=pk, given=form.minutes(), by=request.actor, at=request.at,
                session=session,
            )  # fmt: skip
            return redirect("intake:document", pk)
        except Refused as refused:
            form.refuse(refused)
    return render(request, "intake/minutes.html", {"form": form, "pk": pk})
