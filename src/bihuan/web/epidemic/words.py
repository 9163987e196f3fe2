"""Words of the epidemic side, and what its acts are called in the audit."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

ACTS = {
    "vault.enrol": _("登记身份信息"),
    "vault.read": _("查阅身份信息"),
    "vault.break_glass": _("紧急查阅身份信息"),
    "vault.review": _("复核紧急查阅"),
    "vault.find": _("检索身份信息"),
    "vault.forget": _("到期删除身份信息"),
    "vault.destroy": _("销毁身份信息密钥"),
    "sentinel.register": _("登记哨点"),
    "sentinel.report": _("哨点报数"),
    "sentinel.visit": _("登记病例就诊"),
    "event.open": _("开立事件"),
    "event.close": _("结束事件"),
    "case.report": _("报告病例"),
    "case.classify": _("病例分类"),
    "case.merge": _("合并病例"),
    "case.split": _("撤销合并"),
    "case.care": _("登记隔离治疗"),
    "contact.name": _("登记接触者"),
    "contact.again": _("再次接触"),
    "contact.reach": _("联系到接触者"),
    "contact.place": _("开始管理"),
    "contact.check": _("每日监测"),
    "contact.became_case": _("转为病例"),
    "edition.switch": _("按新版重算"),
    "epidemic.forget": _("到期删除病例记录"),
    "order.draft": _("起草措施"),
    "order.sign": _("签发措施"),
    "order.outline": _("划定边界"),
    "order.lift": _("提前解除"),
    "appeal.answer": _("答复申诉"),
    "node_plan.open": _("建立防治计划"),
    "node_plan.targets": _("填写防治目标"),
    "node_plan.submit": _("报审防治计划"),
    "node_plan.decide": _("审定防治计划"),
    "defence.draw": _("划定排查防线"),
    "defence.count": _("登记防线查出"),
    "defence.leak": _("登记漏检"),
    "defence.explain": _("写明漏检原因"),
    "spill.owe": _("应发外溢通报"),
    "spill.send": _("发出外溢通报"),
    "spill.take": _("收到外溢通报"),
    "spill.acknowledge": _("签收外溢通报"),
    "spill.case": _("关联外溢病例"),
}
STAGES = {  # the seven of the seed: what, from when, until when
    "response": (_("应急响应"), _("事件开立"), _("首项措施签发")),
    "report": (_("信息报送"), _("诊断"), _("报告")),
    "investigation": (_("开展流调"), _("组队"), _("核心信息填齐")),
    "test": (_("核酸检测"), _("发热患者到院"), _("采样并出结果")),
    "care": (_("隔离救治"), _("报告"), _("隔离并治疗")),
    "region": (_("区域协查"), _("协查发出"), _("答复")),
    "vaccination": (_("疫苗接种"), _("还没有计时"), _("还没有计时")),
}
PLAN_STATES = {
    "draft": (_("草拟中"), "wait", "edit"), "returned": (_("已退回"), "warn", "refresh"),
    "submitted": (_("待审定"), "work", "send"), "accepted": (_("已审定"), "done", "signature"),
}  # fmt: skip
SIDES = {"prevention": _("预防"), "treatment": _("救治")}
SPILL_STATES = {
    "owed": (_("待通报"), "wait", "send"), "late": (_("缺通报"), "warn", "alert-triangle"),
    "sent": (_("已通报,待签收"), "work", "send"), "more": (_("有新增,待补报"), "wait", "refresh"),
    "received": (_("已签收"), "done", "signature"),
}  # fmt: skip
STAYS: dict[str, Words] = {
    "central_isolation": _("集中隔离"), "home_isolation": _("居家隔离"),
    "home_monitoring": _("居家健康监测"), "mosquito_proof": _("防蚊隔离"),
    "designated_hospital": _("定点医院"), "": "—",
}  # fmt: skip
CONTACT_STATES = {
    "named": (_("待联系"), "wait", "phone"), "reached": (_("已联系"), "work", "check"),
    "placed": (_("管理中"), "work", "home"), "released": (_("已解除"), "done", "circle-check"),
    "became_case": (_("转为病例"), "warn", "virus"), "listed": (_("仅登记"), "rest", "list"),
}  # fmt: skip
TO_DO = {
    "": _("全部在管"), "check": _("今日待监测"), "reach": _("待联系"), "place": _("逾期未落实"),
}  # fmt: skip
ORDER_STATES = {
    "draft": (_("待签发"), "wait", "signature"), "in_force": (_("生效中"), "work", "ban"),
    "lapsed": (_("已到期"), "done", "circle-check"), "lifted": (_("已解除"), "done", "circle-x"),
}  # fmt: skip
SERVICES = {
    "food": _("食品供应"), "medicine": _("药品供应"), "urgent_care": _("急诊就医"),
    "help_line": _("求助热线"), "wages": _("工资保障"), "lessons": _("教学安排"),
    "notice": _("事先告知"), "results": _("结果反馈"),
}  # fmt: skip
UNITS = {
    "household": _("住户"), "floor": _("楼层"), "unit_entrance": _("单元"), "building": _("楼栋"),
    "compound": _("小区"), "village": _("村"), "township": _("镇街"), "county": _("县区"),
    "class": _("班级"), "ward": _("病区"), "radius": _("半径"),
}  # fmt: skip
FIELDS = {
    "name": _("姓名"), "id_number": _("证件号码"), "phone": _("电话"), "address": _("住址"),
    "born": _("出生日期"), "sex": _("性别"), "guardian_phone": _("监护人电话"),
}  # fmt: skip
PARAMETERS = {
    "threshold": _("阈值"), "percentile": _("百分位"), "min_cases": _("最少例数"),
}  # fmt: skip
METHODS = {"single": _("单例即报"), "percentile": _("历史百分位")}  # others go by their own names
VARIABLES = {
    "kind": _("分类"), "origin": _("感染来源"), "found_in": _("发现方式"), "age_band": _("年龄组"),
    "place": _("居住地"), "known": _("此前是否接触者"),
}  # fmt: skip
CURVE_VALUES = {"yes": _("是"), "no": _("否"), "other": _("其他"), "": _("不详")}
RULE_TABLES: dict[str, Words] = {
    "value": _("数值"), "clock": _("时限"), "plan": _("管理办法"), "zone": _("分级"),
    "lint": _("禁止事项"), "case_class": _("病例分类"), "criterion": _("判定项"),
    "exposure": _("接触方式"), "severity": _("轻重"), "care": _("收治"), "question": _("流调问题"),
    "cluster_task": _("聚集清单"), "cluster_outcome": _("聚集结论"),
}  # fmt: skip
RULE_FIELDS: dict[str, Words] = {
    "value": _("取值"), "segments": _("怎样管、管多久"), "anchor": _("从哪天起算"),
    "top_up": _("补做错过的检测"), "units": _("允许的单元"), "lift_days": _("无新增几天解除"),
    "lift_days_after_higher": _("上一级解除后几天解除"), "then": _("之后降为"),
    "round_day": _("解除前检测第几天"), "rank": _("级别"), "measures": _("措施"),
    "check": _("核对什么"), "level": _("违反的后果"), "hours": _("小时"), "any": _("条件"),
    "gives": _("按何种办法管理"), "to": _("收治去处"), "when": _("条件"), "risk": _("风险"),
    "radius_m": _("半径(米)"), "index_below": _("媒介指数低于"), "group": _("分组"),
    "options": _("选项"), "kind": _("类型"), "starts": _("从何时起算"),
    "working_days": _("工作日"), "measure": _("单位"), "all": _("并且都有"), "none": _("并且都没有"),
    "counts": _("至少几项"), "epi": _("流行病学史"), "clinical": _("临床表现"),
}  # fmt: skip
RULE_WORDS: dict[str, Words] = {
    "last_exposure": _("末次接触"), "left_area": _("离开该地"), "entry": _("入境"),
    "block": _("不得签发"), "warn": _("提示"), "mass_testing": _("全员检测"),
    "everybody": _("全员"), "delimited": _("划定区域"), "person": _("追踪接触者"),
    "vector": _("按媒介划半径"), "none": _("不追踪接触者"), "discharge": _("出院"),
    "lab": _("实验室检测"),
}  # fmt: skip
LINTS = {
    "template.end": _("缺少结束时间"), "template.help_line": _("缺少求助热线"),
}  # fmt: skip
