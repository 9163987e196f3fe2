"""Whoever works in a house, by staff number: entered, trained, put on shifts they may work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.models import Facility, Shift, Worker, WorkerModule, Zone
from bihuan.epidemic.rules.workers import is_code, lacking_modules
from bihuan.epidemic.selectors.care import fetch_facility
from bihuan.epidemic.selectors.workers import modules_asked
from bihuan.epidemic.services.facilities import tell, works
from bihuan.epidemic.services.zones import zone_of


def _keys(table: str, row: Facility, at: datetime) -> set[str]:
    return {str(line["key"]) for line in registry.table(table, at, scope=row.scope)}


@transaction.atomic
def enter_workers(
    *,
    facility_id: int,
    codes: Iterable[str],
    kind: str,
    by: Actor,
    at: datetime,
    zone_id: int | None = None,
) -> int:
    """Enter people by their staff numbers, or give those known another kind or zone; how many.

    Raises NotAllowed, NotFound, Invalid("worker.…").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    given = sorted(set(codes))
    bad = [code for code in given if not is_code(code)]
    if bad:
        raise Invalid("worker.code", field="codes", codes=len(bad))
    if not given or kind not in _keys("staff_kind", row, at):
        raise Invalid("worker.incomplete", field="codes")
    zone, today = zone_of(row, zone_id), local_date(at)
    for code in given:
        Worker.objects.update_or_create(
            facility=row, code=code, defaults={"kind": kind, "zone": zone, "left_on": None, "by": by.name},
            create_defaults={"kind": kind, "zone": zone, "since": today, "by": by.name},
        )  # fmt: skip
    tell("worker.enter", row, by, at, kind=kind, people=len(given))
    return len(given)


def _workers(row: Facility, codes: Iterable[str]) -> list[Worker]:
    wanted = set(codes)
    found = list(row.workers.select_for_update().filter(code__in=wanted, left_on=None))
    unknown = sorted(wanted - {worker.code for worker in found})
    if unknown or not found:
        raise Invalid("worker.unknown", field="codes", codes=unknown[:10])
    return found


@transaction.atomic
def pass_module(
    *, facility_id: int, codes: Iterable[str], module: str, passed_on: date, by: Actor, at: datetime
) -> int:
    """People passed a module on a day; how long it counts is written down from the pack of now.

    Locks them. Raises NotAllowed, NotFound, Invalid("worker.…" | "module.…").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    pack = registry.edition("facility", at, scope=row.scope)
    rule = pack.rows("training_module").get(module)
    if rule is None:
        raise Invalid("module.unknown", field="module")
    if passed_on > local_date(at):
        raise Invalid("module.day", field="passed_on")
    until = passed_on + timedelta(days=int(rule["days"]))
    people = _workers(row, codes)
    WorkerModule.objects.bulk_create(
        [WorkerModule(worker=worker, module=module, passed_on=passed_on, valid_until=until,
                      edition=pack.ref, at=at, by=by.name) for worker in people],
        ignore_conflicts=True,
    )  # fmt: skip
    tell("worker.pass", row, by, at, module=module, people=len(people))
    return len(people)


@transaction.atomic
def leave(*, facility_id: int, codes: Iterable[str], by: Actor, at: datetime) -> int:
    """People no longer work there; how many. Locks them. Raises NotAllowed, NotFound, Invalid."""
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    people = _workers(row, codes)
    gone = row.workers.filter(pk__in=[worker.pk for worker in people])
    gone.update(left_on=local_date(at))
    tell("worker.leave", row, by, at, people=len(people))
    return len(people)


@dataclass(frozen=True, slots=True)
class NewShift:
    """Who is to work where, from when until when."""

    code: str
    zone_id: int
    starts_at: datetime
    ends_at: datetime


@transaction.atomic
def plan_shift(*, facility_id: int, given: NewShift, by: Actor, at: datetime) -> Shift:
    """Put somebody on a shift of a zone; every module it asks for must count to its end.

    Locks the worker. Raises NotAllowed, NotFound, Invalid("shift.time" | "worker.unknown"),
    MoveBlocked("shift.modules") naming them, Conflict("shift.twice").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    zone = zone_of(row, given.zone_id)
    if zone is None:
        raise NotFound("zone.not_found", id=given.zone_id)
    if not given.starts_at < given.ends_at or given.ends_at <= at:
        raise Invalid("shift.time", field="ends_at")
    (worker,) = _workers(row, [given.code])
    _may_work(worker, zone, given.ends_at, at)
    taken = worker.shifts.filter(starts_at__lt=given.ends_at, ends_at__gt=given.starts_at)
    if taken.exists():
        raise Conflict("shift.twice", code=worker.code)
    made = Shift.objects.create(worker=worker, zone=zone, starts_at=given.starts_at,
                                ends_at=given.ends_at, at=at, by=by.name)  # fmt: skip
    tell("shift.plan", row, by, at, zone=zone.pk)
    return made


def _may_work(worker: Worker, zone: Zone, until: datetime, at: datetime) -> None:
    held = worker.modules.values_list("module", "valid_until")
    asked = modules_asked(zone.facility, at)[zone.kind]
    missing = lacking_modules(asked, held, on=local_date(until))
    if missing:
        raise MoveBlocked("shift.modules", code=worker.code, zone=zone.name, modules=list(missing))
