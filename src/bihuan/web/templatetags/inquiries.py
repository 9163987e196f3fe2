"""`{% load inquiries %}`: words of co-investigation."""

from datetime import timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bihuan.core.packs import registry
from bihuan.web.inquiries.words import STATES
from bihuan.web.templatetags.bihuan import icon

register = template.Library()


@register.simple_tag(takes_context=True)
def question_kind(context: Context, row: Any) -> str:
    """What is asked, as its edition says it."""
    found = registry.by_edition(row.edition).rows("co_question")[row.kind]
    return str(found["title_en" if context.get("language") == "en" else "title"])


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
