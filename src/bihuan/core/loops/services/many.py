"""One move on many loops: each stands for itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Refused
from bihuan.core.loops.rules import UNDO
from bihuan.core.loops.services.moves import act
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry

MOST = 500


@dataclass(frozen=True, slots=True)
class Many:
    """Which loops moved, and why the others did not."""

    done: tuple[int, ...]
    refused: tuple[tuple[int, str], ...]


def act_on_many(*, obligation_ids: Sequence[int], move: str, by: Actor, at: datetime) -> Many:
    """Make one move on each loop, in a transaction of its own; refusals are told, not raised."""
    done, refused = [], []
    for pk in sorted(set(obligation_ids))[:MOST]:
        extra = {"just_acknowledged": _just(pk, by, at)} if move == UNDO else {}
        try:
            act(obligation_id=pk, move=move, by=by, at=at, extra=extra)
        except Refused as fault:
            refused.append((pk, fault.code))
        else:
            done.append(pk)
    return Many(tuple(done), tuple(refused))


def _just(pk: int, by: Actor, at: datetime) -> bool:
    """Whether the last thing that happened to a loop is one's own acknowledgement, minutes ago.

    A receipt that somebody may rest on already is not taken back. One query.
    """
    rule = registry.value("acknowledge.undo_minutes", at, scope=by.scope)
    last = Entry.objects.filter(subject=f"obligation:{pk}").order_by("-pk").first()
    return (
        last is not None and last.action.endswith(".acknowledge") and last.actor == by.name
        and last.at >= at - timedelta(minutes=float(rule.value))
    )  # fmt: skip
