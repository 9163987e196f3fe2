"""A plan, and the steps of one site."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.supervision.services.plans import NewPlan
from bihuan.supervision.types import Outcome
from bihuan.web.forms import WorkForm
from bihuan.web.supervision.forms import (
    day_field,
    lines_of,
)


class PlanForm(WorkForm):
    """A new plan over kinds of places, or the second pass of another."""

    title = forms.CharField(label=_("名称"), max_length=120)
    starts = day_field(_("开始"))
    ends = day_field(_("结束"))
    first = forms.ChoiceField(
        label=_("复查哪个计划"), required=False,
        help_text=_("选了就是第二轮:场所和步骤照首轮,换人检查。"),
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label=_("场所类别"), required=False, widget=forms.CheckboxSelectMultiple
    )
    steps = forms.CharField(
        label=_("环节和步骤"), required=False, widget=forms.Textarea({"rows": 6}),
        help_text=_("每行一个,写成“环节:步骤”,例:入口:测温。"),
    )  # fmt: skip

    def given(self) -> NewPlan:
        """As the service takes it."""
        said = self.cleaned_data
        split = (line.partition(":") for line in lines_of(said["steps"]))
        steps = tuple((link, name) if name else (link, link) for link, _mark, name in split)
        return NewPlan(
            said["title"], said["starts"], said["ends"], tuple(said["kinds"]), steps,
            first_id=int(said["first"]) if said["first"] else None,
        )  # fmt: skip


class SiteForm(WorkForm):
    """The steps of one site: an answer and a note for each; unanswered ones stay empty."""

    def __init__(self, *data: Any, steps: Any, second: bool, at: datetime) -> None:
        super().__init__(*data, at=at)
        self.lines = []
        for step, outcome, note in steps:
            self.fields[f"o{step.id}"] = forms.ChoiceField(
                label=f"{step.link} · {step.name}", required=False, choices=Outcome.choices,
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.fields[f"n{step.id}"] = forms.CharField(label=_("情况"), required=False)
            if second:
                self.fields[f"e{step.id}"] = forms.BooleanField(
                    label=_("首轮时就有"), required=False
                )
            self.lines.append((step, outcome, note))

    def results(self) -> list[tuple[int, str, str, bool | None]]:
        """Step, outcome, note, existed: of the steps that were answered now."""
        said = self.cleaned_data
        return [
            (step.id, said[f"o{step.id}"], said[f"n{step.id}"], said.get(f"e{step.id}"))
            for step, _outcome, _note in self.lines
            if said[f"o{step.id}"]
        ]

    def boundlines_of(self) -> list[tuple[Any, ...]]:
        """For each step: itself, what was found before, and its fields."""
        return [
            (
                step, outcome, note, self[f"o{step.id}"], self[f"n{step.id}"],
                self[f"e{step.id}"] if f"e{step.id}" in self.fields else None,
            )
            for step, outcome, note in self.lines
        ]  # fmt: skip
