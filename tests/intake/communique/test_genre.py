"""Forms of the genre beyond a plain meeting: inspections, instructions, odd names, cut texts."""

import pytest

from bihuan.intake.communique import Communique, read


def only(text: str) -> Communique:
    (record,) = read(text)
    return record


def said(record: Communique) -> list[tuple[str, str]]:
    return [(one.text, one.speaker) for one in record.directives]


def test_an_inspection_takes_the_place_inspected() -> None:
    record = only(
        "4月4日，省委常委、清川市委书记闻远深入林口县双溪镇检查森林防火。"
        "闻远强调，林业部门要在4月10日前清理隔离带。"
    )
    assert (record.doc_type, record.level, record.jurisdiction) == ("inspection", "市", "林口县")


def test_an_instruction_speaks_with_its_authors_voice() -> None:
    record = only(
        "6月11日，针对近期溺水事件，县委书记凤岐作出批示：教训惨痛。请县教育局牵头，对水域逐处排查。"
        "县长芮城作出批示，要求县水利局对采砂坑设置围挡。"
    )
    assert record.doc_type == "instruction"
    assert said(record) == [
        ("请县教育局牵头，对水域逐处排查", "凤岐"),
        ("县水利局对采砂坑设置围挡", "芮城"),
    ]


def test_an_attribution_may_stand_deep_in_its_sentence() -> None:
    record = only(
        "8月4日上午，县长周朗主持召开会议，部署全县防汛工作，研究抢险方案，他强调，各乡镇要上足人手。"
    )
    assert said(record) == [("各乡镇要上足人手", "周朗")]


def test_a_late_verb_opens_a_list() -> None:
    record = only(
        "8月4日，云溪县召开防汛会议，县长周朗主持。周朗通报了水情，并从两个方面提出要求：一是盯住水库；二是备足沙袋。"
    )
    assert said(record) == [("一是盯住水库", "周朗"), ("二是备足沙袋", "周朗")]


@pytest.mark.parametrize("name", ["欧阳霁", "阿卜杜·热合曼", "侯莫陈岳", "乜建", "安和", "党全安"])
def test_rare_compound_and_minority_names_are_read_whole(name: str) -> None:
    record = only(f"8月4日，云溪县召开防汛会议，县长{name}主持会议。{name}要求，各乡镇要上足人手。")
    assert (record.chair, record.speakers) == ((name,), (name,))


def test_a_name_without_an_end_is_known_from_its_other_places() -> None:
    record = only("1月17日，县长缪青不打招呼暗访加油站。缪青强调，商务局要逐站检查。")
    assert said(record) == [("商务局要逐站检查", "缪青")]


def test_the_last_clause_of_a_cut_text_is_no_demand() -> None:
    record = only(
        "8月4日，云溪县召开防汛会议，县长周朗主持。周朗要求，各乡镇要上足人手，备足沙袋，对险"
    )
    assert record.truncated
    assert said(record) == [("各乡镇要上足人手，备足沙袋", "周朗")]


def test_a_planned_action_of_an_organ_belongs_to_the_meeting() -> None:
    record = only(
        "8月4日，云溪县召开防汛会议，县长周朗主持。周朗强调，各乡镇要上足人手。下一步，县委将把防汛表现纳入考核。"
    )
    assert said(record)[-1] == ("下一步，县委将把防汛表现纳入考核", "会议")


@pytest.mark.parametrize(
    ("office", "level"),
    [
        ("省长", "省"),
        ("市长", "市"),
        ("区委书记、区长", "县"),
        ("镇党委书记", "乡"),
        ("市委常委、云岩区委书记", "县"),
        ("应急管理部部长", "国家"),
        ("公司总经理", "单位"),
        ("校党委书记", "单位"),
    ],
)
def test_the_level_comes_from_the_office_of_the_chair(office: str, level: str) -> None:
    record = only(f"8月4日，{office}周朗主持召开安全生产工作会议。周朗要求，各单位要逐一排查隐患。")
    assert record.level == level


def test_a_watched_meeting_does_not_lift_the_level() -> None:
    record = only(
        "8月4日，镇长周朗在分会场收听收看全省防汛视频会议后，随即召开全镇防汛会议。周朗要求，各村要上足人手。"
    )
    assert record.level == "乡"


def test_press_people_are_not_present() -> None:
    record = only(
        "云溪日报讯（记者 田禾 通讯员 黎明）8月4日，云溪县召开防汛会议，县长周朗主持，副县长孙宁参加。"
        "周朗要求，各乡镇要上足人手。"
    )
    assert record.attendees == ("孙宁",)


def test_an_open_list_of_those_present_is_marked() -> None:
    record = only(
        "8月4日，云溪县召开防汛会议，县长周朗主持。周朗要求，各乡镇要上足人手。县领导孙宁、李安等参加会议。"
    )
    assert (record.attendees, record.attendees_complete) == (("孙宁", "李安"), False)
