"""Take somebody's line list: stage, map, take batch by batch, undo within the pack's hours.

A row that became a case once never becomes another: an import that was cut short is run again.
Imported files start no clocks; whoever takes a case over starts its investigation there.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from bihuan.core.audit.services import record
from bihuan.core.clock import day_start
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.evidence.rules import safe_name
from bihuan.core.evidence.tables import read_tables
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Pack
from bihuan.core.places.models import Place
from bihuan.core.vault import bulk
from bihuan.epidemic.models import Case, CaseClass, CasePlace, LineList, LineRow, SavedMapping
from bihuan.epidemic.rules.classify import classify
from bihuan.epidemic.rules.lists import Read, nameless, proposed
from bihuan.epidemic.selectors.lists import (
    BATCH,
    FAMILY,
    doubts_of,
    fetch_list,
    lines_of,
    reading_of,
    undo_until,
)
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.sources import hold_sources
from bihuan.epidemic.types import Setting

KEEP_DRAFT = timedelta(days=1)


@transaction.atomic
def stage_list(*, event_id: int, file_name: str, data: bytes, by: Actor, at: datetime) -> LineList:
    """Keep a readable table, sealed, with the mapping proposed: the body's own, or by the words.

    Raises NotAllowed, NotFound, Conflict("list.closed"), Invalid("table.…").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    event = fetch_event(event_id=event_id, by=by)
    if event.closed_at is not None:
        raise Conflict("list.closed", event=event.title)
    read_tables(data, safe_name(file_name))
    row = LineList(
        event=event, post_id=by.post_id, org_id=by.org_id, scope=event.scope,
        file_name=safe_name(file_name), created_at=at, created_by=by.name,
        content=bulk.seal_paper(data, collection=event.collection, at=at),
    )  # fmt: skip
    heads, lines = lines_of(row, at)
    saved = SavedMapping.objects.filter(org_id=by.org_id, heads=_heads(heads)).first()
    pack = edition_of(event, at)
    words = registry.edition(FAMILY, at, scope=event.scope)
    criteria = pack.tables.get("criterion", ())
    row.mapping = saved.mapping if saved else proposed(heads, words, criteria, lines)
    row.given = {"kind": _lowest(pack), "place": event.place_id, "found_in": "clinic"}
    row.save()
    return row


def _heads(heads: Sequence[str]) -> str:
    return hashlib.sha256(json.dumps(list(heads)).encode()).hexdigest()


def _lowest(pack: Pack) -> str:
    rows = pack.tables.get("case_class", ())
    return str(min(rows, key=lambda r: r["rank"])["key"]) if rows else "suspected"


@transaction.atomic
def map_list(
    *, list_id: int, mapping: Mapping[str, str], given: Mapping[str, Any], by: Actor, at: datetime
) -> LineList:
    """Say which column is what, and what holds where the list is silent; remembered for the body.

    Locks the list. Raises NotFound, Conflict("list.acted"), Invalid("list.mapping" | "list.twice_mapped").
    """
    row = fetch_list(list_id=list_id, by=by, lock=True)
    if row.acted_at is not None:
        raise Conflict("list.acted", file=row.file_name)
    heads, _lines = lines_of(row, at)
    chosen = {key: head for key, head in mapping.items() if head in heads}
    if not chosen:
        raise Invalid("list.mapping", file=row.file_name)
    if len(set(chosen.values())) < len(chosen):
        raise Invalid("list.twice_mapped")
    row.mapping, row.given = chosen, {**row.given, **given}
    row.save(update_fields=["mapping", "given"])
    SavedMapping.objects.update_or_create(
        org_id=row.org_id, heads=_heads(heads), defaults={"mapping": chosen, "saved_at": at}
    )
    return row


def take_list(*, list_id: int, by: Actor, at: datetime) -> LineList:
    """Make cases of the rows, a batch in each transaction; safe to run again after a kill.

    Rows in doubt that nobody checked are left out. At the end the sources are linked and the
    file is dropped. Raises NotFound, Conflict("list.acted"), Invalid("list.mapping").
    """
    row = _begin(list_id, by, at)
    taken = row.rows.count()  # by a run that was cut short
    pack = edition_of(row.event, at)
    found = reading_of(row, pack, by, at)
    doubts = doubts_of(row, [read for read, _key in found.reads], at)
    held = {doubt.row for doubt in doubts if not doubt.checked}
    fresh = [(read, key) for read, key in found.reads if read.number not in held]
    scopes = dict(
        Place.objects.filter(pk__in={r.place_id for r, _ in fresh}).values_list("pk", "path")
    )
    for start in range(0, len(fresh), BATCH):
        _take(row, fresh[start : start + BATCH], scopes, pack, by=by, at=at)
    told = {"known": found.known - taken, "refused": len(found.refusals), "doubtful": len(held)}
    return _end(row, told, by=by, at=at)


