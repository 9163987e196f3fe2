"""What the pages of the methods print can be typed as it stands."""

import re
import shlex
from pathlib import Path

import pytest

from bihuan.config import cli

PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^    (bihuan analytics .*)$", re.MULTILINE)
OURS = [
    page.name for page in sorted(PAGES.glob("*.md")) if "bihuan_analytics" in page.read_text("utf-8")
]  # fmt: skip


def blocks():
    for name in OURS:
        for place, code in enumerate(BLOCK.findall((PAGES / name).read_text("utf-8"))):
            yield pytest.param(code, id=f"{name}[{place}]")


@pytest.mark.parametrize("code", list(blocks()))
def test_the_python_of_a_page_runs_as_it_stands(code):
    if "distributed" in code:
        pytest.importorskip("distributed")
    exec(compile(code, "page", "exec"), {})


def test_every_page_of_a_method_begins_with_python():
    without = {"README.md", "errors.md"}
    assert {name for name in OURS if not BLOCK.search((PAGES / name).read_text("utf-8"))} == without


@pytest.mark.parametrize("line", COMMAND.findall((PAGES / "README.md").read_text("utf-8")))
def test_the_commands_of_the_first_page_answer_from_the_tables_beside_it(line, capsys, monkeypatch):
    monkeypatch.chdir(PAGES / "examples")
    monkeypatch.setenv("BIHUAN_LANG", "en")
    assert cli.main(shlex.split(line)[1:]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert len(said.out.splitlines()) > 3


def test_all_six_commands_and_all_tables_are_shown():
    text = (PAGES / "README.md").read_text("utf-8")
    words = {line.split()[2] for line in COMMAND.findall(text)}
    assert words == {"contacts", "detect", "optimise", "pool", "rt", "scenario"}
    shown = set(re.findall(r"[a-z]+\.csv", " ".join(COMMAND.findall(text))))
    assert shown == {path.name for path in (PAGES / "examples").iterdir()}
