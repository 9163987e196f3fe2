"""Compare an outside register with the supervised places, and decide on what it shows."""

from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.cells import Correction, Refusal, Report, columns_of, unshielded
from bihuan.core.evidence.tables import read_tables
from bihuan.core.orgs.models import Venue
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.supervision.models import Candidate, Register, Upload
from bihuan.supervision.rules.names import key_of
from bihuan.supervision.rules.tables import REGISTER
from bihuan.supervision.services.uploads import fetch_upload, finish
from bihuan.supervision.types import Decision, Source


def preview_register(*, upload_id: int, by: Actor, at: datetime) -> Report:
    """Candidates that the comparison would list (`added`), rows known already (`unchanged`).

    Nothing stays. Raises as `compare_register`.
    """
    upload = fetch_upload(upload_id=upload_id, kind="register", by=by)
    with transaction.atomic():
        _, report = _compare(upload, by=by, at=at)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def compare_register(*, upload_id: int, by: Actor, at: datetime) -> tuple[Register, Report]:
    """List every object of a register that nobody supervises (M040). Locks the upload.

    Raises NotFound, NotAllowed, Invalid("table.…" | "register.…"), Conflict("upload.acted").
    """
    upload = fetch_upload(upload_id=upload_id, kind="register", by=by, lock=True)
    finish(upload, at=at)
    return _compare(upload, by=by, at=at)


def _compare(upload: Upload, *, by: Actor, at: datetime) -> tuple[Register, Report]:
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")
    kind, source = str(upload.given.get("kind", "")), str(upload.given.get("source", ""))
    if not kind or source not in Source.values:
        raise Invalid("register.kind", field="source" if kind else "kind")
    places = Venue.objects.filter(within("scope", by.scope), kind=kind)
    supervised = {key_of(name) for name in places.values_list("name", flat=True)}
    rows, report = _read(upload)
    fresh = {key: row for key, row in rows.items() if key not in supervised}
    register = Register.objects.create(
        source=source, kind=kind, place_id=by.place_id, scope=by.scope, org_id=by.org_id,
        as_of=date.fromisoformat(upload.given["as_of"]), rows=len(rows),
        supervised=places.count(), created_at=at, created_by=by.name,
    )  # fmt: skip
    Candidate.objects.bulk_create(
        Candidate(register=register, name=name[:120], key=key, address=address[:200])
        for key, (name, address) in fresh.items()
    )
    record(action="register.compare", subject=f"register:{register.pk}", by=by, at=at,
           facts={"rows": len(rows), "candidates": len(fresh)})  # fmt: skip
    known = len(rows) - len(fresh)
    return register, Report(len(fresh), 0, known, report.corrections, report.refusals)


def _read(upload: Upload) -> tuple[dict[str, tuple[str, str]], Report]:
    """Name and address by key; a row without a name is refused, a second of a name is merged."""
    rows: dict[str, tuple[str, str]] = {}
    refusals, merged = [], []
    for sheet, lines in read_tables(bytes(upload.data), upload.file_name).items():
        places = columns_of(REGISTER.columns, lines[0]) if lines else {}
        if "name" not in places:
            continue
        for number, line in enumerate(lines[1:], start=2):
            if not any(line):
                continue
            cell = {
                k: unshielded(line[i]).strip() if i < len(line) else "" for k, i in places.items()
            }
            key = key_of(cell["name"])
            if not key:
                refusals.append(Refusal(sheet, number, "name", cell["name"], "register.no_name"))
            elif key in rows:
                merged.append(Correction(sheet, number, "name", cell["name"], rows[key][0]))
            else:
                rows[key] = (cell["name"], cell.get("address", ""))
    if not rows:
        raise Invalid("register.no_table", file=upload.file_name)
    return rows, Report(corrections=tuple(merged), refusals=tuple(refusals))


@transaction.atomic
def decide_candidate(
    *, candidate_id: int, decision: str, reason: str, by: Actor, at: datetime
) -> Candidate:
    """End a candidate: added to the list, closed business, another's, out of scope. Locks it.

    Raises NotFound, NotAllowed, Invalid("candidate.decision" | "candidate.no_reason" for all but
    an addition), Conflict("candidate.decided").
    """
    if not by.has("supervise.visit"):
        raise NotAllowed("not_allowed", duty="supervise.visit")
    seen = Register.objects.filter(sight(by, owned=False, sectors=False))
    rows = Candidate.objects.select_for_update(of=("self",)).select_related("register")
    row = rows.filter(register__in=seen, pk=candidate_id).first()
    if row is None:
        raise NotFound("candidate.not_found", id=candidate_id)
    if row.decision:
        raise Conflict("candidate.decided")
    if decision not in Decision.values:
        raise Invalid("candidate.decision", field="decision")
    if decision != Decision.ADDED and not reason.strip():
        raise Invalid("candidate.no_reason", field="reason")
    if decision == Decision.ADDED:
        register = row.register
        row.venue = Venue.objects.create(
            name=row.name, kind=register.kind, place_id=register.place_id, scope=register.scope
        )
    row.decision, row.reason = decision, reason.strip()[:200]
    row.decided_at, row.decided_by = at, by.name
    row.save()
    record(action="candidate.decide", subject=f"register:{row.register_id}", by=by, at=at,
           after=decision, facts={"name": row.name, "reason": row.reason})  # fmt: skip
    return row
