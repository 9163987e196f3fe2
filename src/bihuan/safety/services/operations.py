"""Note a dangerous operation, sign its plan, begin it, stop one that began without (M120)."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed
from bihuan.core.orgs.models import Party
from bihuan.core.orgs.types import Actor, Role
from bihuan.safety.models import Establishment, Operation, PlanSignature
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.operations import (
    OperationRow,
    fetch_operation,
    operation_kinds,
    operation_row,
)
from bihuan.safety.services.orders import NewOrder, order_stop


@dataclass(frozen=True, slots=True)
class NewOperation:
    """What is to be done, on which day, by which plan; `under_way`: it was found being done."""

    kind: str
    what: str
    day: date
    plan: str = ""
    under_way: bool = False


@transaction.atomic
def note_operation(
    *, establishment_id: int, given: NewOperation, by: Actor, at: datetime
) -> Operation:  # fmt: skip
    """Note an operation. Found under way without a signed plan it is stopped in the same act.

    Raises NotFound, NotAllowed, Invalid("operation.kind" | "operation.what").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    _may(place, by)
    if given.kind not in operation_kinds(scope=place.scope, at=at):
        raise Invalid("operation.kind", field="kind")
    if not given.what.strip():
        raise Invalid("operation.what", field="what")
    row = Operation.objects.create(
        establishment=place, scope=place.scope, sector=place.sector, issuer_org_id=by.org_id,
        owner_org_id=place.owner_org_id, kind=given.kind, what=given.what.strip()[:120],
        plan=given.plan.strip()[:200], day=given.day, noted_at=at, noted_by=by.name,
    )  # fmt: skip
    record(action="operation.note", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"kind": row.kind, "what": row.what})  # fmt: skip
    return stop_operation(operation_id=row.pk, by=by, at=at) if given.under_way else row


def _may(place: Establishment, by: Actor) -> None:
    own = place.owner_org_id is not None and place.owner_org_id == by.org_id
    if not own and not (by.has("task.assign") or by.has("problem.accept")):
        raise NotAllowed("not_allowed", duty="task.assign")


def _open(operation_id: int, by: Actor, at: datetime) -> OperationRow:
    found = operation_row(fetch_operation(operation_id=operation_id, by=by, lock=True), at=at)
    if found.stage == "ended":
        raise Conflict("operation.ended")
    return found


def party_for(row: Operation, by: Actor) -> str:
    """For which party somebody signs a plan: who runs the site, a department, the territory."""
    if by.org_id == row.owner_org_id:
        return Party.UNIT
    supervises = by.role in {Role.DEPARTMENT, Role.INSPECTOR, Role.OFFICE}
    return Party.DEPARTMENT if supervises else Party.TERRITORY


@transaction.atomic
def sign_plan(*, operation_id: int, by: Actor, at: datetime) -> PlanSignature:
    """Sign the plan for one's own party; each person once. Locks the operation.

    Raises NotFound, NotAllowed, Invalid("operation.no_plan"), Conflict("operation.ended" |
    "operation.party_signed" | "loop.same_person").
    """
    found = _open(operation_id, by, at)
    if not by.has("problem.do") and not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.do")
    if not found.row.plan:
        raise Invalid("operation.no_plan", field="plan")
    party = party_for(found.row, by)
    if party not in found.lacking:
        raise Conflict("operation.party_signed")
    if any(one.person_id == by.person_id for one in found.signed):
        raise Conflict("loop.same_person")
    signature = PlanSignature.objects.create(
        operation=found.row, party=party, post_id=by.post_id, person_id=by.person_id,
        signed_at=at, signed_by=by.name,
    )  # fmt: skip
    record(action="operation.sign", subject=found.row.establishment.subject, by=by, at=at,
           scope=found.row.scope, facts={"party": party})  # fmt: skip
    return signature


@transaction.atomic
def write_plan(*, operation_id: int, plan: str, by: Actor, at: datetime) -> Operation:
    """Write the plan's title and number; another plan takes the signatures back. Locks it.

    Raises NotFound, NotAllowed, Invalid("operation.no_plan"), Conflict("operation.ended").
    """
    row = _open(operation_id, by, at).row
    _may(row.establishment, by)
    if not plan.strip():
        raise Invalid("operation.no_plan", field="plan")
    if row.plan != plan.strip()[:200]:
        row.plan = plan.strip()[:200]
        row.save(update_fields=["plan"])
        row.signatures.all().delete()
    record(action="operation.plan", subject=row.establishment.subject, by=by, at=at,
           scope=row.scope, facts={"plan": row.plan})  # fmt: skip
    return row


@transaction.atomic
def begin_operation(*, operation_id: int, by: Actor, at: datetime) -> Operation:
    """Begin it: only with every signature, and while no order holds it. Locks the operation.

    Raises NotFound, NotAllowed, Conflict("operation.ended" | "operation.begun"),
    MoveBlocked("operation.unsigned" | "operation.stopped").
    """
    found = _open(operation_id, by, at)
    row = found.row
    _may(row.establishment, by)
    if found.stage == "stopped":
        raise MoveBlocked("operation.stopped", number=row.order.number if row.order else "")
    if found.lacking:
        raise MoveBlocked("operation.unsigned", parties=list(found.lacking))
    if row.begun_at is not None:
        raise Conflict("operation.begun")
    row.begun_at, row.begun_by = at, by.name
    row.save(update_fields=["begun_at", "begun_by"])
    record(action="operation.begin", subject=row.establishment.subject, by=by, at=at,
           scope=row.scope, facts={"what": row.what})  # fmt: skip
    return row


@transaction.atomic
def stop_operation(*, operation_id: int, by: Actor, at: datetime) -> Operation:
    """It is being done without a signed plan: a stop-work order holds it at once. Locks it.

    Raises NotFound, NotAllowed, Conflict("operation.ended" | "operation.signed"),
    MoveBlocked("operation.stopped").
    """
    found = _open(operation_id, by, at)
    row = found.row
    if found.stage == "stopped":
        raise MoveBlocked("operation.stopped", number=row.order.number if row.order else "")
    if not found.lacking:
        raise Conflict("operation.signed")
    given = NewOrder(
        f"{found.kind['title']}:{row.what}"[:120], "危险作业没有签字齐全的专项施工方案即已开始。",
        str(found.kind["basis"]), found.kind["steps"],
    )  # fmt: skip
    row.order = order_stop(establishment_id=row.establishment_id, given=given, by=by, at=at)
    row.begun_at, row.begun_by = row.begun_at or at, row.begun_by or by.name
    row.save(update_fields=["order", "begun_at", "begun_by"])
    return row


@transaction.atomic
def end_operation(*, operation_id: int, by: Actor, at: datetime) -> Operation:
    """It is done. Raises NotFound, NotAllowed, Conflict("operation.ended" | "operation.not_begun").

    Raises MoveBlocked("operation.stopped") while an order holds it. Locks the operation.
    """
    found = _open(operation_id, by, at)
    row = found.row
    _may(row.establishment, by)
    if found.stage == "stopped":
        raise MoveBlocked("operation.stopped", number=row.order.number if row.order else "")
    if row.begun_at is None:
        raise Conflict("operation.not_begun")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    record(action="operation.end", subject=row.establishment.subject, by=by, at=at,
           scope=row.scope, facts={"what": row.what})  # fmt: skip
    return row
