"""docs/mechanisms.md: every mechanism has a row, and whoever claims to work names a real test."""

import re

from tests.arch.conftest import ROOT

ROW = re.compile(
    r"^\| (M\d{3}) \| (works|partly: .{10,}|planned) \| (\S.*?) \| (.*?) ?\| (.*?) ?\|$"
)
TEST = re.compile(r"^def (test_\w+)", re.MULTILINE)


def rows() -> list[tuple[str, ...]]:
    text = (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| M\d", line)]
    found = [ROW.match(line) for line in lines]
    broken = [line for line, match in zip(lines, found, strict=True) if match is None]
    assert broken == []
    return [match.groups() for match in found if match is not None]


def test_each_of_the_200_mechanisms_has_one_row_in_order():
    assert [row[0] for row in rows()] == [f"M{number:03}" for number in range(1, 201)]


def test_whatever_works_or_works_partly_names_a_test_that_exists():
    known = {
        name
        for path in (ROOT / "tests").rglob("test_*.py")
        for name in TEST.findall(path.read_text(encoding="utf-8"))
    }
    claimed = {row[0]: row[4] for row in rows() if row[1] != "planned"}
    assert {mechanism: test for mechanism, test in claimed.items() if test not in known} == {}


def test_whatever_works_says_where():
    assert [row[0] for row in rows() if row[1] != "planned" and not row[3]] == []


def test_the_sums_above_the_table_are_those_of_the_table():
    states = [row[1].partition(":")[0] for row in rows()]
    told = (
        f"{states.count('works')} work, {states.count('partly')} partly, "
        f"{states.count('planned')} are planned."
    )
    assert told in (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8")
