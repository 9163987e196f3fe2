"""The words for what field work shows."""

from django.utils.translation import gettext_lazy as _

SEEN = {
    "name": _("名称"), "address": _("地址"), "code": _("证照编号"), "head": _("法定代表人"),
    "closed": _("已关闭"),
}  # fmt: skip
ANSWERS = {"fine": _("合格"), "gap": _("有隐患"), "absent": _("无此项")}
# What the app itself says; it takes the words along.
APP = {
    "todo": _("待检查"), "begun": _("进行中"), "waiting": _("已完成,待同步"), "taken": _("已送达"),
    "conflict": _("情况有变,待决定"), "filed": _("已留存"), "fault": _("未被接受"),
    "online": _("已同步"), "offline": _("没有网络,内容保存在本机"), "sending": _("正在同步"),
    "signed-out": _("请登录后同步"), "others": _("设备登记在他人名下"), "new": _("设备未登记"),
    "joint": _("联合检查"), "next": _("下一张检查表"), "finish": _("完成检查"),
    "revoked": _("设备已停用"), "unsent": _("还有检查没有送出,先同步"),
    "notmet": _("不符合:"),
}  # fmt: skip
KINDS = {
    "check": _("三按钮"), "select_one": _("单选"), "select_multiple": _("多选"),
    "text": _("文字"), "integer": _("整数"), "decimal": _("小数"), "date": _("日期"),
    "image": _("照片"), "note": _("说明"), "geopoint": _("位置"),
}  # fmt: skip
PHASES = {"start": _("动员部署"), "attack": _("集中攻坚"), "consolidate": _("巩固提升")}
PHASE_DEEDS = {"phase": _("阶段"), "topic": _("专题"), "measure": _("制度措施"),
               "hand_out": _("派发检查任务")}  # fmt: skip
