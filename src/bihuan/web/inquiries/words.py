"""Words of co-investigation and of peers."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "question.draft": _("起草协查"), "question.approve": _("批准协查"),
    "question.take": _("收到协查"), "question.answer": _("答复协查"),
    "question.answered": _("收到答复"), "question.expire": _("删除到期协查"),
    "transfer.offer": _("移交人员"), "transfer.offered": _("收到移交"),
    "transfer.accept": _("接收移交"), "transfer.decline": _("不接收移交"),
    "transfer.release": _("移交完成"), "transfer.take": _("接手管理"),
    "peer.add": _("登记对接单位"), "peer.confirm": _("确认对接单位"),
    "peer.suspend": _("暂停对接单位"), "peer.change_key": _("更换密钥"),
    "peer.new_key": _("对接单位更换密钥"), "line.refuse": _("拒收对接信息"),
}  # fmt: skip
SIDES = {"county": _("疾控"), "community": _("社区"), "police": _("公安"), "telecom": _("通管")}
OUTCOMES = {"answered": _("已答复"), "cannot": _("无法答复"), "refused": _("拒绝")}
STATES = {
    "drafted": (_("待批准"), "wait", "signature"), "sent": (_("待答复"), "work", "send"),
    "answered": (_("已答复"), "done", "check"), "cannot": (_("无法答复"), "warn", "circle-x"),
    "refused": (_("已拒绝"), "warn", "circle-x"), "expired": (_("已删除"), "rest", "clock"),
}  # fmt: skip
