"""The package as a whole: what it imports, and that every refusal is documented."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import bihuan_analytics

SOURCE = Path(bihuan_analytics.__file__).parent
PAGE = Path(__file__).resolve().parents[2] / "docs" / "methods" / "errors.md"

WITHOUT_NUMBA = """
import sys
sys.modules["numba"] = None
import numpy as np
from bihuan_analytics.early_warning import farrington_flexible
dates = np.datetime64("2015-01-05") + 7 * np.arange(330)
counts = np.random.default_rng(5).poisson(4, 330)
print(repr(float(farrington_flexible(counts, dates, judge=[-1]).bound[0, 0])))
"""


def run(code):
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, timeout=120
    )
    return done.stdout.strip()


def codes_in_source():
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if called and node.func.id == "NumericsError":
                first = node.args[0]
                found.add(first.value if isinstance(first, ast.Constant) else ast.unparse(first))
    return found


def test_importing_an_area_loads_neither_the_compiler_nor_pandas():
    loaded = run(
        "import sys, bihuan_analytics.early_warning;"
        "print(sorted({'numba', 'pandas', 'django', 'scipy.stats'} & set(sys.modules)))"
    )
    assert loaded == "[]"


def test_the_loops_give_the_same_numbers_without_the_compiler():
    with_compiler = run(WITHOUT_NUMBA.replace('sys.modules["numba"] = None', ""))
    assert abs(float(run(WITHOUT_NUMBA)) / float(with_compiler) - 1) < 1e-12


def test_every_error_code_is_on_the_page_and_no_other():
    written = set(re.findall(r"^\| `([a-z_.]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    raised = {code for code in codes_in_source() if re.fullmatch(r"[a-z_.]+", code)}
    spread = {"known.shape", "population.shape"}  # raised as f"{name}.shape"
    assert raised | spread == written


def test_no_file_is_longer_than_400_lines():
    long = [
        path.name
        for path in SOURCE.rglob("*.py")
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    ]
    assert not long


def test_every_picture_of_the_pages_is_there_and_in_use():
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGE.parent.glob("*.md"))
    shown = set(re.findall(r"\(pictures/([a-z-]+\.svg)\)", pages))
    assert shown == {picture.name for picture in (PAGE.parent / "pictures").iterdir()}


def test_the_loops_can_be_compiled_ahead_and_are_found_afterwards():
    run("from bihuan_analytics.warming import compile_loops; compile_loops()")
    hits = run(
        "from bihuan_analytics.warming import compile_loops; compile_loops();"
        "from bihuan_analytics.contacts import sorting;"
        "from bihuan_analytics.early_warning import quasi_poisson;"
        "loops = (quasi_poisson.judge_week, sorting.company, sorting.counting_order);"
        "print(all(sum(loop.stats.cache_hits.values()) > 0 for loop in loops))"
    )
    assert hits == "True"
