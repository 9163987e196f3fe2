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
    "venues.bring": _("导入场所清单"),
    "duty_line.set": _("确定职责分工"),
}

ROLES = {
    "commander": _("主要负责人"),
    "deputy": _("分管领导"),
    "office": _("指挥部(安委会)办公室"),
    "department": _("部门"),
    "node": _("镇街社区"),
    "inspector": _("督导"),
    "epidemiology": _("疾控机构"),
    "sentinel": _("监测哨点"),
    "care": _("隔离点、定点医院"),
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
    "gate.keep": _("保管本单位在册工号和门岗"),
    "flow.read": _("查看人流预报"),
    "flow.write": _("填报人流预报"),
    "invariants.read": _("查看全库核对"),
    "loop.read": _("查看事项"),
    "people.manage": _("管理岗位与人员"),
    "period.plan": _("制定重点时段方案"),
    "period.read": _("查看重点时段方案"),
    "personal.act": _("亲自办理"),
    "places.manage": _("管理行政区划"),
    "problem.accept": _("验收问题"),
    "problem.decide": _("决定问题"),
    "problem.do": _("整改问题"),
    "fever.do": _("发热首诊"),
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
    "sensing.read": _("查看监测预警"),
    "sensing.manage": _("管理哨点"),
    "sensing.report": _("哨点报数"),
    "signal.verify": _("核实信号"),
    "epidemic.read": _("查看疫情数据与措施"),
    "case.read": _("查看病例档案"),
    "case.write": _("登记与调查病例"),
    "case.report": _("报告病例"),
    "contact.do": _("接触者管理"),
    "care.read": _("查看隔离与救治数据"),
    "care.manage": _("管理隔离点与医院"),
    "care.place": _("安排隔离与救治"),
    "care.do": _("本隔离点、本医院的照护"),
    "care.take": _("签收交接"),
    "care.answer": _("答复照护诉求和会诊"),
    "order.draft": _("起草控制措施"),
    "order.sign": _("签发控制措施"),
    "vault.read": _("按用途查阅身份信息"),
    "vault.break_glass": _("紧急查阅身份信息"),
    "vault.review": _("复核紧急查阅"),
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

SOURCES = {
    "Bihuan default": _("本系统默认值,由各地自行修改"),
    "Bihuan defaults, for each site to edit": _("本系统默认值,由各地自行修改"),
    "Bihuan defaults, for each site to edit; sectors as named by provincial meetings of 2022":
        _("本系统默认值,由各地自行修改;行业名称取自 2022 年省级会议"),
    "凭记忆编写,使用前请核对原文": _("凭记忆编写,使用前请核对原文"),
    "防控方案及地方流调规程(转述)": _("防控方案及地方流调规程(转述)"),
    "见各条;未核对原文者标注为“转述”": _("见各条;未核对原文者标注为“转述”"),
    "见各条;切分点各地不同,须由各地核定": _("见各条;切分点各地不同,须由各地核定"),
    "见各表;条目由本系统改写,未逐条核对原文": _("见各表;条目由本系统改写,未逐条核对原文"),
}  # fmt: skip
"""Our own remarks in the place of a source; laws and papers keep the name they have."""

HEADS = {
    "key": _("代码"), "title": _("名称"), "title_en": _("英文名称"), "source": _("来源"),
    "mark": _("可信程度"), "article": _("条款"),
}  # fmt: skip
"""Columns that most tables of a pack have."""
