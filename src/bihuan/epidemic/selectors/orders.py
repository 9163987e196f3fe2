"""Orders: those in force, those of a day, and what another edition would change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db.models import Count, F, Q

from bihuan.core.clock import day_start, local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs.types import Pack
from bihuan.core.places.types import within
from bihuan.epidemic.models import Appeal, Contact, ControlOrder, Stay
from bihuan.epidemic.rules.plans import switched, timeline
from bihuan.epidemic.selectors.care import inside
from bihuan.epidemic.selectors.sight import events_seen
from bihuan.epidemic.types import Effect, OrderEffect, OrderRow


def in_force(at: datetime) -> Q:
    """Orders that bind at a moment: the list of its own day, whatever happened since."""
    running = Q(signed_at__lte=at, ends_at__gt=at)
    return running & (Q(lifted_at=None) | Q(lifted_at__gt=at))


def public_orders(*, at: datetime) -> tuple[OrderRow, ...]:
    """What is in force and until when, for everybody. One query."""
    rows = ControlOrder.objects.filter(in_force(at)).select_related("place", "event")
    return tuple(order_row(row, at) for row in rows.order_by("scope", "ends_at"))


def order_rows(*, by: Actor, at: datetime, event_id: int | None = None) -> tuple[OrderRow, ...]:
    """Orders of the reader's place, drafts and those in force first. One query."""
    rows = ControlOrder.objects.filter(events_seen(by), drafted_at__lte=at)
    if event_id is not None:
        rows = rows.filter(event=event_id)
    found = [order_row(r, at) for r in rows.select_related("place", "event").order_by("-pk")[:200]]
    order = {"draft": 0, "in_force": 1, "lifted": 2, "lapsed": 3}
    return tuple(sorted(found, key=lambda r: order[r.state]))


def state_of(order: ControlOrder, at: datetime) -> str:
    """draft | in_force | lapsed | lifted, as of a moment."""
    if order.signed_at is None or order.signed_at > at:
        return "draft"
    if order.lifted_at is not None and order.lifted_at <= at:
        return "lifted"
    return "in_force" if order.ends_at > at else "lapsed"


def order_row(o: ControlOrder, at: datetime) -> OrderRow:
    """One order as lists show it."""
    days = (local_date(o.ends_at) - local_date(o.drafted_at)).days - 1
    return OrderRow(
        o.pk, o.number, o.event.title, o.area, o.place.name, o.level, o.unit, tuple(o.measures),
        o.basis, o.reason, o.signed_at, o.ends_at, tuple(o.services), o.help_line, o.exceptions,
        state_of(o, at), o.people, days,
    )  # fmt: skip


def open_appeals(*, by: Actor, at: datetime) -> list[Appeal]:
    """Appeals of the place without an answer, by deadline. One query."""
    rows = Appeal.objects.filter(within("order__scope", by.scope), at__lte=at, answered_at=None)
    return list(rows.select_related("order__place").order_by("due_at"))


def fetch_appeal(*, appeal_id: int, by: Actor) -> Appeal:
    """An appeal against an order of the place. Raises NotFound("appeal.not_found")."""
    row = Appeal.objects.filter(within("order__scope", by.scope), pk=appeal_id).first()
    if row is None:
        raise NotFound("appeal.not_found", id=appeal_id)
    return row


def appeal_by_code(code: str) -> Appeal:
    """An appeal as its author reads it. Raises NotFound("appeal.not_found")."""
    row = Appeal.objects.select_related("order").filter(code=code.strip().upper()).first()
    if row is None:
        raise NotFound("appeal.not_found", code=code)
    return row


def appeal_figures(*, by: Actor, at: datetime) -> tuple[int, int, int]:
    """Appeals received, answered in time, granted. One query."""
    rows = Appeal.objects.filter(within("order__scope", by.scope), at__lte=at)
    timely = rows.filter(answered_at__lte=F("due_at")).count()
    return rows.count(), timely, rows.filter(granted=True).count()


def graded_on(scope: str, day: date) -> tuple[OrderRow, ...]:
    """The risk areas of a place on a day: an arrival is judged by the list of its own day."""
    at = day_start(day)
    rows = ControlOrder.objects.filter(in_force(at), within("scope", scope))
    return tuple(order_row(row, at) for row in rows.select_related("place", "event"))


def effect(*, old: Pack, new: Pack, disease: str, by: Actor, at: datetime) -> Effect:
    """What another edition changes in the reader's place (M070): people, sites, orders. Three queries.

    Whoever looks after contacts also reads which ones.
    """
    rows = Contact.objects.filter(
        within("scope", by.scope), event__disease=disease, became_case=None, release_at__gt=at
    )
    told = _summed(rows.order_by("pk"), old, new, local_date(at))
    sites = _sites([pk for pk, *_rest in told.rows], at)
    listed = told.rows[:200] if by.has("contact.do") else ()
    return replace(told, rows=listed, sites=sites, orders=_reworded(old, new, disease, by, at))


def _sites(contacts: list[int], at: datetime) -> tuple[tuple[int, str, int], ...]:
    """Sites and hospitals that these contacts would leave sooner."""
    stays = Stay.objects.filter(inside(at), charge__contact__in=contacts, left_at=None)
    rows = stays.values_list("facility", "facility__name").annotate(n=Count("pk"))
    return tuple(rows.order_by("-n", "facility"))


def _reworded(
    old: Pack, new: Pack, disease: str, by: Actor, at: datetime
) -> tuple[OrderEffect, ...]:
    """Orders in force whose grade, units or days differ."""
    rows = ControlOrder.objects.filter(in_force(at), events_seen(by), event__disease=disease)
    was, now = old.rows("zone"), new.rows("zone")
    found = []
    for row in rows.order_by("-pk"):
        before, after = was.get(row.level), now.get(row.level)
        if before is None:
            continue
        unit = row.unit if after and row.unit not in after["units"] else ""
        days = int(after["lift_days"]) if after else 0
        if after is None or unit or days != int(before["lift_days"]):
            found.append(OrderEffect(row.pk, row.number, row.area, after is None, unit,
                                     int(before["lift_days"]), days))  # fmt: skip
    return tuple(found)


def _summed(rows: Iterable[Contact], old: Pack, new: Pack, today: date) -> Effect:
    told: list[tuple[int, str, date, date | None, int]] = []
    freed = later = 0
    for row in rows:
        before = timeline(old, row.risk, anchor=row.last_exposure)
        if before is None:
            continue
        change = switched(before, new, on=today)
        freed += change.after is None
        later += change.days > 0
        if change.adopted:
            after = change.after.last if change.after else None
            told.append((row.pk, row.number, before.last, after, change.days))
    days = -sum(days for *_rest, days in told)
    return Effect(len(told) - freed, freed, later, days, tuple(told))
