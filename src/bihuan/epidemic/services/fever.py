"""Fever visits: taken in at the door, tested, kept waiting, handed on by signature alone."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.models import FeverHandover, FeverVisit
from bihuan.epidemic.models.fever import TestResult, VisitEnd
from bihuan.epidemic.selectors.fever import (
    fetch_fever_handover,
    fetch_own_visit,
    fetch_visit_for_result,
    receivers,
)
from bihuan.epidemic.types import AGES

SENT = "sent"  # what institutions like to write; no end without a receiver


def _does(by: Actor) -> None:
    if not by.has("fever.do"):
        raise NotAllowed("not_allowed", duty="fever.do")


def _told(action: str, row: FeverVisit, by: Actor, at: datetime, **facts: object) -> None:
    record(action=action, subject=f"fever:{row.pk}", by=by, at=at, scope=row.scope, facts=facts)


@transaction.atomic
def take_in(*, visit_no: str, age_band: str, by: Actor, at: datetime) -> FeverVisit:
    """Somebody with fever came: from now on this institution answers for the visit.

    Raises NotAllowed, Invalid("fever.visit_no"), Conflict("fever.twice").
    """
    _does(by)
    number = visit_no.strip()
    if not number or age_band not in AGES:
        raise Invalid("fever.visit_no", field="visit_no")
    keep = timedelta(days=int(registry.value("keep.contact_days", at).value))
    try:
        with transaction.atomic():
            row = FeverVisit.objects.create(
                visit_no=number[:24], first_org_id=by.org_id, org_id=by.org_id, scope=by.scope,
                age_band=age_band, arrived_at=at, by=by.name, expires_at=at + keep,
            )  # fmt: skip
    except IntegrityError as twin:
        raise Conflict("fever.twice", number=number) from twin
    _told("fever.take_in", row, by, at)
    return row


@transaction.atomic
def triage(*, visit_id: int, level: str, waits_at: str, by: Actor, at: datetime) -> FeverVisit:
    """Triage at the door, and where the person waits. Locks the visit.

    Raises NotAllowed, NotFound, Conflict("fever.over"), Invalid("fever.triage").
    """
    _does(by)
    row = fetch_own_visit(visit_id=visit_id, by=by)
    known = {str(r["key"]) for r in registry.table("fever_triage", at, scope=row.scope)}
    if level not in known or not waits_at.strip():
        raise Invalid("fever.triage", field="level")
    row.triage, row.waits_at, row.triaged_at = level, waits_at.strip()[:60], row.triaged_at or at
    row.save(update_fields=["triage", "waits_at", "triaged_at"])
    _told("fever.triage", row, by, at, level=level)
    return row


@transaction.atomic
def note_test(*, visit_id: int, result: str, by: Actor, at: datetime) -> FeverVisit:
    """A test was taken, or its result came; one still awaited when the visit ended comes late.

    Locks the visit. Raises NotAllowed, NotFound, Conflict("fever.over"),
    MoveBlocked("fever.not_triaged"), Invalid("fever.result").
    """
    _does(by)
    row = fetch_visit_for_result(visit_id=visit_id, by=by)
    if row.triaged_at is None:
        raise MoveBlocked("fever.not_triaged", number=row.visit_no)
    if result not in TestResult.values:
        raise Invalid("fever.result", field="result")
    row.tested_at, row.result = row.tested_at or at, result
    row.result_at = None if result == TestResult.PENDING else row.result_at or at
    row.save(update_fields=["tested_at", "result", "result_at"])
    _told("fever.test", row, by, at, result=result)
    return row


@transaction.atomic
def offer_visit(
    *, visit_id: int, to_org_id: int, note: str, by: Actor, at: datetime
) -> FeverHandover:
    """Ask another institution to take over. Until it signs, this one answers. Locks the visit.

    Raises NotAllowed, NotFound, Conflict("fever.over" | "fever.offered"),
    MoveBlocked("fever.not_triaged"), Invalid("fever.receiver" | "fever.transport").
    """
    _does(by)
    row = fetch_own_visit(visit_id=visit_id, by=by)
    if row.triaged_at is None:
        raise MoveBlocked("fever.not_triaged", number=row.visit_no)
    if not receivers(by=by).filter(pk=to_org_id).exists():
        raise Invalid("fever.receiver", field="to_org")
    if not note.strip():
        raise Invalid("fever.transport", field="note")
    if row.handovers.filter(taken_at=None, refused_at=None).exists():
        raise Conflict("fever.offered", number=row.visit_no)
    made = FeverHandover.objects.create(
        visit=row, from_org_id=row.org_id, to_org_id=to_org_id, note=note.strip()[:200],
        offered_at=at, offered_by=by.name,
    )  # fmt: skip
    _told("fever.offer", row, by, at, to=to_org_id)
    return made


@transaction.atomic
def sign_visit(*, handover_id: int, refusal: str = "", by: Actor, at: datetime) -> FeverHandover:
    """The receiver signs, and owns the visit from this moment; or refuses, and nothing changes.

    Locks both. Raises NotAllowed, NotFound("fever.not_found").
    """
    _does(by)
    made = fetch_fever_handover(handover_id=handover_id, by=by)
    row = FeverVisit.objects.select_for_update().get(pk=made.visit_id)
    if refusal.strip():
        made.refused_at, made.refusal = at, refusal.strip()[:200]
        made.save(update_fields=["refused_at", "refusal"])
        _told("fever.refuse", row, by, at)
        return made
    made.taken_at, made.taken_by = at, by.name
    made.save(update_fields=["taken_at", "taken_by"])
    row.org_id = by.org_id
    row.save(update_fields=["org"])
    _told("fever.sign", row, by, at, since=made.offered_at.isoformat())
    return made


@transaction.atomic
def close_visit(*, visit_id: int, outcome: str, by: Actor, at: datetime) -> FeverVisit:
    """End a visit: home after a result, or admitted here. "Sent elsewhere" is no end. Locks it.

    Raises NotAllowed, NotFound, Conflict("fever.over" | "fever.offered"), Invalid("fever.outcome"),
    MoveBlocked("fever.no_receiver" | "fever.not_triaged" | "fever.no_result").
    """
    _does(by)
    row = fetch_own_visit(visit_id=visit_id, by=by)
    if outcome == SENT:
        raise MoveBlocked("fever.no_receiver", number=row.visit_no)
    if outcome not in VisitEnd.values:
        raise Invalid("fever.outcome", field="outcome")
    if row.triaged_at is None:
        raise MoveBlocked("fever.not_triaged", number=row.visit_no)
    if outcome == VisitEnd.HOME and row.result not in {"negative", "positive"}:
        raise MoveBlocked("fever.no_result", number=row.visit_no)
    if row.handovers.filter(taken_at=None, refused_at=None).exists():
        raise Conflict("fever.offered", number=row.visit_no)
    row.outcome, row.closed_at = outcome, at
    row.save(update_fields=["outcome", "closed_at"])
    _told("fever.close", row, by, at, outcome=outcome)
    return row


def forget_visits(*, at: datetime) -> int:
    """Delete fever visits whose time has come; how many. Safe to repeat."""
    return FeverVisit.objects.filter(expires_at__lte=at).delete()[1].get("epidemic.FeverVisit", 0)
