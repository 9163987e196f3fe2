"""Zones of a house, who works there and may, shifts, incidents: staff numbers, never a name."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q

from bihuan.core.clock import local_date
from bihuan.core.packs import registry
from bihuan.epidemic.models import Facility, Incident, Shift, Worker, Zone
from bihuan.epidemic.rules.workers import lacking_modules

MOST = 500
AHEAD = timedelta(days=14)


def modules_asked(facility: Facility, at: datetime) -> dict[str, tuple[str, ...]]:
    """For each kind of zone, the modules that a shift in it asks for. No query."""
    rows = registry.table("site_zone", at, scope=facility.scope)
    return {str(row["key"]): tuple(row["modules"]) for row in rows}


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """Somebody by staff number: the last day of each module, and the kinds of zone they may enter."""

    worker: Worker
    modules: tuple[tuple[str, date, bool], ...]  # module, last day, counts today
    zones: tuple[str, ...]


def worker_rows(facility: Facility, at: datetime) -> tuple[WorkerRow, ...]:
    """Everybody who works there now. Two queries."""
    today, asked = local_date(at), modules_asked(facility, at)
    people = facility.workers.filter(left_on=None).select_related("zone")
    found = []
    for worker in people.prefetch_related("modules").order_by("code")[:MOST]:
        last: dict[str, date] = {}
        for row in worker.modules.all():
            last[row.module] = max(row.valid_until, last.get(row.module, row.valid_until))
        may = [kind for kind, needed in asked.items()
               if not lacking_modules(needed, last.items(), on=today)]  # fmt: skip
        told = tuple((module, until, until >= today) for module, until in sorted(last.items()))
        found.append(WorkerRow(worker, told, tuple(may)))
    return tuple(found)


def trained(rows: tuple[WorkerRow, ...], facility: Facility, at: datetime) -> list[tuple[str, int]]:
    """For each kind of zone, how many may work in it today. No query."""
    return [(kind, sum(kind in row.zones for row in rows)) for kind in modules_asked(facility, at)]


def coming_shifts(facility: Facility, at: datetime) -> list[Shift]:
    """Shifts under way and those of the next days. One query."""
    rows = Shift.objects.filter(zone__facility=facility, ends_at__gt=at, starts_at__lt=at + AHEAD)
    return list(rows.select_related("worker", "zone").order_by("starts_at", "worker__code")[:MOST])


def zones_of(facility: Facility, at: datetime) -> list[Zone]:
    """Zones with how many rooms, staff, people on shift now. One query."""
    now = Q(shifts__starts_at__lte=at, shifts__ends_at__gt=at)
    rows = facility.zones.annotate(
        n_rooms=Count("rooms", distinct=True),
        n_workers=Count("workers", filter=Q(workers__left_on=None), distinct=True),
        n_now=Count("shifts", filter=now, distinct=True),
    )
    return list(rows.order_by("pk"))


def incidents_of(facility: Facility, at: datetime) -> list[Incident]:
    """What happened there, the open first. One query."""
    rows = facility.incidents.filter(at__lte=at).select_related("zone").order_by("-happened_at")
    return sorted(rows[:100], key=lambda row: row.closed_at is not None)
