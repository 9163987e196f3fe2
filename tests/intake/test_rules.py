"""Text arithmetic of the review."""

import pytest

from bihuan.intake.rules import (
    body_kinds,
    cuts,
    form_of,
    marked,
    nearest,
    parties,
    same_party,
    sessions,
)
from bihuan.intake.types import Piece


def test_the_nearest_demand_is_found_by_one_clause_in_other_company():
    others = [
        "要储备粮油蔬菜,稳定价格",
        "要严而又严抓好重点场所和重点单位防控,防止聚集",
        "要开展演练",
    ]
    place, score = nearest("要抓好常态化防控,突出抓好重点场所防控,完善预警", others)
    assert (place, score >= 0.4) == (1, True)
    assert nearest("保障学校食堂卫生", others) is None


def test_a_text_is_cut_at_its_spans_and_whole_again():
    pieces = marked("一二三四五", [(1, 3, Piece("", draft_id=1)), (2, 4, Piece("", draft_id=2))])
    assert [(p.text, p.draft_id) for p in pieces] == [
        ("一", None), ("二", 1), ("三", 1), ("四", 2), ("五", None),
    ]  # fmt: skip
    assert "".join(p.text for p in pieces) == "一二三四五"


def test_spans_outside_the_text_are_left_out():
    assert [p.text for p in marked("一二", [(-1, 1, Piece("")), (1, 9, Piece(""))])] == ["一二"]


def test_cuts_follow_the_stops():
    assert cuts("要甲乙,要丙丁。") == ((4, "要丙丁。"),)


@pytest.mark.parametrize(
    ("name", "form", "kinds"),
    [
        ("全省疫情防控和安全生产工作电视电话会议", "televised",
         {"headquarters", "safety_committee"}),
        ("市防控工作领导小组(指挥部)视频会议", "video", {"headquarters"}),
        ("市委常委会扩大会议", "enlarged", set()),
        ("省安全生产委员会会议", "plenary", {"safety_committee"}),
    ],
)  # fmt: skip
def test_names_of_meetings_tell_form_and_bodies(name, form, kinds):
    assert (form_of([name]), body_kinds([name])) == (form, kinds)


@pytest.mark.parametrize(
    ("told", "demand", "named"),
    [
        ("省应急管理厅、省住建厅", "", ("省应急管理厅", "省住建厅")),
        ("市教育局和市卫生健康局", "", ("市教育局", "市卫生健康局")),
        ("市教育局、市公安局", "由市公安局牵头,市教育局配合", ("市公安局", "市教育局")),
        ("各地", "", ("各地",)),
        ("", "", ()),
    ],
)
def test_the_parties_of_a_demand_are_named_with_the_lead_first(told, demand, named):
    assert parties(told, demand) == named


@pytest.mark.parametrize(
    ("name", "org", "kind", "same"),
    [
        ("省应急管理厅", "云岭省应急管理厅", "department", True),
        ("应急管理部门", "云岭省应急管理厅", "department", True),
        ("省卫生健康委", "云岭省卫生健康委员会", "department", True),
        ("省教育厅", "云岭省应急管理厅", "department", False),
        ("各地", "云岭省应急管理厅", "department", False),
        ("省新冠肺炎防控领导小组(指挥部)办公室", "云岭省防控领导小组", "headquarters", True),
        ("省安委会办公室", "云岭省安全生产委员会", "safety_committee", True),
        ("省安委会办公室", "云岭省防控领导小组", "headquarters", False),
    ],
)
def test_a_party_is_known_by_its_kind_or_its_name(name, org, kind, same):
    assert same_party(name, org=org, kind=kind, place="云岭省") is same


@pytest.mark.parametrize(
    ("chairs", "said", "parted"),
    [
        (("甲", "乙"), [(0, 9, "甲"), (20, 30, "乙"), (31, 40, "乙")], (("甲", 9), ("乙", 40))),
        (("乙", "甲"), [(0, 9, "甲"), (20, 30, "乙")], (("甲", 9), ("乙", 30))),
        (("甲",), [(0, 9, "甲"), (20, 30, "丙")], ()),
        (("甲", "乙"), [(0, 9, "甲"), (10, 15, "乙"), (20, 30, "甲")], ()),
        (("甲", "乙"), [(0, 9, "甲")], ()),
    ],
)
def test_meetings_are_parted_where_one_chair_ends_and_the_next_begins(chairs, said, parted):
    assert sessions(chairs, said) == parted
