"""`{% load loops %}`: the words of loops beyond states and moves, and shares as figures."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bihuan.core.loops.models import Domain, Grade
from bihuan.core.orgs.models import DutyLine, Party
from bihuan.core.packs.types import Clock
from bihuan.web.work.words import EVIDENCE, MARKS, NEWS, ORIGINS, RUNGS, STEPS

register = template.Library()

Words = str | Promise
_DOMAINS = dict(Domain.choices)
_GRADES = dict(Grade.choices)
_PARTIES = dict(Party.choices)
_SHARES = dict(DutyLine.Part.choices)


@register.filter
def domain(code: str) -> Words:
    """What a domain is called."""
    return _DOMAINS.get(code, code)


@register.filter
def grade(code: str) -> Words:
    """How grave a problem is, in words."""
    return _GRADES.get(code, code)


@register.filter
def party(code: str) -> Words:
    """One of the four parties, in words."""
    return _PARTIES.get(code, code)


@register.filter
def share(code: str) -> Words:
    """Whether an organisation leads a joint task or supports it."""
    return _SHARES.get(code, code)


@register.filter
def origin(kind: str) -> Words:
    """Where a problem comes from."""
    return ORIGINS.get(kind, kind)


@register.filter
def mark(code: str) -> Words:
    """How certain a rule is."""
    return MARKS.get(code, code)


@register.filter
def rung(level: int) -> Words:
    """How far overdue work has climbed."""
    return RUNGS.get(level, str(level))


@register.filter
def step(code: str) -> Words:
    """A step of the consequences ladder."""
    return STEPS.get(code, code)


@register.filter
def news(kind: str) -> Words:
    """What a notice says."""
    return NEWS.get(kind, (kind, ""))[0]


@register.filter
def news_icon(kind: str) -> str:
    """The drawing of a notice."""
    return NEWS.get(kind, ("", "bell"))[1]


@register.filter
def evidence(kind: str) -> Words:
    """What a proof is."""
    return EVIDENCE.get(kind, (kind, ""))[0]


@register.filter
def evidence_icon(kind: str) -> str:
    """The drawing of a proof."""
    return EVIDENCE.get(kind, ("", "file"))[1]


@register.filter
def percent(share: float | None) -> str:
    """A share in whole percent, below ten with a tenth; a dash where nothing divides it."""
    if share is None:
        return "—"
    return f"{share:.0%}" if share >= 0.1 else f"{share * 100:.1f}".removesuffix(".0") + "%"


@register.simple_tag(takes_context=True)
def titled(context: template.Context, thing: Clock) -> str:
    """The title of a rule in the reader's language."""
    return thing.title_en if str(context.get("language", "")).startswith("en") else thing.title


@register.filter
def rule_words(ref: str) -> str:
    """Why a deadline is what it is, where no rule of a pack says so."""
    spoken = {
        "stated": _("期限由要求本身写明"),
        "extended": _("期限经批准延长"),
        "parts": _("与分解出的最后一项任务同时到期"),
        "promised": _("以承办单位承诺的时限为准,早于规定期限"),
    }
    return spoken.get(ref, ref)


@register.filter
def returned(times: int) -> str:
    """How often something came back."""
    return ngettext("退回 %(n)d 次", "退回 %(n)d 次", times) % {"n": times}
