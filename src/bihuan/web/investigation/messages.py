"""The words for the codes of the investigation."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "list.not_found": _("没有这个导入,或者不是您的单位上传的。"),
    "list.closed": _("事件“{event}”已结束,不能再导入。"),
    "list.gone": _("“{file}”的内容已按规定删除,请重新上传。"),
    "list.mapping": _("请先指明“{file}”里哪一列是什么,至少一个日期。"),
    "list.twice_mapped": _("同一列不能用作两项内容。"),
    "list.acted": _("“{file}”已经导入过。"),
    "list.not_taken": _("“{file}”没有导入,或者已经撤销。"),
    "list.too_late": _("撤销期限({until})已过。请逐个处理病例。"),
    "list.no_date": _("诊断、住院、报告、发病日期至少要有一个。请在表里补上。"),
    "list.onset_after": _("发病晚于诊断和报告。请核对这两列。"),
    "list.future": _("日期在将来。请核对年份。"),
    "list.label_identifies": _("编号像证件号或电话。请改用不识别个人的编号,证件号另列一列。"),
    "list.word": _("认不出这个写法。请改成男/女、确诊/疑似等常用写法。"),
    "list.yes_no": _("应为“是”或“否”。"),
    "list.kind": _("现行方案没有“{kind}”这一分类。请改正,或在上面换一个默认分类。"),
    "list.no_name": _("有电话、住址或证件号,却没有姓名。请补上,或删去这些内容。"),
    "list.age": _("年龄应在 0 到 130 之间。"),
    "list.place": _("辖区没有这个地方,或者有重名。请写地方代码,或留空。"),
    "list.twice": _("与上面某行相同,只取第一行。"),
    "visited.no_name": _("请填写地点名称。"),
    "visited.setting": _("请选择场所类型。"),
    "visited.days": _("日期不能在将来,也不能早于开始。"),
    "source.unknown": _("同一事件里没有这个病例编号。"),
    "source.circle": _("{number} 已经排在这个病例之后,不能互为来源。"),
    "contact.became": _("{number} 已经转为病例。"),
    "case.age_band": _("请选择年龄组。"),
    "inquiry.runs": _("{number} 的流调已经在办。"),
    "contact.no_level2": _("现行方案不追踪密接的密接(依据 {edition})。"),
}
