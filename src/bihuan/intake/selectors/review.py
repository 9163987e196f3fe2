"""The review of a document, and the list of documents."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.dateparse import parse_datetime

from bihuan.command.selectors.demands import demands_above, demands_before
from bihuan.command.types import DemandLine
from bihuan.core.errors import Invalid
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.intake.communique import links
from bihuan.intake.models import Document, Draft, Status
from bihuan.intake.rules import cuts, marked, nearest
from bihuan.intake.selectors.doors import fetch_document, seen_documents
from bihuan.intake.selectors.opinions import second_opinion
from bihuan.intake.selectors.parties import owing
from bihuan.intake.types import DocumentRow, DraftRow, Likeness, Minutes, Piece, Review

PAGE = 30
LOOK_BACK = 400  # earlier demands that are compared with the drafts
HIDDEN = (Status.MERGED, Status.UNDONE)


def review(*, document_id: int, by: Actor) -> Review:
    """Text and drafts side by side. Nine queries. Raises NotFound("document.not_found")."""
    document = fetch_document(document_id=document_id, by=by)
    drafts = list(
        document.drafts.exclude(status__in=HIDDEN)
        .select_related("owner_post", "body", "upper__brief", "repeats__brief",
                        "upper__directive", "repeats__directive")
        .order_by("position", "pk")
    )  # fmt: skip
    uppers = demands_above(relay_id=document.relay_id)
    posts = _supports(drafts)
    rows = [_draft(draft, n, posts) for n, draft in enumerate(drafts, 1)]
    if document.directive_id is None:
        rows = _compared(rows, uppers, demands_before(path=document.scope, most=LOOK_BACK))
        named = owing(rows, by=by)
        rows = [replace(row, may_owe=named.get(row.id)) for row in rows]
    rows, second = second_opinion(document, rows)
    last = document.edits.filter(undone_at=None).order_by("-pk").first()
    return Review(
        document=_row(document, len(rows)), reason=document.reason, forced_by=document.forced_by,
        encoding=document.encoding, warnings=tuple(document.report.get("warnings", ())),
        pieces=marked(document.clean_text, _spans(drafts)), original=_original(document),
        repairs=sum(1 for repair in document.repairs if repair["certain"]),
        proposals=sum(1 for repair in document.repairs if not repair["certain"]),
        minutes=tuple(minutes_of(told) for told in sessions_of(document)), drafts=tuple(rows),
        undo=last.verb if last is not None and document.directive_id is None else "",
        uppers=tuple(_line(demand, 0.0) for demand in uppers), second=second,
    )  # fmt: skip


def draft_row(*, draft_id: int, by: Actor) -> DraftRow:
    """One draft of a document the post may see. Raises NotFound."""
    document_id = Draft.objects.filter(pk=draft_id).values_list("document_id", flat=True).first()
    found = review(document_id=document_id or 0, by=by)
    return next(row for row in found.drafts if row.id == draft_id)


def sessions_of(document: Document) -> list[dict[str, Any]]:
    """The proposed records of the meetings that a document tells of, as they are stored."""
    return [document.meeting, *document.meeting.get("later", ())] if document.meeting else []


def minutes_of(told: dict[str, Any]) -> Minutes:
    """The proposed record of one meeting."""
    return Minutes(
        title=told.get("title", ""), form=told.get("form", "plenary"),
        held_at=parse_datetime(told.get("held_at", "")), chair=told.get("chair", ""),
        speakers=tuple(told.get("speakers", ())), attendees=tuple(told.get("attendees", ())),
        attendees_complete=told.get("attendees_complete", True),
        body_ids=tuple(told.get("body_ids", ())), relays_text=told.get("relays_text", ""),
    )  # fmt: skip


def _spans(drafts: Sequence[Draft]) -> list[tuple[int, int, Piece]]:
    return [
        (draft.start, draft.end, Piece(
            "", draft_id=draft.pk, ordinal=n, actionable=draft.actionable,
            rejected=draft.status == Status.REJECTED,
        ))
        for n, draft in enumerate(drafts, 1)
        if draft.start is not None and draft.end is not None
    ]  # fmt: skip


def _original(document: Document) -> tuple[Piece, ...]:
    """The text as it came, with what was repaired and what was only proposed.

    A repair inside a longer one is part of it and is not shown again.
    """
    spans: list[tuple[int, int, Piece]] = []
    for repair in sorted(document.repairs, key=lambda r: (r["start"], -r["end"])):
        if spans and repair["start"] < spans[-1][1]:
            continue
        piece = Piece("", after=repair["after"], kind=repair["kind"], certain=repair["certain"])
        spans.append((repair["start"], repair["end"], piece))
    return marked(document.original_text, spans)


def _supports(drafts: Sequence[Draft]) -> dict[int, str]:
    """The titles of the posts that support an owner. One query, if there are any."""
    wanted = {post_id for draft in drafts for post_id in draft.support_post_ids}
    return dict(Post.objects.filter(pk__in=wanted).values_list("pk", "title")) if wanted else {}


def _draft(draft: Draft, ordinal: int, posts: dict[int, str]) -> DraftRow:
    owner, body = draft.owner_post, draft.body
    return DraftRow(
        id=draft.pk, document_id=draft.document_id, ordinal=ordinal, text=draft.text,
        start=draft.start, speaker=draft.speaker, label=draft.label, section=draft.section,
        domain=draft.domain, responsible=draft.responsible, deadline_text=draft.deadline_text,
        due_at=draft.due_at, criterion=draft.criterion, owner=owner.title if owner else "",
        owner_post_id=draft.owner_post_id,
        supports=tuple(posts[pk] for pk in draft.support_post_ids if pk in posts),
        support_post_ids=tuple(draft.support_post_ids), body=body.name if body else "", body_id=draft.body_id,
        direct_level=draft.direct_level, upper=_chosen(draft, "upper"),
        repeats=_chosen(draft, "repeats"), stricter=draft.stricter,
        stricter_until=draft.stricter_until, actionable=draft.actionable, status=draft.status,
        cuts=cuts(draft.text),
    )  # fmt: skip


def _compared(
    rows: list[DraftRow], uppers: list[DemandLine], earlier: list[DemandLine]
) -> list[DraftRow]:
    """The rows with the demand each may implement and the one it may repeat."""
    said = [row for row in rows if row.goes_out]
    before = [demand.text for demand in earlier]
    again = {
        row.id: _line(earlier[found[0]], found[1])
        for row in said
        if row.repeats is None and (found := nearest(row.text, before)) is not None
    }
    above = _implementing(said, uppers)
    return [
        replace(
            row,
            may_implement=None if row.upper else above.get(row.id),
            may_repeat=None if row.repeats else again.get(row.id),
        )
        for row in rows
    ]


def _implementing(said: list[DraftRow], uppers: list[DemandLine]) -> dict[int, Likeness]:
    """The upper demand that each draft seems to answer: as a whole, or else by one clause."""
    texts = [demand.text for demand in uppers]
    above = {
        row.id: _line(uppers[found[0]], found[1])
        for row in said
        if (found := nearest(row.text, texts)) is not None
    }
    for pair in links.coverage(uppers, said):
        if pair.upper is not None and pair.lower is not None:
            whole = _line(uppers[pair.upper], pair.score, pair.standing, pair.why)
            row = said[pair.lower]
            if row.id not in above or above[row.id].score <= whole.score:
                above[row.id] = whole
    return above


def _line(demand: DemandLine, score: float, standing: str = "", why: str = "") -> Likeness:
    return Likeness(
        demand.id, demand.number, demand.ordinal, demand.title, round(score, 2), standing, why
    )


def _chosen(draft: Draft, name: str) -> Likeness | None:
    """The upper or repeated demand that a person has set."""
    demand = getattr(draft, name)
    if demand is None:
        return None
    return Likeness(
        demand.pk, demand.directive.number, demand.ordinal, demand.brief.title, 1.0
    )  # fmt: skip


def _row(document: Document, drafts: int) -> DocumentRow:
    directive = document.directive
    return DocumentRow(
        id=document.pk, name=document.name, title=document.title,
        uploaded_at=document.uploaded_at, uploaded_by=document.uploaded_by,
        is_communique=document.is_communique, drafts=drafts, directive_id=document.directive_id,
        directive_number=directive.number if directive is not None else "",
        relay_id=document.relay_id,
    )  # fmt: skip


def document_list(*, by: Actor, after: str = "", size: int = PAGE) -> tuple[list[DocumentRow], str]:
    """Documents the post may see, newest first, and the key of the next page. One query."""
    rows = Document.objects.filter(seen_documents(by))
    if after:
        if not after.isdecimal():
            raise Invalid("page.bad_key", field="after")
        rows = rows.filter(pk__lt=int(after))
    shown = Count("drafts", filter=~Q(drafts__status__in=HIDDEN))
    wanted = rows.select_related("directive").annotate(n=shown).order_by("-pk")
    found = list(wanted.defer("original_text", "clean_text", "repairs")[: size + 1])
    more = str(found[size - 1].pk) if len(found) > size else ""
    return [_row(document, document.n) for document in found[:size]], more


def document_of(*, directive_id: int, by: Actor) -> DocumentRow | None:
    """The document a directive was made from, if the post may see it. One query."""
    rows = Document.objects.filter(seen_documents(by), directive=directive_id)
    document = rows.select_related("directive").first()
    return _row(document, 0) if document is not None else None


def chosen_minutes(*, document_id: int, by: Actor, at: datetime, session: int = 0) -> Minutes:
    """The record to correct, or an empty one with the document's title. Raises NotFound."""
    document = fetch_document(document_id=document_id, by=by)
    told = sessions_of(document)
    empty = Minutes(title=document.title, held_at=at)
    return minutes_of(told[session]) if 0 <= session < len(told) else empty
