"""The worked examples of the pages say what their scripts print."""

from pathlib import Path

import pytest

from bench.analytics import examples

PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"


@pytest.mark.parametrize(
    ("example", "page"),
    [("omicron", "agents.md"), ("measles", "agents.md"), ("chikungunya", "scenarios.md")],
)
def test_the_page_shows_what_the_example_prints(example, page, monkeypatch):
    drawn = []
    monkeypatch.setattr(examples, "save", lambda picture, name: drawn.append(name))
    text = (PAGES / page).read_text(encoding="utf-8")
    for line in getattr(examples, example)():
        assert line in text
    assert f"(pictures/{drawn[0]})" in text
