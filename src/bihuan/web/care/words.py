"""Words of isolation and care, and what its acts are called in the audit."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

ACTS = {
    "fever.take_in": _("登记发热患者"),
    "fever.triage": _("预检分诊"),
    "fever.test": _("登记发热检测"),
    "fever.offer": _("提出转诊"),
    "fever.sign": _("签收转诊"),
    "fever.refuse": _("拒收转诊"),
    "fever.close": _("结束发热就诊"),
    "institution.enter": _("纳入机构巡查"),
    "institution.check": _("登记机构检查"),
    "contact.handed": _("接收异地移交的接触者"),
    "reserve.enter": _("登记后备人员"),
    "reserve.mark": _("变更后备人员"),
    "reserve.target": _("设定后备目标"),
    "facility.register": _("登记隔离点或医院"),
    "facility.room": _("登记房间床位"),
    "facility.convert": _("床位转换完成"),
    "facility.proof": _("登记安全证明"),
    "facility.step": _("隔离点状态变更"),
    "ward.open": _("开立院感档案"),
    "ward.list": _("登记院感暴露人员"),
    "ward.review": _("复核院感档案"),
    "round.note": _("登记巡查"),
    "zone.add": _("划定分区"),
    "zone.rooms": _("房间归入分区"),
    "incident.report": _("登记隔离点事件"),
    "incident.answer": _("答复隔离点事件"),
    "incident.close": _("办结隔离点事件"),
    "worker.enter": _("登记工作人员"),
    "worker.pass": _("登记培训合格"),
    "worker.leave": _("工作人员离岗"),
    "shift.plan": _("排班"),
    "holding.count": _("盘点救治保障"),
    "tests.group": _("登记人员组"),
    "tests.note": _("登记工作人员检测"),
    "charge.open": _("纳入隔离救治"),
    "charge.decide": _("确定去处"),
    "charge.observe": _("登记观察"),
    "charge.close": _("出院或死亡"),
    "handover.offer": _("提出交接"),
    "handover.take": _("签收交接"),
    "handover.refuse": _("拒收交接"),
    "stay.extend": _("延长隔离"),
    "stay.release": _("到期解除隔离"),
    "need.file": _("提出诉求"),
    "need.answer": _("答复诉求"),
    "expert.call": _("请专家会诊"),
}
STEPS: dict[str, tuple[Words, str, str]] = {
    "": (_("未登记"), "wait", "clock"), "reserved": (_("储备"), "wait", "package"),
    "ready": (_("就绪"), "done", "circle-check"), "active": (_("启用中"), "work", "building-community"),
    "draining": (_("只出不进"), "warn", "arrow-right"), "cleaned": (_("已终末消毒"), "rest", "check"),
}  # fmt: skip
STEP_MOVES: dict[str, Words] = {
    "reserved": _("转为储备"), "ready": _("转为就绪"), "active": _("启用"),
    "draining": _("停止接收"), "cleaned": _("终末消毒完成"),
}  # fmt: skip
RESULTS: dict[str, Words] = {
    "": _("未检测"), "pending": _("待出结果"), "negative": _("阴性"), "positive": _("阳性"),
}  # fmt: skip
ENDS: dict[str, Words] = {"": _("在诊"), "home": _("离院回家"), "admitted": _("本院收治")}
FORMS: dict[str, Words] = {
    "announced": _("事先通知"), "unannounced": _("不打招呼"), "mystery": _("发热暗访"),
}  # fmt: skip
KINDS: dict[str, Words] = {"site": _("集中隔离点"), "hospital": _("定点医院")}
ROOMS: dict[str, Words] = {
    "single": _("单人间"), "family": _("家庭间"), "accessible": _("无障碍间"),
    "ordinary": _("普通床"), "negative": _("负压床"), "icu": _("重症床"),
}  # fmt: skip
NEEDS_FOR: dict[str, Words] = {
    "isolation": _("集中隔离"), "bed": _("住院"), "icu": _("重症"), "none": _("居家"),
}  # fmt: skip
SEVERITIES: dict[str, Words] = {
    "critical": _("危重型"), "severe": _("重型"), "common": _("普通型"), "mild": _("轻型"),
    "none": _("无症状"), "warning": _("评分预警"), "": "—",
}  # fmt: skip
OUTCOMES: dict[str, Words] = {
    "released": _("已解除"), "cured": _("治愈出院"), "died": _("死亡"), "": _("在管"),
}  # fmt: skip
RULES: dict[str, Words] = {"doctor": _("现行方案未规定,由医生决定"), "rule": _("按方案自动")}
