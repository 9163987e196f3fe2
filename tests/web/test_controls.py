"""The controls drawn without templates say what Django's templates say."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from bihuan.web.controls import Renderer

CHOICES = [("", "—"), ("a&b", "甲 <乙>"), ("二", [("x", "x"), ("3", '"三"')])]


class Sample(forms.Form):
    """One field for each control that is drawn by hand, and one that is not."""

    name = forms.CharField(required=False, max_length=9)
    count = forms.IntegerField(required=False, min_value=0)
    kind = forms.ChoiceField(choices=CHOICES, required=False)
    number = forms.TypedChoiceField(choices=[(1, "一"), (2, "二")], coerce=int, disabled=True)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    agreed = forms.BooleanField(required=False)


@pytest.mark.parametrize("field", list(Sample.base_fields))
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"name": '"><script>', "count": "4", "kind": "a&b", "number": "2", "kept": "'"},
        {"name": "", "kind": "3", "agreed": "on"},
    ],
)
def test_a_control_is_what_the_template_draws(field: str, given: dict[str, str]) -> None:
    """Not one attribute more or less, and nothing unescaped."""
    ours, theirs = (
        str(Sample(given, renderer=renderer)[field])
        for renderer in (Renderer(), TemplatesSetting())
    )
    assert _lines(ours) == _lines(theirs)


def _lines(html: str) -> str:
    return re.sub(r">\s+<", "><", html).strip()
