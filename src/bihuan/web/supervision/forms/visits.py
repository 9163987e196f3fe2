"""Teams, visits, findings, rounds."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import Org
from bihuan.supervision.services.rounds import NewRound
from bihuan.supervision.services.visits import NewFinding, NewTeam, NewVisit
from bihuan.web.forms import MomentField, WorkForm
from bihuan.web.supervision.forms import (
    DOMAINS,
    PostField,
    PostsField,
    ScopedForm,
    day_field,
    lines_of,
)


class TeamForm(ScopedForm):
    """A team: mandate, leader, members, term."""

    name = forms.CharField(label=_("名称"), max_length=120)
    mandate = forms.CharField(label=_("任务"), widget=forms.Textarea({"rows": 3}))
    leader = PostField(label=_("组长"), help_text=_("督查发现的问题由组长验收。"))
    members = PostsField(label=_("成员"), required=False, help_text=_("每行一个岗位。"))
    starts = day_field(_("开始"))
    ends = day_field(_("结束"))

    def given(self) -> NewTeam:
        """As the service takes it."""
        said = self.cleaned_data
        return NewTeam(
            said["name"], said["mandate"], said["leader"], said["members"], said["starts"],
            said["ends"],
        )  # fmt: skip


class VisitForm(ScopedForm):
    """A visit to be made."""

    owner_post = PostField(label=_("被查岗位"))
    planned_for = MomentField(label=_("时间"), help_text=_("例:3-29 9:00、明天 14:00"))
    announced = forms.TypedChoiceField(
        label=_("方式"), coerce=lambda value: value == "yes",
        choices=[("no", _("不打招呼:开始时对方才知道")), ("yes", _("事先通知"))],
    )  # fmt: skip
    links = forms.CharField(
        label=_("逐个检查的环节"), required=False, widget=forms.Textarea({"rows": 4}),
        help_text=_("每行一个。结束前每个环节都要有结论。"),
    )  # fmt: skip

    def given(self) -> NewVisit:
        """As the service takes it."""
        said = self.cleaned_data
        return NewVisit(
            said["owner_post"], said["planned_for"], said["announced"],
            tuple(lines_of(said["links"])),
        )  # fmt: skip


class FindingForm(WorkForm):
    """A finding on the spot: short enough for a phone."""

    title = forms.CharField(label=_("问题"), max_length=200)
    text = forms.CharField(label=_("具体情况"), widget=forms.Textarea({"rows": 3}))
    domain = forms.ChoiceField(label=_("领域"), choices=DOMAINS)
    link = forms.ChoiceField(label=_("环节"), required=False)
    type_code = forms.CharField(label=_("类型"), required=False, max_length=60)

    def __init__(self, *data: Any, links: list[str], at: datetime) -> None:
        super().__init__(*data, at=at)
        field = self.fields["link"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((link, link) for link in links)]

    def given(self) -> NewFinding:
        """As the service takes it."""
        return NewFinding(**self.cleaned_data)


class RoundForm(WorkForm):
    """A round of cross inspection."""

    title = forms.CharField(label=_("名称"), max_length=120)
    orgs = forms.TypedMultipleChoiceField(
        label=_("参加单位"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    links = forms.CharField(
        label=_("逐个检查的环节"), widget=forms.Textarea({"rows": 4}), help_text=_("每行一个。")
    )
    planned_for = MomentField(label=_("时间"), help_text=_("例:3-29 9:00、明天 14:00"))
    excluded = forms.CharField(
        label=_("回避"), required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("每行一对:检查方>被查方,写单位名称。"),
    )  # fmt: skip
    observer = forms.TypedChoiceField(
        label=_("第三方监督"), required=False, coerce=int, empty_value=None,
        help_text=_("只有两个单位时必须指定。"),
    )  # fmt: skip

    def __init__(self, *data: Any, orgs: list[Org], at: datetime) -> None:
        super().__init__(*data, at=at)
        self.by_name = {org.name: org.pk for org in orgs}
        choices = [(org.pk, org.name) for org in orgs]
        for name, first in (("orgs", []), ("observer", [("", "—")])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*first, *choices]

    def clean_excluded(self) -> frozenset[tuple[int, int]]:
        """Pairs of ids. Names that are not on the list are told."""
        pairs = set()
        for line in lines_of(self.cleaned_data["excluded"]):
            one, _mark, other = (part.strip() for part in line.partition(">"))
            lost = [name for name in (one, other) if name not in self.by_name]
            if lost:
                raise ValidationError(_("名单里没有:%(names)s"), params={"names": "、".join(lost)})
            pairs.add((self.by_name[one], self.by_name[other]))
        return frozenset(pairs)

    def given(self) -> NewRound:
        """As the service takes it."""
        said = self.cleaned_data
        return NewRound(
            said["title"], tuple(said["orgs"]), tuple(lines_of(said["links"])),
            said["planned_for"], said["excluded"], said["observer"],
        )  # fmt: skip
