"""A sentinel that fell silent owes its counts: silence is no zero, and becomes work."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import SYSTEM
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.rules import TASK_FLOW
from bihuan.core.loops.services import advance, prove_by_deed
from bihuan.core.loops.services.opening import Deadline, brief_of
from bihuan.core.loops.services.raising import Raised, held_open, raise_many
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.sensing.models import Sentinel
from bihuan.sensing.selectors.sentinels import SILENCE, silent_now
from bihuan.sensing.services.signals import SECTOR, nearest_expert

CLOCK = "sentinel.silent"


@transaction.atomic
def ask_silent(*, at: datetime) -> int:
    """One task for each sentinel that is silent and has none, owed by its own body. Repeatable.

    Who has no post that reports stays on the list alone. Locks the sentinels; how many.
    """
    silent = list(silent_now(at).select_for_update(of=("self",)).select_related("place", "org"))
    origins = {f"{SILENCE}{row.pk}": row for row in silent}
    held = held_open(origins)
    posts = Post.objects.filter(org__in=[row.org_id for row in silent], valid_to=None,
                                role=Role.SENTINEL.value)  # fmt: skip
    owners = {post.org_id: post for post in posts.select_related("org").order_by("-pk")}
    wanted = [
        _task(row, owners[row.org_id], origin, at)
        for origin, row in origins.items() if origin not in held and row.org_id in owners
    ]  # fmt: skip
    return len(raise_many(wanted, by=SYSTEM, at=at)) if wanted else 0


def _task(row: Sentinel, owner: Post, origin: str, at: datetime) -> Raised:
    days = int(registry.value("silence.days", at, scope=row.scope).value)
    due = Deadline(*registry.due(CLOCK, at, scope=row.scope))
    brief = brief_of(
        given=BriefInput(
            title=f"哨点沉默:{row.name}"[:120], text=f"连续 {days} 天没有报数;没有病人要报 0",
            domain=Domain.SENSING, sector=SECTOR, basis=due.rule,
            criterion="补报缺的日子,写明为何没有报",
        ),
        place=row.place, at=at,
    )  # fmt: skip
    judge, _desk = nearest_expert(row.place)
    return Raised("task", brief, owner, judge or owner, due, origin)


def answer_silence(sentinels: Collection[int], by: Actor, at: datetime) -> None:
    """Counts came: they prove the task, whoever filed them; disease control judges. One query, or more."""
    origins = [f"{SILENCE}{pk}" for pk in sentinels]
    rows = Obligation.objects.select_for_update().filter(origin__in=origins, closed_at=None)
    for loop in rows.order_by("pk"):
        prove_by_deed(loop, said=f"{by.org_name} 已报数", by=by, at=at)


def end_silence(row: Sentinel, reason: str, at: datetime) -> None:
    """A sentinel that left the register owes nothing any more; what was not filed stays undone."""
    rows = Obligation.objects.select_for_update().filter(
        origin=f"{SILENCE}{row.pk}", closed_at=None
    )
    for loop in rows:
        advance(TASK_FLOW, loop, "lapse", facts={"note": reason}, by=SYSTEM, at=at,
                given=MoveInput(note=reason[:200]))  # fmt: skip
