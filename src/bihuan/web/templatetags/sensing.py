"""`{% load sensing %}`: words of sentinels, streams, signals."""

from datetime import timedelta

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from bihuan.core.packs import registry
from bihuan.core.places.models import Level
from bihuan.sensing.selectors.flows import Outlook
from bihuan.sensing.types import FlowSource, Kind, Precision, Verdict
from bihuan.web.epidemic.words import METHODS, PARAMETERS
from bihuan.web.sensing.words import EVERY, OWN_PLACE, PHASES
from bihuan.web.templatetags.bihuan import Fact, icon, span
from bihuan.web.words import titled

register = template.Library()

Words = str | Promise
_KINDS = dict(Kind.choices)
_VERDICTS = dict(Verdict.choices)
_SOURCES = dict(FlowSource.choices)


@register.filter
def sentinel_kind(key: str) -> Words:
    """What a sentinel is."""
    return _KINDS.get(key, key)


@register.filter
def verdict(key: str) -> Words:
    """How a signal ended."""
    return _VERDICTS.get(key, key)


@register.filter
def method(key: str) -> Words:
    """A detector; most are called by the name they have in the books."""
    return METHODS.get(key, key)


@register.filter
def parameter(key: str) -> Words:
    """A parameter of a detector."""
    return PARAMETERS.get(key, key)


@register.filter
def edition(rule: str) -> str:
    """The edition a rule's name begins with."""
    return rule.partition("/")[0]


@register.filter
def delay(length: timedelta | None) -> str:
    """A length of time, a dash for none."""
    return span(length) if length is not None else "—"


@register.filter
def share(part: float) -> str:
    """A share in per cent."""
    return f"{part:.0%}"


@register.simple_tag(takes_context=True)
def stream(context: Context, key: str) -> str:
    """What is counted, in the reader's language."""
    rows = registry.table("stream", context["at"])
    return next((titled(row) for row in rows if row["key"] == key), key)


@register.inclusion_tag("web/components/facts.html")
def signal_facts(precision: Precision, waiting: int) -> dict[str, list[Fact]]:
    """The figures of the signals of a month."""
    here = reverse("sensing:signals")
    share = "—" if precision.share is None else f"{precision.share:.0%}"
    return {
        "figures": [
            Fact(_("待结论"), waiting, here, alarm=waiting > 0),
            Fact(_("近 30 日信号"), precision.raised, here),
            Fact(_("属实比例"), share, here, note=f"{precision.events}/{precision.judged}"),
            Fact(_("按时核实"), f"{precision.within}/{precision.judged}", here),
        ]
    }


@register.filter
def phase(key: str) -> SafeString:
    """Where a key period stands."""
    told, mark = PHASES[key]
    return format_html('<span class="tag">{} {}</span>', icon(mark), told)


@register.filter
def measure_level(key: str) -> Words:
    """At which places a measure is owed."""
    return str(EVERY) % {"level": Level(key).label} if key in Level.values else OWN_PLACE


@register.filter
def measure_day(offset: int) -> Words:
    """A day by its distance from the first."""
    if offset == 0:
        return _("首日")
    told = _("首日前 %(n)d 天") if offset < 0 else _("首日后 %(n)d 天")
    return str(told) % {"n": abs(offset)}


@register.filter
def people(n: int) -> str:
    """A number of people, its thousands apart."""
    return f"{n:,}"


@register.filter
def flow_source(key: str) -> Words:
    """Who said how many come."""
    return _SOURCES.get(key, key)


@register.inclusion_tag("web/components/facts.html")
def flow_facts(seen: Outlook, rooms: int | None) -> dict[str, list[Fact]]:
    """The figures of the days ahead; rooms only for whoever sees figures of care."""
    here = reverse("sensing:flows")
    first = next((one for one in seen.shortages), None)
    ahead = _("%(n)d 天后") % {"n": first.ahead} if first else _("没有")
    figures = [
        Fact(_("缺口合计"), people(seen.short), here, _("人次"), alarm=seen.short > 0),
        Fact(_("最近的缺口"), ahead, here, note=first.gate.name if first else ""),
        Fact(_("预计到达"), people(sum(row.expected for row in seen.gates)), here, _("人次")),
    ]
    if rooms is not None:
        told = _("可用 %(n)s 间") % {"n": people(rooms)}
        figures.append(Fact(_("最多一天需隔离房间"), people(seen.rooms), reverse("care:board"),
                            _("间"), told, alarm=seen.rooms > rooms))  # fmt: skip
    return {"figures": figures}
