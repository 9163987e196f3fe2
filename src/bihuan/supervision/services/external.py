"""A numbered list of findings from outside: load it, answer each, record the acceptance."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotAllowed, NotFound
from bihuan.core.evidence.cells import Report, columns_of, plain
from bihuan.core.evidence.tables import read_tables
from bihuan.core.loops.models import Domain, Problem
from bihuan.core.loops.rules import PROBLEM_FLOW
from bihuan.core.loops.services import act, open_problem, write_brief
from bihuan.core.loops.services.facts import facts_of
from bihuan.core.loops.services.moves import NOTHING_GIVEN, fetch
from bihuan.core.loops.services.opening import Origin
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.supervision.models import ExternalItem, ExternalList, Upload
from bihuan.supervision.rules.tables import FINDINGS
from bihuan.supervision.selectors.sheets import Say
from bihuan.supervision.services.lists.importing import Faulty, Import, Line, cells_at
from bihuan.supervision.services.uploads import fetch_upload, finish


def preview_findings(*, upload_id: int, by: Actor, at: datetime, says: Sequence[Say]) -> Report:
    """What loading the list would do; nothing stays. Raises as `load_findings`."""
    upload = fetch_upload(upload_id=upload_id, kind="external", by=by)
    with transaction.atomic():
        _, report = _load(upload, by=by, at=at, says=says)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def load_findings(
    *, upload_id: int, by: Actor, at: datetime, says: Sequence[Say]
) -> tuple[ExternalList, Report]:
    """Enter every finding as a problem with the issuer as its origin. Locks the upload.

    Raises NotFound, NotAllowed, Invalid("table.…" | "external.…"), Conflict("upload.acted").
    """
    upload = fetch_upload(upload_id=upload_id, kind="external", by=by, lock=True)
    finish(upload, at=at)
    return _load(upload, by=by, at=at, says=says)


def _load(
    upload: Upload, *, by: Actor, at: datetime, says: Sequence[Say]
) -> tuple[ExternalList, Report]:
    if not by.has("problem.grade"):
        raise NotAllowed("not_allowed", duty="problem.grade")
    parent = _head(upload, by=by, at=at)
    work = Import(by=by, at=at, says=tuple(says))
    lines = _lines(upload)
    if not lines:
        raise Invalid("external.no_table", file=upload.file_name)
    for line in lines:
        work.row(line, lambda line=line: _enter(line, parent, work))  # type: ignore[misc]
    record(action="external.load", subject=f"external:{parent.pk}", by=by, at=at,
           scope=parent.scope, facts={"findings": work.added, "issuer": parent.issuer})  # fmt: skip
    return parent, Report(work.added, 0, 0, tuple(work.corrections), tuple(work.refusals))


def _head(upload: Upload, *, by: Actor, at: datetime) -> ExternalList:
    given = upload.given
    if not str(given.get("issuer", "")).strip():
        raise Invalid("external.no_issuer", field="issuer")
    answer_by = date.fromisoformat(given["answer_by"])
    if answer_by < local_date(at):
        raise Invalid("external.answer_past", field="answer_by")
    return ExternalList.objects.create(
        issuer=given["issuer"].strip()[:120], document=given.get("document", "")[:120],
        received_on=local_date(at), answer_by=answer_by, place_id=by.place_id, scope=by.scope,
        org_id=by.org_id, created_at=at, created_by=by.name,
    )  # fmt: skip


def _lines(upload: Upload) -> list[Line]:
    found: list[Line] = []
    for name, rows in read_tables(bytes(upload.data), upload.file_name).items():
        filled = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
        places = columns_of(FINDINGS.columns, filled[0][1]) if filled else {}
        if {"number", "text"} <= places.keys():
            found += [Line(name, number, cells_at(row, places)) for number, row in filled[1:]]
    return found


def _enter(line: Line, parent: ExternalList, work: Import) -> str:
    number = plain(line.get("number"))
    if not number.isdecimal():
        raise Faulty("number", line.get("number"), "external.number")
    if parent.items.filter(number=int(number)).exists():
        raise Faulty("number", number, "external.number_twice")
    if not line.get("text"):
        raise Faulty("text", "", "brief.empty")
    named = line.get("owner_post_id") or line.get("owner")
    owner_id = work.post(line, "owner_post_id", "owner").pk if named else work.by.post_id
    domain = work.domains.get(plain(line.get("domain")).casefold(), line.get("domain"))
    title = line.get("title") or line.get("text")[:60]
    brief = write_brief(
        given=BriefInput(title, line.get("text"), domain or Domain.SUPERVISION),
        place=work.place, at=work.at,
    )  # fmt: skip
    row = open_problem(
        brief=brief, owner_post_id=owner_id, by=work.by, at=work.at,
        origin=Origin("external", parent.issuer, external=True), type_code=line.get("type_code"),
        found_in=f"external:{parent.pk}",
    )  # fmt: skip
    act(obligation_id=row.pk, move="register", by=work.by, at=work.at)
    ExternalItem.objects.create(parent=parent, number=int(number), problem=row)
    return "added"


@transaction.atomic
def answer_finding(*, item_id: int, answer: str, by: Actor, at: datetime) -> ExternalItem:
    """Close a finding as far as we can: it is answered, not closed (M037). Locks it.

    Every gate must be passed but the issuer's. Raises NotFound, NotAllowed, MoveBlocked("gate.…"),
    Invalid("external.no_answer"), Conflict("external.answered" | "external.not_verified").
    """
    item = _item(item_id, by)
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    if item.answered_at is not None:
        raise Conflict("external.answered")
    if not answer.strip():
        raise Invalid("external.no_answer", field="answer")
    row = fetch(obligation_id=item.problem_id, by=by, lock=True)
    if row.state != "verified":
        raise Conflict("external.not_verified", number=row.number)
    facts = facts_of(row, by=by, at=at, given=NOTHING_GIVEN, extra={})
    missing = PROBLEM_FLOW.find("close", row.state).missing(facts)
    ours = [code for code in missing if code != "problem.external"]
    if ours:
        raise MoveBlocked(ours[0], move="close", missing=ours)
    item.answer, item.answered_at, item.answered_by = answer.strip(), at, by.name
    item.save()
    Problem.objects.filter(pk=row.pk).update(answered_at=at)
    record(action="external.answer", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"list": item.parent_id, "number": item.number})  # fmt: skip
    return item


@transaction.atomic
def accept_finding(*, item_id: int, document: str, by: Actor, at: datetime) -> ExternalItem:
    """Record the issuer's acceptance by its document; that, and nothing else, closes the finding.

    Locks it. Raises NotFound, NotAllowed, Invalid("external.no_document"),
    Conflict("external.not_answered" | "external.accepted"), MoveBlocked.
    """
    item = _item(item_id, by)
    if item.answered_at is None:
        raise Conflict("external.not_answered")
    if item.accepted_at is not None:
        raise Conflict("external.accepted")
    if not document.strip():
        raise Invalid("external.no_document", field="document")
    act(obligation_id=item.problem_id, move="close", by=by, at=at,
        extra={"external_accepted": True})  # fmt: skip
    item.acceptance, item.accepted_at = document.strip()[:200], at
    item.recorded_by = by.name
    item.save()
    record(action="external.accept", subject=f"obligation:{item.problem_id}", by=by, at=at,
           scope=item.parent.scope, facts={"document": item.acceptance})  # fmt: skip
    return item


def _item(item_id: int, by: Actor) -> ExternalItem:
    """The one door to a finding. Raises NotFound("external.not_found")."""
    lists = ExternalList.objects.filter(sight(by, owned=False, sectors=False))
    rows = ExternalItem.objects.select_for_update(of=("self",)).select_related("parent")
    item = rows.filter(parent__in=lists, pk=item_id).first()
    if item is None:
        raise NotFound("external.not_found", id=item_id)
    return item
