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
    "hazard.undertake": _("五落实"),
    "hazard.recheck": _("复查"),
    "hazard.step": _("决定法律步骤"),
    "stop_order.issue": _("下达停产停业指令"),
    "stop_order.check": _("复工检查"),
    "stop_order.sign": _("复工签字"),
    "stop_order.lift": _("解除指令"),
    "listing.open": _("挂牌督办"),
    "listing.publish": _("公示督办"),
    "listing.ask": _("申请督办延期"),
    "listing.decide": _("决定督办延期"),
    "listing.remove": _("摘牌"),
    "tip.pay": _("发放举报奖励"),
    "tip.answer": _("答复举报"),
    "risk.object": _("登记风险对象"),
    "risk.event": _("风险分级"),
    "risk.measure": _("登记管控措施"),
    "risk.fail": _("管控措施失效"),
    "risk.restore": _("管控措施恢复"),
    "inspection.checklist": _("编写检查表"),
    "inspection.begin": _("开始检查"),
    "inspection.answer": _("填写检查项"),
    "inspection.end": _("结束检查"),
    "campaign.open": _("开展大排查"),
    "campaign.hand_out": _("派发检查任务"),
    "campaign.end": _("结束大排查"),
    "exchange.import": _("导入双重预防记录"),
    "permit.ask": _("申请复工或改用"),
    "permit.check": _("检查复工条件"),
    "permit.trained": _("登记培训"),
    "permit.grant": _("批准复工或改用"),
    "attention.denominator": _("登记事故率的分母"),
    "attention.allowance": _("设定年度控制指标"),
    "attention.day": _("登记风险日"),
    "sensor.register": _("登记监测点"),
    "alarm.acknowledge": _("确认报警"),
    "alarm.shutdown": _("切断记录"),
    "writ.issue": _("出具文书"),
    "accident.call": _("接报事故"),
    "accident.figure": _("登记伤亡损失"),
    "accident.correct": _("更正事故"),
    "accident.report": _("上报事故"),
    "accident.false": _("认定谎报"),
    "accident.phone": _("登记电话"),
    "accident.read_back": _("对照责任书"),
    "accident.lesson": _("吸取教训"),
    "road.crashes": _("登记伤人事故"),
    "road.import": _("导入伤人事故"),
    "road.officer": _("指定管路人员"),
    "road.limit": _("下达临时限速"),
    "operation.note": _("登记危险作业"),
    "operation.plan": _("写明专项施工方案"),
    "operation.sign": _("签字专项施工方案"),
    "operation.begin": _("开始危险作业"),
    "operation.end": _("危险作业完成"),
}

COMMITMENTS = {
    "measures": _("整改措施"), "funds": _("资金"), "charged_id": _("责任人岗位"),
    "finish_by": _("时限"), "plan": _("应急预案"),
}  # fmt: skip

REPORT_STATES = {
    "waiting": (_("待报"), "wait", "clock-hour-4"),
    "missing": (_("漏报"), "warn", "alert-triangle"),
    "on_time": (_("按时"), "done", "circle-check"),
    "late": (_("迟报"), "warn", "clock-exclamation"),
    "false": (_("谎报"), "warn", "alert-octagon"),
}
LEVELS = {
    "unit": _("单位"), "township": _("镇(街)"), "county": _("县(市、区)"), "city": _("市"),
    "province": _("省"), "nation": _("国务院部门"),
}  # fmt: skip
RATES = {
    "inspections": _("检查"), "hazards": _("隐患上报"), "near_misses": _("未遂事件报告"),
}  # fmt: skip
REPORT_KINDS = {"first": _("初报"), "progress": _("续报"), "final": _("终报")}
STAGES = {
    "unsigned": (_("方案待签字"), "warn", "signature"),
    "ready": (_("可以开始"), "ask", "circle-check"),
    "under_way": (_("作业中"), "work", "progress"),
    "stopped": (_("已叫停"), "warn", "player-stop"),
    "ended": (_("已完成"), "done", "circle-check"),
}
