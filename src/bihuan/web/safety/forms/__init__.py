"""What people fill in for work safety. Forms read; services decide."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language

from bihuan.core.evidence.cells import CellFault
from bihuan.safety.rules.fields import Field, read_cell, write_cell
from bihuan.safety.rules.sheet import OWN
from bihuan.web.forms import DayInput
from bihuan.web.forms import PlaceField as AnyPlaceField
from bihuan.web.messages import words


class PlaceField(AnyPlaceField):
    """A place of the actor's area and none elsewhere."""

    strict = True
    refusal = "establishment.place"


class OwnField(forms.CharField):
    """A field that a kind declares; read as the schema says, in form and table alike."""

    def __init__(self, own: Field) -> None:
        self.own = own
        language = get_language() or ""
        super().__init__(label=own.words(language), required=own.required)
        self.widget = self._widget(language)

    def _widget(self, language: str) -> forms.Widget:
        english = language.startswith("en")
        if self.own.type == "boolean":
            yes, no = ("Yes", "No") if english else ("是", "否")
            return forms.Select(choices=[("", "—"), ("true", yes), ("false", no)])
        if self.own.choices:
            shown = [(value, told if english else value) for value, told in self.own.choices]
            return forms.Select(choices=[("", "—"), *shown])
        if self.own.type == "date":
            return DayInput()
        mode = {"integer": "numeric", "number": "decimal"}.get(self.own.type)
        return forms.TextInput({"inputmode": mode} if mode else {})

    def prepare_value(self, value: Any) -> Any:
        """How a stored value stands in the box."""
        if isinstance(value, bool):
            return "true" if value else "false"
        return value if isinstance(value, str) else write_cell(self.own, value, "")

    def clean(self, value: Any) -> Any:
        """The value as the schema has it."""
        text = super().clean(value)
        try:
            return read_cell(self.own, text)
        except CellFault as fault:
            raise ValidationError(words(str(fault))) from fault


def own_name(key: str) -> str:
    """The name of an own field in a form."""
    return f"{OWN}{key}"
