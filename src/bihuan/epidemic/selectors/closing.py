"""What an event still has open: whether it can end."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, Max, OuterRef, Q

from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.core.packs import registry
from bihuan.epidemic.models import Case, Charge, Contact, ControlOrder, Event
from bihuan.epidemic.models.contacts import MANAGED
from bihuan.epidemic.selectors.orders import in_force

ORIGIN = "closing:"


@dataclass(frozen=True, slots=True)
class Left:
    """What keeps an event open."""

    contacts: int
    care: int
    orders: int
    quiet_on: date | None  # the first day on which its last case is long enough ago; None: is

    @property
    def any(self) -> bool:
        """Whether something is left."""
        return bool(self.contacts or self.care or self.orders or self.quiet_on)


def left_of(event: Event, at: datetime) -> Left:
    """What an event still has open. Four queries."""
    return Left(
        Contact.objects.filter(MANAGED, event=event, release_at__gt=at).count(),
        Charge.objects.filter(event=event, closed_at=None).count(),
        ControlOrder.objects.filter(in_force(at), event=event).count(), _quiet_on(event, at),
    )  # fmt: skip


def _quiet_on(event: Event, at: datetime) -> date | None:
    """As long as a chain needs to be broken, after the last case."""
    rows = Case.objects.filter(event=event, merged_into=None).exclude(kind="excluded")
    last = rows.aggregate(ill=Max("onset"), seen=Max("diagnosed_at", filter=Q(onset=None)))
    onset, seen = last["ill"], last["seen"]
    days = [onset] if onset else []
    days += [local_date(seen)] if seen else []
    if not days:
        return None
    longest, times = (
        float(registry.value(key, at, scope=event.scope, disease=event.disease).value)
        for key in ("incubation.max_days", "chain.quiet_incubations")
    )
    quiet = max(days) + timedelta(days=longest * times)
    return quiet if quiet > local_date(at) else None


def may_end(at: datetime) -> list[Event]:
    """Open events that had people, have nothing open and no task yet. Five queries and more for each."""
    open_people = Contact.objects.filter(MANAGED, event=OuterRef("pk"), release_at__gt=at)
    told = Obligation.objects.filter(origin__startswith=ORIGIN).values_list("origin", flat=True)
    rows = Event.objects.filter(
        Exists(Contact.objects.filter(event=OuterRef("pk")))
        | Exists(Case.objects.filter(event=OuterRef("pk"))),
        closed_at=None,
    ).exclude(Exists(open_people))
    asked = {int(origin.removeprefix(ORIGIN)) for origin in told}
    rows = rows.exclude(pk__in=asked).select_related("place").order_by("pk")
    return [event for event in rows if not left_of(event, at).any]
