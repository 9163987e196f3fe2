"""Hand a part of a task down: a brief of its own that names the upper one, and a loop below."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.errors import Conflict, MoveBlocked
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.moves import fetch
from bihuan.core.loops.services.opening import Deadline, issue, write_brief
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.types import Actor


@dataclass(frozen=True, slots=True)
class Part:
    """What a post below is to do, by when, and how one sees that it is done."""

    owner_post: int
    title: str
    text: str
    criterion: str
    due_at: datetime | None = None


@transaction.atomic
def hand_down(*, obligation_id: int, given: Part, by: Actor, at: datetime) -> Obligation:
    """Give a part of an open task to a post below; it must come back before the whole is proven.

    Locks the task. Raises what `fetch` and `issue` raise, MoveBlocked("loop.not_owner"),
    Conflict("loop.ended").
    """
    row = fetch(obligation_id=obligation_id, by=by, lock=True)
    if row.owner_org_id != by.org_id:
        raise MoveBlocked("loop.not_owner", move="hand_down")
    if row.closed_at is not None:
        raise Conflict("loop.ended", number=row.number)
    brief = write_brief(
        given=BriefInput(
            title=given.title, text=given.text, domain=row.brief.domain,
            domains=tuple(row.brief.domains), sector=row.brief.sector,
            criterion=given.criterion, basis=row.brief.basis, upper_id=row.brief_id,
        ),
        place=row.place, at=at,
    )  # fmt: skip
    return issue(
        brief=brief, owner_post_id=given.owner_post, by=by, at=at, parent=row, origin=row.origin,
        deadline=Deadline(given.due_at) if given.due_at else None,
    )  # fmt: skip
