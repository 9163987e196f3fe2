"""`{% load inquiries %}`: words of co-investigation."""

from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bihuan.core.packs import registry
from bihuan.web.inquiries.words import STATES
from bihuan.web.templatetags.bihuan import icon
from bihuan.web.words import titled

register = template.Library()


@register.simple_tag
def question_kind(row: Any) -> str:
    """What is asked, as its edition says it."""
    found = registry.by_edition(row.edition).rows("co_question")[row.kind]
    return titled(found)


@register.simple_tag
def question_state(row: Any) -> SafeString:
    """The badge of a question."""
    key = "expired" if row.expired_at else row.outcome or ("sent" if row.sent_at else "drafted")
    told, tone, sign = STATES[key]
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(sign), told)


@register.filter
def minutes(length: timedelta) -> int:
    """Whole minutes."""
    return round(length.total_seconds() / 60)
