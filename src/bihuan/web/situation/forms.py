"""What people fill in on the pages of a place."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.models import Domain, FlowName
from bihuan.core.orgs.models import Party
from bihuan.web.forms import WorkForm
from bihuan.web.situation.words import ACT_KINDS
from bihuan.web.table import FilterForm

ANY = [("", _("全部"))]


class MapFilter(FilterForm):
    """Which loops the map counts, and which share colours it."""

    share = forms.ChoiceField(
        label=_("着色"),
        choices=[("overdue", _("逾期率")), ("open", _("未办结率")), ("closed", _("办结率"))],
    )
    flow = forms.ChoiceField(label=_("类别"), choices=[*ANY, *FlowName.choices])
    domain = forms.ChoiceField(label=_("领域"), choices=[*ANY, *Domain.choices])


class ActForm(WorkForm):
    """An act done in person."""

    kind = forms.ChoiceField(label=_("办理事项"), choices=list(ACT_KINDS.items()))
    note = forms.CharField(
        label=_("地点和内容"), max_length=400, widget=forms.Textarea({"rows": 2}),
        help_text=_("只有主要负责人本人亲自办理才计数。"),
    )  # fmt: skip


class SlotForm(WorkForm):
    """Who stands in an empty slot of a venue."""

    party = forms.ChoiceField(label=_("责任方"), choices=Party.choices)
    post = forms.TypedChoiceField(label=_("岗位"), coerce=int, empty_value=None, required=False)
    text = forms.CharField(label=_("或公示的个人义务"), required=False, max_length=200)

    def __init__(self, *data: Any, posts: Sequence[Any] = (), **options: Any) -> None:
        super().__init__(*data, **options)
        self.fields["post"].choices = [("", "—"), *posts]  # type: ignore[attr-defined]
