"""The word lists of the genre, from the data file beside this module."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def _sections() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    name = ""
    text = (files("bihuan.intake.communique") / "lexicon.txt").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            name = line.strip("[]")
            found[name] = []
        elif line and not line.startswith("#"):
            found[name] += line.split()
    return {section: tuple(entries) for section, entries in found.items()}


def words(section: str) -> tuple[str, ...]:
    """The words of one section, in the order of the file."""
    return _sections()[section]
