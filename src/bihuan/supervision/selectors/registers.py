"""Comparisons with outside registers, their candidates and whether a blind spot is left."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from bihuan.core.clock import day_end
from bihuan.core.errors import NotFound
from bihuan.core.orgs.models import Venue
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.supervision.models import Candidate, Register
from bihuan.supervision.types import Decision


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One comparison."""

    id: int
    source: str
    kind: str
    as_of: date
    rows: int
    candidates: int
    undecided: int
    added: int
    supervised: int  # places on the list now: what coverage is computed on
    stale: bool

    @property
    def clear(self) -> bool:
        """ "No blind spot" may be said: all is decided and the source is fresh (2.7 I1)."""
        return not self.undecided and not self.stale


def registers(*, by: Actor, at: datetime, size: int = 50) -> tuple[RegisterRow, ...]:
    """Comparisons of the post's area, newest first. Two queries."""
    found = list(_counted(by).order_by("-pk")[:size])
    on_list = dict(
        Venue.objects.filter(within("scope", by.scope), kind__in={r.kind for r in found})
        .values_list("kind")
        .annotate(n=Count("pk"))
    )
    return tuple(_row(r, on_list.get(r.kind, 0), at=at) for r in found)


def _counted(by: Actor):  # type: ignore[no-untyped-def]  # an annotated queryset
    rows = Register.objects.filter(sight(by, owned=False, sectors=False))
    return rows.annotate(
        n=Count("candidates"), left=Count("candidates", filter=Q(candidates__decision="")),
        taken=Count("candidates", filter=Q(candidates__decision=Decision.ADDED)),
    )  # fmt: skip


def _row(r, supervised: int, *, at: datetime) -> RegisterRow:  # type: ignore[no-untyped-def]
    until, _ = registry.due("register.refresh", day_end(r.as_of), scope=r.scope)
    return RegisterRow(
        r.pk, r.source, r.kind, r.as_of, r.rows, r.n, r.left, r.taken, supervised, until < at
    )


def register(
    *, register_id: int, by: Actor, at: datetime
) -> tuple[RegisterRow, tuple[Candidate, ...]]:
    """One comparison with its candidates, the undecided first. Three queries. Raises NotFound."""
    found = _counted(by).filter(pk=register_id).first()
    if found is None:
        raise NotFound("register.not_found", id=register_id)
    supervised = Venue.objects.filter(within("scope", by.scope), kind=found.kind).count()
    rows = Candidate.objects.filter(register=register_id).order_by("decision", "pk")
    return _row(found, supervised, at=at), tuple(rows)
