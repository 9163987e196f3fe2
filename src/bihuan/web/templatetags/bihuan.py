"""`{% load bihuan %}`: times, deadlines, states, figures, icons, fields, addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django import template
from django.forms import BoundField, CheckboxSelectMultiple
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from bihuan.core.clock import local
from bihuan.core.places.models import Level
from bihuan.web.messages import words
from bihuan.web.table import query as changed_query
from bihuan.web.words import FLOWS, MOVES, STATES, act_words

register = template.Library()

Words = str | Promise
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure of the facts strip. There is no figure without `href`, the rows behind it."""

    label: Words
    value: object
    href: str
    measure: Words = ""
    note: Words = ""  # yesterday, target or expected range
    alarm: bool = False


@cache
def _sprite() -> str:
    """The address of the sprite: a page asks a hundred times, and the storage looks at the disk."""
    return static("web/vendor/icons/icons.svg")


@register.simple_tag
def icon(name: str, words: Words = "") -> SafeString:
    """A drawing from the sprite; with words it speaks for itself, without it only decorates."""
    if words:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>',
            words, _sprite(), name,
        )  # fmt: skip
    return _drawing(name)


@cache
def _drawing(name: str) -> SafeString:
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', _sprite(), name
    )


def span(length: timedelta) -> str:
    """A length of time in its two largest parts."""
    minutes = int(abs(length).total_seconds()) // 60
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days >= 3 or (days and not hours):
        return ngettext("%(n)d 天", "%(n)d 天", days) % {"n": days}
    if days:
        return _("%(d)d 天 %(h)d 小时") % {"d": days, "h": hours}
    if hours:
        return _("%(h)d 小时 %(m)d 分") % {"h": hours, "m": rest}
    return _("%(m)d 分钟") % {"m": rest}


def ago(moment: datetime, at: datetime) -> str:
    """A moment as seen from `at`."""
    if abs(at - moment) < timedelta(minutes=1):
        return _("刚刚")
    if moment > at:
        return _("%(span)s后") % {"span": span(moment - at)}
    return _("%(span)s前") % {"span": span(at - moment)}


def wall(moment: datetime, at: datetime | None = None) -> str:
    """A moment on the wall clock; the year only when it is not this one."""
    shown = local(moment)
    if at is not None and local(at).year == shown.year:
        return f"{shown:%m-%d %H:%M}"
    return f"{shown:%Y-%m-%d %H:%M}"


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | date | None) -> SafeString | str:
    """A moment, absolute and relative to what the page speaks of."""
    if moment is None:
        return "—"
    if not isinstance(moment, datetime):
        return format_html('<time datetime="{0}">{0}</time>', moment.isoformat())
    at: datetime | None = context.get("at")
    return format_html(
        '<time datetime="{}" title="{}">{} <span class="text-secondary">{}</span></time>',
        moment.isoformat(), wall(moment), wall(moment, at), ago(moment, at) if at else "",
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def due(context: Context, row: Any) -> SafeString | str:
    """The clock of a loop: what is left, or how late it is; never by colour alone."""
    at: datetime = context["at"]
    moment: datetime | None = row.due_at
    if moment is None:
        return "—"
    closed: datetime | None = getattr(row, "closed_at", None)
    reached = closed or at
    late = reached > moment and row.state not in {"suspended", "withdrawn"}
    if closed:
        told = _("逾期 %(span)s办结") if late else _("按期办结")
        told = told % {"span": span(reached - moment)} if late else told
        mark = "clock-exclamation" if late else "circle-check"
    elif row.state == "suspended":
        told, mark = _("计时暂停"), "clock-pause"
    elif late:
        told, mark = _("已逾期 %(span)s") % {"span": span(at - moment)}, "alert-triangle"
    else:
        told, mark = _("还剩 %(span)s") % {"span": span(moment - at)}, "clock-hour-4"
    tone = "due-late" if late else ("due-soon" if not closed and moment - at < DAY else "due-ok")
    return format_html(
        '<time class="due {}" datetime="{}" title="{}">{}{} '
        '<span class="text-secondary">{}</span></time>',
        tone, moment.isoformat(), wall(moment), icon(mark), told, wall(moment, at),
    )  # fmt: skip


@register.simple_tag
def state(row: Any) -> SafeString:
    """The badge of a state, in words; takes a row or the state itself."""
    return _badge(row if isinstance(row, str) else row.state, get_language())


@cache
def _badge(name: str, _language: str | None) -> SafeString:
    """A list shows the same few badges fifty times; one is kept for each language."""
    told, tone, mark = STATES.get(name, (name, "rest", "circle"))
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(mark), told)


