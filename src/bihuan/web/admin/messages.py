"""The words for the error codes of people, posts and bodies."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "absence.incomplete": _("请写明外出的起止时间和事由,且结束晚于开始。"),
    "account.exists": _("用户名 {username} 已被使用,或者此人已有账号。"),
    "account.password": _("密码不合要求:{reasons}"),
    "account.username": _("请填写用户名。"),
    "org.body_exists": _("{place} 已有这类领导小组(指挥部)或安委会;一个机构可有两个名称。"),
    "org.incomplete": _("请填写机构名称并选择类别。"),
    "org.not_found": _("没有这个机构,或者它已撤销。"),
    "person.incomplete": _("请填写姓名。"),
    "place.not_found": _("没有这个地方,或者不在您的管理范围之内。"),
    "pack.unknown": _("没有规则包“{ref}”。"),
    "places.no_polygon": _("不是多边形"),
    "places.ambiguous": _("名称对应多个地方,请用代码"),
    "post.admin_by_admin": _("平台管理员岗位只能由平台管理员设立。"),
    "post.desk_exists": _("{place} 已有一个接收岗位。"),
    "post.held": _("“{post}”仍有人在任,请先免去。"),
    "post.incomplete": _("请填写岗位名称并选择类型。"),
    "post.own_leader": _("岗位不能以自己为上级。"),
    "post.owes": _("“{post}”还有 {open} 项未办结,请先移交。"),
    "second_factor.unreadable": _("第二重验证无法读取(站点密钥已更换)。请联系管理员重置。"),
    "sign_in.no_such_demo_account": _("没有这个演示账号。"),
    "tenure.ends_before_start": _("免职时间必须晚于任职时间。"),
    "tenure.not_found": _("没有这条任职,或者它已结束。"),
    "tenure.overlaps": _("“{post}”在这段时间已有人任职。一岗一人,请先免去。"),
    "token.expiry": _("有效期须在将来,且最长 {longest_days} 天。"),
    "token.invalid": _("令牌无效、已作废或已过期。"),
    "token.name": _("请写明令牌的用途。"),
    "token.not_found": _("没有这个令牌。"),
    "token.scopes": _("请至少选择一项权限。"),
}
