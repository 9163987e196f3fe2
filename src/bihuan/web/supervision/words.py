"""The words for acts and outcomes of supervision."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "plan.draw_up": _("制定督导计划"),
    "plan.record": _("记录检查结果"),
    "team.form": _("组建督查组"),
    "visit.plan": _("安排督查"),
    "visit.begin": _("开始督查"),
    "visit.answer": _("回答环节"),
    "visit.end": _("结束督查"),
    "visit.comment": _("被查方说明"),
    "round.draw": _("排定交叉检查"),
    "external.load": _("载入反馈问题"),
    "external.answer": _("答复反馈问题"),
    "external.accept": _("登记交办方验收"),
    "register.compare": _("比对名册"),
    "candidate.decide": _("认定盲区对象"),
    "checklist.set": _("设置检查清单"),
    "checklist.answer": _("回答检查步骤"),
    "checklist.approve": _("同意例外"),
    "form.write": _("制定报表"),
    "figure.ask": _("布置填报"),
    "figure.fill": _("填报"),
}

# the five parts of the grade, and their marks
PARTS = {
    "strict": _("严"), "fast": _("快"), "tight": _("紧"), "solid": _("实"), "fine": _("细"),
}  # fmt: skip
PART_NOTES = {
    "strict": _("标准无例外"), "fast": _("限时内完成"), "tight": _("不间断"),
    "solid": _("证据过硬"), "fine": _("步骤全答"),
}  # fmt: skip
MARKS = {
    "pass": (_("达到"), "circle-check"),
    "fail": (_("未达到"), "circle-x"),
    "none": (_("未作要求"), "minus"),
}

BANDS = {
    "full": _("全覆盖"), "most": _("八成以上"), "half": _("四成以上"), "little": _("不足四成"),
    "none": _("未开展"),
}  # fmt: skip

VISIT_STATES = {
    "planned": (_("待开始"), "wait", "calendar-event"),
    "under_way": (_("进行中"), "work", "progress"),
    "ended": (_("已结束"), "done", "circle-check"),
}
ITEM_STATES = {
    "open": (_("待答复"), "work", "tool"),
    "answered": (_("已答复"), "ask", "send"),
    "closed": (_("交办方已验收"), "done", "circle-check"),
}
