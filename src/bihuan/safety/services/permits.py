"""Ask leave to restart or to convert a place; both domains check, one approval (M135, M136)."""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import issue, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Permit
from bihuan.safety.rules.permits import missing
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.permits import fetch_permit
from bihuan.safety.types import PermitKind

KEPT = ("key", "title", "title_en", "domain")


@transaction.atomic
def ask_permit(
    *, establishment_id: int, kind: str, purpose: str, new_workers: int, by: Actor, at: datetime
) -> Permit:
    """Ask for leave: the checks of the pack are laid out, none of them answered. Locks the place.

    Raises NotFound, NotAllowed, Invalid("permit.kind" | "permit.purpose" | "permit.workers"),
    Conflict("permit.exists").
    """
    place = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if place.owner_org_id != by.org_id and not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    if kind not in PermitKind.values:
        raise Invalid("permit.kind", field="kind")
    if not purpose.strip():
        raise Invalid("permit.purpose", field="purpose")
    if new_workers < 0:
        raise Invalid("permit.workers", field="new_workers")
    if place.permits.filter(kind=kind, granted_at=None).exists():
        raise Conflict("permit.exists")
    rows = registry.table("permit_check", at, scope=place.scope)
    checks = [
        {**{name: row[name] for name in KEPT}, "fine": None} for row in rows if row["kind"] == kind
    ]
    permit = Permit.objects.create(
        establishment=place, scope=place.scope, sector=place.sector,
        owner_org_id=place.owner_org_id, issuer_org_id=by.org_id, kind=kind,
        purpose=purpose.strip()[:120], checks=checks, new_workers=new_workers, asked_at=at,
        asked_by=by.name, person_id=by.person_id,
    )  # fmt: skip
    record(action="permit.ask", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"kind": kind, "purpose": permit.purpose})  # fmt: skip
    return permit


def _open(permit_id: int, by: Actor) -> Permit:
    permit = fetch_permit(permit_id=permit_id, by=by, lock=True)
    if permit.granted_at is not None:
        raise Conflict("permit.granted")
    return permit


@transaction.atomic
def answer_check(*, permit_id: int, key: str, fine: bool, by: Actor, at: datetime) -> Permit:
    """Say what a check was found like; the place itself may not. Locks the permit.

    Raises NotFound, NotAllowed, Conflict("permit.granted"), Invalid("permit.check").
    """
    permit = _open(permit_id, by)
    if not by.has("problem.accept") or permit.owner_org_id == by.org_id:
        raise NotAllowed("not_allowed", duty="problem.accept")
    line = next((one for one in permit.checks if one["key"] == key), None)
    if line is None:
        raise Invalid("permit.check", field="key")
    line["fine"] = fine
    permit.save(update_fields=["checks"])
    record(action="permit.check", subject=permit.establishment.subject, by=by, at=at,
           scope=permit.scope, facts={"key": key, "fine": fine})  # fmt: skip
    return permit


@transaction.atomic
def tell_trained(*, permit_id: int, trained: int, by: Actor, at: datetime) -> Permit:
    """Tell how many of the new workers have been trained by now. Locks the permit.

    Raises NotFound, NotAllowed, Conflict("permit.granted"), Invalid("permit.workers").
    """
    permit = _open(permit_id, by)
    if permit.owner_org_id != by.org_id and not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    if not 0 <= trained <= permit.new_workers:
        raise Invalid("permit.workers", field="trained")
    permit.trained_workers = trained
    permit.save(update_fields=["trained_workers"])
    record(action="permit.trained", subject=permit.establishment.subject, by=by, at=at,
           scope=permit.scope, facts={"trained": trained})  # fmt: skip
    return permit


@transaction.atomic
def grant_permit(*, permit_id: int, by: Actor, at: datetime) -> Permit:
    """Give leave when nothing is missing; a safety visit is owed within days. Locks the permit.

    Raises NotFound, NotAllowed, Conflict("permit.granted" | "loop.same_person"),
    MoveBlocked("permit.checks_open" | "permit.untrained").
    """
    permit = _open(permit_id, by)
    if not by.has("problem.accept") or permit.owner_org_id == by.org_id:
        raise NotAllowed("not_allowed", duty="problem.accept")
    if permit.person_id == by.person_id:
        raise Conflict("loop.same_person")
    lacks = missing(
        [line["fine"] for line in permit.checks], new=permit.new_workers,
        trained=permit.trained_workers,
    )  # fmt: skip
    if lacks:
        raise MoveBlocked(lacks[0], missing=list(lacks))
    permit.granted_at, permit.granted_by = at, by.name
    permit.visit = _visit(permit, by, at)
    permit.save(update_fields=["granted_at", "granted_by", "visit"])
    record(action="permit.grant", subject=permit.establishment.subject, by=by, at=at,
           scope=permit.scope, facts={"kind": permit.kind})  # fmt: skip
    return permit


def _visit(permit: Permit, by: Actor, at: datetime) -> Obligation:
    place = permit.establishment
    brief = write_brief(
        given=BriefInput(
            title=f"安全回访:{place.venue.name}"[:200], text=permit.purpose, domain=Domain.SAFETY,
            sector=permit.sector, criterion="已到场检查,有记录和照片",
        ),
        place=place.venue.place, at=at,
    )  # fmt: skip
    due = Deadline(*registry.due("permit.visit", at, scope=permit.scope))
    return issue(brief=brief, owner_post_id=by.post_id, by=by, at=at, deadline=due,
                 origin=f"establishment:{place.pk}")  # fmt: skip