@register.filter
def flow(name: str) -> Words:
    """What a flow is called."""
    return FLOWS.get(name, name)


@register.filter
def level(name: str) -> Words:
    """What a level of the tree of places is called."""
    return Level(name).label


@register.filter
def act(action: str) -> Words:
    """What an act in the audit is called."""
    return act_words(action)


@register.filter
def state_words(name: str) -> Words:
    """The words of a state without its badge; empty stays empty."""
    return STATES.get(name, (name, "", ""))[0]


@register.filter
def move_words(name: str) -> Words:
    """What a move is called on its button."""
    return MOVES.get(name, (name, "", ""))[0]


@register.filter
def move_icon(name: str) -> str:
    """The drawing on a move's button."""
    return MOVES.get(name, ("", "arrow-right", ""))[1]


@register.filter
def move_key(name: str) -> str:
    """The key that makes a move, if it has one."""
    return MOVES.get(name, ("", "", ""))[2]


@register.filter
def code_words(code: str) -> str:
    """The words for an error code: why a button is disabled."""
    return words(code)


@cache
def _around(page: str) -> tuple[str, str]:
    """What stands before and after the number: working an address out takes as long as a row."""
    anyone = 9_999_999_999
    before, after = reverse(page, args=[anyone]).split(str(anyone))
    return before, after


@register.filter
def href(pk: int, page: str) -> str:
    """The address of a thing's page, for lists: `{{ row.id|href:"work:loop" }}`."""
    before, after = _around(page)
    return f"{before}{pk}{after}"


@register.inclusion_tag("web/components/facts.html")
def facts(figures: Sequence[Fact]) -> dict[str, Any]:
    """The strip of three to six figures under the title."""
    return {"figures": figures}


@register.inclusion_tag("web/components/field.html")
def field(bound: BoundField, hint: Words = "") -> dict[str, Any]:
    """A form field: label, control, why it is asked, and its error beside it."""
    _dress(bound)
    many = isinstance(bound.field.widget, CheckboxSelectMultiple)
    told = hint or bound.help_text
    return {"field": bound, "hint": told, "check": _is_check(bound) and not many, "many": many}


@register.simple_tag
def control(bound: BoundField) -> SafeString:
    """The control of a field alone."""
    _dress(bound)
    return bound.as_widget()


def _dress(bound: BoundField) -> None:
    dress = _control(bound) + (" is-invalid" if bound.errors else "")
    bound.field.widget.attrs.setdefault("class", dress)


def _is_check(bound: BoundField) -> bool:
    return getattr(bound.field.widget, "input_type", "") == "checkbox"


def _control(bound: BoundField) -> str:
    widget = bound.field.widget
    if _is_check(bound):
        return "form-check-input"
    return "form-select" if type(widget).__name__.startswith("Select") else "form-control"


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """This page's address with some of its query changed: `{% query sort="due" after="" %}`."""
    return changed_query(context["request"], changes)


@register.inclusion_tag("web/components/sort.html", takes_context=True)
def sort(context: Context, key: str, words: Words) -> dict[str, Any]:
    """A column's heading that sorts by it, the other way round on the second press."""
    now = context["request"].GET.get("sort", "")
    target = f"-{key}" if now == key else key
    return {
        "words": words, "href": changed_query(context["request"], {"sort": target, "after": ""}),
        "up": now == key, "down": now == f"-{key}",
    }  # fmt: skip
