"""The words for the codes of field work: what is wrong and how to mend it."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "field.no_device": _("这台设备还没有登记。请联网打开现场检查并登记。"),
    "field.revoked": _("这台设备已被停用,本机内容已清除。"),
    "field.others": _("这台设备登记在 {name} 名下,请用该账号登录。"),
    "field.name": _("请给这台设备起个名字。"),
    "field.device_not_found": _("没有这台设备,或者不由您管理。"),
    "field.device_revoked": _("“{name}”已经停用。"),
    "field.malformed": _("送来的内容缺少“{field}”或格式不对。内容仍在设备上。"),
    "field.part": _("照片分段的大小或位置不对。"),
    "field.key_reused": _("同一编号下已有另一份内容。"),
    "field.photos_missing": _("还有照片没有传完,请再次同步。"),
    "field.not_found": _("没有这份现场记录,或者不由您的单位决定。"),
    "field.decided": _("已经决定。"),
    "inspection.constraint": _("“{name}”的答案不符合限定条件。"),
    "xlsform.no_survey": _("没有 survey 表,或者表里没有题目。"),
    "xlsform.missing": _("这一格必须填写。"),
    "xlsform.type": _(
        "不支持这种题型。可用:select_one、select_multiple、text、integer、decimal、date、image、"
        "note、geopoint、begin_group、end_group。"
    ),
    "xlsform.name": _("name 须以字母或下划线开头,只含字母、数字、下划线、点和连字符,最长 40 字。"),
    "xlsform.twice": _("同名已经用过。"),
    "xlsform.no_list": _("choices 表里没有选项组“{name}”。"),
    "xlsform.gap": _("gap 须是这道题的一个选项。"),
    "xlsform.expression": _(
        "看不懂表达式的“{part}”。可用比较、and、or、not()、selected() 和已有题目。"
    ),
    "xlsform.no_group": _("没有与之对应的 begin_group。"),
    "xlsform.open_group": _("这个 begin_group 没有 end_group。"),
    "xlsform.too_many": _("检查项过多,最多 {most} 项。"),
    "inspection_plan.not_found": _("没有这个检查计划,或者您的岗位无权知道它。"),
    "inspection_plan.wrong": _("请写明名称;从今天起,结束不早于开始;次数在 1 到 {most} 之间。"),
    "inspection_plan.no_places": _("辖区内没有可检查的场所,或者相应行业还没有检查表。"),
    "staffing.figures": _("人数不能小于零,持证和受训人数不能超过在岗人数。"),
    "campaign.phase": _("阶段须在行动期限之内,各阶段不能重叠。"),
    "campaign.topic": _("请写明专题和至少一个隐患类型。"),
    "campaign.measure": _("请写明制度措施;隐患编号须是这次行动发现的。"),
    "heat.below": _("预报低于 {limit}℃ 或日期已过,不启动专项行动。"),
    "heat.no_list": _("还没有“高温”检查表。请在“行业与类别”里载入随附目录。"),
    "heat.planned": _("“{title}”已经安排。"),
    "heat.celsius": _("这个温度不可信。请写摄氏度。"),
    "heat.place": _("辖区内没有这个地方,或者有几个同名的。请写地方代码。"),
    "heat.past": _("日期已过。"),
    "heat.twice": _("同一地方同一天有两行。只采纳第一行。"),
    "heat.nothing_owed": _("您的单位 {day} 没有待报的高温检查结果,或者已经报过。"),
    "joint.not_found": _("没有这次联合检查,或者不涉及您的单位。"),
    "joint.no_clash": _("“{name}”当天没有别的单位要查,不用合并。"),
    "joint.offered": _("“{name}”当天已有合并方案,请先同意或分开。"),
    "joint.nothing_open": _("您的单位在“{name}”没有待合并的检查。"),
    "joint.begun": _("“{name}”已有检查完成,不能再分开。"),
    "route.past": _("日期不能早于今天。"),
    "route.own": _("“{name}”由本单位运营,自查不用安排路线。"),
    "route.twice": _("“{name}”已在当天路线上。"),
}
