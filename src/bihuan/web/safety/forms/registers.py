"""Establishments, their counts and statements; kinds and sectors."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import Party, Sector
from bihuan.core.orgs.types import Actor
from bihuan.safety.rules.fields import fields_of
from bihuan.safety.rules.limits import limits_of
from bihuan.safety.selectors.establishments import Wanted
from bihuan.safety.services.catalogue import KindInput
from bihuan.safety.services.establishments import EstablishmentInput
from bihuan.safety.types import Colour
from bihuan.web.forms import WorkForm
from bihuan.web.lists.forms import UploadForm
from bihuan.web.messages import words
from bihuan.web.safety.forms import OwnField, PlaceField, own_name
from bihuan.web.supervision.forms import PostField, ScopedForm
from bihuan.web.table import FilterForm

ANY = [("", _("全部"))]
SENSORS = "sensors"


def kind_choices(kinds: Iterable[Any], language: str) -> list[tuple[str, str]]:
    """Kinds by their names in a language."""
    english = language.startswith("en")
    return [(kind.code, kind.name_en if english else kind.name) for kind in kinds]


def sector_choices(sectors: list[Sector], language: str) -> list[tuple[str, str]]:
    """Sectors by their names in a language."""
    english = language.startswith("en")
    return [(sector.code, sector.name_en if english else sector.name) for sector in sectors]


class EstablishmentFilter(FilterForm):
    """Narrows the list of establishments."""

    text = forms.CharField(label=_("名称或证照编号"))
    kind = forms.ChoiceField(label=_("类别"))
    sector = forms.ChoiceField(label=_("行业"))
    colour = forms.ChoiceField(label=_("风险"), choices=[*ANY, *Colour.choices])
    surveyed = forms.ChoiceField(
        label=_("摸排"), choices=[*ANY, ("yes", _("已摸排")), ("no", _("未摸排"))]
    )
    under = forms.CharField(widget=forms.HiddenInput)
    unseen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        *data: Any,
        kinds: list[tuple[str, str]],
        sectors: list[tuple[str, str]],
        **options: Any,
    ) -> None:
        super().__init__(*data, **options)
        for name, choices in (("kind", kinds), ("sector", sectors)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [*ANY, *choices]

    def wanted(self) -> Wanted:
        """As the selectors take it."""
        return Wanted(**{name: self.said(name) for name in self.fields})


class EstablishmentForm(WorkForm):
    """An establishment, with the own fields of its kind after the common ones."""

    name = forms.CharField(label=_("名称"), max_length=120)
    place = PlaceField(
        label=_("所在地"), required=False, help_text=_("名称或代码。不填即为您所在的地方。")
    )
    code = forms.CharField(label=_("证照编号"), required=False, max_length=40)
    address = forms.CharField(label=_("地址"), required=False, max_length=200)
    registered_in = forms.CharField(
        label=_("注册地"), required=False, max_length=80, help_text=_("与所在地不同时填写。")
    )
    head = forms.CharField(label=_("法定代表人"), required=False, max_length=50)
    lon = forms.FloatField(label=_("经度"), required=False, min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), required=False, min_value=-90, max_value=90)

    def __init__(
        self, *data: Any, kind: Any, by: Actor, at: datetime, fixed: bool = False, **options: Any
    ) -> None:
        super().__init__(*data, at=at, **options)
        self.kind, self.by = kind, by
        self.own = fields_of(kind.schema)
        place = self.fields["place"]
        assert isinstance(place, PlaceField)
        place.scope = by.scope
        if fixed:
            del self.fields["place"]
        for own in self.own:
            self.fields[own_name(own.key)] = OwnField(own)

    def given(self) -> EstablishmentInput:
        """As the service takes it."""
        said = dict(self.cleaned_data)
        own = {field.key: said.pop(own_name(field.key)) for field in self.own}
        place = said.pop("place", None) or self.by.place_id
        return EstablishmentInput(kind=self.kind.pk, place_id=place, fields=own, **said)


class KindForm(WorkForm):
    """A kind with its own fields as a JSON Schema."""

    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("小写字母、数字和下划线。"))
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80)
    sector = forms.ChoiceField(label=_("行业"), required=False)
    schema = forms.CharField(
        label=_("自有字段(JSON Schema)"), widget=forms.Textarea({"rows": 16, "spellcheck": "false"}),
        help_text=_("照示例改:每个字段写 type 和 title;可写 title_en、unit、unit_en、enum、minimum、maximum、format。"),
    )  # fmt: skip

    def __init__(self, *data: Any, sectors: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["sector"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *sectors]

    def clean_schema(self) -> Any:
        """The schema read from its text."""
        try:
            return json.loads(self.cleaned_data["schema"])
        except ValueError:
            raise ValidationError(words("kind.not_json")) from None

    def given(self) -> KindInput:
        """As the service takes it."""
        return KindInput(**self.cleaned_data)


class SectorForm(WorkForm):
    """A sector."""

    code = forms.CharField(label=_("代码"), max_length=40, help_text=_("小写字母、数字和下划线。"))
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80)


class ImportForm(UploadForm):
    """A table of establishments of one kind, or of sensors."""

    kind = forms.ChoiceField(label=_("导入到"))
    field_order = ("kind", "file")

    def __init__(self, *data: Any, kinds: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*data, **options)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *kinds, (SENSORS, _("监测点"))]

    def clean_kind(self) -> str:
        """The kind of establishments; "" for sensors."""
        said: str = self.cleaned_data["kind"]
        return "" if said == SENSORS else said


class CountForm(WorkForm):
    """A number counted on the spot."""

    measure = forms.ChoiceField(label=_("计数"))
    value = forms.FloatField(label=_("数值"), widget=forms.NumberInput({"inputmode": "decimal"}))

    def __init__(self, *data: Any, kind: Any, language: str, **options: Any) -> None:
        super().__init__(*data, **options)
        english = language.startswith("en")
        field = self.fields["measure"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (limit.measure, limit.title_en if english else limit.title)
            for limit in limits_of(kind.limits)
        ]


class StatementForm(ScopedForm):
    """A yearly statement of responsibility."""

    party = forms.ChoiceField(
        label=_("责任方"),
        choices=[choice for choice in Party.choices if choice[0] != Party.PERSON],
    )
    post = PostField(label=_("签字岗位"))
    duties = forms.CharField(
        label=_("职责"), widget=forms.Textarea({"rows": 4}),
        help_text=_("事故发生后逐条对照。"),
    )  # fmt: skip
