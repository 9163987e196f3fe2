"""`{% load situation %}`: the words of personal acts and invariants."""

from django import template
from django.utils.functional import Promise

from bihuan.web.situation.words import ACT_KINDS, INVARIANTS

register = template.Library()


@register.filter
def act_kind(kind: str) -> str | Promise:
    """What somebody did in person."""
    return ACT_KINDS.get(kind, kind)


@register.filter
def invariant(name: str) -> str | Promise:
    """What must hold, in words."""
    return INVARIANTS.get(name, name)
