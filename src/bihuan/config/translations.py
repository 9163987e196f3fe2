"""The English catalogues: compiled here, and checked for what is missing.

    python -m bihuan.config.translations            compile what changed
    python -m bihuan.config.translations --check    every Chinese text has its English

Texts are found without gettext's own tools: Django turns a template into the calls it makes,
and Python files are read as syntax trees.
"""

import ast
import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent
LOCALES = PACKAGE / "locale"
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
COUNTED = {"ngettext", "ngettext_lazy"}
IN_CONTEXT = {"pgettext", "pgettext_lazy"}


@dataclass(frozen=True, slots=True, order=True)
class Text:
    """One text to translate, and where it was first seen."""

    msgid: str
    context: str
    place: str


def catalogues() -> Iterator[Path]:
    """Every English catalogue, one for each area."""
    yield from sorted(LOCALES.glob("*/en/LC_MESSAGES/django.po"))


def compile_stale() -> int:
    """Compile each catalogue that is newer than its compiled form; how many. Atomic for each."""
    done = 0
    for source in catalogues():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(f".{os.getpid()}.tmp")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)
        done += 1
    return done


def texts() -> list[Text]:
    """Every text of the product that is marked for translation, each once."""
    found: dict[tuple[str, str], Text] = {}
    for path in sorted((*PACKAGE.rglob("*.py"), *PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.txt"))):
        if "migrations" in path.parts:
            continue
        place = str(path.relative_to(PACKAGE))
        for msgid, context in _texts_of(path):
            found.setdefault((msgid, context), Text(msgid, context, place))
    return sorted(found.values())


def _texts_of(path: Path) -> Iterator[tuple[str, str]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        yield from _calls(ast.parse(source))
    elif "templates" in path.parts:
        yield from _calls(ast.parse(_as_python(source)))


def _as_python(template: str) -> str:
    """The template as the calls it makes, one a line, for the syntax tree."""
    from django.utils.translation.template import templatize

    pattern = r"""[a-z]*gettext\((?:[^()"']|u?"(?:[^"\\]|\\.)*"|u?'(?:[^'\\]|\\.)*')*\)"""
    calls = re.findall(rf"_?{pattern}|_\((?:\"[^\"]*\"|'[^']*')\)", templatize(template))
    return "\n".join(calls)


def _calls(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        values = [a.value for a in node.args if isinstance(a, ast.Constant)]
        words = [value for value in values if isinstance(value, str)]
        if (name in ONE or name in COUNTED) and words:
            yield words[0], ""
        elif name in IN_CONTEXT and len(words) > 1:
            yield words[1], words[0]


def faults() -> list[str]:
    """What is missing or unfinished in the English catalogues, one line each."""
    known: set[tuple[str, str]] = set()
    found: list[str] = []
    for path in catalogues():
        area = path.parts[-4]
        for entry in polib.pofile(str(path)):
            if entry.obsolete:
                continue
            known.add((entry.msgid, entry.msgctxt or ""))
            if entry.fuzzy or not (entry.msgstr or all(entry.msgstr_plural.values() or [""])):
                found.append(f"{area}: unfinished: {entry.msgid}")
            elif entry.msgstr and _slots(entry.msgid) != _slots(entry.msgstr):
                found.append(f"{area}: other placeholders: {entry.msgid}")
    found += [
        f"{text.place}: no English: {text.msgid}"
        for text in texts()
        if (text.msgid, text.context) not in known and not text.msgid.isascii()
    ]
    return found


def _slots(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))


def main(arguments: list[str]) -> int:
    """Compile, or with --check print what is missing."""
    import django
    from django.conf import settings

    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", line_buffering=True)
    compile_stale()
    if arguments != ["--check"]:
        return 0
    settings.configure(USE_I18N=True)  # templatize asks nothing else
    django.setup()
    missing = faults()
    for line in missing:
        out.write(f"{line}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
