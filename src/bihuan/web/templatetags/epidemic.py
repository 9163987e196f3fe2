"""`{% load epidemic %}`: words that the rule packs give, in the reader's language."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bihuan.core.errors import Refused
from bihuan.core.packs import registry
from bihuan.core.packs.diseases import disease as listed
from bihuan.core.places.types import under
from bihuan.epidemic.types import FoundIn, Origin
from bihuan.web.epidemic import words
from bihuan.web.templatetags.bihuan import icon
from bihuan.web.words import titled

register = template.Library()

Words = str | Promise
_CHOICES: dict[str, dict[str, Any]] = {
    "origin": dict(Origin.choices), "found_in": dict(FoundIn.choices),
}  # fmt: skip


@register.simple_tag
def titled_row(row: Any) -> str:
    """The title of any rule."""
    return titled(row, "")


@register.simple_tag(takes_context=True)
def disease(context: Context, code: str) -> str:
    """A disease as the list in force calls it."""
    try:
        return titled(listed(code, context["at"]), code)
    except Refused:
        return code


def _control(case: Any, at: Any) -> Any:
    return registry.edition("control-plan", at, scope=case.scope, disease=case.event.disease)


@register.simple_tag(takes_context=True)
def kind_words(context: Context, case: Any, key: str) -> str:
    """A class of cases."""
    row = _control(case, context["at"]).rows("case_class").get(key, {})
    return titled(row, key)


@register.simple_tag(takes_context=True)
def criterion(context: Context, case: Any, key: str) -> str:
    """A finding."""
    row = _control(case, context["at"]).rows("criterion").get(key, {})
    return titled(row, key)


@register.simple_tag(takes_context=True)
def lint_words(context: Context, order: Any, rule: str) -> Words:
    """A rule that an order breaks."""
    row = _control(order, context["at"]).rows("lint").get(rule)
    if row is not None:
        return f"{rule} {titled(row, rule)}"
    found: Words = words.LINTS.get(rule, rule)
    return found


@register.simple_tag
def exposure(edition: str, key: str) -> str:
    """How somebody was exposed."""
    row = registry.by_edition(edition).rows("exposure").get(key, {})
    return titled(row, key)


@register.simple_tag(takes_context=True)
def measure(context: Context, key: str) -> str:
    """A measure of the menu."""
    rows = registry.edition("response", context["at"]).rows("measure")
    return titled(rows.get(key, {}), key)


@register.simple_tag(takes_context=True)
def law(context: Context, said: str) -> SafeString:
    """What something rests on: in English by the rules' own rendering, else marked as Chinese."""
    if not (get_language() or "").startswith("en"):
        return conditional_escape(said)
    rows = registry.edition("response", context["at"]).tables["measure"]
    english = {str(row["basis"]): str(row["basis_en"]) for row in rows if "basis_en" in row}
    parts = (
        (english[part],) if part in english else (_chinese(part),) for part in said.split("、")
    )
    return format_html_join("; ", "{}", parts)


def _chinese(said: str) -> str:
    """Marked for readers that speak a page aloud, where it holds Chinese."""
    han = any("\u4e00" <= char <= "\u9fff" for char in said)
    return format_html('<span lang="zh">{}</span>', said) if han else said


@register.simple_tag(takes_context=True)
def purpose(context: Context, key: str) -> str:
    """A registered purpose."""
    rows = registry.table("purpose", context["at"])
    return titled(next((row for row in rows if row["key"] == key), {}), key)


@register.simple_tag(takes_context=True)
def value_words(context: Context, variable: str, key: str) -> Words:
    """A value of a variable of the curve; the classes are those of the page's edition."""
    if variable == "kind" and key != "other":
        return titled(context["pack"].rows("case_class").get(key, {}), key)
    chosen: Words = _CHOICES.get(variable, {}).get(key, "")
    return chosen or dict[str, Words](words.CURVE_VALUES).get(key, key)


