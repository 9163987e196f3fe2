"""`{% load supervision %}`: words of coverage, outcomes, grades, columns and refusals."""

from collections.abc import Iterable
from itertools import groupby

from django import template
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from bihuan.core.evidence.cells import Refusal, write_figure
from bihuan.supervision.rules.tables import FINDINGS, REGISTER, SHEETS, VENUES
from bihuan.supervision.selectors.plans import Cube
from bihuan.supervision.types import Decision, Outcome, Source, StepHead
from bihuan.web.messages import words
from bihuan.web.supervision.words import (
    BANDS,
    ITEM_STATES,
    MARKS,
    PART_NOTES,
    PARTS,
    VISIT_STATES,
)
from bihuan.web.templatetags.bihuan import Fact, icon

register = template.Library()

Words = str | Promise
_COLUMNS = {c.key: c for sheet in (REGISTER, FINDINGS, VENUES, *SHEETS) for c in sheet.columns}
_OUTCOMES = dict(Outcome.choices)
_SOURCES = dict(Source.choices)


@register.simple_tag
def column(key: str) -> str:
    """A column of a table as it is headed in the reader's language."""
    found = _COLUMNS.get(key)
    return found.title(get_language() or "") if found else key


@register.simple_tag
def refusal(line: Refusal) -> str:
    """Why a row was left out and how to mend it."""
    return words(line.code, **line.facts)


@register.filter
def figure(value: float | None) -> str:
    """A number as people write it; a dash for none."""
    return write_figure(value) or "—"


@register.filter
def times_percent(share: float) -> str:
    """A share in whole per cent."""
    return f"{share:.0%}"


@register.filter
def signed(value: float) -> str:
    """A whole number with its sign."""
    return f"{value:+.0f}".replace("-", "−")


@register.filter
def minutes(seconds: int | None) -> str:
    """Seconds as minutes."""
    return _("%(n)s 分钟") % {"n": f"{(seconds or 0) / 60:.1f}"}


@register.filter
def band(key: str) -> Words:
    """The words of a colour of the heat table."""
    return BANDS.get(key, key)


@register.simple_tag
def bands() -> list[tuple[str, Words]]:
    """The legend of the heat table."""
    return list(BANDS.items())


@register.simple_tag
def links(steps: Iterable[StepHead]) -> list[tuple[str, int]]:
    """The links of the chain with the number of their steps, side by side."""
    return [(link, len(list(group))) for link, group in groupby(steps, key=lambda s: s.link)]


@register.filter
def outcome(key: str) -> Words:
    """What was found in a cell."""
    return _OUTCOMES.get(key, key)


@register.filter
def source(key: str) -> Words:
    """Where a register comes from."""
    return _SOURCES.get(key, key)


@register.simple_tag
def decisions() -> list[tuple[str, Words]]:
    """How a candidate may end."""
    return list(Decision.choices)


@register.filter
def part(key: str) -> Words:
    """One of 严、快、紧、实、细."""
    return PARTS[key]


@register.filter
def part_note(key: str) -> Words:
    """What a part of the grade asks."""
    return PART_NOTES[key]


@register.simple_tag
def mark_words(mark: str) -> SafeString:
    """A mark of the grade, with its sign."""
    told, sign = MARKS[mark]
    return format_html("{} {}", icon(sign), told)


@register.simple_tag
def visit_state(key: str) -> SafeString:
    """The badge of a visit's state."""
    return _badge(*VISIT_STATES[key])


@register.simple_tag
def item_state(key: str) -> SafeString:
    """The badge of a finding from outside."""
    return _badge(*ITEM_STATES[key])


def _badge(told: Words, tone: str, sign: str) -> SafeString:
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(sign), told)


@register.inclusion_tag("web/components/facts.html")
def cube_facts(cube: Cube) -> dict[str, list[Fact]]:
    """The figures of a plan: coverage, cells, gaps, empty cells."""
    here = reverse("supervision:plan", args=(cube.plan.pk,))
    share = cube.coverage.percent
    full = cube.coverage.full
    return {
        "figures": [
            Fact(
                gettext_lazy("覆盖"), "—" if share is None else f"{share}%", f"{here}#heat",
                note=gettext_lazy("全覆盖") if full else gettext_lazy("未达全覆盖"),
            ),
            Fact(
                gettext_lazy("已查 / 应查"), f"{cube.coverage.filled} / {cube.coverage.cells}",
                f"{here}#heat", gettext_lazy("格"),
            ),
            Fact(gettext_lazy("场所"), cube.sites, f"{here}#heat"),
            Fact(gettext_lazy("查出问题"), cube.gaps, f"{here}#heat"),
            Fact(
                gettext_lazy("空格"), cube.coverage.empty, f"{here}#empty", gettext_lazy("格"),
                alarm=not cube.open_now and cube.coverage.empty > 0,
            ),
        ]
    }  # fmt: skip
