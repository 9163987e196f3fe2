"""The words for the codes of situations and reports."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "figures.week": _("只公布最近 {weeks} 周的数字。"),
    "judgement.not_found": _("没有这份研判,或者您的岗位无权知道它。"),
    "judgement.empty": _("研判意见须写 10 到 {most} 字。"),
    "judgement.future": _("截至时间不能在将来。"),
    "judgement.signed": _("已经签发。要修改,请另写一版。"),
    "judgement.superseded": _("已有更新的版本,请签发最新一版。"),
    "judgement.same_person": _("撰写人不能签发自己的研判,须由第二人签发。"),
    "sitreport.not_found": _("没有这份报告,或者您的岗位无权知道它。"),
    "sitreport.kind": _("没有这种报告。"),
    "sitreport.incomplete": _("规则要求写明这些内容:{lacking}。"),
    "sitreport.open": _("事件尚未终止,不能结案。"),
    "sitreport.late": _("已迟 {minutes} 分钟。仍可报告,请写明原因。"),
}
