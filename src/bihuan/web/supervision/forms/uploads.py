"""Lists of findings and registers from outside."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.supervision.types import Source
from bihuan.web.lists.forms import UploadForm
from bihuan.web.supervision.forms import (
    day_field,
)


class ExternalForm(UploadForm):
    """A list of findings from outside."""

    issuer = forms.CharField(label=_("交办方"), max_length=120)
    document = forms.CharField(label=_("文号"), required=False, max_length=120)
    answer_by = day_field(_("答复期限"))
    field_order = ("issuer", "document", "answer_by", "file")


class RegisterForm(UploadForm):
    """A register to be compared."""

    source = forms.ChoiceField(label=_("来源"), choices=Source.choices)
    kind = forms.ChoiceField(label=_("场所类别"))
    as_of = day_field(_("名册日期"))
    field_order = ("source", "kind", "as_of", "file")

    def __init__(self, *data: Any, kinds: list[tuple[str, int]], at: datetime) -> None:
        super().__init__(*data, at=at)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind, f"{kind} ({count})") for kind, count in kinds]
