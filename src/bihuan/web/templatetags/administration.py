"""`{% load administration %}`: words that only the administration speaks."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bihuan.web.admin.words import MARKS, ROLES, SOURCES

register = template.Library()

FAULTS = {
    "altered": _("内容被改动"),
    "missing": _("记录缺失"),
    "reordered": _("顺序被改动"),
    "tail_cut": _("末尾被删除"),
    "unknown_chain": _("多出的链"),
}


@register.filter
def role(name: str) -> str | Promise:
    """What kind of post it is."""
    return ROLES.get(name, name)


@register.filter
def mark(name: str) -> str | Promise:
    """How certain a rule is."""
    return MARKS.get(name, name)


@register.filter
def source(name: str) -> str | Promise:
    """Where a rule comes from: our own remarks in the reader's language."""
    return SOURCES.get(name, name)


@register.filter
def fault(reason: str) -> str | Promise:
    """How a chain of the audit is broken."""
    return FAULTS.get(reason, reason)
