"""The words for acts and figures of work safety."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "catalogue.load": _("载入行业与类别"),
    "sector.add": _("新增行业"),
    "kind.save": _("保存类别"),
    "establishment.register": _("登记场所"),
    "establishment.change": _("更改场所"),
    "establishment.survey": _("摸排风险"),
    "establishment.import": _("导入场所"),
    "statement.draw": _("拟定责任书"),
    "statement.sign": _("签订责任书"),
    "count.report": _("现场计数"),
}
