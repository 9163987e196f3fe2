"""The words for the codes of work safety: what is wrong and how to mend it."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    # registers
    "establishment.not_found": _("没有这个企业或场所,或者您的岗位无权知道它。"),
    "establishment.code": _("同类场所中已有证照编号 {code}。"),
    "establishment.exists": _("“{name}”已经登记。"),
    "establishment.no_table": _("没有认出表格。表头须有“名称”。请先下载模板。"),
    "establishment.no_name": _("这一行没有名称。"),
    "establishment.place": _("辖区内没有这个地方,或者有几个同名的。请写地方代码。"),
    "establishment.sector": _("没有这个行业代码。请先在“行业与类别”里添加。"),
    "establishment.twice": _("文件里有两行是同一处。只采纳第一行。"),
    "field.required": _("必须填写。"),
    "field.wrong": _("填写的内容不符合这个字段的要求。"),
    "field.least": _("不能小于 {limit}。"),
    "field.most": _("不能大于 {limit}。"),
    "field.too_long": _("不能超过 {limit} 个字。"),
    "field.choice": _("只能是:{limit}。"),
    "field.unknown": _("这个类别没有这个字段。"),
    "field.whole": _("应为整数。"),
    "field.yes_or_no": _("应填“是”或“否”。"),
    "kind.not_found": _("没有这个类别。"),
    "kind.not_json": _("不是 JSON。请检查引号和逗号。"),
    "kind.not_object": _('最外层须写 "type": "object"。'),
    "kind.not_schema": _("不是 JSON Schema(2020-12)。"),
    "kind.field": _(
        "每个字段须有 title,type 为 string、integer、number 或 boolean;不可用 pattern、$ref 或组合。"
    ),
    "kind.required": _("required 里有没有声明的字段。"),
    "kind.too_many_fields": _("字段过多。"),
    "kind.field_used": _("字段 {fields} 已有场所填写,不能去掉。"),
    "catalogue.code": _("代码须以小写字母开头,只含小写字母、数字和下划线。"),
    "catalogue.name": _("中英文名称都要写。"),
    "sector.exists": _("这个代码已用于“{name}”。"),
    "sector.not_found": _("没有这个行业:{code}。"),
    "count.measure": _("这类场所不计这个数。"),
    "count.negative": _("数值不能小于零。"),
    "count.order_holds": _("“{name}”停产停业指令有效,井下人数只能为零。"),
    "statement.not_found": _("没有这份责任书,或者不由您的岗位签字。"),
    "statement.party": _("责任书由属地、部门、单位三方签订。"),
    "statement.no_duties": _("请写明职责。"),
    "statement.signed": _("已经签过字。"),
    "statement.void": _("这份责任书已失效。"),
}
