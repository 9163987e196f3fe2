"""Demands stricter than their upper: whether they hold, and whose consent they wait for (T1)."""

from datetime import datetime

from bihuan.command.rules import stricter_state
from bihuan.command.types import StricterRow
from bihuan.core.clock import local_date
from bihuan.core.loops.models import Brief
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within

SHOWN = 100


def state_of(brief: Brief, *, at: datetime) -> tuple[str, datetime]:
    """Where a stricter brief stands and until when the upper node may consent; no query."""
    decide_by, _ = registry.due("stricter.consent", brief.created_at, scope=brief.scope)
    state = stricter_state(
        decide_by=decide_by, consented_at=brief.consented_at, until=brief.stricter_until,
        today=local_date(at), at=at,
    )  # fmt: skip
    return state, decide_by


def stricter_row(brief: Brief, *, by: Actor, at: datetime) -> StricterRow:
    """One stricter demand; `place` and `upper` must have been fetched with it."""
    state, decide_by = state_of(brief, at=at)
    upper = brief.upper
    assert upper is not None
    mine = state == "waiting" and upper.place_id == by.place_id and by.has("stricter.consent")
    return StricterRow(
        brief_id=brief.pk, title=brief.title, text=brief.text, upper_text=upper.text,
        place=brief.place.name, reason=brief.stricter, until=brief.stricter_until, state=state,
        decide_by=decide_by, consented_by=brief.consented_by, mine_to_decide=mine,
    )  # fmt: skip


def stricter_demands(*, by: Actor, at: datetime) -> list[StricterRow]:
    """Stricter demands of the post's place and below, newest first. One query."""
    rows = (
        Brief.objects.filter(within("scope", by.scope), upper__isnull=False)
        .exclude(stricter="")
        .select_related("place", "upper")
        .order_by("-pk")[:SHOWN]
    )
    return [stricter_row(brief, by=by, at=at) for brief in rows]
