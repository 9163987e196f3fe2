"""The words for the acts of intake, for what a reader found, and for why it took none."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "document.upload": _("上传文稿"),
    "document.read_anyway": _("按会议通稿继续处理"),
    "document.ask_model": _("请模型另提意见"),
    "document.minutes": _("修改会议记录"),
    "draft.edit": _("修改草稿"),
    "draft.keep": _("采用草稿"),
    "draft.reject": _("不采用草稿"),
    "draft.restore": _("恢复草稿"),
    "draft.split": _("拆分草稿"),
    "draft.merge": _("合并草稿"),
    "draft.add": _("添加草稿"),
    "draft.undo": _("撤销一步"),
}

# how a draft compares with the upper demand it seems to implement
STANDINGS = {
    "stricter": _("似乎比上级更严,请写明理由"),
    "looser": _("似乎比上级宽松,请核对"),
}

# how the demands of two meetings stand to each other
COVERED = {
    "answered": _("已对应"),
    "stricter": _("更严"),
    "looser": _("更宽"),
    "missing": _("未提到"),
    "added": _("新增"),
}
WHYS = {
    "deadline": _("时限不同"),
    "number": _("数字不同"),
    "absolute": _("措辞更绝对"),
}

STATUSES = {
    "proposed": _("待核"),
    "kept": _("已核"),
    "rejected": _("不采用"),
}

# what is compared between the reader and the people
FIELDS = {
    "precision": _("提出的要求原样采用"),
    "recall": _("采用的要求事先提出"),
    "speaker": _("讲话人"),
    "label": _("编号"),
    "domain": _("领域"),
    "responsible": _("原文责任主体"),
    "deadline_text": _("原文时限"),
    "actionable": _("是需要办理的要求"),
}

# why the reader did not take a text for a communiqué
REASONS = {
    "notice": _("它像一份通知或公告,不是会议通稿。"),
    "press_conference": _("它像新闻发布会实录,不是会议通稿。"),
    "no_meeting": _("没有找到会议或领导讲话。"),
    "no_demand": _("没有找到部署要求。"),
}
