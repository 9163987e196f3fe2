"""The reserve of a place against its target: who could be called, in what order, and who not."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.epidemic.models import Reserve, ReserveTarget
from bihuan.epidemic.selectors.sight import NOTHING

Member = tuple[Reserve, date]  # and the last day their training counts


@dataclass(frozen=True, slots=True)
class Roll:
    """One skill: the target, whom a call-up names, who else is ready, who is not and why."""

    skill: dict[str, Any]
    target: ReserveTarget | None
    call_up: tuple[Member, ...]  # soonest first, as many as the core lacks
    spare: tuple[Member, ...]  # valid beyond the need: insurance, not surplus
    expired: tuple[Member, ...]
    away: tuple[Member, ...]

    @property
    def members(self) -> int:
        """Everybody on the roll."""
        return sum(len(part) for part in (self.call_up, self.spare, self.expired, self.away))

    @property
    def lacking(self) -> int:
        """Of the need, what neither the core nor a valid reserve covers."""
        if self.target is None:
            return 0
        return max(self.target.need - self.target.core - len(self.call_up), 0)


def rolls(*, by: Actor, at: datetime) -> tuple[Roll, ...]:
    """Every skill of the pack in the reader's place. Two queries."""
    seen = within("scope", by.scope) if by.has("care.read") else NOTHING
    there = Q(left_at=None) | Q(left_at__gt=at)
    rows = list(
        Reserve.objects.filter(seen, there, entered_at__lte=at)
        .select_related("org").order_by("call_up_minutes", "code", "pk")
    )  # fmt: skip
    targets = {t.skill: t for t in
               ReserveTarget.objects.filter(place=by.place_id, set_at__lte=at).order_by("pk")}  # fmt: skip
    skills = registry.table("reserve_skill", at)
    return tuple(
        _roll(skill, targets.get(skill["key"]), [r for r in rows if r.skill == skill["key"]], at)
        for skill in skills
    )


def _roll(
    skill: dict[str, Any], target: ReserveTarget | None, rows: list[Reserve], at: datetime
) -> Roll:
    counts, today = timedelta(days=int(skill["valid_days"])), local_date(at)
    members = [(row, row.trained_on + counts) for row in rows]
    expired = tuple(m for m in members if m[1] < today)
    away = tuple(m for m in members if m[1] >= today and not m[0].available)
    valid = [m for m in members if m[1] >= today and m[0].available]
    wanted = max(target.need - target.core, 0) if target else 0
    return Roll(skill, target, tuple(valid[:wanted]), tuple(valid[wanted:]), expired, away)
