"""An infection inside a hospital: the ward closes, the exposed are listed, the desk reviews."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import System
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotFound
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.rules import NEED_FLOW
from bihuan.core.loops.services import advance, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import nearest_desk
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.epidemic.models import Charge, Facility, WardFile
from bihuan.epidemic.rules.workers import is_code
from bihuan.epidemic.selectors.care import fetch_facility, inside, stay_of
from bihuan.epidemic.services.facilities import manages, tell, works
from bihuan.epidemic.services.teams import SECTOR


@transaction.atomic
def open_ward_file(
    *, facility_id: int, ward: str, found: str, by: Actor, at: datetime
) -> WardFile:  # fmt: skip
    """An infection of staff or of an inpatient: the ward admits nobody, its patients are listed.

    Raises NotAllowed, NotFound, Invalid("ward.unknown"), Conflict("ward.open").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    known = row.rooms.filter(ward=ward).exclude(ward="").exists()
    if found not in {"staff", "patient"} or not known:
        raise Invalid("ward.unknown", field="ward")
    file = ensure_ward_file(row, ward, found, by, at)
    if file.opened_at != at:
        raise Conflict("ward.open", ward=ward)
    return file


def ensure_ward_file(
    row: Facility, ward: str, found: str, by: Actor, at: datetime
) -> WardFile:  # fmt: skip
    """The open file of a ward, opened now where there is none; listing runs on a clock. Locks it."""
    Facility.objects.select_for_update().get(pk=row.pk)
    held = row.ward_files.filter(ward=ward, reviewed_at=None).first()
    if held is not None:
        return held
    there = row.stays.filter(inside(at), room__ward=ward).values_list("charge_id", flat=True)
    due, rule = registry.due("ward.listed", at, scope=row.scope)
    file = WardFile.objects.create(
        facility=row, ward=ward, found=found, opened_at=at, opened_by=by.name, listed_due_at=due,
        patients=sorted(there),
    )  # fmt: skip
    owe(
        row,
        f"院感事件:列出{row.name}{ward}的暴露人员",
        f"ward:{file.pk}",
        Deadline(due, rule),
        by,
        at,
    )
    tell("ward.open", row, by, at, ward=ward, patients=len(file.patients))
    return file


def owe(
    row: Facility, words: str, origin: str, due: Deadline, by: Actor, at: datetime
) -> Obligation | None:  # fmt: skip
    """An answer that whoever runs a house owes by a clock; None where nobody runs it."""
    owner = Post.objects.filter(org=row.org_id, role=Role.CARE.value, valid_to=None)
    post = owner.select_related("org").order_by("pk").first()
    if post is None:
        return None
    given = BriefInput(words[:120], words, Domain.CARE, sector=SECTOR, criterion=words)
    return raise_loop(
        flow="need", brief=write_brief(given=given, place=row.place, at=at), owner=post,
        issuer=nearest_desk(row.scope) or post, deadline=due, origin=origin, by=by, at=at,
    )  # fmt: skip


def answered(origin: str, by: Actor, at: datetime) -> None:
    """The answer was given: its clock stops, whoever of the two sides wrote it."""
    loop = Obligation.objects.select_for_update().filter(origin=origin, closed_at=None).first()
    if loop is not None:
        who = System(person_id=by.person_id, org_id=by.org_id)
        facts = {"is_owner": True, "note": origin}
        advance(NEED_FLOW, loop, "answer", facts=facts, by=who, at=at, given=MoveInput(note=origin))


def ward_of_inpatient(charge: Charge, by: Actor, at: datetime) -> WardFile | None:
    """Somebody who lay in a ward without the disease has it now: the file of that ward."""
    stay = stay_of(charge, at)
    if stay is None or not stay.room.ward:
        return None
    return ensure_ward_file(stay.facility, stay.room.ward, "patient", by, at)


@transaction.atomic
def list_exposed(
    *,
    file_id: int,
    staff: Iterable[str],
    measures: str,
    by: Actor,
    at: datetime,
    inpatients: Iterable[str] = (),
) -> WardFile:
    """Who was exposed, by the hospital's own codes, and what is done: the clock stops.

    People in care who lay there are on the file since it was opened. Raises NotFound,
    Invalid("ward.measures" | "worker.code").
    """
    file = _file(file_id, by)
    if not measures.strip():
        raise Invalid("ward.measures", field="measures")
    file.staff, file.inpatients = _codes(staff, "staff"), _codes(inpatients, "inpatients")
    file.measures = measures.strip()[:400]
    file.listed_at = file.listed_at or at
    file.save(update_fields=["staff", "inpatients", "measures", "listed_at"])
    answered(f"ward:{file.pk}", by, at)
    tell("ward.list", file.facility, by, at, staff=len(file.staff), patients=file.exposed_patients)
    return file


def _codes(given: Iterable[str], field: str) -> list[str]:
    codes = sorted(set(given))
    bad = [code for code in codes if not is_code(code)]
    if bad:
        raise Invalid("worker.code", field=field, codes=len(bad))
    return codes


@transaction.atomic
def review_ward(*, file_id: int, finding: str, by: Actor, at: datetime) -> WardFile:
    """The ward may admit again. The desk above reviews, never the hospital itself.

    Raises NotAllowed, NotFound, MoveBlocked("ward.not_listed"), Invalid("ward.finding").
    """
    manages(by)
    file = _file(file_id, by)
    if file.listed_at is None:
        raise MoveBlocked("ward.not_listed")
    if not finding.strip():
        raise Invalid("ward.finding", field="finding")
    file.reviewed_at, file.reviewed_by, file.finding = at, by.name, finding.strip()[:400]
    file.save(update_fields=["reviewed_at", "reviewed_by", "finding"])
    tell("ward.review", file.facility, by, at, ward=file.ward)
    return file


def _file(file_id: int, by: Actor) -> WardFile:
    rows = WardFile.objects.select_for_update(of=("self",)).select_related("facility")
    file = rows.filter(pk=file_id, reviewed_at=None).first()
    if file is None:
        raise NotFound("ward.not_found", id=file_id)
    works(fetch_facility(facility_id=file.facility_id, by=by), by)
    return file
