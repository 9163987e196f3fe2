"""The call, what a source knows, a report, a finding."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.types import Actor
from bihuan.safety.rules.accidents import Harm
from bihuan.safety.services.accidents import Call, Content
from bihuan.safety.types import AccidentKind
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.safety.forms import PlaceField

COUNTS = ("deaths", "serious", "missing", "loss")


class HarmFields(WorkForm):
    """How bad it is; empty means none known."""

    deaths = forms.IntegerField(label=_("死亡"), required=False, min_value=0)
    serious = forms.IntegerField(label=_("重伤"), required=False, min_value=0)
    missing = forms.IntegerField(label=_("失联"), required=False, min_value=0)
    loss = forms.IntegerField(label=_("直接经济损失(元)"), required=False, min_value=0)

    def harm(self) -> Harm:
        """As the rules take it."""
        return Harm(*(self.cleaned_data.get(name) or 0 for name in COUNTS))


class CallForm(HarmFields):
    """Three fields start the clock: what, where, how bad. The rest may wait."""

    what = forms.CharField(label=_("发生了什么"), max_length=200)
    where = forms.CharField(label=_("在哪里"), max_length=200)
    kind = forms.ChoiceField(label=_("类别"), choices=AccidentKind.choices)
    place = PlaceField(label=_("所在地"), required=False, help_text=_("不填即为您所在的地方。"))
    occurred_at = MomentField(label=_("发生时间"), required=False, help_text=_("不填即为现在。"))
    known_at = MomentField(label=_("知道的时间"), required=False, help_text=_("不填即为现在。"))
    field_order = ("what", "where", *COUNTS, "kind", "place", "occurred_at", "known_at")

    def __init__(self, *data: Any, by: Actor, **options: Any) -> None:
        super().__init__(*data, **options)
        place = self.fields["place"]
        assert isinstance(place, PlaceField)
        place.scope = by.scope

    def given(self, establishment_id: int | None) -> Call:
        """As the service takes it."""
        said = self.cleaned_data
        return Call(
            said["what"], said["where"], self.harm(), said["kind"], said["place"],
            establishment_id, said["occurred_at"], said["known_at"],
        )  # fmt: skip


class FigureForm(HarmFields):
    """What one source knows, and as of when."""

    source = forms.CharField(label=_("来源"), max_length=60, help_text=_("例:医院、消防、公安"))
    as_of = MomentField(label=_("截至"), help_text=_("例:今天 14:00"))
    field_order = ("source", *COUNTS, "as_of")


class ReportForm(WorkForm):
    """What article 12 asks beyond the figures."""

    course = forms.CharField(label=_("简要经过"), widget=forms.Textarea({"rows": 3}))
    measures = forms.CharField(label=_("已采取的措施"), widget=forms.Textarea({"rows": 2}))
    other = forms.CharField(label=_("其他情况"), required=False, widget=forms.Textarea({"rows": 2}))
    kind = forms.ChoiceField(
        label=_("报告种类"),
        choices=[("first", _("初报")), ("progress", _("续报")), ("final", _("终报"))],
    )

    def given(self) -> Content:
        """As the service takes it."""
        said = self.cleaned_data
        return Content(said["course"], said["measures"], said["other"])
