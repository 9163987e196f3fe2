"""The words for the codes of tables and lists: what is wrong and how to mend it."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "table.empty": _("文件是空的。请选择有内容的 XLSX 或 CSV 文件。"),
    "table.too_large": _("文件超过 {limit} MB,或解压后过大。请拆分后再导入。"),
    "table.encrypted": _("文件有密码或是旧版 .xls。请去掉密码,另存为 .xlsx 再导入。"),
    "table.unreadable": _("文件无法读取,可能已损坏。请用表格软件另存为 .xlsx 或 UTF-8 的 CSV。"),
    "table.too_many_rows": _("超过 {limit} 行。请拆分后再导入。"),
    "table.no_list": _("没有认出任何一张清单。请从“导出三张清单”得到表头,在其中填写。"),
    "table.unknown_sheet": _("这张工作表不是三张清单之一,已略过。表头要与导出的一致。"),
    "table.number": _("编号写法不对。请照导出的编号填写,新增的行留空或写“新1”。"),
    "table.date": _("看不懂这个日期。请写成 2026-03-29 或 2026-03-29 18:00。"),
    "table.figure": _("这里要填数字。"),
    "upload.not_found": _("没有这份上传的文件。请重新上传。"),
    "upload.acted": _("文件“{file}”已于 {on} 导入过,不再重复导入。"),
    "lists.unknown": _("没有这张清单。"),
    "lists.too_many": _("超过 {limit} 行,不能一次导出。请先筛选。"),
    "lists.too_many_changes": _("一次导入最多新增或改动 {limit} 行。请拆分后再导入。"),
    "lists.read_only": _("这一列由办理过程产生,不能在表格里改。请恢复原值,到该事项页面办理。"),
    "lists.emptied": _("已写明的内容不能清空。请写上更正后的内容,或恢复原值。"),
    "lists.unlinked": _("问题与任务的关联只增不减,缺了 {numbers}。请补回。"),
    "lists.no_due": _("任务必须写明期限。"),
    "lists.post_number": _("岗位编号应为数字。请照导出的填写,或只写岗位名称。"),
    "lists.post_unknown": _("辖区内没有这个岗位。请核对岗位编号或完整名称。"),
    "lists.post_ambiguous": _("有多个同名岗位。请填写岗位编号。"),
    "lists.refers_to_nothing": _("本文件里没有这个新编号的行,或那一行没有通过。"),
}
