"""Keep the reserve: enter, retrain, set aside, let go; set what the planning scenario needs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import under, within
from bihuan.epidemic.models import Reserve, ReserveTarget


@dataclass(frozen=True, slots=True)
class NewReserve:
    """Somebody trained, as their body names them."""

    org_id: int
    skill: str
    code: str
    trained_on: date
    call_up_minutes: int


def _manages(by: Actor) -> None:
    if not by.has("care.manage"):
        raise NotAllowed("not_allowed", duty="care.manage")


def _skill(key: str, at: datetime) -> None:
    if key not in {row["key"] for row in registry.table("reserve_skill", at)}:
        raise Invalid("reserve.skill", field="skill")


@transaction.atomic
def enter_reserve(*, given: NewReserve, by: Actor, at: datetime) -> Reserve:
    """Put somebody on the roll; known already: trained anew. Raises NotAllowed, Invalid("reserve.…")."""
    _manages(by)
    _skill(given.skill, at)
    org = Org.objects.filter(pk=given.org_id, valid_to=None).first()
    if org is None or not under(org.scope, by.scope):
        raise Invalid("facility.org", field="org")
    if not given.code.strip() or given.trained_on > local_date(at):
        raise Invalid("reserve.incomplete", field="code")
    row, _new = Reserve.objects.update_or_create(
        org=org, skill=given.skill, code=given.code.strip(), left_at=None,
        defaults={"scope": org.scope, "trained_on": given.trained_on, "entered_at": at,
                  "call_up_minutes": given.call_up_minutes, "entered_by": by.name},
    )  # fmt: skip
    record(action="reserve.enter", subject=f"reserve:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"skill": row.skill, "trained": row.trained_on.isoformat()})  # fmt: skip
    return row


@transaction.atomic
def mark_reserve(*, reserve_id: int, mark: str, by: Actor, at: datetime) -> Reserve:
    """Available, away for now, or left for good. Locks it. Raises NotAllowed, NotFound, Invalid."""
    _manages(by)
    rows = Reserve.objects.select_for_update().filter(within("scope", by.scope))
    row = rows.filter(pk=reserve_id).first()
    if row is None:
        raise NotFound("reserve.not_found", id=reserve_id)
    if row.left_at is not None:
        raise Conflict("reserve.left", code=row.code)
    if mark not in {"here", "away", "left"}:
        raise Invalid("reserve.mark", field="mark")
    row.available = mark == "here"
    row.left_at = at if mark == "left" else None
    row.save(update_fields=["available", "left_at"])
    record(action="reserve.mark", subject=f"reserve:{row.pk}", by=by, at=at, scope=row.scope,
           after=mark)  # fmt: skip
    return row


@transaction.atomic
def set_target(
    *, skill: str, need: int, core: int, scenario: str, by: Actor, at: datetime
) -> ReserveTarget:
    """Set what the actor's place needs by its planning scenario. Raises NotAllowed, Invalid."""
    _manages(by)
    _skill(skill, at)
    if need < 1 or core < 0 or not scenario.strip():
        raise Invalid("reserve.target", field="need")
    place = Place.objects.get(pk=by.place_id)
    row = ReserveTarget.objects.create(
        place=place, skill=skill, need=need, core=core, scenario=scenario.strip()[:200], set_at=at,
        set_by=by.name,
    )  # fmt: skip
    record(action="reserve.target", subject=f"place:{place.pk}", by=by, at=at, scope=place.path,
           facts={"skill": skill, "need": need, "core": core})  # fmt: skip
    return row
