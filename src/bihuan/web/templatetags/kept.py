"""Django's own `translate`, `url` and `date`, keeping what a list asks for again in every row.

Fifty rows with five labels and two links each cost Django twelve milliseconds of processor, a
third of the page; kept, under one. Settings put this library in the place of Django's.
"""

from datetime import date
from functools import cache, lru_cache
from typing import Any

from django.template import Library
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaultfilters import date as django_date
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags import i18n
from django.templatetags.i18n import TranslateNode
from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)
MARK = 7_000_000_001  # in no address, so that it is found again in one


class KeptTranslate(TranslateNode):
    """A text of the template itself: told once in each language."""

    def __init__(self, **known: Any) -> None:
        super().__init__(**known)
        self.told: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self.told:
            self.told[language] = super().render(context)
        return self.told[language]


class KeptURL(URLNode):
    """An address that differs between rows by whole numbers alone: these are put into its shape."""

    def render(self, context: Context) -> str:
        numbers = tuple(one.resolve(context) for one in self.args)
        if self.asvar is None and not self.kwargs and all(type(one) is int for one in numbers):
            name = self.view_name.resolve(context)
            shape = _shape(name, len(numbers), get_script_prefix())
            if shape is not None:
                return SafeString(shape % numbers)
        return super().render(context)


@cache
def _shape(name: str, n: int, _prefix: str) -> str | None:
    """The address of a page with places for its numbers; None where it takes no such ones."""
    marks = range(MARK, MARK + n)
    try:
        shape = reverse(name, args=marks).replace("%", "%%")
    except NoReverseMatch:
        return None
    for mark in marks:
        shape = shape.replace(str(mark), "%d")
    return shape


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> TranslateNode:
    """`{% translate %}`, kept where the text needs nothing of the page."""
    node: TranslateNode = i18n.do_translate(parser, token)
    told = node.filter_expression
    if told.var.literal is None or told.filters or node.asvar or node.message_context:
        return node
    return KeptTranslate(filter_expression=told, noop=node.noop)


@register.tag("url")
def url(parser: Parser, token: Token) -> URLNode:
    """`{% url %}`, kept where the address is made of whole numbers."""
    node = django_url(parser, token)
    return KeptURL(node.view_name, node.args, node.kwargs, node.asvar)


@register.filter("date", expects_localtime=True)
def date_words(value: Any, form: str | None = None) -> str:
    """`{{ …|date:"m-d" }}`, kept for days: five hundred cases fall on some thirty."""
    if type(value) is date:
        return _day(value, form, get_language())
    return str(django_date(value, form))


@lru_cache(maxsize=4096)
def _day(value: date, form: str | None, _language: str | None) -> str:
    return str(django_date(value, form))
