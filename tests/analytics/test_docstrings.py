"""Every public function says what it takes, what it gives, how it refuses, and whence it comes."""

import importlib
import inspect
import re
from pathlib import Path

import pytest

AREAS = (
    "agents", "allocation", "cluster", "contacts", "early_warning", "nowcast", "reproduction",
    "scenario", "screening",
)  # fmt: skip
PARTS = ("Args", "Returns", "Raises", "Source")
PART = re.compile(r"^(Args|Returns|Raises|Source): ?", re.MULTILINE)
RANGE = re.compile(
    r"[<>]=?|\bin [\[(]|\.\.|\b(whole|finite|shares?|or|see|as in|from|written by)\b"
)
UNIT = re.compile(
    r"\b(shape|days?|minutes?|hours?|weeks?|cases|persons?|people|contacts|kilometres|houses|money)"
    r"\b|\b(see|as in|from|positions?|source of the draws|folder|number|share|workers)\b|\bin [\[(]"
)
CODE = re.compile(r'"[a-z_]+\.[a-z_]+"|\bas `|`[a-z_]+` raises?|Nothing: |scheduler raises|OSError')
ORIGIN = re.compile(
    r"doi:10\.\d{4,}/\S+|\bown \w+|\bnone\b|`[a-z_]+`|[A-Z]\w+ .*\d{4}| law|a textbook"
)
PAGES = Path(__file__).resolve().parents[2] / "docs" / "methods"


def public_functions():
    for area in AREAS:
        module = importlib.import_module(f"bihuan_analytics.{area}")
        for name in module.__all__:
            if inspect.isfunction(getattr(module, name)):
                yield pytest.param(getattr(module, name), id=f"{area}.{name}")


def parts_of(function):
    """The sections of a docstring by their head, what stands before them under ""."""
    pieces = PART.split(inspect.getdoc(function) or "")
    return {"": pieces[0], **dict(zip(pieces[1::2], pieces[2::2], strict=True))}


@pytest.mark.parametrize("function", list(public_functions()))
def test_a_public_function_is_documented(function):
    told = parts_of(function)
    assert tuple(told)[1:] == PARTS, "each section once, in this order"
    assert len(told[""].strip().splitlines()[0]) > 15
    unnamed = [
        name
        for name in inspect.signature(function).parameters
        if not re.search(rf"\b{name}\b", told["Args"])
    ]
    assert not unnamed
    assert RANGE.search(told["Args"]), "what values are allowed"
    assert UNIT.search(told["Args"]), "shape and unit"
    assert CODE.search(told["Raises"]), "the codes of what it refuses"
    assert ORIGIN.search(told["Source"]), "a DOI, or whose definition it is"


def test_every_doi_of_the_code_stands_on_a_page_that_says_whether_it_was_found():
    pages = " ".join(page.read_text(encoding="utf-8") for page in PAGES.glob("*.md"))
    dois = {
        doi.rstrip(".,;")
        for case in public_functions()
        for doi in re.findall(r"doi:(10\.\S+)", parts_of(case.values[0])["Source"])
    }
    assert len(dois) > 15
    assert {doi for doi in dois if doi not in pages} == set()
