"""Dangerous operations with where they stand and whose signature is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bihuan.core.errors import NotFound
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Operation, PlanSignature
from bihuan.safety.rules.operations import stage, unsigned

MOST = 200
ORDER = ("stopped", "unsigned", "under_way", "ready", "ended")


def operation_kinds(*, scope: str, at: datetime) -> dict[str, Mapping[str, Any]]:
    """The operations that need a signed plan in a place, by their key. No query."""
    rows = registry.table("dangerous_operation", at, scope=scope)
    return {str(row["key"]): row for row in rows}


def fetch_operation(*, operation_id: int, by: Actor, lock: bool = False) -> Operation:
    """The one door to an operation. Raises NotFound("operation.not_found")."""
    rows = Operation.objects.select_related("establishment__venue__place", "order")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(sight(by), pk=operation_id).first()
    if row is None:
        raise NotFound("operation.not_found", id=operation_id)
    return row


@dataclass(frozen=True, slots=True)
class OperationRow:
    """One operation: its kind, the signatures it has and lacks, where it stands."""

    row: Operation
    kind: Mapping[str, Any]
    signed: tuple[PlanSignature, ...]
    lacking: tuple[str, ...]
    stage: str


def operation_row(row: Operation, *, at: datetime) -> OperationRow:
    """One operation the caller has fetched. One query, none when signatures are loaded."""
    kind = operation_kinds(scope=row.scope, at=at).get(row.kind, {"title": row.kind, "parties": ()})
    signed = tuple(sorted(row.signatures.all(), key=lambda one: one.pk))
    lacking = unsigned(kind["parties"], {one.party for one in signed})
    stopped = row.order is not None and row.order.lifted_at is None
    where = stage(begun=row.begun_at is not None, ended=row.ended_at is not None, stopped=stopped,
                  lacking=lacking)  # fmt: skip
    return OperationRow(row, kind, signed, lacking, where)


def operations(*, by: Actor, at: datetime, establishment_id: int | None = None
               ) -> tuple[OperationRow, ...]:  # fmt: skip
    """Operations the post may see, the stopped and the unsigned first. Two queries."""
    rows = Operation.objects.filter(sight(by))
    if establishment_id is not None:
        rows = rows.filter(establishment=establishment_id)
    rows = rows.select_related("establishment__venue__place", "order")
    newest = rows.prefetch_related("signatures").order_by("-pk")[:MOST]
    found = [operation_row(row, at=at) for row in newest]
    return tuple(sorted(found, key=lambda one: ORDER.index(one.stage)))
