"""Repeats across papers and the coverage of an upper meeting by a lower one."""

from dataclasses import dataclass

from bihuan.intake.communique.links import coverage, differing, repeats, similarity


@dataclass(frozen=True)
class Said:
    text: str
    domain: str = "work-safety"


UPPER = [
    Said("一要对危化品企业开展一轮全覆盖检查，7月底前完成"),
    Said("二要对农村自建房逐户排查登记"),
    Said("三要强化清明期间森林防灭火工作", "natural-hazards"),
]
LOWER = [
    Said("要对危化品企业开展一轮全覆盖检查，7月20日前完成"),
    Said("清明期间森林防灭火工作要落实到每个山头", "natural-hazards"),
    Said("要在渔港增设两处监控", "work-safety"),
]


def test_a_text_is_most_like_itself_and_labels_do_not_count() -> None:
    assert similarity(UPPER[0].text, UPPER[0].text) == 1.0
    assert similarity("一要加强值班值守", "（三）加强值班值守。") == 1.0
    assert similarity(UPPER[0].text, UPPER[2].text) < 0.2


def test_similarity_is_symmetric() -> None:
    for one in UPPER:
        for other in LOWER:
            assert similarity(one.text, other.text) == similarity(other.text, one.text)


def test_a_repeat_shows_the_differing_words() -> None:
    (found,) = repeats([Said("要对危化品企业每月开展全覆盖检查")], UPPER)
    assert found.old == 0
    assert "每月" in found.only_new
    assert differing("加强夜间巡查", "加强白天巡查") == (("夜间",), ("白天",))


def test_nothing_in_common_is_no_repeat() -> None:
    assert repeats([Said("要给网格员发放补贴")], UPPER) == []


def test_coverage_tells_stricter_answered_missing_and_added() -> None:
    rows = coverage(UPPER, LOWER)
    assert [(row.upper, row.lower, row.standing) for row in rows] == [
        (0, 0, "stricter"),
        (1, None, "missing"),
        (2, 1, "answered"),
        (None, 2, "added"),
    ]
    assert rows[0].why == "deadline"


def test_a_longer_limit_is_looser() -> None:
    (row,) = coverage([Said("要在24小时内核实")], [Said("要在48小时内核实")])
    assert (row.standing, row.why) == ("looser", "deadline")


def test_a_relaying_meeting_that_says_nothing_misses_everything() -> None:
    assert [row.standing for row in coverage(UPPER, [])] == ["missing"] * 3
