"""What linters cannot see: directions of foreign keys, lengths, clocks in SQL, foreign words."""

import ast
import re
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from tests.arch.conftest import ROOT, project_files, sources

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {c["name"]: c for c in PYPROJECT["tool"]["importlinter"]["contracts"]}
LINES = 400
FUNCTION_LINES = 40


def layer_of() -> dict[str, int]:
    """Height of each app: the kernel's parts at the bottom, then the domains."""
    heights: dict[str, int] = {}
    kernel = reversed(CONTRACTS["The kernel points down"]["layers"])
    domains = list(reversed(CONTRACTS["Domains point down"]["layers"]))
    for height, names in enumerate([*kernel, *domains[1:]]):
        for name in names.split("|"):
            heights[name.strip(" ()")] = height
    return heights


def test_foreign_keys_point_down():
    heights = layer_of()
    climbing = []
    for model in apps.get_models():
        if not model.__module__.startswith("bihuan."):
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, models.ForeignKey | models.ManyToManyField):
                continue
            ours, theirs = model._meta.app_label, field.related_model._meta.app_label
            same = ours == theirs
            if not same and heights[ours] <= heights.get(theirs, -1):
                climbing.append(f"{model._meta.label}.{field.name} → {theirs}")
    assert not climbing


def test_the_contracts_name_every_domain():
    inside = {name.rpartition(".")[2] for name in CONTRACTS["Inside a domain"]["containers"]}
    package = ROOT / "src" / "bihuan"
    domains = {path.parent.name for path in package.glob("*/apps.py")} - {"web", "api", "jobs"}
    assert domains <= inside


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_no_file_is_too_long():
    kinds = sources(".py", ".html", ".js", ".css")
    long = {
        str(path.relative_to(ROOT)): count
        for path in kinds
        if (count := path.read_text(encoding="utf-8").count("\n")) > LINES
    }
    assert not long


def functions(path: Path) -> list[tuple[str, int]]:
    """Every function of a file with its length, the docstring left out."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            first = node.body[0]
            told = ast.get_docstring(node) is not None and first.end_lineno is not None
            words = first.end_lineno - first.lineno + 1 if told and first.end_lineno else 0
            found.append((node.name, node.end_lineno - node.lineno + 1 - words))
    return found


def test_no_function_is_too_long():
    long = [
        f"{path.relative_to(ROOT)}:{name} {length}"
        for path in sources(".py")
        if (ROOT / "src") in path.parents
        for name, length in functions(path)
        if length > FUNCTION_LINES
    ]
    assert not long


def test_only_the_clock_module_reads_the_clock():
    """Ruff bans Python's clocks; this finds the database's."""
    clock = re.compile(
        r"\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)"
        r"|\bCURRENT_(TIMESTAMP|DATE)\b|functions import .*\bNow\b|auto_now",
        re.IGNORECASE,
    )
    package = ROOT / "src" / "bihuan"
    reading = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in [*package.rglob("*.py"), *package.rglob("*.sql")]
        if path != package / "core" / "clock.py"
        if (found := clock.search(path.read_text(encoding="utf-8")))
    ]
    assert not reading


# Put together here, so that this file does not contain them.
FOREIGN = re.compile(
    "|".join(
        re.escape(word)
        for word in (
            "/work" + "/main", "/work" + "/shared", "/tmp" + "/team", "pypi" + ".org",
            "python" + "hosted", "registry.npm" + "js", "deb." + "debian",
        )
    )
)  # fmt: skip


def test_no_file_names_a_registry_or_a_machine():
    binary = {
        ".png", ".jpg", ".woff2", ".woff", ".ico", ".gz", ".docx", ".xlsx", ".pdf", ".mo", ".pyc",
    }  # fmt: skip
    named = []
    for path in project_files():
        if path.suffix in binary:
            continue
        found = FOREIGN.search(path.read_text(encoding="utf-8", errors="replace"))
        if found:
            named.append(f"{path.relative_to(ROOT)}: {found.group()}")
    assert not named


def test_locked_dependencies_carry_hashes_and_no_address():
    for name in ("core", "dev"):
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)
        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text


def test_the_developers_lock_agrees_with_the_users():
    def pins(name: str) -> dict[str, str]:
        text = (ROOT / "requirements" / f"{name}.lock").read_text(encoding="utf-8")
        return dict(re.findall(r"^([a-z0-9.\-]+)(?:\[.*\])?==(\S+)", text, re.MULTILINE))

    core, dev = pins("core"), pins("dev")
    assert {name: dev.get(name) for name in core} == core
