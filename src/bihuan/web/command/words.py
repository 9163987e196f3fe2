"""The words for the acts of command work, for stages, missing steps, outcomes and repairs."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "directive.issue": _("签发指令"),
    "directive.send": _("下达指令"),
    "directive.copy": _("抄送中间各级"),
    "directive.read": _("阅知指令"),
    "meeting.record": _("记录会议"),
    "plenary.call": _("召集全体会议"),
    "plenary.roll": _("全体会议点名"),
    "plenary.hold": _("召开全体会议"),
    "plenary.explain": _("说明逾期要求"),
    "plenary.close": _("全体会议闭会"),
    "relay.map": _("分解为本地任务"),
    "relay.none_here": _("说明本地不涉及"),
    "stricter.consent": _("同意从严措施"),
}

# stage of a directive, or of a node in its cascade: words, tone, icon
STAGES = {
    "sending": (_("正在下达"), "wait", "hourglass"),
    "open": (_("办理中"), "work", "progress"),
    "done": (_("已办结"), "done", "circle-check"),
    "direct": (_("仅直达任务"), "work", "urgent"),
    "none": (_("未到达"), "warn", "circle-dashed"),
}

# a plenary session: words, tone, icon
SESSIONS = {
    "called": (_("已召集"), "wait", "hourglass"),
    "held": (_("已召开,未闭会"), "work", "progress"),
    "closed": (_("已闭会"), "done", "circle-check"),
}

MISSING = {
    "reached": _("未到达"),
    "acknowledged": _("未签收"),
    "planned": _("未分解"),
    "proven": _("未举证"),
}

OUTCOMES = {
    "tasks": _("已有本地任务"),
    "none_here": _("本地不涉及"),
    "direct": _("已直达,无须分解"),
    "missing": _("还没有回应"),
}

STRICTER = {
    "waiting": _("待上级同意"),
    "consented": _("上级已同意"),
    "lapsed": _("已失效:上级未在时限内同意"),
    "ended": _("已到截止日"),
}

# what a reader repaired, by the beginning of the kind; "" is any other
REPAIRS = {
    "": _("修复"),
    "pinyin": _("去掉注音"),
    "traditional": _("繁体转简体"),
    "slip": _("改正错字"),
    "comma": _("标点"),
    "brand": _("去掉网站名称"),
    "dropped": _("去掉与正文无关的内容"),
    "dropped.navigation": _("去掉导航"),
    "dropped.spam": _("去掉广告"),
    "dropped.contact": _("去掉联系方式"),
}

# the counters of a frozen situation report
BUCKETS = {
    "open": _("办理中"),
    "submitted": _("待验收"),
    "overdue": _("逾期未办结"),
    "closed": _("按期办结"),
    "late": _("逾期办结"),
    "withdrawn": _("已撤回"),
}

# light: words, tone (never without its words), icon
LIGHTS = {
    "green": (_("绿灯:在目标内"), "done", "circle-check"),
    "amber": (_("黄灯:接近目标"), "ask", "alert-triangle"),
    "red": (_("红灯:已突破"), "warn", "alert-octagon"),
    "undefined": (_("未定义"), "rest", "question-mark"),
}
UNDEFINED = {
    "rule": _("没有判断办法"), "figure": _("没有数字可比"), "post": _("没有责任岗位"),
    "report": _("责任岗位还没有填报"), "stale": _("填报已过期"),
}  # fmt: skip
