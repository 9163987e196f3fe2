"""The one door to a document and to a draft."""

from django.db.models import Q

from bihuan.core.errors import Conflict, NotAllowed, NotFound
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.intake.models import Document, Draft


def seen_documents(by: Actor) -> Q:
    """Documents of the post's place and below, and those of its own organisation."""
    return sight(by, owned=False, sectors=False) | Q(issuer_org_id=by.org_id)


def fetch_document(*, document_id: int, by: Actor) -> Document:
    """A document to read. Raises NotFound("document.not_found")."""
    rows = Document.objects.select_related("directive", "relay", "blob", "place")
    row = rows.filter(seen_documents(by), pk=document_id).first()
    if row is None:
        raise NotFound("document.not_found", id=document_id)
    return row


def open_document(*, document_id: int, by: Actor) -> Document:
    """A document to work on, locked: of the own organisation and not yet issued.

    Raises NotFound, NotAllowed, Conflict("document.directed").
    """
    fetch_document(document_id=document_id, by=by)
    if not by.has("directive.draft"):
        raise NotAllowed("not_allowed", duty="directive.draft")
    row = Document.objects.select_for_update().get(pk=document_id)
    if row.issuer_org_id != by.org_id:
        raise NotAllowed("not_allowed", duty="directive.draft")
    if row.directive_id is not None:
        raise Conflict("document.directed", id=document_id)
    return row


def open_draft(*, draft_id: int, by: Actor) -> Draft:
    """A draft to work on; its document is locked. Raises what `open_document` raises."""
    draft = Draft.objects.filter(pk=draft_id).first()
    if draft is None or draft.status in {"merged", "undone"}:
        raise NotFound("draft.not_found", id=draft_id)
    draft.document = open_document(document_id=draft.document_id, by=by)
    return draft
