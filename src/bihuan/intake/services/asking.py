"""Ask a site's own model for a second opinion on a document. It is shown, and never applied."""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict
from bihuan.core.orgs.types import Actor
from bihuan.intake.endpoint.address import Endpoint
from bihuan.intake.endpoint.client import Answer, ask
from bihuan.intake.endpoint.errors import ModelFault
from bihuan.intake.models import Document
from bihuan.intake.selectors.doors import open_document


def ask_model(*, document_id: int, endpoint: Endpoint, by: Actor, at: datetime) -> Document:
    """Send the veiled text, keep the opinions beside the drafts, write down who sent what where.

    No lock is held while the endpoint thinks. Raises what the door raises, Conflict("model.…").
    """
    with transaction.atomic():
        document = open_document(document_id=document_id, by=by)
    try:
        answer = ask(endpoint, document.clean_text)
    except ModelFault as fault:
        _write_down(document, endpoint, by=by, at=at, outcome=fault.code, **fault.facts)
        raise Conflict(fault.code, **fault.facts) from fault
    return _keep(document_id, endpoint, answer, by=by, at=at)


@transaction.atomic
def _keep(
    document_id: int, endpoint: Endpoint, answer: Answer, *, by: Actor, at: datetime
) -> Document:
    document = open_document(document_id=document_id, by=by)
    document.report["model"] = {
        "name": endpoint.model,
        "at": at.isoformat(),
        "opinions": [asdict(one) for one in answer.opinions],
    }
    document.save(update_fields=["report"])
    _write_down(
        document, endpoint, by=by, at=at, outcome="answered", characters=answer.sent,
        persons_hidden=answer.persons, contacts_hidden=answer.contacts,
        opinions=len(answer.opinions),
    )  # fmt: skip
    return document


def _write_down(
    document: Document, endpoint: Endpoint, *, by: Actor, at: datetime, outcome: str,
    **facts: object,
) -> None:  # fmt: skip
    record(
        action="document.ask_model", subject=document.subject, by=by, at=at, scope=document.scope,
        facts={"host": endpoint.host, "model": endpoint.model, "outcome": outcome, **facts},
    )  # fmt: skip
