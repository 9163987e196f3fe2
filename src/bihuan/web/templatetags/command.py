"""`{% load command %}`: the words of meetings, drafts, repairs and cascades."""

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from bihuan.command.rules import Light
from bihuan.command.types import Came, Form, Joined, PlenaryRow
from bihuan.core.loops.models import RequestKind
from bihuan.core.places.types import under
from bihuan.web.command.words import (
    BUCKETS,
    LIGHTS,
    MISSING,
    OUTCOMES,
    REPAIRS,
    SESSIONS,
    STAGES,
    STRICTER,
    UNDEFINED,
)
from bihuan.web.intake.words import COVERED, REASONS, STANDINGS, STATUSES, WHYS
from bihuan.web.templatetags.bihuan import icon, state

register = template.Library()

Words = str | Promise
_FORMS, _JOINED, _CAME = dict(Form.choices), dict(Joined.choices), dict(Came.choices)
_KINDS = dict(RequestKind.choices)


@register.filter
def form_words(code: str) -> Words:
    """The form of a meeting."""
    return _FORMS.get(code, code)


@register.filter
def lies_under(scope: str, upper: str) -> bool:
    """Whether a scope is another or lies below it: what lies elsewhere is not linked to."""
    return under(scope, upper)


@register.filter
def joined_words(code: str) -> Words:
    """How a branch venue takes part."""
    return _JOINED.get(code, code)


@register.filter
def came_words(code: str) -> Words:
    """Whether a member came to a plenary session."""
    return _CAME.get(code, code)


@register.simple_tag
def plenary_name(row: PlenaryRow) -> str:
    """How people name a session: body, year, number."""
    told = gettext("%(body)s %(year)s 年第 %(number)s 次全体会议")
    return told % {"body": row.body, "year": row.year, "number": row.number}


@register.simple_tag
def plenary_state(row: PlenaryRow) -> SafeString:
    """Called, held or closed, as a coloured word with an icon."""
    told, tone, mark = SESSIONS[
        "closed" if row.closed_at else "held" if row.meeting_id else "called"
    ]
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(mark), told)


@register.filter
def bucket_words(code: str) -> Words:
    """A counter of the frozen situation report."""
    return BUCKETS.get(code, code)


@register.filter
def draft_status(code: str) -> Words:
    """What a person made of a draft."""
    return STATUSES.get(code, code)


@register.filter
def standing_words(code: str) -> Words:
    """How a draft compares with the upper demand; nothing when it simply answers it."""
    return STANDINGS.get(code, "")


@register.filter
def covered_words(code: str) -> Words:
    """How a demand of one meeting stands to one of another; nothing for a mere repeat."""
    return COVERED.get(code, "")


@register.filter
def why_words(code: str) -> Words:
    """By what two demands were told apart."""
    return WHYS[code]


@register.filter
def reason_words(code: str) -> Words:
    """Why a text was not taken for a communiqué."""
    return REASONS.get(code, REASONS["no_meeting"])


@register.filter
def repair_words(kind: str) -> Words:
    """What kind of damage was repaired: the nearest name that is known."""
    while kind and kind not in REPAIRS:
        kind = kind.rpartition(".")[0]
    return REPAIRS[kind]


@register.filter
def outcome(code: str) -> Words:
    """How a node answers a demand."""
    return OUTCOMES.get(code, code)


@register.filter
def missing_words(step: str) -> Words:
    """What a place that has not taken a step has not done."""
    return MISSING.get(step, step)


@register.filter
def stricter_words(code: str) -> Words:
    """Where a stricter demand stands."""
    return STRICTER.get(code, code)


@register.simple_tag
def stage(code: str) -> SafeString:
    """The badge of a directive's stage, or of a node's state in a cascade; words first."""
    if code not in STAGES:
        return state(code)
    told, tone, mark = STAGES[code]
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(mark), told)


@register.filter
def request_kind(code: str) -> Words:
    """What a matter brought up is: request, report or feedback."""
    return _KINDS.get(code, code)


@register.simple_tag
def goal_light(light: Light) -> SafeString:
    """How a goal stands, in words; of an undefined one, what it lacks."""
    told, tone, sign = LIGHTS[light.colour]
    why = f"({UNDEFINED[light.why]})" if light.why else ""
    return format_html('<span class="state state-{}">{}{}</span> {}', tone, icon(sign), told, why)
