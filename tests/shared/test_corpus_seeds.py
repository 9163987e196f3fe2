"""The five real pages: what an experienced clerk would take from them."""

from pathlib import Path

import pytest

from bihuan.intake.communique import Communique, read

SEEDS = Path(__file__).resolve().parents[3] / "shared" / "seeds"


def seed(number: str) -> tuple[Communique, ...]:
    if not SEEDS.exists():
        pytest.skip("no seed pages beside this repository")
    (path,) = SEEDS.glob(f"{number}_*.txt")
    return read(path.read_bytes(), name=path.name)


def test_both_lost_runs_of_the_annotated_page_are_restored() -> None:
    (record,) = seed("000")
    slips = [one for one in record.repairs if one.kind.startswith("slip")]
    assert [(one.after, one.certain) for one in slips] == [
        ("危化品、建筑施工", True),
        ("燃气", True),
    ]
    assert len(record.directives) == 21
    assert (record.level, record.dates) == ("省", ("XXXX-03-29",))


def test_no_reading_and_no_traditional_character_is_left() -> None:
    (record,) = seed("000")
    assert "(huì)" not in record.clean_text
    assert "會" not in record.clean_text


def test_two_meetings_on_a_forum_page_are_two_records() -> None:
    first, second = seed("003")
    assert (first.dates, second.dates) == (("XXXX-02-12",), ("XXXX-02-13",))
    assert len(first.chair) == len(second.chair) == 1
    assert first.chair != second.chair
    assert "start_clipped" in first.warnings
    assert first.dropped_contacts == 1


def test_the_crawl_date_and_the_captions_of_a_banner_page_are_not_used() -> None:
    (record,) = seed("004")
    assert record.dates == ("2021-08-04",)
    assert record.publish_date == "2021-08-09"
    assert "会议现场" not in record.clean_text
    assert record.dropped_contacts >= 3
    assert [one.kind for one in record.repairs if not one.certain] == ["sign.lost"]


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_reading_the_clean_text_again_changes_nothing(number: str) -> None:
    for record in seed(number):
        (again,) = read(record.clean_text)
        assert again.clean_text == record.clean_text


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_no_chrome_and_no_spam_is_left(number: str) -> None:
    for record in seed(number):
        for word in ("ICP", "QQ", "无码", "扫一扫", "Copyright", "分享", "责任编辑"):
            assert word not in record.clean_text
