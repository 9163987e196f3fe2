"""Hostile and odd input: no crash, no slow expression, work that grows with the length."""

import random
import time

import pytest

from bihuan.intake.communique import Unreadable, read
from tests.intake.communique.generator import DAMAGES, communique

PIECES = (
    "会议", "要求", "，", "。", "；", "：", "（", "）", "“", "”", "要", "必须", "一是", "（一）", "1.", "针对", "的问题，",
    "市委书记", "周朗", "主持", "强调，", "12月30日", "每周五17时前", "?;钒踩", "會(huì)", "\n", " ", "\u3000", "|", ">", "<p>",
    "<table>", "、", "公安局", "省", "市", "县", "区", "在", "和", "第", "对", "将", "不", "A", "9", "\u200b", "\x00", "😀", "𠮷",
)  # fmt: skip
LONGEST_SECONDS = 1.0


def read_quietly(source: bytes | str) -> None:
    try:
        records = read(source)
    except Unreadable:
        return
    for record in records:
        for one in record.directives:
            assert record.clean_text[one.start : one.end] == one.text


def test_random_pieces_never_crash_the_reader() -> None:
    rng = random.Random(20)
    for _ in range(150):
        read_quietly("".join(rng.choices(PIECES, k=rng.randint(1, 120))))


def test_random_bytes_never_crash_the_reader() -> None:
    rng = random.Random(21)
    for _ in range(200):
        read_quietly(rng.randbytes(rng.randint(1, 300)))


def test_broken_papers_never_crash_the_reader() -> None:
    rng = random.Random(22)
    for seed in range(40):
        text = DAMAGES[rng.choice(list(DAMAGES))](communique(seed).text, rng)
        for _ in range(6):
            place = rng.randrange(len(text))
            text = text[:place] + rng.choice(PIECES) + text[place + rng.randint(0, 9) :]
        read_quietly(text)


REPEATED = (
    "一", "要", "，", "？", "?", "（", "“", "、", "的", "市", "会议要求，", "一是", "（一）", "针对", "每", "1", "12月", "|", " ", "\n",
    "<", "<b>", "?;", "(a", "周", "市委书记", "公安局、", "会", "召开", "a@", "https://", "█", "平台 ", "在", "和",
)  # fmt: skip


@pytest.mark.parametrize("piece", REPEATED)
def test_one_thing_repeated_stays_quick(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    start = time.process_time()
    read_quietly(text)
    assert time.process_time() - start < LONGEST_SECONDS


def test_one_character_without_end_is_refused_quickly() -> None:
    start = time.process_time()
    (record,) = read("好" * 300_000)
    assert not record.is_communique
    assert time.process_time() - start < 5 * LONGEST_SECONDS


def test_a_name_may_be_the_last_word_of_a_text() -> None:
    read_quietly("8月4日，云溪县召开会议。县长周朗岚青山到场。周朗岚")
