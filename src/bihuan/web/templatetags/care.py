"""`{% load care %}`: words of sites, beds and people in care."""

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bihuan.core.errors import NotFound
from bihuan.core.packs import registry
from bihuan.epidemic.selectors.care import charge_id_of
from bihuan.web.care import words
from bihuan.web.care.words import Words
from bihuan.web.templatetags.bihuan import icon
from bihuan.web.words import choices_of, measured, titled

register = template.Library()
register.filter(measured)


@register.simple_tag
def facility_step(key: str) -> SafeString:
    """The badge of where a facility stands."""
    told, tone, sign = words.STEPS.get(key, words.STEPS[""])
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(sign), told)


@register.filter
def test_result(key: str) -> Words:
    """What a test said."""
    return words.RESULTS.get(key, key)


@register.filter
def visit_end(key: str) -> Words:
    """How a fever visit ended."""
    return words.ENDS.get(key, key)


@register.filter
def check_form(key: str) -> Words:
    """Whether a check was announced."""
    return words.FORMS.get(key, key)


@register.filter
def facility_kind(key: str) -> Words:
    """A kind of facility."""
    return words.KINDS.get(key, key)


@register.simple_tag(takes_context=True)
def room_kind(context: Context, key: str) -> Words:
    """A kind of room or bed, or beds that the care pack keeps for an age."""
    return words.ROOMS.get(key) or care_word(context, "bed_line", key)


@register.filter
def need_for(key: str) -> Words:
    """Where somebody should be."""
    return words.NEEDS_FOR.get(key, key)


@register.filter
def severity(key: str) -> Words:
    """How severe."""
    return words.SEVERITIES.get(key, key)


@register.filter
def outcome(key: str) -> Words:
    """How care ended."""
    return words.OUTCOMES.get(key, key)


@register.filter
def rule_words(kept: str) -> Words:
    """A rule as it is kept with somebody: who decided, or the edition, its row and the reason."""
    key, mark, reason = kept.partition(";")
    if key in words.RULES:
        return format_html("{}{}{}", words.RULES[key], mark, reason)
    ref, _slash, row = key.partition("/")
    try:
        pack = registry.by_edition(ref)
    except NotFound:
        return kept
    table, _slash, entry = row.partition("/")
    found = pack.rows("warning_trigger" if table == "warning" else table).get(entry, {})
    said = " · ".join(str(part) for part in (titled(pack), titled(found)) if part)
    return f"{said}{mark} {reason}".strip()


@register.filter
def percent(share: float | None) -> str:
    """A share in percent, a dash where its denominator is zero."""
    return "—" if share is None else f"{share:.1%}"


@register.filter
def hours_of(length: Any) -> str:
    """Hours and minutes of a duration."""
    minutes = int(length.total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


@register.simple_tag(takes_context=True)
def care_word(context: Context, table: str, key: str) -> str:
    """A row of a table of the care pack in the reader's language."""
    rows = registry.table(table, context["at"])
    return next((titled(row) for row in rows if row["key"] == key), key)


@register.simple_tag(takes_context=True)
def care_rows(context: Context, table: str) -> list[tuple[str, str]]:
    """A table of the care pack as choices."""
    return choices_of(registry.table(table, context["at"]))


@register.simple_tag
def in_care(*, case: int | None = None, contact: int | None = None) -> int | None:
    """The number of the care of a case or contact."""
    return charge_id_of(case_id=case, contact_id=contact)
