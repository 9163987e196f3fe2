"""What is kept of `translate` and `url` is what Django itself would say."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Engine, engines
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import translation

from bihuan.web.templatetags.kept import KeptURL

DJANGO = Engine(libraries={"i18n": "django.templatetags.i18n"})


def ours(text: str, **told: object) -> str:
    return engines["django"].from_string(text).render(dict(told))


def theirs(text: str, **told: object) -> str:
    return DJANGO.from_string(text).render(Context(told))


@pytest.mark.parametrize(
    "text",
    [
        "{% load i18n %}{% translate '隐患' %}",
        "{% load i18n %}{% trans '隐患' %}",
        "{% load i18n %}{% translate '50%% 以上 <b>' %}",
        "{% load i18n %}{% translate '隐患' as word %}{{ word }}",
        "{% load i18n %}{% translate '隐患' noop %}",
        "{% load i18n %}{% translate '隐患'|upper %}",
        "{% load i18n %}{% translate name %}",
    ],
)
def test_a_text_is_told_as_django_tells_it_in_each_language_and_again(text: str) -> None:
    template = engines["django"].from_string(text)
    for language in ("zh-hans", "en", "zh-hans", "en"):
        with translation.override(language):
            assert template.render({"name": "状态<"}) == theirs(text, name="状态<")


def test_the_two_languages_differ() -> None:
    told = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            told.add(ours("{% load i18n %}{% translate '隐患' %}"))
    assert len(told) == 2


def named_pages() -> list[tuple[str, int]]:
    found = []
    for namespace, (_path, resolver) in get_resolver().namespace_dict.items():
        for name in {key for key in resolver.reverse_dict if isinstance(key, str)}:
            for possibility, _pattern, _defaults, _types in resolver.reverse_dict.getlist(name):
                found += [(f"{namespace}:{name}", len(params)) for _text, params in possibility]
    return found


def test_every_page_has_the_address_that_django_gives_it() -> None:
    pages = named_pages()
    assert len(pages) > 300
    for name, n in pages:
        for numbers in ((1, 22, 333)[:n], (98_765, 4, 7)[:n]):
            try:
                wanted = reverse(name, args=numbers)
            except NoReverseMatch:
                continue
            places = " ".join(f"n{i}" for i in range(n))
            told = {f"n{i}": value for i, value in enumerate(numbers)}
            assert ours(f"{{% url '{name}' {places} %}}", **told) == wanted


@pytest.mark.parametrize("form", ["Y-m-d", "m-d", "N j, Y", "SHORT_DATE_FORMAT"])
@pytest.mark.parametrize(
    "value", [date(2026, 3, 9), datetime(2026, 3, 9, 23, 30, tzinfo=UTC), None, "", "nothing"]
)
def test_a_day_is_written_as_django_writes_it(form: str, value: object) -> None:
    text = f"{{{{ value|date:'{form}' }}}} {{{{ value|date }}}}"
    for language in ("zh-hans", "en", "zh-hans"):
        with translation.override(language):
            assert ours(text, value=value) == theirs(text, value=value)


def test_an_address_of_text_names_and_variables_is_django_s_own() -> None:
    text = "{% url 'pages:worker' as here %}{{ here }}"
    assert ours(text) == theirs(text) != ""


def test_a_page_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(NoReverseMatch, match="nowhere"):
        ours("{% url 'nowhere' 1 %}")


def test_our_tag_is_the_one_in_use() -> None:
    node = Engine.get_default().from_string("{% url 'pages:worker' %}").nodelist[0]
    assert isinstance(node, KeptURL)
