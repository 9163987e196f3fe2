"""The words for personal acts and for the invariants on the board."""

from django.utils.translation import gettext_lazy as _

ACT_KINDS = {
    "site_check": _("现场检查"),
    "sign_plan": _("签发方案"),
    "chair_review": _("主持研判会"),
    "open_major": _("重大隐患立案"),
}

# invariant: what holds, and what to do when it does not
INVARIANTS = {
    "known_state": _("每个事项都处在规定的状态"),
    "no_orphan": _("每个未办结事项都有在设的承办岗位"),
    "overdue_is_marked": _("到期未办的都已列入逾期"),
    "four_eyes": _("没有人验收自己提交的事项"),
    "evidence": _("提交和办结的事项都有证据"),
    "interim": _("重大问题都有临时措施和责任岗位"),
    "gates": _("销号的问题都过了三道关"),
    "problem_has_task": _("超过时限的问题都有整改任务"),
    "conservation": _("下达数 = 办结 + 撤回 + 未办结,处处守恒"),
    "audit": _("审计记录未被改动、缺失或调换"),
}
