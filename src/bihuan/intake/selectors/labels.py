"""Reviewed documents as labelled examples, in the schema of the label guide.

A document is a label when nothing in it waits any more: every draft was decided or its directive is
issued. Demands typed without a place in the text have no span and are left out.
"""

from collections.abc import Iterator
from typing import Any

from bihuan.core.orgs.types import Actor
from bihuan.intake import communique
from bihuan.intake.models import Document, Draft, Status
from bihuan.intake.selectors.accuracy import reviewed
from bihuan.intake.selectors.doors import seen_documents
from bihuan.intake.types import Example

AS_READ = ("doc_type", "dates", "publish_date", "level", "jurisdiction", "meetings", "truncated",
           "damage")  # fmt: skip


def examples(*, by: Actor) -> Iterator[Example]:
    """The labelled examples among the documents the post may see, oldest first, one at a time."""
    rows = Document.objects.filter(seen_documents(by)).order_by("pk")
    for document in rows.prefetch_related("drafts", "edits").iterator(chunk_size=50):
        drafts = [draft for draft in reviewed(document)[0] if draft.status != Status.UNDONE]
        open_ = any(draft.status == Status.PROPOSED for draft in drafts)
        if drafts and (document.directive_id is not None or not open_):
            yield example(document, drafts)


def example(document: Document, drafts: list[Draft]) -> Example:
    """One document with what people made of it. All drafts rejected: it was no communiqué."""
    kept = [d for d in drafts if d.status in {Status.KEPT, Status.PROPOSED} and d.start is not None]
    ident = f"site-{document.pk:05d}"
    again = _read_again(document)
    labels = {
        "id": ident,
        "is_communique": bool(kept),
        "title": document.title if kept else document.report.get("title"),
        **{name: document.report.get(name) for name in AS_READ},
        **_persons(document),
        "directives": [_directive(document, ident, n, d, again) for n, d in enumerate(kept, 1)],
    }
    if not kept:
        labels["doc_type"] = "other"
    return Example(ident, document.original_text, document.clean_text, labels)


def _persons(document: Document) -> dict[str, list[str]]:
    """Who chaired, spoke and came, as corrected."""
    told = document.meeting
    chair = [name for name in told.get("chair", "").split("、") if name]
    spoke = list(told.get("speakers", ()))
    came = [name for name in told.get("attendees", ()) if name not in {*chair, *spoke}]
    return {"chair": chair, "speakers": spoke, "attendees": came}


def _read_again(document: Document) -> dict[int, communique.Directive]:
    """What the reader finds now, by place: for the fields that the review does not show."""
    try:
        records = communique.read(document.original_text)
    except communique.Unreadable:
        return {}
    place = document.part if document.part < len(records) else 0
    return {one.start: one for one in records[place].directives}


def _directive(
    document: Document, ident: str, number: int, draft: Draft,
    again: dict[int, communique.Directive],
) -> dict[str, Any]:  # fmt: skip
    found = again.get(draft.start or 0)
    return {
        "id": f"{ident}-{number}",
        "text": document.clean_text[draft.start : draft.end],
        "start": draft.start,
        "end": draft.end,
        "speaker": draft.speaker,
        "number_label": draft.label or None,
        "group": draft.section or None,
        "domain": draft.domain,
        "domains": draft.domains or [draft.domain],
        "responsible": [name for name in draft.responsible.split("、") if name],
        "deadline": [limit for limit in draft.deadline_text.split("、") if limit],
        "objects": list(found.objects) if found else [],
        "actionable": draft.actionable,
        "problem": found.problem if found else None,
    }