@transaction.atomic
def _begin(list_id: int, by: Actor, at: datetime) -> LineList:
    row = fetch_list(list_id=list_id, by=by, lock=True)
    if row.acted_at is not None:
        raise Conflict("list.acted", file=row.file_name)
    if row.begun_at is None:
        row.begun_at = at
        row.save(update_fields=["begun_at"])
    return row


@transaction.atomic
def _take(
    row: LineList, part: Sequence[tuple[Read, str]], scopes: Mapping[int, str], pack: Pack, *,
    by: Actor, at: datetime,
) -> None:  # fmt: skip
    """One batch, whole or not at all; a second run beside this one waits and then finds nothing."""
    LineList.objects.select_for_update().get(pk=row.pk)
    there = set(
        LineRow.objects.filter(event=row.event_id, key__in=[k for _, k in part]).values_list(
            "key", flat=True
        )
    )
    todo = [(read, key) for read, key in part if key not in there]
    keep = at + timedelta(days=int(registry.value("keep.open_days", at).value))
    names = _names([read for read, _ in todo], row, scopes, keep, by=by, at=at)
    cases = Case.objects.bulk_create(
        _case(read, name, row, scopes[read.place_id], keep, by)
        for (read, _), name in zip(todo, names, strict=True)
    )
    CaseClass.objects.bulk_create(
        _class(read, case, pack, row, at) for (read, _), case in zip(todo, cases, strict=True)
    )
    CasePlace.objects.bulk_create(
        _visited(read, case, row, at)
        for (read, _), case in zip(todo, cases, strict=True)
        if read.visited
    )
    LineRow.objects.bulk_create(
        LineRow(line_list=row, event_id=row.event_id, number=read.number, key=key, case=case,
                label=read.label, source_label=read.source)
        for (read, key), case in zip(todo, cases, strict=True)
    )  # fmt: skip


def _names(
    reads: Sequence[Read], row: LineList, scopes: Mapping[int, str], keep: datetime, *, by: Actor,
    at: datetime,
) -> list[str]:  # fmt: skip
    """A pseudonym for each: from the vault where the list names somebody."""
    people = [(read.person, scopes[read.place_id]) for read in reads if not nameless(read)]
    made = iter(
        bulk.enrol_many(
            people, collection=row.event.collection, expires_at=keep, by=by, at=at
        )
    )  # fmt: skip
    return [bulk.nameless() if nameless(read) else next(made) for read in reads]


def _case(read: Read, pseudonym: str, row: LineList, scope: str, keep: datetime, by: Actor) -> Case:
    return Case(
        event_id=row.event_id, pseudonym=pseudonym, place_id=read.place_id, scope=scope,
        kind=read.kind, age_band=read.age_band, findings=sorted(read.findings), onset=read.onset,
        diagnosed_at=_start(read.diagnosed), reported_at=_start(read.reported),
        isolated_at=_start(read.isolated) if read.isolated else None,
        treated_at=_start(read.treated) if read.treated else None,
        origin=read.origin, found_in=read.found_in, reporter_org_id=by.org_id, expires_at=keep,
    )  # fmt: skip


def _start(day: date) -> datetime:
    """A day without an hour stands as its first instant: never in the future."""
    return day_start(day)


def _class(read: Read, case: Case, pack: Pack, row: LineList, at: datetime) -> CaseClass:
    found = classify(pack, read.findings)
    return CaseClass(
        case=case, at=at, kind=read.kind, proposed=found.key, edition=pack.ref,
        met=list(found.met), reason=row.file_name[:400], by=row.created_by,
    )  # fmt: skip


def _visited(read: Read, case: Case, row: LineList, at: datetime) -> CasePlace:
    day = read.onset or read.diagnosed
    return CasePlace(
        case=case, name=read.visited, setting=Setting.OTHER, first=day, last=day, noted_at=at,
        noted_by=row.created_by,
    )  # fmt: skip