@register.simple_tag
def rule_value(value: Any, names: dict[str, str] | None = None) -> str:
    """A value of a rule as people read it; a dash where the rule is not.

    `names` says what the keys of the editions are called.
    """
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "✓" if value else "✗"
    if isinstance(value, list | tuple):
        return "; ".join(rule_value(part, names) for part in value)
    if isinstance(value, dict):
        return _segment(value) or ", ".join(
            f"{words.RULE_FIELDS.get(key, key)} {rule_value(part, names)}"
            for key, part in value.items()
        )
    key = str(value)
    said = words.STAYS.get(key) or words.UNITS.get(key) or words.RULE_WORDS.get(key)
    return str(said or (names or {}).get(key, key))


def _segment(value: dict[str, Any]) -> str:
    """A part of a plan: where, how long, tests on which days. "" for anything else."""
    if not {"place", "days"} <= value.keys():
        return ""
    told = {"place": words.STAYS.get(value["place"], value["place"]), "n": value["days"],
            "tests": ", ".join(str(day) for day in value.get("tests", ()))}  # fmt: skip
    if not told["tests"]:
        return _("%(place)s %(n)s 天") % told
    return _("%(place)s %(n)s 天(第 %(tests)s 天检测)") % told


@register.filter
def rule_table(key: str) -> Words:
    """A table of the rules."""
    return words.RULE_TABLES.get(key, key)


@register.filter
def rule_field(key: str) -> Words:
    """A field of a rule."""
    return words.RULE_FIELDS.get(key, key)


@register.filter
def stay_words(key: str) -> Words:
    """Where a plan puts somebody."""
    return words.STAYS.get(key, key)


@register.filter
def service_words(key: str) -> Words:
    """A service that a measure owes."""
    return words.SERVICES.get(key, key)


@register.filter
def unit_words(key: str) -> Words:
    """A unit an order may cover."""
    return words.UNITS.get(key, key)


@register.filter
def identity_field(key: str) -> Words:
    """A field of the identity."""
    return words.FIELDS.get(key, key)


@register.filter
def minutes_of(length: timedelta) -> int:
    """Whole minutes."""
    return int(length.total_seconds() // 60)


@register.filter
def hours_of(length: timedelta) -> str:
    """Hours, to the tenth where that says something."""
    return f"{length / timedelta(hours=1):.1f}".removesuffix(".0")


@register.simple_tag
def contact_state(key: str) -> SafeString:
    """The badge of a contact."""
    return _badge(*words.CONTACT_STATES[key])


@register.simple_tag
def order_state(key: str) -> SafeString:
    """The badge of an order."""
    return _badge(*words.ORDER_STATES[key])


@register.simple_tag
def plan_state(key: str) -> SafeString:
    """The badge of a node's plan."""
    return _badge(*words.PLAN_STATES[key])


@register.filter
def side_words(key: str) -> Words:
    """A side of a node's plan."""
    return words.SIDES[key]


@register.filter
def plan_kinds(keys: Sequence[str], at: datetime) -> str:
    """Kinds of targets in the reader's language."""
    rows = {row["key"]: row for row in registry.table("plan_kind", at)}
    told = [titled(rows.get(key, {}), key) for key in keys]
    return (", " if (get_language() or "").startswith("en") else "、").join(told)


@register.filter
def stage_words(key: str) -> tuple[Words, Words, Words]:
    """One of the seven stages: its name, its start, its stop."""
    return words.STAGES[key]


@register.filter
def lies_in(scope: str, upper: str) -> bool:
    """Whether a scope is another or lies below it."""
    return under(scope, upper)


@register.simple_tag
def spill_state(key: str) -> SafeString:
    """The badge of a notice outward."""
    return _badge(*words.SPILL_STATES[key])


def _badge(told: Words, tone: str, sign: str) -> SafeString:
    return format_html('<span class="state state-{}">{}{}</span>', tone, icon(sign), told)
