"""`{% load safety %}`: colours with their words, kinds and sectors in the reader's language."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from bihuan.safety.types import Colour

register = template.Library()

Words = str | Promise
_COLOURS = dict(Colour.choices)


@register.simple_tag
def colour(code: str) -> SafeString | str:
    """A statutory colour, always with its word; a dash where nothing was graded."""
    if not code:
        return "—"
    return format_html(
        '<span class="risk"><span class="risk-mark risk-{}"></span>{}</span>', code,
        _COLOURS[code],
    )  # fmt: skip


@register.filter
def named(thing: Any) -> str:
    """A kind, a sector or a limit in the reader's language."""
    if thing is None:
        return "—"
    english = (get_language() or "").startswith("en")
    if hasattr(thing, "title"):
        return str(thing.title_en if english else thing.title)
    return str(thing.name_en if english else thing.name)


@register.filter
def get(table: dict[str, Any], key: str) -> Any:
    """A value of a table by a key that the template holds."""
    return table.get(key, key)
