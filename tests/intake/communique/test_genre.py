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


def test_a_planned_action_inside_a_list_is_its_speakers() -> None:
    record = only(
        "8月4日，云溪县召开防汛会议，县长周朗主持。周朗强调，各乡镇要上足人手；县督查室将组织三轮暗访。"
    )
    assert said(record)[-1] == ("县督查室将组织三轮暗访", "周朗")


def test_a_name_without_a_surname_is_known_when_it_speaks_elsewhere() -> None:
    record = only(
        "8月4日，云溪县召开边境工作会议，县委书记周朗主持，县长岩罕就当前工作提出要求。"
        "岩罕强调，边防中队要夜间巡逻。"
    )
    assert record.speakers == ("岩罕",)
    assert said(record) == [("边防中队要夜间巡逻", "岩罕")]


def test_a_pronoun_may_demand_on_the_spot() -> None:
    record = only(
        "3月25日，市长周朗检查化工企业。在储罐区，他对探测器失灵的问题，当场要求企业停产整改。"
    )
    assert said(record) == [("企业停产整改", "周朗")]


def test_the_year_in_a_meetings_name_dates_it_uncertainly() -> None:
    record = only("2月3日，云溪县2015年春运工作会议召开，县长周朗主持。周朗要求，车站要逐车安检。")
    assert record.dates == ("2015-02-03",)
    (fact,) = (one for one in record.facts if one.field == "date")
    assert not fact.certain


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("宣传部门要及时发布汛情信息，遏制谣言传播", "public-communication"),
        ("矿山企业要修订完善灾害处理计划，每半年演练一次", "emergency-drill"),
        ("各乡镇每两小时向县防指报告一次", "command"),
        ("县纪委要对各卡口在岗情况随机抽查", "supervision"),
        ("县财政要设立专项资金保障监控系统运行", "resources"),
    ],
)
def test_the_verb_with_its_object_weighs_more_than_the_topic(text: str, domain: str) -> None:
    record = only(f"8月4日，云溪县召开防汛会议，县长周朗主持。周朗要求，{text}。")
    assert record.directives[0].domain == domain


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("供销社要组织两家超市线上接单，党员志愿者送菜上门", True),
        ("要把每一个返乡人员找出来、管起来", True),
        ("各级各部门要把接种放在首位，主要领导亲自上阵", False),
        ("学校主要负责人要担起校园食品安全第一责任", False),
    ],
)
def test_what_is_no_attitude_is_an_act(text: str, act: bool) -> None:
    record = only(f"8月4日，云溪县召开防疫会议，县长周朗主持。周朗要求，{text}。")
    assert record.directives[0].actionable is act
