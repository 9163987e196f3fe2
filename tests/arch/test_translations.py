"""The tool that looks after the English texts, tried on small examples."""

from pathlib import Path

import polib

from bihuan.config import translations


def texts_of(path: Path) -> set[tuple[str, str]]:
    return set(translations._texts_of(path))


def test_texts_in_python_are_found(tmp_path):
    path = tmp_path / "words.py"
    path.write_text(
        '_("一")\ngettext_lazy("二")\nngettext("三", "三", 2)\npgettext("动词", "四")\n'
        'other("五")\n_(name)\n',
        encoding="utf-8",
    )
    assert texts_of(path) == {("一", ""), ("二", ""), ("三", ""), ("四", "动词")}


def test_texts_in_templates_are_found(tmp_path):
    path = tmp_path / "templates" / "page.html"
    path.parent.mkdir()
    path.write_text(
        "{% load i18n %}{% translate '签收' %}{% translate \"标题(长)\" as title %}"
        "{% blocktranslate count n=2 %}{{ n }} 项{% plural %}{{ n }} 项{% endblocktranslate %}"
        "{% blocktranslate with who=name %}由 {{ who }} 办理{% endblocktranslate %}"
        "{{ _('搜索') }} plain",
        encoding="utf-8",
    )
    found = {msgid for msgid, _context in texts_of(path)}
    assert found == {"签收", "标题(长)", "%(n)s 项", "由 %(who)s 办理", "搜索"}


def test_unfinished_and_missing_texts_are_named(tmp_path, monkeypatch):
    folder = tmp_path / "locale" / "area" / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (tmp_path / "words.py").write_text('_("一")\n_("二")\n_("{n} 项")\n_("四")\n', encoding="utf-8")
    book = polib.POFile()
    book.append(polib.POEntry(msgid="一", msgstr="one"))
    book.append(polib.POEntry(msgid="二", msgstr=""))
    book.append(polib.POEntry(msgid="{n} 项", msgstr="{m} items"))
    book.save(str(folder / "django.po"))
    monkeypatch.setattr(translations, "PACKAGE", tmp_path)
    monkeypatch.setattr(translations, "LOCALES", tmp_path / "locale")
    assert translations.faults() == [
        "area: unfinished: 二",
        "area: other placeholders: {n} 项",
        "words.py: no English: 四",
    ]
    assert translations.compile_stale() == 1
    assert translations.compile_stale() == 0
    assert polib.mofile(str(folder / "django.mo")).find("一").msgstr == "one"
