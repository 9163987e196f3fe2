"""Reading synthetic papers: the labels that went in come out."""

import pytest

from bihuan.intake.communique import Hint, merged, read, to_json
from tests.intake.communique.generator import communique, furniture

SEEDS = range(20)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_demand_and_its_speaker_is_found(seed: int) -> None:
    paper = communique(seed)
    (record,) = read(paper.text)
    assert [(one.text, one.speaker) for one in record.directives] == list(paper.demands)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_head_of_the_paper_is_found(seed: int) -> None:
    paper = communique(seed)
    (record,) = read(paper.text)
    assert record.is_communique
    assert (record.title, record.level, record.chair) == (paper.title, paper.level, (paper.chair,))
    assert record.jurisdiction == paper.place
    assert record.speakers == (paper.speaker, paper.chair)


def test_the_year_stays_open_when_nothing_gives_it() -> None:
    paper = communique(7)
    (record,) = read(paper.text)
    assert record.dates == ("XXXX" + paper.day[4:],)
    assert "year_open" in record.warnings


def test_the_year_comes_from_the_publication_date() -> None:
    import random

    paper = communique(7)
    (record,) = read(furniture(paper.text, random.Random(0)))
    assert (record.dates, record.publish_date) == ((paper.day,), "2023-10-02")


def test_a_crawl_date_gives_no_year() -> None:
    paper = communique(7)
    (record,) = read(f"欢迎您！今天是：2031年5月17日 星期五\n{paper.text}")
    assert record.dates == ("XXXX" + paper.day[4:],)


def test_the_year_comes_from_a_sister_text_when_hinted() -> None:
    from datetime import date

    paper = communique(7)
    month, day = int(paper.day[5:7]), int(paper.day[8:])
    (record,) = read(paper.text, hint=Hint(sister_dates=(date(2022, month, day),)))
    assert record.dates == ("2022" + paper.day[4:],)


def test_two_papers_in_one_file_give_two_records() -> None:
    first, second = communique(11), communique(12)
    records = read(f"{first.text}\n{second.text}")
    assert [one.title for one in records] == [first.title, second.title]
    whole = merged(records)
    assert len(whole.directives) == len(first.demands) + len(second.demands)
    assert all(whole.clean_text[one.start : one.end] == one.text for one in whole.directives)
    assert [one.index for one in whole.directives] == list(range(1, len(whole.directives) + 1))


def test_the_label_schema_is_plain_json() -> None:
    import json

    (record,) = read(communique(3).text)
    told = json.loads(json.dumps(to_json(record, ident="x"), ensure_ascii=False))
    assert told["directives"][0]["id"] == "x-1"
    assert "original_text" not in told
    assert told["clean_text"] == record.clean_text


DUTY = "县长周朗主持召开全县防汛会商会。周朗强调，"


def demands(body: str) -> list[str]:
    (record,) = read(f"7月3日，云溪县{DUTY}{body}")
    return [one.text for one in record.directives]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # a new subject with a modal opens a demand, a coordinated verb does not
        ("各乡镇要上足人手，水利局要盯住水库，加密巡查。", ["各乡镇要上足人手", "水利局要盯住水库，加密巡查"]),
        # a repeated modal opens one
        ("要提高认识，务必人员到位。", ["要提高认识", "务必人员到位"]),
        # negated continuations, formulas and topics do not
        ("要及时转移，不要心存侥幸。", ["要及时转移，不要心存侥幸"]),
        ("要落实“管行业必须管安全”要求，管好自己的人。", ["要落实“管行业必须管安全”要求，管好自己的人"]),
        ("针对水位上涨的问题，要加密测报。", ["针对水位上涨的问题，要加密测报"]),
        ("既要防住洪水，也要保住供水。", ["既要防住洪水，也要保住供水"]),
        # connectives start at the modal
        ("要备足沙袋，同时要备好船只。", ["要备足沙袋", "同时要备好船只"]),
        # situation in front is cut, adverbials stay
        ("当前汛情严峻，各村要连夜上堤。", ["各村要连夜上堤"]),
        ("7月5日前，各村要清点物资。", ["7月5日前，各村要清点物资"]),
        # brackets hold demands of their own
        ("要做好三件事（一是查堤；二是清淤）。", ["要做好三件事", "一是查堤", "二是清淤"]),
    ],
)  # fmt: skip
def test_commas_split_by_the_guide(body: str, expected: list[str]) -> None:
    assert demands(body) == expected


def test_a_nominal_heading_gives_its_label_to_the_next_demand() -> None:
    (record,) = read(
        f"7月3日，云溪县{DUTY}（一）沿河低地。水利局要逐户转移。（二）在建工程。住建局要停工。"
    )
    assert [(one.text, one.number_label) for one in record.directives] == [
        ("水利局要逐户转移", "（一）"),
        ("住建局要停工", "（二）"),
    ]


def test_a_pronoun_is_the_last_person_and_a_stranger_ends_the_turn() -> None:
    (record,) = read(
        f"7月3日，云溪县{DUTY}要盯住水库。他要求，各村要连夜巡堤。一位村民说，大家都要搬走。"
    )
    assert [(one.text, one.speaker) for one in record.directives] == [
        ("要盯住水库", "周朗"),
        ("各村要连夜巡堤", "周朗"),
    ]


def test_listed_problems_are_matched_to_their_answers() -> None:
    (record,) = read(
        "7月3日，云溪县县长周朗主持召开全县整改推进会。会议通报了三个问题：一是值班室无人接电话；"
        "二是沙袋储备不足；三是广播坏了没人修。周朗要求，（一）对值班脱岗，县政府办公室要每天抽查；"
        "（二）对沙袋不足，水利局要三日内补齐；（三）对广播损坏，融媒体中心要当天修好。"
    )
    assert [one.problem for one in record.directives] == [
        "值班室无人接电话",
        "沙袋储备不足",
        "广播坏了没人修",
    ]


@pytest.mark.parametrize(
    ("text", "kind", "rule"),
    [
        ("各局要在7月底前完成整改", "by", "2024-07-31"),
        ("各局要在24小时内完成整改", "within", 24.0),
        ("各局要每日17时前报送进度", "every", "P1D 17:00"),
        ("各局要每周五报送进度", "every", "P1W FRI"),
        ("各村要即日起封山", "from", None),
        ("各村要在7月5日20时前转移", "by", "2024-07-05T20:00"),
        ("各村要在清明节期间守住路口", "during", None),
    ],
)
def test_limits_are_parsed_to_rules(text: str, kind: str, rule: str | float | None) -> None:
    (record,) = read(f"2024年7月3日，云溪县{DUTY}{text}。")
    (limit,) = record.directives[0].deadline
    assert limit.kind == kind
    assert (limit.due or limit.hours or limit.every) == rule


def test_own_and_inherited_parties_are_kept_apart() -> None:
    (record,) = read(f"7月3日，云溪县{DUTY}水利局要盯住水库。要加密测报。")
    first, second = record.directives
    assert (first.responsible, first.responsible_inherited) == (("水利局",), ())
    assert (second.responsible, second.responsible_inherited) == ((), ("水利局",))


def test_a_watched_higher_meeting_is_relayed_and_not_held() -> None:
    (record,) = read(
        "7月3日，云溪县收听收看全省防汛工作视频会议后，随即召开全县防汛工作会议。县长周朗主持会议并讲话。"
        "周朗强调，各乡镇要上足人手。"
    )
    assert record.meetings == ("全县防汛工作会议",)
    assert record.relayed_meetings == ("全省防汛工作视频会议",)
    assert record.level == "县"
