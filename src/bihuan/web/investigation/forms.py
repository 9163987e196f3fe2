"""What people fill in for an investigation. Fields follow the packs."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bihuan.core.packs.types import Pack
from bihuan.epidemic.rules.lists import FINDING
from bihuan.epidemic.services.screening import NewList
from bihuan.epidemic.types import FoundIn, Setting
from bihuan.web.epidemic.forms import RESIDENCE, EpidemicForm, day_field
from bihuan.web.forms import MomentField, PlaceField, WorkForm
from bihuan.web.words import choices_of

ROWS = 3  # places asked at once


class FileForm(WorkForm):
    """A table of cases."""

    file = forms.FileField(label=_("文件(CSV 或 XLSX)"))


class ScreeningForm(EpidemicForm):
    """A list of whom or what must be checked, before it has lines."""

    title = forms.CharField(label=_("名单"), max_length=120)
    source = forms.CharField(
        label=_("来源"), max_length=200, help_text=_("谁给的、依据什么,例如协查函编号。")
    )
    drawn_on = day_field(_("取得名单的日期"))
    due_at = MomentField(label=_("完成时限"), last=True, help_text=_("例如 今天、明天 18:00。"))

    def given(self) -> NewList:
        """As the service takes it."""
        told = self.cleaned_data
        return NewList(told["title"], told["source"], told["drawn_on"], told["due_at"])


class LinesForm(WorkForm):
    """More lines of a list: pasted, or the first two columns of a table."""

    text = forms.CharField(
        label=_("编号,每行一个"), required=False, max_length=2_000_000, widget=forms.Textarea,
        help_text=_("名单自己的编号或场所名称,不填姓名、证件号、电话;逗号后可写责任地的代码。"),
    )  # fmt: skip
    file = forms.FileField(label=_("或者文件(CSV 或 XLSX,前两列)"), required=False)


class MappingForm(EpidemicForm):
    """Which column is what, and what holds where the list is silent."""

    place = PlaceField(label=_("居住地空着时按"), help_text=RESIDENCE)
    kind = forms.ChoiceField(label=_("分类空着时按"))
    found_in = forms.ChoiceField(label=_("发现方式空着时按"), choices=FoundIn.choices)

    def __init__(
        self, *data: Any, heads: list[str], words: Pack, pack: Pack, at: datetime, **options: Any
    ) -> None:
        super().__init__(*data, at=at, **options)
        self.choose(
            "kind", [*choices_of(pack.tables.get("case_class", ())), ("excluded", _("排除"))]
        )
        columns = [("", "—"), *((head, head) for head in heads if head.strip())]
        rows = [*choices_of(words.tables["list_field"])]
        rows += [(f"{FINDING}{key}", title) for key, title in choices_of(pack.tables["criterion"])]
        for key, title in rows:
            self.fields[f"col-{key}"] = forms.ChoiceField(
                label=title, choices=columns, required=False
            )

    def columns(self) -> list[forms.BoundField]:
        """The boxes that map columns."""
        return [self[name] for name in self.fields if name.startswith("col-")]

    def others(self) -> list[forms.BoundField]:
        """What holds where the list is silent."""
        return [self[name] for name in ("place", "kind", "found_in")]

    def mapping(self) -> dict[str, str]:
        """Field → heading."""
        told = self.cleaned_data
        return {n.removeprefix("col-"): told[n] for n in self.fields if n[:4] == "col-" and told[n]}

    def given(self) -> dict[str, Any]:
        """What holds where the list is silent."""
        return {key: self.cleaned_data[key] for key in ("place", "kind", "found_in")}


class InterviewForm(EpidemicForm):
    """The questions of the edition and the places of one case, short enough for a phone."""

    def __init__(self, *data: Any, pack: Pack, at: datetime, **options: Any) -> None:
        super().__init__(*data, at=at, **options)
        titles = dict(choices_of(pack.tables.get("question", ())))
        findings = dict(choices_of(pack.tables.get("criterion", ())))
        self.asked = [row for row in pack.tables.get("question", ()) if row["kind"] != "places"]
        for row in self.asked:
            self.fields[f"q-{row['key']}"] = _question(row, titles[row["key"]], findings)
        for n in range(ROWS):
            self.fields[f"name-{n}"] = forms.CharField(
                label=_("到过的地方"), max_length=80, required=False
            )
            self.fields[f"setting-{n}"] = forms.ChoiceField(
                label=_("场所类型"), choices=Setting.choices, required=False
            )
            self.fields[f"first-{n}"] = day_field(_("从"), required=False)
            self.fields[f"last-{n}"] = day_field(_("到"), required=False)

    def questions(self) -> list[forms.BoundField]:
        """The boxes of the questions."""
        return [self[f"q-{row['key']}"] for row in self.asked]

    def place_rows(self) -> list[list[forms.BoundField]]:
        """The boxes of the places, a row for each."""
        parts = ("name", "setting", "first", "last")
        return [[self[f"{part}-{n}"] for part in parts] for n in range(ROWS)]

    def answers(self) -> dict[str, str]:
        """What was answered."""
        told = {row["key"]: self.cleaned_data.get(f"q-{row['key']}") for row in self.asked}
        return {key: str(value) for key, value in told.items() if value not in {"", None}}

    def stays(self) -> list[tuple[str, str, date, date]]:
        """Places with their days; one day when only one was given."""
        told, found = self.cleaned_data, []
        for n in range(ROWS):
            first, last = told.get(f"first-{n}"), told.get(f"last-{n}")
            day = first or last
            if told.get(f"name-{n}") and day:
                found.append((told[f"name-{n}"], told[f"setting-{n}"], day, last or day))
        return found

    def clean(self) -> dict[str, Any]:
        """A place needs a day."""
        told = super().clean() or {}
        for n in range(ROWS):
            if told.get(f"name-{n}") and not (told.get(f"first-{n}") or told.get(f"last-{n}")):
                self.add_error(f"first-{n}", _("请填写哪一天。"))
        return told


def _question(row: dict[str, Any], title: str, findings: dict[str, str]) -> forms.Field:
    if row["kind"] == "choice":
        named = row.get("options_en" if get_language() == "en" else "options_zh", row["options"])
        choices = [
            (key, findings.get(key, word)) for key, word in zip(row["options"], named, strict=True)
        ]
        return forms.ChoiceField(label=title, choices=[("", "—"), *choices], required=False)
    if row["kind"] == "number":
        box = forms.NumberInput({"inputmode": "numeric"})
        return forms.IntegerField(label=title, min_value=0, required=False, widget=box)
    return forms.CharField(label=title, max_length=400, required=False)
