"""Damage and repair on synthetic papers: what was lost comes back, or is marked and left alone."""

import random
import re
import unicodedata
from difflib import SequenceMatcher

import pytest

from bihuan.intake.communique import read
from tests.intake.communique.generator import DAMAGES, byte_slip, communique

SEEDS = range(8)
REPAIRED = 0.99


def bare(text: str) -> str:
    """The characters that count: one width, no white space, no slip of the converter itself."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def alike(one: str, other: str) -> float:
    return SequenceMatcher(None, bare(one), bare(other), autojunk=False).ratio()


@pytest.mark.parametrize("seed", SEEDS)
def test_an_undamaged_page_is_never_altered(seed: int) -> None:
    paper = communique(seed)
    (record,) = read(paper.text)
    assert record.clean_text == paper.text
    assert record.repairs == ()


@pytest.mark.parametrize("kind", DAMAGES)
def test_damage_followed_by_repair_gives_back_the_text(kind: str) -> None:
    for seed in SEEDS:
        paper = communique(seed)
        (record,) = read(DAMAGES[kind](paper.text, random.Random(seed)))
        assert alike(record.clean_text, paper.text) >= REPAIRED, (seed, record.clean_text)


def test_all_damage_at_once_still_gives_the_demands() -> None:
    for seed in SEEDS:
        paper = communique(seed)
        rng = random.Random(seed)
        text = paper.text
        for kind in ("doubled_commas", "pinyin", "spam_line", "furniture", "indented"):
            text = DAMAGES[kind](text, rng)
        (record,) = read(text)
        assert [bare(one.text) for one in record.directives] == [bare(t) for t, _ in paper.demands]


def test_a_lost_byte_is_mended_from_the_words_of_the_trade() -> None:
    (record,) = read(byte_slip(communique(1).text, random.Random(1)))
    assert "加强危化品安全" in record.clean_text
    assert [one.kind for one in record.repairs] == ["slip.a"]


def test_a_slip_with_a_stray_reading_is_mended() -> None:
    text = communique(1).text.replace("会议以视频", "城镇燃?xì)?、消防不能放松。会议以视频")
    (record,) = read(text)
    assert "城镇燃气、消防" in record.clean_text


def test_an_unknown_slip_is_left_and_marked() -> None:
    text = communique(1).text.replace("会议以视频", "继续盯住罒?xyz)?。会议以视频")
    (record,) = read(text)
    assert "罒?xyz)?" in record.clean_text
    assert "repair_uncertain" in record.warnings
    assert [one.certain for one in record.repairs] == [False]


def test_a_lost_sign_is_proposed_and_not_applied() -> None:
    text = communique(2).text.replace("会议以视频", "提高“大数据 网格化”的实效。会议以视频")
    (record,) = read(text)
    (proposal,) = record.repairs
    assert (proposal.after, proposal.certain) == ("+", False)
    assert "“大数据 网格化”" in record.clean_text


@pytest.mark.parametrize("kind", DAMAGES)
def test_cleaning_is_idempotent(kind: str) -> None:
    for seed in SEEDS:
        (record,) = read(DAMAGES[kind](communique(seed).text, random.Random(seed)))
        (again,) = read(record.clean_text)
        assert again.clean_text == record.clean_text


@pytest.mark.parametrize("kind", DAMAGES)
def test_offsets_always_point_to_the_same_characters(kind: str) -> None:
    for seed in SEEDS:
        (record,) = read(DAMAGES[kind](communique(seed).text, random.Random(seed)))
        for repair in record.repairs:
            assert record.original_text[repair.start : repair.end] == repair.before
        for one in record.directives:
            assert record.clean_text[one.start : one.end] == one.text
            assert 0 <= one.original_start < one.original_end <= len(record.original_text)
            for limit in one.deadline:
                assert bare(record.clean_text[limit.start : limit.end]) == bare(limit.text)


def test_the_original_span_of_an_unrepaired_demand_reads_the_same() -> None:
    paper = communique(3)
    (record,) = read(DAMAGES["furniture"](paper.text, random.Random(3)))
    for one in record.directives:
        assert record.original_text[one.original_start : one.original_end] == one.text


@pytest.mark.parametrize("kind", ["half_width", "indented", "doubled_commas"])
def test_width_and_white_space_never_change_the_demands(kind: str) -> None:
    for seed in SEEDS:
        paper = communique(seed)
        (plain,) = read(paper.text)
        (other,) = read(DAMAGES[kind](paper.text, random.Random(seed)))
        assert [bare(one.text) for one in other.directives] == [
            bare(one.text) for one in plain.directives
        ]
        assert [one.domain for one in other.directives] == [one.domain for one in plain.directives]


def test_contacts_are_blotted_out_and_counted() -> None:
    text = communique(4).text + "\n联系电话：0731-84351277 QQ群:123456789"
    (record,) = read(text)
    assert record.dropped_contacts == 2
    for secret in ("84351277", "123456789"):
        assert secret not in record.original_text
        assert secret not in record.clean_text
        assert all(secret not in one.before for one in record.repairs)


def test_spam_is_not_even_kept_beside_the_clean_text() -> None:
    text = communique(5).text + "\n某某成人网| 无码精品| 一区二区| 成人视频在线| 在线观看免费"
    (record,) = read(text)
    assert "无码" not in record.original_text + record.clean_text
    assert len(record.original_text) == len(text)


def test_another_article_without_a_divider_is_dropped() -> None:
    text = communique(3).text
    tail = (
        "图书馆延长开放至晚上十点\n记者昨天从图书馆获悉，自下周起延长开放两小时，读者须预约入馆。另"
    )
    (record,) = read(f"{text}\n{tail}")
    assert record.clean_text == text


def test_a_paragraph_cut_behind_a_comma_is_joined() -> None:
    text = communique(3).text
    (record,) = read(text.replace("，", "，\n"))
    assert record.clean_text == text
