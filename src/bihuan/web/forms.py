"""Fields that read what people type. Forms read; services decide."""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bihuan.core.clock import local, local_date
from bihuan.core.errors import Invalid, Refused
from bihuan.core.places.models import Place
from bihuan.core.places.rules import is_code
from bihuan.core.places.selectors import place_by_code, suggested
from bihuan.core.places.types import under
from bihuan.web.messages import words, words_for
from bihuan.web.moments import read_moment

CODE = re.compile(r"(?:^|\s)(\d{2,18})$")  # alone, or after the name as the suggestions say it
PROVINCE = 2  # digits of a code


class MomentField(forms.CharField):
    """A moment by keyboard: `3-29`, `昨天`, `today 14:00`. `form.at` says what today is.

    With `last`, a day alone means its last minute: right for deadlines.
    """

    def __init__(self, *, last: bool = False, **options: Any) -> None:
        self.last = last
        self.at: datetime | None = None
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        """How a moment stands in the box."""
        return f"{local(value):%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value

    def clean(self, value: Any) -> Any:
        """The moment, aware, UTC; None when nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        if self.at is None:
            raise RuntimeError("the form must be a WorkForm, made with `at`")
        try:
            return read_moment(text, at=self.at, last=self.last)
        except Invalid as refused:
            raise ValidationError(words_for(refused)) from refused


class DayInput(forms.DateInput):
    """A day as browsers read it: a date in the reader's own style would leave the box empty."""

    def __init__(self) -> None:
        super().__init__({"type": "date"}, format="%Y-%m-%d")


class PlaceInput(forms.TextInput):
    """A box that suggests the places of a scope by name and code; without a scope a plain box."""

    scope: str | None = None

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The box and its list."""
        if self.scope is None:
            return super().render(name, value, attrs, renderer)
        listed = f"{name}_places"
        told = {**(attrs or {}), "list": listed, "autocomplete": "off"}
        box = super().render(name, value, told, renderer)
        rows = suggested(self.scope).values_list("name", "code")
        options = format_html_join("", '<option value="{} {}"></option>', rows)
        return format_html('{}<datalist id="{}">{}</datalist>', box, listed, options)


class PlaceField(forms.CharField):
    """A place by name, code, or both as suggested; the cleaned value is its id.

    A name means a place of the scope before one elsewhere; a strict field takes none elsewhere.
    """

    widget: Any = PlaceInput  # an instance of it in every field
    strict = False
    refusal = "places.unknown"
    answer = "pk"

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.on: date | None = None

    @property
    def scope(self) -> str:
        """The area of whoever fills the form in; "": everywhere."""
        return self.widget.scope or ""

    @scope.setter
    def scope(self, path: str) -> None:
        self.widget.scope = path

    def prepare_value(self, value: Any) -> Any:
        """A code alone is shown with the name it means."""
        if isinstance(value, str) and value.isdecimal():
            name = Place.objects.filter(code=value, valid_to=None).values_list("name", flat=True)
            return f"{name[0]} {value}" if name else value
        return value

    def clean(self, value: Any) -> Any:
        """The place's id; None when nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        found = self._meant(text)
        if found is None or (self.strict and not under(found.path, self.scope)):
            raise ValidationError(words(self.refusal))
        return getattr(found, self.answer)

    def _meant(self, text: str) -> Place | None:
        if self.on is None:
            raise RuntimeError("the form must be a WorkForm, made with `at`")
        code = CODE.search(text)
        if code is not None:
            try:
                return place_by_code(code[1], self.on)
            except Refused:
                return None
        named = list(Place.objects.filter(name=text, valid_to=None)[:50])
        near = [place for place in named if under(place.path, self.scope)] or named
        if len(near) > 1 and not self.strict:
            raise ValidationError(_("有几个同名的地方:请从列表中选,或写代码。"))
        return near[0] if len(near) == 1 else None


class PlaceCodeField(PlaceField):
    """The same for another installation, which knows the place by its code.

    A code of a province of which nothing is registered here is taken as it is.
    """

    answer = "code"

    def clean(self, value: Any) -> Any:
        """The place's code; None when nothing was typed."""
        text = str(value or "").strip()
        if is_code(text) and not Place.objects.filter(code=text[:PROVINCE]).exists():
            return text
        return super().clean(value)


class WorkForm(forms.Form):
    """A form that knows its moment, and where there are places to name, the area of its user.

    `WorkForm(request.POST, at=request.at, scope=request.actor.scope)`.
    """

    def __init__(self, *data: Any, at: datetime, scope: str | None = None, **options: Any) -> None:
        super().__init__(*data, **options)
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.at = at
            elif isinstance(field, PlaceField):
                field.on = local_date(at)
                if scope is not None:
                    field.scope = scope

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside the field it names, or above the form."""
        named = str(refused.facts.get("field", ""))
        self.add_error(named if named in self.fields else None, words_for(refused))
