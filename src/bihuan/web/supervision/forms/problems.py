"""A problem as it is entered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.services.problems import Description
from bihuan.supervision.services.problems import NewProblem, Photo
from bihuan.web.supervision.forms import DOMAINS, PostField, ScopedForm, day_field
from bihuan.web.work.forms import FilesField


class ProblemForm(ScopedForm):
    """Find → register: what, where, whose, proof. The pair may come later."""

    title = forms.CharField(label=_("问题"), max_length=200)
    text = forms.CharField(
        label=_("具体情况"), widget=forms.Textarea({"rows": 3}),
        help_text=_("时间、地点、现状,写到别人能找到它。"),
    )  # fmt: skip
    domain = forms.ChoiceField(label=_("领域"), choices=DOMAINS)
    type_code = forms.CharField(
        label=_("类型"), required=False, max_length=60,
        help_text=_("同类问题用同一个词,三处以上即列为共性问题。"),
    )  # fmt: skip
    owner_post = PostField(label=_("责任岗位"), help_text=_("谁的地方、谁来整改。地点随岗位而定。"))
    photos = FilesField(label=_("照片或文件"), required=False)
    countermeasure = forms.CharField(
        label=_("对策"), required=False, widget=forms.Textarea({"rows": 2})
    )
    figure_name = forms.CharField(
        label=_("指标"), required=False, max_length=80,
        help_text=_("写了指标,就要有新的数值才能销号。"),
    )  # fmt: skip
    figure_before = forms.FloatField(label=_("现值"), required=False)
    figure_target = forms.FloatField(label=_("目标值"), required=False)
    remeasure_on = day_field(_("复测日期"), required=False)

    PAIR = ("countermeasure", "figure_name", "figure_before", "figure_target", "remeasure_on")

    def clean(self) -> dict[str, Any]:
        """A figure is whole or not there: name, before, target, day."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        parts = {name: said.get(name) for name in self.PAIR[1:]}
        if any(part not in {"", None} for part in parts.values()):
            for name, part in parts.items():
                if part in {"", None} and name not in self.errors:
                    self.add_error(name, _("指标、现值、目标值、复测日期要一起填写。"))
        return said

    def given(self) -> NewProblem:
        """As the service takes it."""
        said = self.cleaned_data
        pair = {name: said[name] for name in self.PAIR if said[name] not in {"", None}}
        return NewProblem(
            said["title"], said["text"], said["domain"], said["owner_post"],
            type_code=said["type_code"], pair=Description(**pair) if pair else None,
        )  # fmt: skip

    def proofs(self) -> tuple[Photo, ...]:
        """The proofs handed in."""
        return tuple(Photo(file.name, file.chunks()) for file in self.cleaned_data["photos"])
