"""The signs of the domains: found by their first characters exactly as one would find them one by one."""

import os
import re
import subprocess
import sys
from collections import defaultdict

import pytest

from bihuan.intake.communique.demands import signs
from tests.intake.communique.papers import sentences

SECTIONS = signs._sections("sign")
EXPRESSIONS = [sign for _, words in SECTIONS for sign in words if not sign.isalnum()]
TEXTS = [want.text.replace("，", ",") for want in sentences()][::7]
MANY = "县委要加强值守、强化监测,学校要开展演练;要排查隐患,发布信息,保供稳价,接种疫苗,转移群众"


def one_by_one(text: str) -> list[tuple[signs.Section, int, str]]:
    """Slow and plain: every expression over the whole text, then every word at every place."""
    found = []
    taken = defaultdict(set)
    for number, (section, words) in enumerate(SECTIONS):
        expressions = [word for word in words if not word.isalnum()]
        for match in re.finditer("|".join(expressions) or "(?!)", text):
            taken[number].update(range(*match.span()))
            found.append((section, match.start(), match.group()))
    for place in range(len(text)):
        for width in (20, 1):  # words of two characters and more before single ones
            for size in range(width, 1 if width > 1 else 0, -1):
                for number, (section, words) in enumerate(SECTIONS):
                    word = text[place : place + size]
                    known = len(word) == size and word.isalnum() and word in words
                    if known and place not in taken[number]:
                        taken[number].update(range(place, place + size))
                        found.append((section, place, word))
    return found


def test_a_demand_of_signs_alone_that_leaves_no_text_has_no_domain_signs():
    assert list(signs.hits("")) == []


@pytest.mark.parametrize("text", [MANY, *TEXTS[:12]])
def test_a_walk_finds_what_a_search_for_each_sign_finds(text: str) -> None:
    assert list(signs.hits(text)) == one_by_one(text)


@pytest.mark.parametrize(
    ("expression", "first"),
    [
        ("值班室", {"值班"}),
        ("“?四早", {"“四", "四早"}),
        ("(?<!通)报一次", {"报一"}),
        ("(?:汛|(?:洪|涝)水)情", {"汛情", "洪水", "涝水"}),
        ("第[一二]针", {"第一", "第二"}),
        ("来[一-鿿]?人员", {"来"}),
        ("向[^,]{1,14}报告", {"向"}),
        ("来(?!访)人", {"来人"}),
    ],
)
def test_the_first_characters_of_an_expression_are_told(expression: str, first: set[str]) -> None:
    assert signs.openings(expression) == first


def test_no_sign_may_open_with_anything_at_all() -> None:
    assert [sign for sign in EXPRESSIONS if "" in signs.openings(sign)] == []


def test_the_order_of_domains_is_the_same_in_every_process() -> None:
    program = (
        "from bihuan.intake.communique.demands.domains import domains\n"
        "told = '集中隔离点要配足医护、保洁和安保,每日巡查不少于三次'\n"
        "print(domains(told, actionable=True, parties=(), near=None, topic=None))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
