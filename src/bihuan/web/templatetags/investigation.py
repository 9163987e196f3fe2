"""`{% load investigation %}`: words of chains and of imports."""

from collections.abc import Container, Mapping, Sequence
from typing import Any

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bihuan.epidemic.rules.chains import Race
from bihuan.epidemic.selectors.clusters import ClusterRow, subject_of
from bihuan.web.investigation import words
from bihuan.web.messages import words as words_of
from bihuan.web.templatetags.bihuan import icon
from bihuan.web.words import titled

register = template.Library()
Words = str | Promise


@register.simple_tag
def list_state(key: str) -> SafeString:
    """The badge of an import."""
    told, tone, sign = words.LIST_STATES[key]
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(sign), told)


@register.filter
def sure_words(key: str) -> Words:
    """How sure a link is."""
    return words.SURE[key]


@register.filter
def fault_words(code: str) -> str:
    """Why a row was not taken, and how to mend it."""
    return words_of(code)


@register.filter
def reason_words(key: str) -> Words:
    """Why a case is held to be the first of its chain."""
    return words.REASONS[key]


@register.filter
def case_number(by_id: Mapping[int, Any], key: int) -> str:
    """The number of a case of the picture."""
    found = by_id.get(key)
    return found.node.number if found else "—"


@register.simple_tag
def class_words(pack: Any, key: str) -> str:
    """A class of an edition in the reader's language."""
    return titled(pack.rows("case_class").get(key, {}), key)


@register.simple_tag
def file_of(place: str, files: Sequence[ClusterRow]) -> ClusterRow | None:
    """The file of a cluster at a place, where there is one."""
    return next((row for row in files if row.name.casefold() == place.casefold()), None)


# By what a loop came from: where it is worked on, and for whom that page is.
PLAIN = frozenset({"sensing:report"})  # one page for all, without a number in its address
WORKED_ON: dict[str, tuple[str, tuple[str, ...]]] = {
    "case": ("epidemic:case", ("case.read",)),
    "cluster": ("investigation:cluster", ("case.read",)),
    "check": ("care:institution", ("care.read",)),
    "closing": ("epidemic:event", ("epidemic.read",)),
    "leak": ("epidemic:lines", ("epidemic.read",)),
    "rounds": ("care:control", ("care.read", "care.do")),
    "silence": ("sensing:report", ("sensing.report",)),
    "screening": ("investigation:screening_list", ("contact.do",)),
    "spill": ("epidemic:spill", ("epidemic.read",)),
}


@register.simple_tag
def page_of_loop(loop_id: int, duties: Container[str]) -> str:
    """Where a loop of the epidemic side is worked on; empty where it has no page for this post."""
    kind, pk = subject_of(obligation_id=loop_id)
    name, readers = WORKED_ON.get(kind, ("", ()))
    if not any(duty in duties for duty in readers):
        return ""
    return reverse(name, args=[] if name in PLAIN else [pk])


@register.simple_tag
def race_words(race: Race | None) -> SafeString | str:
    """Hours ahead of the next generation, or behind it."""
    if race is None:
        return _("没有登记接触者")
    hours = round(abs(race.hours))
    ahead = race.hours >= 0
    told = _("领先 %(n)d 小时") if ahead else _("落后 %(n)d 小时")
    more = "" if race.closed else " · " + _("还有 %(n)d 人未落实") % {"n": race.open_contacts}
    return format_html(
        '<span class="{}">{}{}{}</span>', "" if ahead else "late",
        icon("circle-check" if ahead else "alert-triangle"), told % {"n": hours}, more,
    )  # fmt: skip
