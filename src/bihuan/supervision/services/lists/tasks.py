"""Rows of the list of tasks: new ones are issued, known ones linked or given more time."""

from functools import partial

from bihuan.core.evidence.cells import plain
from bihuan.core.loops.services import act, issue
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import MoveInput
from bihuan.supervision.rules.tables import TASKS, split_numbers
from bihuan.supervision.selectors.lists import tasks
from bihuan.supervision.selectors.sheets import cells_of
from bihuan.supervision.services.lists.importing import (
    Faulty,
    Import,
    Line,
    as_moment,
    brief_of,
    same_text,
    twin_of,
)
from bihuan.supervision.types import ListFilter, TaskRow


def take(lines: list[Line], work: Import) -> None:
    """Take every row; what is refused is in the report."""
    known = _known(work.ids(lines, "RW"), work)
    work.each(
        lines, new=partial(_issue, work=work), known=partial(_compare, known=known, work=work)
    )


def _known(ids: tuple[int, ...], work: Import) -> dict[int, TaskRow]:
    if not ids:
        return {}
    page = tasks(by=work.by, at=work.at, wanted=ListFilter(ids=ids), size=len(ids))
    return {row.id: row for row in page.rows}


def _issue(line: Line, work: Import) -> str:
    """A task is complete or it is not there: owner, deadline, criterion (2.3 I2)."""
    owner = work.post(line, "owner_post_id", "owner")
    if not line.get("due_at"):
        raise Faulty("due_at", "", "lists.no_due")
    due = as_moment(line.get("due_at"), "due_at")
    name = plain(line.get("number")).casefold()
    found = twin_of(line, "task", owner, work)
    if found is None:
        row = issue(
            brief=brief_of(line, work), owner_post_id=owner.pk, by=work.by, at=work.at,
            deadline=Deadline(due),
        )  # fmt: skip
    pk = row.pk if found is None else found
    if name:
        work.names[name] = pk
    linked = work.link(line, "problems", loop_id=pk, to_problem=True)
    if found is None:
        return "added"
    return "changed" if linked else "unchanged"


def _compare(line: Line, known: dict[int, TaskRow], work: Import) -> str:
    pk, number = work.serial(line.get("number"), "number", "RW")
    row = known.get(pk)
    if row is None or row.number != number:
        raise Faulty("number", line.get("number"), "loop.not_found")
    work.correct(line, "number", number)
    told = [cells_of(TASKS, row, say) for say in work.says]
    for key in line.cells.keys() - {"number", "due_at", "reason", "problems"}:
        if not same_text(line.get(key), (cells[key] for cells in told)):
            raise Faulty(key, line.get(key), "lists.read_only")
    _refuse_unlinked(line, row)
    extended = _extend(line, row, told[0]["due_at"], work)
    linked = work.link(line, "problems", loop_id=pk, to_problem=True)
    return "changed" if extended or linked else "unchanged"


def _extend(line: Line, row: TaskRow, written: str, work: Import) -> bool:
    """A later deadline is an extension, with its reason; an emptied or earlier one is refused."""
    if "due_at" not in line.cells or same_text(line.get("due_at"), (written,)):
        return False
    if not line.get("due_at"):
        raise Faulty("due_at", "", "lists.emptied")
    until = as_moment(line.get("due_at"), "due_at")
    if abs((until - row.due_at).total_seconds()) < 60:
        work.correct(line, "due_at", written)
        return False
    if not line.get("reason"):
        raise Faulty("reason", "", "loop.no_reason")
    given = MoveInput(note=line.get("reason"), until=until)
    act(obligation_id=row.id, move="extend", by=work.by, at=work.at, given=given)
    return True


def _refuse_unlinked(line: Line, row: TaskRow) -> None:
    if "problems" not in line.cells:
        return
    left = {plain(number).upper() for number in split_numbers(line.get("problems"))}
    gone = [ref.number for ref in row.problems if ref.number not in left]
    if gone:
        raise Faulty("problems", line.get("problems"), "lists.unlinked", numbers=gone)
