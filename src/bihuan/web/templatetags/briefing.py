"""`{% load briefing %}`: words of situations, and a paper as part of a page."""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString

from bihuan.core.packs import registry
from bihuan.web.briefing import words
from bihuan.web.printing import Paper
from bihuan.web.words import titled

register = template.Library()


@register.simple_tag(takes_context=True)
def report_kind(context: Context, key: str) -> str:
    """A kind of report, as the pack in force calls it."""
    at: datetime = context["at"]
    row = registry.edition("situation", at).rows("event_report").get(key, {})
    return titled(row, key)


@register.filter
def lacking(key: str) -> str | Promise:
    """Why there is no estimate."""
    return words.LACKING.get(key or "few", key)


@register.filter
def light(key: str) -> str | Promise:
    """A light of the bottom line, in words."""
    return words.LIGHTS[key]


@register.filter
def growth(share: float | None) -> str:
    """A growth a day, with its sign."""
    return "—" if share is None else f"{share:+.1%}"


@register.filter
def absolute(number: float) -> float:
    """Without the sign."""
    return abs(number)


@register.simple_tag
def paper_blocks(paper: Paper) -> SafeString:
    """The blocks of a paper as they stand on a page."""
    blocks: list[tuple[str, Any]] = [(type(block).__name__, block) for block in paper.blocks]
    return render_to_string("briefing/partials/paper.html", {"blocks": blocks})
