"""The words for the codes of sensing."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "signal.not_found": _("没有这个信号,或者您的岗位无权知道它。"),
    "signal.judged": _("这个信号已经有结论。"),
    "signal.verdict": _("请选择结论。"),
    "signal.merge": _("请选择另一个还没有结论的信号。"),
    "sentinel.not_found": _("没有这个哨点,或者您的岗位无权知道它。"),
    "sentinel.exists": _("辖区内已有哨点“{name}”。"),
    "sentinel.no_name": _("请填写名称和类别。"),
    "sentinel.place": _("哨点须在您的辖区内。"),
    "sentinel.streams": _("请选择这类哨点可报的数。"),
    "count.day": _("“{sentinel}”的日期 {day} 在将来,或早于 60 天前。"),
    "count.number": _("“{sentinel}”的数 {value} 不对:应为零或正整数。"),
    "count.stream": _("“{sentinel}”不报“{stream}”。"),
    "counts.not_found": _("没有这个文件,或者不是您上传的。"),
    "counts.acted": _("“{file}”已经报过。"),
    "counts.no_table": _(
        "“{file}”里没有认得出的表头。需要“哨点、日期”和各项数;历史病例数需要“病种、地区、日期、例数”。"
    ),
    "counts.sentinel": _("没有由您报数的这个哨点。请核对名称。"),
    "counts.stream": _("这个哨点不报“{stream}”。请清空这一格。"),
    "counts.day": _("日期在将来,或早于 {oldest}。"),
    "counts.number": _("“{value}”应为零或正整数。没有数就留空。"),
    "counts.disease": _("法定病种表里没有这个病种。"),
    "counts.place": _("辖区没有这个县区。请写名称或代码。"),
    "visit.no_case": _("请填写病例编号。"),
    "visit.noted": _("病例 {case} 在这个哨点的就诊已登记。"),
    "visit.order": _("就诊时间不能在将来,报告不能早于就诊。"),
}
