"""Rows of the list of responsibilities: new ones are proposed; no sheet decides them."""

from functools import partial

from bihuan.core.evidence.cells import plain
from bihuan.core.loops.models import Responsibility
from bihuan.core.loops.services import propose_responsibility
from bihuan.core.orgs.models import Party
from bihuan.supervision.rules.tables import RESPONSIBILITIES
from bihuan.supervision.selectors.lists import responsibilities
from bihuan.supervision.selectors.sheets import cells_of
from bihuan.supervision.services.lists.importing import Faulty, Import, Line, same_text
from bihuan.supervision.types import ListFilter, ResponsibilityRow


def take(lines: list[Line], work: Import) -> None:
    """Take every row; what is refused is in the report."""
    known = _known(work.ids(lines, "ZR"), work)
    work.each(
        lines, new=partial(_propose, work=work), known=partial(_compare, known=known, work=work)
    )


def _known(ids: tuple[int, ...], work: Import) -> dict[int, ResponsibilityRow]:
    if not ids:
        return {}
    page = responsibilities(by=work.by, at=work.at, wanted=ListFilter(ids=ids), size=len(ids))
    return {row.id: row for row in page.rows}


def _propose(line: Line, work: Import) -> str:
    pk = work.loop(line.get("subject"), "subject", "WT RW CD")
    post = work.post(line, "post_id", "post")
    parties = work.codes("party", Party.values)
    party = parties.get(plain(line.get("party")).casefold(), line.get("party"))
    same = Responsibility.objects.filter(
        obligation=pk, party=party, post=post, duty=line.get("duty")
    )
    if same.exists():
        return "unchanged"
    propose_responsibility(
        obligation_id=pk, party=party, post_id=post.pk, duty=line.get("duty"), by=work.by,
        at=work.at,
    )  # fmt: skip
    return "added"


def _compare(line: Line, known: dict[int, ResponsibilityRow], work: Import) -> str:
    pk, number = work.serial(line.get("number"), "number", "ZR")
    row = known.get(pk)
    if row is None or row.number != number:
        raise Faulty("number", line.get("number"), "responsibility.not_found")
    work.correct(line, "number", number)
    told = [cells_of(RESPONSIBILITIES, row, say) for say in work.says]
    for key in line.cells.keys() - {"number"}:
        if not same_text(line.get(key), (cells[key] for cells in told)):
            raise Faulty(key, line.get(key), "lists.read_only")
    return "unchanged"
