"""The words of this area: acts in the audit, roles, duties, invariants."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "account.open": _("开通账号"),
    "account.password": _("更改密码"),
    "account.recovery_code_used": _("使用恢复码"),
    "account.second_factor_off": _("关闭第二重验证"),
    "account.second_factor_on": _("启用第二重验证"),
    "account.sign_in": _("登录"),
    "org.found": _("设立机构"),
    "people.load": _("配备机构与人员"),
    "post.absence": _("登记外出"),
    "post.appoint": _("任命"),
    "post.end": _("撤销岗位"),
    "post.leave": _("免职"),
    "post.open": _("设立岗位"),
    "post.portfolio": _("调整分工"),
    "sector.give": _("指定行业主管部门"),
    "sector.take": _("取消行业主管部门"),
    "token.make": _("新建令牌"),
    "token.revoke": _("作废令牌"),
    "venue.cover": _("覆盖场所"),
    "venue.open": _("登记场所"),
    "duty_line.set": _("确定职责分工"),
}

ROLES = {
    "commander": _("主要负责人"),
    "deputy": _("分管领导"),
    "office": _("指挥部(安委会)办公室"),
    "department": _("部门"),
    "node": _("镇街社区"),
    "inspector": _("督导"),
    "unit": _("企事业单位"),
    "auditor": _("审计"),
    "admin": _("平台管理"),
}

DUTIES = {
    "audit.read": _("查看审计"),
    "consequence.decide": _("决定责任认定"),
    "directive.draft": _("起草指令"),
    "directive.issue": _("下达指令"),
    "evidence.add": _("添加证据"),
    "invariants.read": _("查看全库核对"),
    "loop.read": _("查看事项"),
    "people.manage": _("管理岗位与人员"),
    "personal.act": _("亲自办理"),
    "places.manage": _("管理行政区划"),
    "problem.accept": _("验收问题"),
    "problem.decide": _("决定问题"),
    "problem.do": _("整改问题"),
    "problem.find": _("发现问题"),
    "problem.grade": _("问题分级"),
    "relay.answer": _("签收分解"),
    "rules.read": _("查看规则"),
    "slot.sign": _("签字认领责任"),
    "stricter.consent": _("同意加码"),
    "supervise.plan": _("制定督查计划"),
    "supervise.visit": _("实地督查"),
    "task.accept": _("验收任务"),
    "task.assign": _("分派任务"),
    "task.do": _("办理任务"),
    "task.extend": _("延期与暂停"),
    "withdraw.confirm": _("批准撤回"),
}

MARKS = {
    "verified": _("已核对原文"),
    "reported": _("转引自其他来源"),
    "recalled": _("凭记忆编写,使用前须核对"),
    "default": _("系统默认,可由各地修改"),
}

INVARIANTS = {
    "known_state": _("每个事项都处在其流程的某个状态"),
    "no_orphan": _("每个未办结事项都有现存岗位承办"),
    "overdue_is_marked": _("到期一小时以上的事项都已标记逾期"),
    "four_eyes": _("没有人验收自己提交的事项"),
    "evidence": _("已提交或已销号的事项都有证据"),
    "interim": _("每个重大问题都有临时管控措施和责任岗位"),
    "gates": _("没有问题在“三不放过”未过时销号"),
    "problem_has_task": _("超过期限的问题都有整改任务"),
    "conservation": _("各地各级的计数与明细一致:新增=办结+撤回+在办"),
    "audit": _("审计链完整:没有改动、缺失、乱序"),
}
