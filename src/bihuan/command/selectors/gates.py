"""A unit's own gate as it sees it itself, and the counts that the node above it sees (M017)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from bihuan.command.models import Entrance, EntranceDay, UnitAct, UnitDay, UnitRoll
from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within

MOST = 1_000


def fetch_entrance(*, entrance_id: int, by: Actor) -> Entrance:
    """The one door to an entrance: its unit's own. Raises NotFound("gate.not_found")."""
    row = Entrance.objects.filter(pk=entrance_id, org=by.org_id).first()
    if row is None or not by.has("gate.keep"):
        raise NotFound("gate.not_found", id=entrance_id)
    return row


@dataclass(frozen=True, slots=True)
class OwnGate:
    """All a unit keeps: its roll, today's declarations with who is missing, gates, acts."""

    roll: UnitRoll | None
    day: UnitDay | None
    entrances: tuple[tuple[Entrance, EntranceDay | None], ...]
    acts: Sequence[UnitAct]
    today: date

    @property
    def unwatched(self) -> int:
        """Entrances nobody is on duty at today."""
        return sum(watch is None for _entrance, watch in self.entrances)


def own_gate(*, by: Actor, at: datetime) -> OwnGate:
    """The gate of the actor's own unit. Five queries. Raises NotFound for everybody else."""
    if not by.has("gate.keep"):
        raise NotFound("gate.not_found")
    today = local_date(at)
    roll = UnitRoll.objects.filter(org=by.org_id).first()
    day = UnitDay.objects.filter(org=by.org_id, day=today).first()
    gates = list(Entrance.objects.filter(org=by.org_id).order_by("pk"))
    rows = EntranceDay.objects.filter(entrance__org=by.org_id, day=today)
    watches = {watch.entrance_id: watch for watch in rows}
    acts = list(UnitAct.objects.filter(org=by.org_id).order_by("-day", "-pk")[:20])
    return OwnGate(roll, day, tuple((gate, watches.get(gate.pk)) for gate in gates), acts, today)


@dataclass(frozen=True, slots=True)
class GateRow:
    """One unit as its node sees it: counts, and no number of anybody."""

    unit: str
    place: str
    staff: int
    declared: int | None  # None: not told today
    ill: int | None
    entrances: int
    watched: int
    visitors: int
    trained: int
    offered: int

    @property
    def missing(self) -> int | None:
        """How many have not declared; None where the unit told nothing."""
        return None if self.declared is None else self.staff - self.declared


def unit_gates(*, by: Actor, at: datetime) -> tuple[GateRow, ...]:
    """The counts of every unit of the area that keeps a roll, the silent first. Four queries.

    No staff number is read: neither the roll, nor who is missing, nor who is on duty.
    """
    today = local_date(at)
    months = int(registry.value("gate.months", at, scope=by.scope).value)
    since = date(today.year - 1 + (today.month + 11 - months) // 12,
                 (today.month - 1 - months) % 12 + 1, 1)  # fmt: skip
    here = within("scope", by.scope)
    rolls = UnitRoll.objects.filter(here).values_list(
        "org", "org__name", "org__place__name", "numbers__len"
    )
    days = {
        org: (staff, declared, ill)
        for org, staff, declared, ill in UnitDay.objects.filter(here, day=today).values_list(
            "org", "staff", "declared", "ill"
        )
    }
    watched = Q(days__day=today)
    gates = {
        row["org"]: row
        for row in Entrance.objects.filter(here).values("org").annotate(
            n=Count("pk", distinct=True), on=Count("days", filter=watched),
            visitors=Coalesce(Sum("days__visitors", filter=watched), 0),
        ).order_by()
    }  # fmt: skip
    acts: dict[tuple[int, str], int] = {
        (row["org"], row["kind"]): row["n"]
        for row in UnitAct.objects.filter(here, day__gte=since).values("org", "kind").annotate(
            n=Coalesce(Sum("n"), 0)
        ).order_by()
    }  # fmt: skip
    rows = []
    for org, name, place, length in rolls.order_by("scope", "org__name")[:MOST]:
        staff, declared, ill = days.get(org, (length or 0, None, None))
        gate = gates.get(org, {"n": 0, "on": 0, "visitors": 0})
        rows.append(GateRow(name, place, staff, declared, ill, gate["n"], gate["on"],
                            gate["visitors"], acts.get((org, "training"), 0),
                            acts.get((org, "offer"), 0)))  # fmt: skip
    return tuple(sorted(rows, key=lambda one: (one.declared is not None, -(one.missing or 0))))
