"""The words for the error codes of command work. Each says what is wrong and how to mend it."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "directive.not_found": _("没有这份指令,或者您的岗位无权知道它。"),
    "directive.no_title": _("请填写指令标题。"),
    "directive.no_demand": _("没有可下达的要求。请至少采用一条需要办理的要求。"),
    "directive.nobody": _("没有人承办。请选择下级地方,或为要求指定责任岗位。"),
    "directive.not_child": _("只能下达到直接下级地方。"),
    "directive.relay_state": _("{number} 现在不能分解:请先签收;已办结的不能再改。"),
    "demand.not_found": _("没有这条要求,或者您的岗位无权知道它。"),
    "demand.not_direct_level": _("第 {ordinal} 条:不能直达这一级。"),
    "demand.no_criterion": _("第 {ordinal} 条“{title}”没有验收标准,不能成为任务。请先补上。"),
    "demand.owner_outside": _("第 {ordinal} 条的责任岗位不在您的管辖范围。"),
    "demand.upper_foreign": _("第 {ordinal} 条所落实的上级要求不在这份上级指令里。"),
    "meeting.not_found": _("没有这次会议的记录,或者您的岗位无权查看。"),
    "meeting.no_title": _("请填写会议名称。"),
    "meeting.form": _("请选择会议形式和各分会场的接入方式。"),
    "meeting.future": _("召开时间不能晚于现在。"),
    "meeting.body": _("只能选择本地的机构。"),
    "relay.not_found": _("没有这项传达分解,或者您的岗位无权知道它。"),
    "relay.no_reason": _("请写明为什么本地不涉及这条要求。"),
    "relay.has_tasks": _("第 {ordinal} 条已有本地任务,不能再说本地不涉及。"),
    "stricter.not_found": _("没有这条从严措施,或者它不归您的岗位决定。"),
    "stricter.lapsed": _("同意的时限已过({until}),从严措施已失效。"),
    "stricter.no_reason": _("请写明为什么要严于上级。"),
    "stricter.no_end": _("请写明从严措施的截止日。"),
    "reach.step": _("没有这一级或这一步。请从指令页面重新打开。"),
}
