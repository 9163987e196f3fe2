"""Directives for tests, built through the product's own verbs."""

from datetime import datetime, timedelta

from bihuan.command import services
from bihuan.command.models import Directive
from bihuan.command.services.ready import shares_of
from bihuan.command.types import DemandInput, DirectiveInput, MeetingInput
from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import act
from bihuan.core.loops.types import BriefInput
from tests.conftest import NOON
from tests.factories import World

HOUR = timedelta(hours=1)


def demand(n: int = 1, **changes: object) -> DemandInput:
    """A demand that can be relayed; `domain` and other brief fields may be given too."""
    fields = BriefInput.__dataclass_fields__
    told = {
        "title": f"要求{n}", "text": f"各地要落实第{n}项措施。", "domain": "work-safety",
        "criterion": "有检查记录",
    }  # fmt: skip
    told |= {name: changes.pop(name) for name in tuple(changes) if name in fields}
    return DemandInput(brief=BriefInput(**told), **changes)


def directive(
    world: World, *demands: DemandInput, by: str = "head", to: tuple[str, ...] = ("9901",),
    at: datetime = NOON, **changes: object,
) -> Directive:  # fmt: skip
    """A directive issued to places by code."""
    given = DirectiveInput(
        title="做好清明前后安全防范",
        demands=demands or (demand(1), demand(2)),
        place_ids=tuple(world.places[code].pk for code in to),
        **changes,
    )
    return services.issue_directive(given=given, by=world.actor(by), at=at)


def relay_of(row: Directive, world: World, who: str = "city") -> Obligation:
    """The relay of a directive at one actor's post."""
    return Obligation.objects.get(brief=row.brief_id, owner_post=world.actor(who).post_id)


def acknowledged(row: Directive, world: World, who: str = "city") -> Obligation:
    """The same relay after it was acknowledged."""
    relay = relay_of(row, world, who)
    return act(obligation_id=relay.pk, move="acknowledge", by=world.actor(who), at=NOON + HOUR)


def meeting(relay: Obligation | None = None, **changes: object) -> MeetingInput:
    """A meeting held an hour ago, or what a node decided on a relay."""
    told = {"title": "专题会议", "form": "special", "held_at": NOON - HOUR}
    return MeetingInput(**told | changes, relay_id=relay.pk if relay is not None else None)


def local_task(
    relay: Obligation, demand_id: int, world: World, *, who: str = "city", owner: str = "clerk",
    supports: tuple[str, ...] = (), **changes: object,
) -> Obligation:  # fmt: skip
    """A local task that answers an upper demand."""
    told = {
        "title": "本地任务",
        "text": "逐一检查。",
        "domain": "work-safety",
        "criterion": "有记录",
    }
    return services.map_to_task(
        relay_id=relay.pk, demand_id=demand_id,
        shares=shares_of(world.actor(owner).post_id, [world.actor(s).post_id for s in supports]),
        given=BriefInput(**told | changes), due_at=None, by=world.actor(who), at=NOON + HOUR,
    )  # fmt: skip


def finish(row: Obligation, world: World, *, owner: str, by: str, at: datetime) -> None:
    """Prove and accept a task."""
    doer = world.actor(owner)
    add_statement(
        subject=row.subject, scope=row.scope, kind="statement", made=Made(at, text="已完成"),
        by=doer, at=at,
    )  # fmt: skip
    act(obligation_id=row.pk, move="prove", by=doer, at=at)
    act(obligation_id=row.pk, move="accept", by=world.actor(by), at=at)
