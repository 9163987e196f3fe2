"""Rows of the list of problems: new ones are entered, known ones described further."""

from functools import partial

from bihuan.core.evidence.cells import plain
from bihuan.core.loops.services import describe_problem, open_problem
from bihuan.core.loops.services.opening import Origin
from bihuan.core.loops.services.problems import Description
from bihuan.supervision.rules.tables import PROBLEMS, split_numbers
from bihuan.supervision.selectors.lists import problems
from bihuan.supervision.selectors.sheets import cells_of
from bihuan.supervision.services.lists.importing import (
    Faulty,
    Import,
    Line,
    brief_of,
    describe,
    same_text,
    twin_of,
)
from bihuan.supervision.types import ListFilter, ProblemRow

WRITABLE = frozenset(Description.__dataclass_fields__)


def take(lines: list[Line], work: Import) -> None:
    """Take every row; what is refused is in the report."""
    known = _known(work.ids(lines, "WT"), work)
    work.each(
        lines, new=partial(_enter, work=work), known=partial(_compare, known=known, work=work)
    )


def _known(ids: tuple[int, ...], work: Import) -> dict[int, ProblemRow]:
    if not ids:
        return {}
    page = problems(by=work.by, at=work.at, wanted=ListFilter(ids=ids), size=len(ids))
    return {row.id: row for row in page.rows}


def _enter(line: Line, work: Import) -> str:
    owner = work.post(line, "owner_post_id", "owner")
    twin = twin_of(line, "problem", owner, work)
    name = plain(line.get("number")).casefold()
    if twin is not None:
        work.names[name] = twin
        return "unchanged"
    row = open_problem(
        brief=brief_of(line, work), owner_post_id=owner.pk, by=work.by, at=work.at,
        origin=Origin("import", line.get("origin")[:120]), type_code=line.get("type_code"),
    )  # fmt: skip
    given = describe(line, work)
    if given:
        describe_problem(obligation_id=row.pk, given=Description(**given), by=work.by, at=work.at)  # type: ignore[arg-type]
    if name:
        work.names[name] = row.pk
    return "added"


def _compare(line: Line, known: dict[int, ProblemRow], work: Import) -> str:
    pk, number = work.serial(line.get("number"), "number", "WT")
    row = known.get(pk)
    if row is None or row.number != number:
        raise Faulty("number", line.get("number"), "loop.not_found")
    work.correct(line, "number", number)
    told = [cells_of(PROBLEMS, row, say) for say in work.says]
    for key in line.cells.keys() - WRITABLE - {"number", "tasks"}:
        if not same_text(line.get(key), (cells[key] for cells in told)):
            raise Faulty(key, line.get(key), "lists.read_only")
    changes = {
        key: value for key, value in describe(line, work).items() if value != getattr(row, key)
    }
    _refuse_emptied(line, row)
    if changes:
        describe_problem(obligation_id=pk, given=Description(**changes), by=work.by, at=work.at)  # type: ignore[arg-type]
    linked = work.link(line, "tasks", loop_id=pk, to_problem=False)
    return "changed" if changes or linked else "unchanged"


def _refuse_emptied(line: Line, row: ProblemRow) -> None:
    """What was written is corrected by new words, never by none; edges are never taken away."""
    for key in WRITABLE & line.cells.keys():
        if not line.get(key) and getattr(row, key) not in {"", None}:
            raise Faulty(key, "", "lists.emptied")
    if "tasks" in line.cells:
        left = {plain(number).upper() for number in split_numbers(line.get("tasks"))}
        gone = [ref.number for ref in row.tasks if ref.number not in left]
        if gone:
            raise Faulty("tasks", line.get("tasks"), "lists.unlinked", numbers=gone)
