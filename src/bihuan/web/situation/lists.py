"""The columns of the table beside the map."""

from django.utils.translation import gettext_lazy as _

from bihuan.web.situation.picture import Line
from bihuan.web.table import Column

CHILD_COLUMNS: tuple[Column[Line], ...] = (
    Column(_("代码"), lambda line: line.tally.code),
    Column(_("地方"), lambda line: line.tally.name),
    Column(_("比率"), lambda line: line.share),
    Column(_("未办结"), lambda line: line.tally.active),
    Column(_("已逾期"), lambda line: line.tally.overdue),
    Column(_("已办结"), lambda line: line.done),
    Column(_("逾期办结"), lambda line: line.tally.late),
)
