"""Stop work, check, sign, restart (M124)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.loops.models import Notice
from bihuan.core.orgs.models import Party
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor, Role
from bihuan.safety.models import RestartSignature, StopOrder
from bihuan.safety.rules.hazards import RESTART_PARTIES, Step, restart_missing
from bihuan.safety.selectors.establishments import fetch_establishment, owner_post


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What must stand still, why, on which basis, and what is checked before it moves again."""

    part: str
    reason: str
    basis: str
    steps: Sequence[str]
    hazard_id: int | None = None


@transaction.atomic
def order_stop(*, establishment_id: int, given: NewOrder, by: Actor, at: datetime) -> StopOrder:
    """Order work to stand still from now on; who runs the place is told. Locks the place.

    Raises NotFound, NotAllowed, Invalid("stop_order.incomplete") naming the field.
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    steps = [step.strip()[:120] for step in given.steps if step.strip()]
    for name in ("part", "reason", "basis"):
        if not getattr(given, name).strip():
            raise Invalid("stop_order.incomplete", field=name)
    if not steps:
        raise Invalid("stop_order.incomplete", field="steps")
    if given.hazard_id is not None and not place.hazards.filter(pk=given.hazard_id).exists():
        raise NotFound("hazard.not_found", id=given.hazard_id)
    order = StopOrder.objects.create(
        establishment=place, hazard_id=given.hazard_id, scope=place.scope, sector=place.sector,
        owner_org_id=place.owner_org_id, issuer_org_id=by.org_id, part=given.part.strip()[:120],
        reason=given.reason.strip(), basis=given.basis.strip()[:200], issued_at=at,
        issued_by=by.name, checklist=[{"step": step, "fine": None} for step in steps],
    )  # fmt: skip
    post = owner_post(place)
    if post is not None:
        Notice.objects.create(post=post, kind="stop_order.issued", at=at,
                              facts={"stop_order": order.pk, "number": order.number,
                                     "title": place.venue.name})  # fmt: skip
    record(action="stop_order.issue", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"number": order.number, "part": order.part, "basis": order.basis})  # fmt: skip
    return order


def fetch_order(*, order_id: int, by: Actor, lock: bool = False) -> StopOrder:
    """The one door to an order. Raises NotFound("stop_order.not_found")."""
    rows = StopOrder.objects.select_related("establishment__venue__place")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(sight(by), pk=order_id).first()
    if row is None:
        raise NotFound("stop_order.not_found", id=order_id)
    return row


def _standing(order_id: int, by: Actor) -> StopOrder:
    order = fetch_order(order_id=order_id, by=by, lock=True)
    if order.lifted_at is not None:
        raise Conflict("stop_order.lifted", number=order.number)
    return order


@transaction.atomic
def answer_step(*, order_id: int, index: int, fine: bool, by: Actor, at: datetime) -> StopOrder:
    """Say what a step of the restart was found like; the place itself may not. Locks the order.

    Raises NotFound, NotAllowed, Conflict("stop_order.lifted"), Invalid("stop_order.step").
    """
    order = _standing(order_id, by)
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    if not 0 <= index < len(order.checklist):
        raise Invalid("stop_order.step", field="index")
    order.checklist[index]["fine"] = fine
    order.save(update_fields=["checklist"])
    if not fine:
        order.signatures.all().delete()
    record(action="stop_order.check", subject=order.establishment.subject, by=by, at=at,
           scope=order.scope,
           facts={"step": order.checklist[index]["step"], "fine": fine})  # fmt: skip
    return order


def restart_lacks(order: StopOrder) -> tuple[str, ...]:
    """What an order still waits for before it can be lifted, as codes. One query."""
    signed = set(order.signatures.values_list("party", flat=True))
    return restart_missing(_steps(order), signed)


def party_of(order: StopOrder, by: Actor) -> str:
    """For which of the three parties an actor signs."""
    if by.org_id == order.owner_org_id:
        return Party.UNIT
    return Party.DEPARTMENT if by.role in {Role.DEPARTMENT, Role.INSPECTOR} else Party.TERRITORY


@transaction.atomic
def sign_restart(*, order_id: int, by: Actor, at: datetime) -> RestartSignature:
    """Sign for one's own party, once every step is fine. Locks the order.

    Raises NotFound, NotAllowed, Conflict("stop_order.lifted" | "stop_order.party_signed" |
    "loop.same_person"), MoveBlocked("stop_order.steps_open").
    """
    order = _standing(order_id, by)
    if not by.has("problem.do"):
        raise NotAllowed("not_allowed", duty="problem.do")
    if "stop_order.steps_open" in restart_missing(_steps(order), RESTART_PARTIES):
        raise MoveBlocked("stop_order.steps_open")
    party = party_of(order, by)
    if order.signatures.filter(party=party).exists():
        raise Conflict("stop_order.party_signed")
    if order.signatures.filter(person_id=by.person_id).exists():
        raise Conflict("loop.same_person")
    signature = RestartSignature.objects.create(
        order=order, party=party, post_id=by.post_id, person_id=by.person_id, signed_at=at,
        signed_by=by.name,
    )  # fmt: skip
    record(action="stop_order.sign", subject=order.establishment.subject, by=by, at=at,
           scope=order.scope, facts={"party": party})  # fmt: skip
    return signature


@transaction.atomic
def lift_order(*, order_id: int, by: Actor, at: datetime) -> StopOrder:
    """Let work begin again: all steps fine, three signatures. Locks the order.

    Raises NotFound, NotAllowed, Conflict("stop_order.lifted"),
    MoveBlocked("stop_order.steps_open" | "stop_order.signatures").
    """
    order = _standing(order_id, by)
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    missing = restart_lacks(order)
    if missing:
        raise MoveBlocked(missing[0], missing=list(missing))
    order.lifted_at, order.lifted_by = at, by.name
    order.save(update_fields=["lifted_at", "lifted_by"])
    record(action="stop_order.lift", subject=order.establishment.subject, by=by, at=at,
           scope=order.scope, facts={"number": order.number})  # fmt: skip
    return order


def _steps(order: StopOrder) -> list[Step]:
    return [Step(line["step"], line["fine"]) for line in order.checklist]
