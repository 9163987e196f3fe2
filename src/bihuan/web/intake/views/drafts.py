"""Acts on drafts: each answers with the review, part or page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from bihuan.core.errors import Invalid, Refused
from bihuan.intake import services
from bihuan.intake.selectors.choices import body_choices, direct_levels, earlier_choices
from bihuan.intake.selectors.review import draft_row, review
from bihuan.intake.types import DraftChange, DraftRow
from bihuan.web.intake.forms import DraftForm, typed
from bihuan.web.intake.views.review import shown
from bihuan.web.requests import WorkRequest, is_htmx
from bihuan.web.rights import page
from bihuan.web.work.loop_page import posts_for

LINKS = {"repeats": "repeats_id", "upper": "upper_id"}


def _answer(request: WorkRequest, document_id: int, draft_id: int | None = None) -> HttpResponse:
    """The part of the page that changed, or the page at the draft."""
    if is_htmx(request):
        found = review(document_id=document_id, by=request.actor)
        return render(request, "intake/partials/review.html", shown(request, found))
    anchor = f"#d{draft_id}" if draft_id is not None else ""
    return redirect(f"/documents/{document_id}/{anchor}")


@page(duty="directive.draft")
def edit(request: WorkRequest, pk: int) -> HttpResponse:
    """Every field of a draft: the form (GET), or the change (POST)."""
    row = draft_row(draft_id=pk, by=request.actor)
    form = _form(request, row)
    if request.method == "POST" and form.is_valid():
        try:
            draft = services.edit_draft(
                draft_id=pk, change=form.change(), by=request.actor, at=request.at
            )
            return _answer(request, draft.document_id, pk)
        except Refused as refused:
            form.refuse(refused)
    name = "intake/partials/edit.html" if is_htmx(request) else "intake/edit.html"
    answer = render(request, name, {"form": form, "draft": row})
    if request.method == "POST" and is_htmx(request):
        answer["HX-Retarget"], answer["HX-Reswap"] = f"#f{pk}", "innerHTML"
    return answer


def _form(request: WorkRequest, row: DraftRow) -> DraftForm:
    found = review(document_id=row.document_id, by=request.actor)
    form = DraftForm(
        typed(request), at=request.at, initial=DraftForm.initial_of(row),
        posts=posts_for(scope=request.actor.scope, by=request.actor),
        bodies=body_choices(by=request.actor), levels=direct_levels(by=request.actor),
        uppers=found.uppers,
        earlier=earlier_choices(document_id=row.document_id, by=request.actor), auto_id=f"d{row.id}_%s",
    )  # fmt: skip
    wanted = request.GET.get("focus", "")
    if wanted in form.fields:
        form.fields[wanted].widget.attrs["autofocus"] = True
    return form


@page(duty="directive.draft")
def split(request: WorkRequest, pk: int) -> HttpResponse:
    """Where to cut a draft (GET), or the cut (POST)."""
    if request.method == "POST":
        offset = request.POST.get("offset", "")
        if not offset.isdecimal():
            raise Invalid("draft.split_outside", field="offset", offset=offset)
        second = services.split_draft(
            draft_id=pk, offset=int(offset), by=request.actor, at=request.at
        )
        return _answer(request, second.document_id, pk)
    row = draft_row(draft_id=pk, by=request.actor)
    name = "intake/partials/split.html" if is_htmx(request) else "intake/split.html"
    return render(request, name, {"draft": row})


@page(duty="directive.draft")
@require_POST
def merge(request: WorkRequest, pk: int) -> HttpResponse:
    """Join a draft with the next one."""
    draft = services.merge_drafts(draft_id=pk, by=request.actor, at=request.at)
    return _answer(request, draft.document_id, pk)


@page(duty="directive.draft")
@require_POST
def status(request: WorkRequest, pk: int) -> HttpResponse:
    """Keep, reject or restore a draft."""
    wanted = request.POST.get("status", "")
    draft = services.set_status(draft_id=pk, status=wanted, by=request.actor, at=request.at)
    return _answer(request, draft.document_id, pk)


@page(duty="directive.draft")
@require_POST
def link(request: WorkRequest, pk: int) -> HttpResponse:
    """Say which earlier demand a draft repeats, or which upper one it implements; empty unlinks."""
    name, wanted = LINKS.get(request.POST.get("kind", "")), request.POST.get("demand", "")
    if name is None or not (wanted == "" or wanted.isdecimal()):
        raise Invalid("draft.upper_foreign", field="demand")
    change = DraftChange(**{name: int(wanted) if wanted else None})  # type: ignore[arg-type]
    draft = services.edit_draft(draft_id=pk, change=change, by=request.actor, at=request.at)
    return _answer(request, draft.document_id, pk)


@page(duty="directive.draft")
@require_POST
def owe(request: WorkRequest, pk: int) -> HttpResponse:
    """Take the posts that the text seems to name: the first leads, the others support."""
    named = draft_row(draft_id=pk, by=request.actor).may_owe
    if named is None:
        raise Invalid("draft.nobody_named")
    change = DraftChange(owner_post_id=named.post_ids[0], support_post_ids=named.post_ids[1:])
    draft = services.edit_draft(draft_id=pk, change=change, by=request.actor, at=request.at)
    return _answer(request, draft.document_id, pk)


@page(duty="directive.draft")
@require_POST
def add(request: WorkRequest, pk: int) -> HttpResponse:
    """Add a demand: a stretch of the text, or typed words."""
    edges = [request.POST.get(name, "") for name in ("start", "end")]
    start, end = (int(edge) if edge.isdecimal() else None for edge in edges)
    draft = services.add_draft(
        document_id=pk, text=request.POST.get("text", ""), start=start, end=end,
        by=request.actor, at=request.at,
    )  # fmt: skip
    return _answer(request, pk, draft.pk)


@page(duty="directive.draft")
@require_POST
def keep_all(request: WorkRequest, pk: int) -> HttpResponse:
    """Keep every draft that still waits."""
    services.confirm_all(document_id=pk, by=request.actor, at=request.at)
    return _answer(request, pk)


@page(duty="directive.draft")
@require_POST
def undo(request: WorkRequest, pk: int) -> HttpResponse:
    """Take back the last step."""
    services.undo(document_id=pk, by=request.actor, at=request.at)
    return _answer(request, pk)
