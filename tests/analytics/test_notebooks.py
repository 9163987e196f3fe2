"""The notebooks of docs/notebooks run from the first cell to the last, and their claims hold."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.py")))
def test_a_notebook_runs_cell_by_cell(name, capsys):
    cells = re.split(r"^# %%.*$", (FOLDER / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    space: dict[str, object] = {}
    for number, cell in enumerate(cells):
        exec(compile(cell, f"{name}[{number}]", "exec"), space)
    assert len(cells) > 5
    assert capsys.readouterr().out
