"""Every error code of the product has words, in both languages, and a line in the docs."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import bihuan
from bihuan.core import errors
from bihuan.core.errors import Invalid
from bihuan.web import messages

SRC = Path(bihuan.__file__).parent
DOCS = SRC.parent.parent / "docs/errors.md"


def refusals() -> set[str]:
    """Names of the refusals, those of the domains included."""
    found, more = {"Refused"}, True
    while more:
        more = False
        for file in SRC.rglob("errors.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                bases = {getattr(base, "id", "") for base in getattr(node, "bases", ())}
                if isinstance(node, ast.ClassDef) and bases & found and node.name not in found:
                    found.add(node.name)
                    more = True
    return found


def codes() -> Iterator[str]:
    """Codes that are raised, the defaults of the classes, and what checks of a flow return."""
    names = refusals()
    for file in sorted(SRC.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield from _spoken(node.args[0] if node.args else None)
            if isinstance(node, ast.AnnAssign) and file.name == "errors.py":
                yield from _spoken(node.value)
            if isinstance(node, ast.ClassDef) and node.name in names:
                for line in node.body:
                    if isinstance(line, ast.Assign) and line.targets[0].id == "default":
                        yield line.value.value
            if isinstance(node, ast.FunctionDef) and _is_check(node):
                yield from _returned(node)


def waiting() -> Iterator[str]:
    """Codes that wait in a list of what is missing: told anywhere but where they are explained."""
    explained = set(messages.table())
    for file in sorted(SRC.rglob("*.py")):
        if "messages" not in file.name:
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and node.value in explained:
                    yield node.value


def _spoken(given: ast.expr | None) -> Iterator[str]:
    """A code, or either of the two that a condition chooses between."""
    chosen = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
    for part in chosen:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def _is_check(function: ast.FunctionDef) -> bool:
    first = function.args.args[:1]
    return bool(first) and getattr(first[0].annotation, "id", "") == "Facts"


def _returned(function: ast.FunctionDef) -> Iterator[str]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is not None:
            for part in ast.walk(node.value):
                if isinstance(part, ast.Constant) and "." in str(part.value):
                    yield part.value


@cache  # reads the whole source: once for this file, and not while tests are collected
def all_codes() -> list[str]:
    return sorted(set(codes()))


NO_PAGE = ("demo.", "runtime.", "home.", "backup.", "restore.", "database.")  # the command's own


def test_the_search_finds_the_codes() -> None:
    assert {"loop.same_person", "stale", "places.unknown", "gate.not_found_out"} <= set(all_codes())


def test_every_code_has_words() -> None:
    explained = messages.table()
    shown = [code for code in all_codes() if not code.startswith(NO_PAGE)]
    assert [code for code in shown if code not in explained] == []


def test_every_code_is_in_the_docs() -> None:
    told = set(re.findall(r"^\| `([^`]+)` \|", DOCS.read_text(encoding="utf-8"), re.MULTILINE))
    assert [code for code in all_codes() if code not in told] == []
    assert sorted(told - set(all_codes()) - set(waiting())) == [], "no longer in the product"


def _no_code(node: ast.AST) -> bool:
    """Acts of the audit, duties, and pieces of longer words look like codes and are none."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        return name in {"record", "emit", "has", "NotAllowed"}
    return isinstance(node, ast.JoinedStr)


def imported() -> Iterator[str]:
    """Codes of rows that imports leave out: what stands in files that refuse rows, acts aside."""
    for file in sorted(SRC.rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        if "Refusal(" not in text or file.name in {"types.py", "cells.py"}:
            continue
        tree = ast.parse(text)
        other = {id(part) for node in ast.walk(tree) if _no_code(node) for part in ast.walk(node)}
        for node in ast.walk(tree):
            told = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
            plain = isinstance(told, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", told)
            if plain and id(node) not in other and told != "places.same":
                yield str(told)


def test_every_row_that_an_import_leaves_out_is_told_why_in_words() -> None:
    found = set(imported())
    assert {"places.bad_code", "places.no_name", "places.bad_households", "venues.place"} <= found
    explained = messages.table()
    assert sorted(code for code in found if code not in explained) == []


def test_facts_fill_the_sentence_and_what_is_missing_shows_as_an_ellipsis() -> None:
    assert "2031" in messages.words("calendar.no_year", year=2031)
    assert "…" in messages.words("calendar.no_year", year=2031)


def test_a_list_of_facts_is_told_as_a_list() -> None:
    refused = Invalid("account.password", reasons=["太短", "太常见"])
    assert messages.words_for(refused).endswith("太短、太常见")


def test_an_unexplained_code_still_says_itself() -> None:
    assert messages.words("no.such.code") == "no.such.code"


def test_braces_in_a_fact_do_no_harm() -> None:
    assert "{0.__class__}" in messages.words("pack.unreadable", file="{0.__class__}")
    assert errors.Refused.default in messages.table()
