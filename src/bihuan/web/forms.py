"""Fields that read what people type. Forms read; services decide."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bihuan.core.clock import local
from bihuan.core.errors import Invalid, Refused
from bihuan.web.messages import words_for
from bihuan.web.moments import read_moment


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


class WorkForm(forms.Form):
    """A form that knows its moment: `WorkForm(request.POST, at=request.at)`."""

    def __init__(self, *data: Any, at: datetime, **options: Any) -> None:
        super().__init__(*data, **options)
        for field in self.fields.values():
            if isinstance(field, MomentField):
                field.at = at

    def refuse(self, refused: Refused) -> None:
        """Show a refusal beside the field it names, or above the form."""
        named = str(refused.facts.get("field", ""))
        self.add_error(named if named in self.fields else None, words_for(refused))