@transaction.atomic
def _end(row: LineList, told: dict[str, int], *, by: Actor, at: datetime) -> LineList:
    """Link whom the list names as sources, drop the file, tell what became of it."""
    row = LineList.objects.select_for_update(of=("self",)).select_related("event").get(pk=row.pk)
    if row.acted_at is not None:
        return row
    linked, lost = _link(row, at)
    row.report = {**told, "added": row.rows.count(), "linked": linked, "unlinked": lost}
    row.acted_at, row.content = at, b""
    row.save(update_fields=["report", "acted_at", "content"])
    record(action="list.take", subject=f"list:{row.pk}", by=by, at=at, scope=row.scope,
           facts=row.report)  # fmt: skip
    return row


def _link(row: LineList, at: datetime) -> tuple[int, int]:
    """Point cases at the sources their list names; how many were, and how many could not be."""
    lines = LineRow.objects.filter(event=row.event_id, line_list__org_id=row.org_id)
    by_label = {line.label: line.case_id for line in lines if line.label}
    parents = dict(Case.objects.filter(event=row.event_id).values_list("pk", "source_id"))
    found: dict[int, int | None] = {}
    since: dict[int, datetime] = {}  # a link of a list is as old as the report of its case
    lost = 0
    for line in row.rows.exclude(source_label="").select_related("case"):
        source = by_label.get(line.source_label)
        if source is None or _circular(line.case_id, source, parents):
            lost += 1
            continue
        parents[line.case_id] = found[line.case_id] = source
        since[line.case_id] = line.case.reported_at
    hold_sources(found, at=at, since=since)
    return len(found), lost


def _circular(case: int, source: int, parents: Mapping[int, int | None]) -> bool:
    above: int | None = source
    while above is not None:
        if above == case:
            return True
        above = parents.get(above)
    return False


@transaction.atomic
def undo_list(*, list_id: int, by: Actor, at: datetime) -> LineList:
    """Take an import back: cases nobody worked on since go, and their people. Locks the list.

    Raises NotFound, Conflict("list.not_taken" | "list.too_late").
    """
    row = fetch_list(list_id=list_id, by=by, lock=True)
    until = undo_until(row)
    if until is None or row.undone_at is not None:
        raise Conflict("list.not_taken", file=row.file_name)
    if at > until:
        raise Conflict("list.too_late", until=f"{until:%F %H:%M}")
    mine = Case.objects.filter(lines__line_list=row)
    gone = _untouched(mine)
    Case.objects.filter(pk__in=gone).update(source=None)
    names = list(Case.objects.filter(pk__in=gone).values_list("pseudonym", flat=True))
    kept = mine.count() - len(gone)
    Case.objects.filter(pk__in=gone).delete()
    bulk.withdraw(names, by=by, at=at)
    row.undone_at, row.report = at, {**row.report, "gone": len(gone), "kept": kept}
    row.save(update_fields=["undone_at", "report"])
    record(action="list.undo", subject=f"list:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"gone": len(gone), "kept": kept})  # fmt: skip
    return row


def _untouched(mine: Any) -> list[int]:
    """Cases of an import that nobody has done anything with since."""
    rows = mine.annotate(
        n_classes=Count("classes", distinct=True), n_contacts=Count("contacts", distinct=True),
        n_known=Count("known_before", distinct=True), n_merged=Count("merged", distinct=True),
    ).filter(n_classes__lte=1, n_contacts=0, n_known=0, n_merged=0, merged_into=None, answers={})  # fmt: skip
    found = set(rows.values_list("pk", flat=True))
    origins = Obligation.objects.filter(
        origin__in=[
            f"case:{pk}:{part}" for pk in found for part in ("case.core_facts", "case.report")
        ]
    ).values_list("origin", flat=True)
    found -= {int(origin.split(":")[1]) for origin in origins}
    own = set(mine.values_list("pk", flat=True))
    outside = Case.objects.filter(~Q(pk__in=own), source__in=found)
    return sorted(found - set(outside.values_list("source_id", flat=True)))


def forget_lists(*, at: datetime) -> int:
    """Drop the files that nobody took within a day; how many. Safe to repeat."""
    old = LineList.objects.filter(created_at__lte=at - KEEP_DRAFT).exclude(content=b"")
    emptied = old.update(content=b"")
    LineList.objects.filter(content=b"", acted_at=None, rows=None).delete()
    return emptied
