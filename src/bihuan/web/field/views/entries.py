"""What came from the field and waits: side by side what was seen and what is there."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.core.errors import NotFound
from bihuan.core.evidence.services import shown_path
from bihuan.safety.rules.checklists import items_of, shown_answer
from bihuan.safety.rules.field import changed_answers, read_sent
from bihuan.safety.rules.fields import fields_of
from bihuan.safety.rules.sheet import OWN
from bihuan.safety.selectors import field as selectors
from bihuan.safety.selectors.inspections import inspection_photo
from bihuan.safety.services.field import decide_entry
from bihuan.web.field.words import ANSWERS, SEEN
from bihuan.web.requests import WorkRequest
from bihuan.web.rights import page


@page(duty="loop.read")
def entries(request: WorkRequest) -> HttpResponse:
    """Everything from the field that waits for the body's decision."""
    return render(
        request, "field/entries.html", {"rows": selectors.waiting_entries(by=request.actor)}
    )


@page(duty="loop.read")
def entry(request: WorkRequest, entry_id: int) -> HttpResponse:
    """One of them: take it although the place changed, or file it."""
    if request.method == "POST":
        take = request.POST.get("decision") == "take"
        row = decide_entry(entry_id=entry_id, take=take, note=request.POST.get("note", ""),
                           by=request.actor, at=request.at)  # fmt: skip
        messages.success(request, _("已采用。") if take else _("已留存,未采用。"))
        if row.inspection_id:
            return redirect("safety:inspection", row.inspection_id)
        return redirect("field:entries")
    row = selectors.fetch_entry(entry_id=entry_id, by=request.actor)
    sent, rival = read_sent(row.content), selectors.rival(row)
    shown = {
        "row": row, "sent": sent, "rival": rival, "differs": _differs(row),
        "answers": _answers(row, sent.answers, rival.answers if rival else None),
    }  # fmt: skip
    return render(request, "field/entry.html", shown)


def _differs(row: Any) -> list[tuple[Any, Any, Any]]:
    """What changed, in words; who inspected meanwhile is shown by its own table."""
    language = get_language() or ""
    own = {f"{OWN}{f.key}": f.words(language) for f in fields_of(row.establishment.kind.schema)}
    return [
        (SEEN.get(name, own.get(name, name)), seen, there)
        for name, seen, there in row.differs if name != "inspected"
    ]  # fmt: skip


def _answers(row: Any, mine: Any, theirs: Any) -> list[tuple[str, Any, Any]]:
    """Items with both answers: those that differ where somebody else inspected, else all gaps."""
    language = get_language() or ""
    items = {item.code: item for item in items_of(row.checklist.items)}
    codes = changed_answers(list(items), mine, theirs) if theirs is not None else list(mine)
    return [
        (items[code].words(language), *(_told(items[code], side, language)
                                        for side in (mine, theirs or {})))
        for code in codes if code in items
    ]  # fmt: skip


def _told(item: Any, side: Any, language: str) -> Any:
    answer = side.get(item.code, "")
    return ANSWERS.get(str(answer), shown_answer(item, answer, language))


@page(duty="loop.read")
def photo(request: WorkRequest, item_id: int) -> HttpResponseBase:
    """A photo of an inspection, re-encoded."""
    item = inspection_photo(item_id=item_id, by=request.actor)
    path = shown_path(item.blob_id or "")
    if not path.is_file():
        raise NotFound("evidence.not_found", id=item_id)
    answer = FileResponse(path.open("rb"), content_type="image/webp")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600, immutable"
    return answer
