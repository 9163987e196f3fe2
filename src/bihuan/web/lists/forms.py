"""What narrows the three lists, and the file that is brought back."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.models import Domain
from bihuan.core.orgs.models import Party
from bihuan.supervision.types import ListFilter
from bihuan.web.forms import WorkForm
from bihuan.web.table import FilterForm
from bihuan.web.words import STATES

ANY = [("", _("全部"))]
STAGES = [
    ("open", _("未办结")), ("overdue", _("已逾期")), ("untasked", _("超时无任务")),
    ("closed", _("已办结")),
]  # fmt: skip


class ListForm(FilterForm):
    """Narrows problems and tasks."""

    text = forms.CharField(label=_("标题或编号"))
    stage = forms.ChoiceField(label=_("阶段"), choices=[*ANY, *STAGES])
    state = forms.ChoiceField(
        label=_("状态"), choices=[*ANY, *((name, words[0]) for name, words in STATES.items())]
    )
    domain = forms.ChoiceField(label=_("领域"), choices=[*ANY, *Domain.choices])
    under = forms.CharField(widget=forms.HiddenInput)
    sort = forms.CharField(widget=forms.HiddenInput)

    def wanted(self) -> ListFilter:
        """As the selectors take it."""
        return ListFilter(**{name: self.said(name) for name in self.fields})


class ResponsibilityForm(ListForm):
    """Narrows responsibilities."""

    party = forms.ChoiceField(label=_("责任方"), choices=[*ANY, *Party.choices])


class UploadForm(WorkForm):
    """A table to be imported."""

    file = forms.FileField(
        label=_("文件"), allow_empty_file=True,
        help_text=_("XLSX 或 CSV。先看预览,确认后才写入。"),
        widget=forms.ClearableFileInput({"accept": ".xlsx,.csv"}),
    )  # fmt: skip
