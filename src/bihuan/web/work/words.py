"""The words for acts, news, evidence, parties and fields that loops speak of."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "problem.propose": _("提出责任认定"),
    "responsibility.propose": _("提出责任认定"),
    "responsibility.reply": _("申辩"),
    "responsibility.decide": _("决定责任认定"),
    "slot.set": _("确定责任人"),
    "slot.sign": _("签字认领"),
    "act.personal": _("主要负责人亲自办理"),
}

# news: words, icon
NEWS = {
    "task.issued": (_("交办给您的任务"), "inbox"),
    "task.lapsed": (_("时段结束,任务到期失效"), "ban"),
    "relay.issued": (_("请传达分解"), "inbox"),
    "problem.issued": (_("交办给您的问题"), "inbox"),
    "signal.issued": (_("监测信号,请核实"), "activity"),
    "inquiry.issued": (_("流调任务"), "route"),
    "need.issued": (_("照护诉求,请答复"), "message"),
    "problem.found": (_("发现问题,请登记整改"), "alert-circle"),
    "problem.to_verify": (_("整改任务全部办结,请验收问题"), "clipboard-check"),
    "problem.remeasure": (_("复测日期已到,请填写新的指标值"), "gauge"),
    "task.unfinished": (_("检查清单有未答步骤,任务已退回"), "arrow-back-up"),
    "visit.announced": (_("督查组将来检查"), "calendar-event"),
    "visit.begun": (_("督查已开始"), "report-search"),
    "relay.copy": (_("直达下级的要求,抄送给您"), "copy"),
    "request.issued": (_("下级请示,请答复或转报"), "message"),
    "request.copy": (_("下级直接向上请示,抄送给您"), "copy"),
    "request.answered": (_("您的请示已有答复,请确认"), "message"),
    "alarm.escalated": (_("监测报警无人确认"), "bell-ringing"),
    "writ.issued": (_("收到文书"), "file-text"),
    "joint.offered": (_("提出合并检查"), "users"),
    "joint.agreed": (_("同意合并检查"), "users"),
    "joint.parted": (_("合并检查已分开"), "users"),
    "stop_order.issued": (_("停产停业指令"), "player-stop"),
    "accident.class": (_("事故等级变化,请续报"), "urgent"),
    "count.closed": (_("现场人数达到上限,停止入场"), "ban"),
    "count.stopped": (_("现场计数超过上限,已停止"), "ban"),
    "overdue": (_("已逾期"), "alert-triangle"),
    "escalated": (_("下属事项逾期,已上报到您"), "alert-triangle"),
    "responsibility.proposed": (_("拟认定您的责任,您有 3 日申辩期"), "scale"),
    "responsibility.decided": (_("责任认定已决定"), "gavel"),
}

EVIDENCE = {
    "photo": (_("照片"), "photo"),
    "document": (_("文件"), "file-text"),
    "reading": (_("读数"), "gauge"),
    "countersign": (_("会签"), "signature"),
    "statement": (_("情况说明"), "message"),
}

# where a problem comes from
ORIGINS = {
    "self": _("自查"),
    "visit": _("督查"),
    "cross": _("交叉检查"),
    "tip": _("群众反映"),
    "inspection": _("执法检查"),
    "external": _("上级或外部交办"),
    "import": _("清单导入"),
}

MARKS = {
    "verified": _("已核对原文"),
    "reported": _("转引自其他来源"),
    "recalled": _("凭记忆编写,使用前须核对"),
    "default": _("本系统默认值,可由各地修改"),
}

# how far overdue work has climbed
RUNGS = {
    0: _("尚未上报"),
    1: _("已报分管领导"),
    2: _("已报主要负责人"),
    3: _("已报上一级"),
    4: _("已再次报上一级"),
}

# the ladder of consequences; above the reminder nothing happens by itself
STEPS = {
    "notice": _("通报"),
    "talk": _("约谈"),
    "referral": _("移交有权机关"),
}
