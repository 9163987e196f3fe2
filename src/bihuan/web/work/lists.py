"""Lists of loops as files: their columns, and every page of what is shown."""

from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.models import Domain
from bihuan.core.loops.types import LoopPage, LoopRow
from bihuan.web.table import Column, exported
from bihuan.web.words import FLOWS, STATES

COLUMNS: tuple[Column[LoopRow], ...] = (
    Column(_("编号"), lambda row: row.number),
    Column(_("类别"), lambda row: FLOWS[row.flow]),
    Column(_("标题"), lambda row: row.title),
    Column(_("领域"), lambda row: Domain(row.domain).label),
    Column(_("地方"), lambda row: row.place),
    Column(_("承办岗位"), lambda row: row.owner),
    Column(_("交办单位"), lambda row: row.issuer),
    Column(_("状态"), lambda row: STATES[row.state][0]),
    Column(_("期限"), lambda row: row.due_at),
    Column(_("是否逾期"), lambda row: _("逾期") if row.overdue else ""),
    Column(_("退回次数"), lambda row: row.returns),
)
CHUNK = 1_000  # rows fetched at a time for a file


def every_row(fetch: Callable[[str], LoopPage]) -> Iterator[LoopRow]:
    """All rows of a list, page by page: never more than one page in memory here."""
    after = ""
    while True:
        page = fetch(after)
        yield from page.rows
        if not page.after:
            return
        after = page.after


def as_file(request: HttpRequest, name: str, fetch: Callable[[str], LoopPage]) -> HttpResponse:
    """The whole list under its present filter, as CSV or XLSX."""
    return exported(request, name=name, columns=COLUMNS, rows=every_row(fetch))
