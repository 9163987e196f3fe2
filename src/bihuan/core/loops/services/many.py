"""One move on many loops: each stands for itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bihuan.core.errors import Refused
from bihuan.core.loops.services.moves import act
from bihuan.core.orgs.types import Actor

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
        try:
            act(obligation_id=pk, move=move, by=by, at=at)
        except Refused as fault:
            refused.append((pk, fault.code))
        else:
            done.append(pk)
    return Many(tuple(done), tuple(refused))
