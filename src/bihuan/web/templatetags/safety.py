"""`{% load safety %}`: colours with their words, kinds and sectors in the reader's language."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from bihuan.core.orgs.models import Party, Sector
from bihuan.safety.selectors.hazards import is_hazard
from bihuan.safety.types import AccidentClass, Category, Colour, Defence
from bihuan.web.safety.words import COMMITMENTS, LEVELS, REPORT_KINDS, REPORT_STATES, STAGES
from bihuan.web.templatetags.bihuan import icon
from bihuan.web.words import titled

register = template.Library()

Words = str | Promise
_COLOURS = dict(Colour.choices)
_CATEGORIES = dict(Category.choices)
_CLASSES = dict(AccidentClass.choices)
_DEFENCES = dict(Defence.choices)
SECTORS_SHOWN = 3


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
def colour_word(code: str) -> Words:
    """The word of a statutory colour; that nothing was graded where there is none."""
    return _COLOURS.get(code, _("未分级"))


@register.filter
def named(thing: Any) -> str:
    """A kind, a sector, a limit or a row of a pack in the reader's language."""
    if thing is None:
        return "—"
    if isinstance(thing, dict) or hasattr(thing, "title"):
        return titled(thing)
    return str(thing.name_en if (get_language() or "").startswith("en") else thing.name)


@register.filter
def sectors_named(codes: list[str], known: Sequence[Sector]) -> str:
    """The sectors of a campaign: all of those known, or their names, a few at most."""
    names = [named(one) for one in known if one.pk in codes]
    if len(names) == len(known):
        return gettext("全部行业")
    comma = ", " if (get_language() or "").startswith("en") else "、"
    if len(names) <= SECTORS_SHOWN:
        return comma.join(names)
    told = {"names": comma.join(names[:SECTORS_SHOWN]), "n": len(names)}
    return gettext("%(names)s等 %(n)s 个行业") % told


@register.filter
def get(table: dict[str, Any], key: str) -> Any:
    """A value of a table by a key that the template holds."""
    return table.get(key, key)


@register.filter
def decimal(text: str) -> str:
    """An exact fraction as people read a number."""
    return f"{float(Fraction(text)):.6g}"


@register.filter
def commitment(key: str) -> Words:
    """One of the five commitments."""
    return COMMITMENTS.get(key, key)


@register.filter
def category(code: str) -> Words:
    """What a report from the public is about."""
    return _CATEGORIES.get(code, code)


@register.filter
def defence(code: str) -> Words:
    """人防、物防、技防."""
    return _DEFENCES.get(code, code)


@register.filter
def accident_class(code: str) -> Words:
    """The statutory class of an accident."""
    return _CLASSES.get(code, code)


@register.filter
def authority(level: str) -> Words:
    """A level of the chain of reports."""
    return LEVELS.get(level, level)


@register.filter
def report_kind(code: str) -> Words:
    """First, progress or final."""
    return REPORT_KINDS.get(code, code)


@register.simple_tag
def report_state(code: str) -> SafeString:
    """How a duty to report was met: late, missing and false are three things."""
    told, tone, sign = REPORT_STATES[code]
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(sign), told)


@register.simple_tag
def operation_stage(code: str) -> SafeString:
    """Where a dangerous operation stands."""
    told, tone, sign = STAGES[code]
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(sign), told)


@register.simple_tag
def party_word(code: str) -> Words:
    """One of the four parties."""
    return dict(Party.choices).get(code, code)


@register.simple_tag
def hazard_page(loop_id: int) -> str:
    """Where a problem that is a hazard is worked on; empty for every other problem."""
    return reverse("safety:hazard", args=[loop_id]) if is_hazard(obligation_id=loop_id) else ""
