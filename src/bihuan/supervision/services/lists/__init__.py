"""Import the three lists: first what would happen, then the act. Both run the same code."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.evidence.cells import Report
from bihuan.core.evidence.tables import Rows, read_tables
from bihuan.core.orgs.types import Actor
from bihuan.supervision.models import Upload
from bihuan.supervision.rules.tables import (
    RESPONSIBILITIES,
    SHEETS,
    TASKS,
    match_sheet,
)
from bihuan.supervision.selectors.sheets import Say
from bihuan.supervision.services.lists import problems, responsibilities, tasks
from bihuan.supervision.services.lists.importing import Import, Line, cells_at
from bihuan.supervision.services.uploads import fetch_upload, finish

__all__ = ["act", "preview"]

_MOST_SHOWN = 500


def preview(*, upload_id: int, by: Actor, at: datetime, says: Sequence[Say]) -> Report:
    """What acting on the file would do: it is done and taken back, so nothing can differ.

    `says` are the words of each language the file may be written in. Raises NotFound, NotAllowed,
    Invalid("table.…").
    """
    upload = fetch_upload(upload_id=upload_id, kind="lists", by=by)
    with transaction.atomic():
        report = _run(upload, by=by, at=at, says=says)
        transaction.set_rollback(True)
    return report


@transaction.atomic
def act(*, upload_id: int, by: Actor, at: datetime, says: Sequence[Say]) -> Report:
    """Do what the preview said. Rows that are refused are left out. Locks the upload.

    Raises NotFound, NotAllowed, Invalid("table.…"), Conflict("upload.acted").
    """
    upload = fetch_upload(upload_id=upload_id, kind="lists", by=by, lock=True)
    finish(upload, at=at)
    report = _run(upload, by=by, at=at, says=says)
    facts = {
        "file": upload.file_name, "sha256": upload.sha256, "added": report.added,
        "changed": report.changed, "refused": len(report.refusals),
    }  # fmt: skip
    record(action="lists.import", subject=f"upload:{upload.pk}", by=by, at=at, facts=facts)
    return report


def _run(upload: Upload, *, by: Actor, at: datetime, says: Sequence[Say]) -> Report:
    if not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    work = Import(by=by, at=at, says=tuple(says))
    found = _recognised(read_tables(bytes(upload.data), upload.file_name), work)
    if not found:
        raise Invalid("table.no_list", file=upload.file_name)
    for sheet in SHEETS:
        lines = found.get(sheet.key, [])
        if sheet is TASKS:
            tasks.take(lines, work)
        elif sheet is RESPONSIBILITIES:
            responsibilities.take(lines, work)
        else:
            problems.take(lines, work)
    return Report(
        added=work.added, changed=work.changed, unchanged=work.unchanged,
        corrections=tuple(work.corrections[:_MOST_SHOWN]), refusals=tuple(work.refusals),
    )  # fmt: skip


def _recognised(tables: dict[str, Rows], work: Import) -> dict[str, list[Line]]:
    """The rows of each list, by its headings; a sheet that is none of them is refused."""
    found: dict[str, list[Line]] = {}
    for name, rows in tables.items():
        filled = [(number, row) for number, row in enumerate(rows, start=1) if any(row)]
        if not filled:
            continue
        matched = match_sheet(filled[0][1])
        if matched is None:
            work.refuse(Line(name, filled[0][0], {}), "number", "table.unknown_sheet", value=name)
            continue
        sheet, places = matched
        found.setdefault(sheet.key, []).extend(
            Line(name, number, cells_at(row, places)) for number, row in filled[1:]
        )
    return found
