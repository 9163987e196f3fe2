"""Steps of a checklist."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.supervision.services.quality import NewStep
from bihuan.web.forms import WorkForm
from bihuan.web.supervision.forms import lines_of


class StepsForm(WorkForm):
    """Steps to be added to a checklist."""

    steps = forms.CharField(
        label=_("步骤"), widget=forms.Textarea({"rows": 4}),
        help_text=_("每行一个。要连续做的,后面写“每4小时”。"),
    )  # fmt: skip

    def given(self) -> list[NewStep]:
        """As the service takes it."""
        return [_step(line) for line in lines_of(self.cleaned_data["steps"])]


def _step(line: str) -> NewStep:
    text, mark, rest = line.rpartition("每")
    hours = rest.removesuffix("小时").strip()
    if mark and rest.endswith("小时") and hours.replace(".", "", 1).isdecimal():
        return NewStep(text.rstrip(" ,") or line, float(hours))
    return NewStep(line)
