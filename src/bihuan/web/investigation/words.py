"""Words of the investigation, and what its acts are called in the audit."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "list.take": _("导入病例一览表"),
    "list.undo": _("撤销导入"),
    "vault.withdraw": _("撤回身份信息"),
    "case.visited": _("登记到过的地方"),
    "case.source": _("认定传染源"),
    "case.interview": _("保存流调"),
    "screening.draw": _("建立应查名单"),
    "screening.fill": _("加入应查名单"),
    "screening.note": _("登记应查结果"),
    "cluster.open": _("开立聚集性疫情档案"),
    "cluster.step": _("办理清单项目"),
    "cluster.hypothesis": _("提出假设"),
    "cases.history": _("补录历史病例数"),
}
SURE = {
    "checked": _("已核定"), "likely": _("很可能"), "possible": _("可能"),
    "doubtful": _("存疑"), "": _("来源不明"),
}  # fmt: skip
REASONS = {
    "first_onset": _("发病最早"), "most_onward": _("引起的病例最多"), "onset_known": _("发病日期已知"),
}  # fmt: skip
LIST_STATES = {
    "draft": (_("待确认"), "wait", "file-text"), "broken_off": (_("未完成"), "warn", "player-play"),
    "taken": (_("已导入"), "done", "circle-check"), "undone": (_("已撤销"), "rest", "circle-x"),
}  # fmt: skip
