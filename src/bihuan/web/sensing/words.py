"""Words of key periods and people flows, and what their acts are called in the audit."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

ACTS = {
    "period.draw": _("制定重点时段方案"),
    "period.measure": _("修改方案措施"),
    "period.drop_measure": _("去掉方案措施"),
    "period.set": _("启用方案"),
    "period.open": _("任务按方案开始"),
    "period.lapse": _("措施到期失效"),
    "period.end": _("提前结束措施"),
    "task.lapse": _("到期失效"),
    "gate.register": _("登记卡口"),
    "gate.day": _("调整卡口当日能力"),
    "flow.fill": _("填报人流预报"),
}

# where a plan stands: words, icon
PHASES: dict[str, tuple[Words, str]] = {
    "draft": (_("草案,未启用"), "pencil"),
    "coming": (_("未到"), "calendar"),
    "lead": (_("提前期"), "calendar-due"),
    "during": (_("进行中"), "calendar-event"),
    "after": (_("节后,措施仍有效"), "calendar-event"),
    "off": (_("措施已全部失效"), "circle-check"),
}
OWN_DESK = _("综合协调岗")
OWN_PLACE = _("本级")
EVERY = _("每个%(level)s")
