"""The words for the codes of this area."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "loop.ended": _("{number} 已办结,不能再添加证据。"),
    "evidence.files_refused": _("有文件不能接收,全部没有保存。请按提示更换后一起再传。"),
    "evidence.not_found": _("没有这份证据,或者您的岗位无权查看。"),
    "bulk.nothing": _("没有选择任何事项。请先勾选。"),
    "number.unknown": _("没有编号为 {number} 的事项,或者您的岗位无权知道它。"),
}
