"""The words for the error codes of intake. Each says what is wrong and how to mend it."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "intake.empty": _("“{file}”里没有内容。请检查是否选错了文件。"),
    "intake.too_large": _("“{file}”太大({size} 字节),最多 {largest} 字节。请只上传通稿正文。"),
    "intake.binary": _("“{file}”不是文字文件,读不出内容。请改用 .txt、.html、.docx 或文字版 PDF。"),
    "intake.unknown_format": _("不认识“{file}”的格式。请改用 .txt、.html、.docx 或文字版 PDF。"),
    "intake.damaged_file": _("“{file}”已损坏,打不开。请重新导出后再传。"),
    "intake.encrypted_pdf": _("“{file}”设了密码。请先解除密码再上传。"),
    "intake.scanned_pdf": _("“{file}”是扫描件,没有文字层。请先做文字识别,或直接粘贴文字。"),
    "intake.zip_bomb": _("“{file}”解开后异常庞大,已拒收。请重新导出为普通文档。"),
    "document.not_found": _("没有这份文稿,或者您的岗位无权查看。"),
    "document.directed": _("这份文稿的要求已经下达,草稿不能再改。"),
    "document.no_title": _("请填写标题。"),
    "document.nothing_to_compare": _("不能和这份文稿比较。请从列表里选一份。"),
    "model.off": _("没有配置模型接口。请管理员设置 BIHUAN_MODEL_URL。"),
    "model.unreachable": _("模型接口没有应答(状态 {status})。草稿没有变化,可以稍后再试。"),
    "model.bad_answer": _("模型的回答不合格式,没有采用。草稿没有变化。"),
    "model.too_long": _("正文太长({characters} 字),最多 {most} 字,没有发送。"),
    "draft.not_found": _("没有这条草稿,或者它已被合并、撤销。"),
    "draft.no_text": _("要求的文字不能为空。"),
    "draft.domain": _("请选择所属领域。"),
    "draft.status": _("不能改成这个状态。"),
    "draft.split_outside": _("拆分处必须在文字中间。"),
    "draft.nothing_to_merge": _("后面没有可以合并的草稿。"),
    "draft.span_outside": _("选取的文字超出了正文。请重新选取。"),
    "draft.nothing_to_undo": _("没有可以撤销的步骤。"),
    "draft.upper_foreign": _("这条上级要求不在本次要落实的指令里。"),
    "draft.owner_outside": _("责任岗位必须在本地管辖范围内。"),
    "draft.nobody_named": _("原文没有写明本地哪个机构负责,请在“编辑”里选择责任岗位。"),
}
