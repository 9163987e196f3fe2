"""The package as a whole: what it imports, and that every refusal is documented."""

import ast
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

import bihuan_analytics
from bihuan_analytics import NumericsError
from bihuan_analytics.early_warning import farrington_flexible
from bihuan_analytics.tables import panel, table_of

IMPORT_ALL = """
import time
start = time.process_time()
import numpy
base = time.process_time()
from bihuan_analytics import (
    agents, allocation, cluster, contacts, early_warning, nowcast, reproduction, scenario, screening
)
print(base - start, time.process_time() - base)
"""
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


CODE = re.compile(r"[a-z_]+\.[a-z_]+")
DOORS = {"NumericsError", "refusal", "_each"}  # the exception, and what a table raises it through


def codes_in_source():
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            for word in node.args[:3] if name in DOORS else ():
                value = getattr(word, "value", None)
                if isinstance(value, str) and CODE.fullmatch(value):
                    found.add(value)
    return found


def test_importing_every_area_loads_numpy_alone():
    loaded = run(
        "import sys;"
        "from bihuan_analytics import agents, allocation, cluster, contacts, early_warning, nowcast;"
        "from bihuan_analytics import reproduction, scenario, screening;"
        "from bihuan_analytics import disclosure, picture, tables;"
        "slow = {'numba', 'pandas', 'django', 'polars', 'distributed', 'scipy'};"
        "print(sorted(slow & set(sys.modules)))"
    )
    assert loaded == "[]"


def test_the_areas_are_imported_in_half_a_second():
    """Half a second of processor time in all, or on a slow machine no more than twice what NumPy
    takes by itself."""
    base, own = (float(part) for part in run(IMPORT_ALL).split())
    assert base + own < 0.5 or own < 2 * base


def test_polars_and_arrow_are_accepted_at_the_edge():
    days = pl.date_range(date(2015, 1, 5), date(2021, 4, 26), "7d", eager=True)
    counts = np.random.default_rng(5).poisson(4, (2, len(days)))
    frame = pl.DataFrame({"date": days, "a": counts[0], "b": counts[1]})
    by_hand = farrington_flexible(counts[0], days.to_numpy(), judge=[-1])
    direct = farrington_flexible(frame["a"], frame["date"], judge=[-1])
    arrow = ArrowOnly(frame)
    read = panel(table_of(arrow), "date", ["a", "b"])
    through = farrington_flexible(read.counts, read.dates, judge=[-1], known=read.known)
    assert direct.bound[0, 0] == by_hand.bound[0, 0] == through.bound[0, 0]
    with pytest.raises(NumericsError) as refusal:
        farrington_flexible(pl.Series([1, None, 2]), days[:3], judge=[-1])
    assert refusal.value.code == "array.not_finite"
    assert refusal.value.facts["index"] == (1,)


class ArrowOnly:
    """A table of which nothing is known but that it speaks Arrow's C interface."""

    def __init__(self, frame):
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema=None):
        return self.frame.__arrow_c_stream__(requested_schema)


def test_the_loops_give_the_same_numbers_without_the_compiler():
    with_compiler = run(WITHOUT_NUMBA.replace('sys.modules["numba"] = None', ""))
    assert abs(float(run(WITHOUT_NUMBA)) / float(with_compiler) - 1) < 1e-12


def test_every_error_code_is_on_the_page_and_no_other():
    written = set(re.findall(r"^\| `([a-z_.]+)`", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    raised = codes_in_source()
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
        "from bihuan_analytics.contacts import searching;"
        "from bihuan_analytics.early_warning import quasi_poisson;"
        "from bihuan_analytics.agents import responding;"
        "from bihuan_analytics.scenario import counting;"
        "loops = (quasi_poisson.judge_week, searching.company, responding.play, counting.one_day);"
        "print(all(sum(loop.stats.cache_hits.values()) > 0 for loop in loops))"
    )
    assert hits == "True"
