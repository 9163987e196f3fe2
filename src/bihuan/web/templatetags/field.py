"""`{% load field %}`: checklists in the reader's language."""

from typing import Any

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language

from bihuan.safety.rules.checklists import Item
from bihuan.web.field.words import KINDS, PHASES

register = template.Library()


def _english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def titled(row: Any) -> str:
    """The title of a checklist."""
    return str(row.title_en if _english() and row.title_en else row.title)


@register.filter
def grouped(item: Item) -> str:
    """The heading of an item's group."""
    return item.group_en if _english() and item.group_en else item.group


@register.filter
def choices(item: Item) -> list[tuple[str, str]]:
    """The choices of an item: name and words."""
    return [(name, en if _english() and en else zh) for name, zh, en in item.choices]


@register.filter
def kind_named(item: Item) -> str | Promise:
    """What kind of question an item is."""
    return KINDS[item.kind]


@register.filter
def phase_named(kind: str) -> str | Promise:
    """A phase of a campaign."""
    return PHASES.get(kind, kind)
