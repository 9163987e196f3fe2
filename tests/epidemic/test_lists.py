"""Line lists from files: read by words of the packs, taken once, taken back, never in clear."""

import io
from contextlib import suppress
from datetime import timedelta

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.errors import Conflict, Invalid, NotFound
from bihuan.core.evidence.tables import read_tables
from bihuan.core.packs import registry
from bihuan.core.vault.models import Sealed
from bihuan.epidemic.models import Case, CasePlace, LineList, LineRow
from bihuan.epidemic.rules.lists import (
    Defaults,
    RowFault,
    Vocabulary,
    proposed,
    read_row,
    said_words,
)
from bihuan.epidemic.selectors.lists import fetch_list, preview_list
from bihuan.epidemic.services import lists
from bihuan.epidemic.services.cases import classify_case, edition_of
from bihuan.epidemic.services.expiry import forget
from bihuan.epidemic.types import AGES
from tests.conftest import NOON

CSV = """编号,姓名,性别,年龄,居住地,发病日期,诊断日期,病例分类,传染源,暴露地点,发热
A1,赵一,男,34,灯塔社区,2026-03-01,2026-03-03,疑似,,码头小学三班,是
A2,钱二,女,9,990101001002,2026-03-05,2026-03-06,疑似,A1,码头小学三班,是
A3,孙三,女,61,灯塔社区,2026/3/6,2026年3月7日,疑似,A9,,否
A4,李四,男,abc,灯塔社区,2026-03-06,2026-03-07,疑似,,,
A5,周五,男,40,月亮镇,2026-03-06,2026-03-07,疑似,,,
A6,吴六,男,40,灯塔社区,,,疑似,,,
"""


def stage(world, event, at, text=CSV, name="line.csv"):
    data = text.encode() if isinstance(text, str) else text
    return lists.stage_list(event_id=event.pk, file_name=name, data=data, by=world.cdc, at=at)


def seen(world, row, at):
    pack = edition_of(row.event, at)
    return preview_list(row=row, pack=pack, by=world.cdc, at=at)


def take(world, row, at):
    return lists.take_list(list_id=row.pk, by=world.cdc, at=at)


def test_a_preview_names_row_column_and_reason_and_writes_nothing(world, event, at):
    row = stage(world, event, at)
    told = seen(world, row, at)
    assert (told.total, told.fresh, told.known, told.named) == (6, 3, 0, 3)
    assert [(r.row, r.column, r.code) for r in told.refusals] == [
        (5, "age", "table.figure"), (6, "place", "list.place"), (7, "diagnosed", "list.no_date"),
    ]  # fmt: skip
    assert not Case.objects.exists()
    assert not Sealed.objects.exists()


def test_the_file_is_sealed_and_dropped_when_it_was_taken(world, event, at):
    row = stage(world, event, at)
    assert "赵一".encode() not in bytes(LineList.objects.get().content)
    assert bytes(take(world, row, at).content) == b""


def test_rows_become_cases_once_with_class_place_source_and_exposure(world, event, at):
    row = take(world, stage(world, event, at), at)
    assert row.report == {
        "known": 0, "refused": 3, "doubtful": 0, "added": 3, "linked": 1, "unlinked": 1,
    }  # fmt: skip
    first, second, third = Case.objects.order_by("pk")
    assert (second.source, second.age_band, second.findings) == (first, "5-14", ["fever"])
    assert (third.onset.isoformat(), third.kind) == ("2026-03-06", "suspected")
    assert first.classes.get().met == []
    assert CasePlace.objects.filter(name="码头小学三班").count() == 2
    again = take(world, stage(world, event, at), at)
    assert (again.report["added"], again.report["known"]) == (0, 3)
    assert Case.objects.count() == 3


def test_an_import_cut_short_is_finished_by_running_it_again(world, event, at, monkeypatch):
    monkeypatch.setattr(lists, "BATCH", 2)
    row = stage(world, event, at)
    whole = lists._take
    calls = iter((True, False))

    def cut(*given, **named):
        if not next(calls):
            raise KeyboardInterrupt
        whole(*given, **named)

    monkeypatch.setattr(lists, "_take", cut)
    with pytest.raises(KeyboardInterrupt):
        take(world, row, at)
    assert Case.objects.count() == 2
    monkeypatch.setattr(lists, "_take", whole)
    done = take(world, row, at)
    assert (Case.objects.count(), done.report["added"], done.report["known"]) == (3, 3, 0)
    with pytest.raises(Conflict, match=r"list\.acted"):
        take(world, row, at)


def test_somebody_known_and_somebody_twice_wait_until_a_person_looked(world, event, case, at):
    text = (
        "姓名,电话,出生日期,诊断日期\n"
        "李建囯,13800001111,1985-03-07,2026-03-08\n"
        "郑十,13911112222,1990-01-01,2026-03-08\n"
        "郑石,13911112222,1990-01-01,2026-03-08\n"
    )
    row = stage(world, event, at, text)
    told = seen(world, row, at)
    assert [(d.row, d.others) for d in told.doubts] == [(2, (case.pseudonym,)), (4, ("#3",))]
    assert told.fresh == 1
    lists.map_list(list_id=row.pk, mapping=row.mapping, given={"checked": [4]}, by=world.cdc, at=at)
    assert take(world, row, at).report["doubtful"] == 1
    assert Case.objects.count() == 3


def test_a_list_without_names_puts_nobody_into_the_vault(world, event, at):
    take(world, stage(world, event, at, "id,dt_onset\nSK_1,2026-03-01\nSK_2,2026-03-02\n"), at)
    assert Case.objects.count() == 2
    assert not Sealed.objects.exists()


def test_a_mapping_is_remembered_for_the_body_and_its_headings(world, event, at):
    text = "甲,乙\n1,2026-03-01\n"
    row = stage(world, event, at, text)
    assert row.mapping == {}
    with pytest.raises(Invalid, match=r"list\.mapping"):
        seen(world, row, at)
    mapping = {"label": "甲", "onset": "乙"}
    lists.map_list(list_id=row.pk, mapping=mapping, given={}, by=world.cdc, at=at)
    assert stage(world, event, at, text).mapping == mapping
    other = lists.stage_list(event_id=event.pk, file_name="x.csv", data=text.encode(),
                             by=world.cdc_city, at=at)  # fmt: skip
    assert other.mapping == {}
    with pytest.raises(Invalid, match=r"list\.twice_mapped"):
        lists.map_list(list_id=row.pk, mapping={"label": "甲", "onset": "甲"}, given={},
                       by=world.cdc, at=at)  # fmt: skip


def test_an_import_is_taken_back_within_a_day_without_what_was_worked_on(world, event, at):
    row = take(world, stage(world, event, at), at)
    worked = Case.objects.order_by("pk")[2]
    classify_case(case_id=worked.pk, kind="excluded", findings=frozenset(), reason="核对后排除",
                  by=world.cdc, at=at)  # fmt: skip
    with pytest.raises(Conflict, match=r"list\.too_late"):
        lists.undo_list(list_id=row.pk, by=world.cdc, at=at + timedelta(hours=24, seconds=1))
    done = lists.undo_list(list_id=row.pk, by=world.cdc, at=at + timedelta(hours=23))
    assert (done.report["gone"], done.report["kept"]) == (2, 1)
    assert list(Case.objects.all()) == [worked]
    assert list(Sealed.objects.values_list("pseudonym", flat=True)) == [worked.pseudonym]
    with pytest.raises(Conflict, match=r"list\.not_taken"):
        lists.undo_list(list_id=row.pk, by=world.cdc, at=at)


def test_nobody_else_reaches_a_list_and_a_draft_is_dropped_after_a_day(world, event, at):
    row = stage(world, event, at)
    for name in ("cdc_south", "cdc_hill", "clinic", "police", "mayor"):
        with pytest.raises(NotFound, match=r"list\.not_found"):
            fetch_list(list_id=row.pk, by=world.actor(name))
    forget(at=at + timedelta(days=1))
    assert not LineList.objects.exists()


def test_a_workbook_is_read_like_a_text_file(world, event, at):
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Case ID", "Date of onset", "Classification", "Gender"])
        sheet.write_row(1, 0, ["G-1", "2026-03-01T00:00:00.000Z", "SUSPECT", "MALE"])
    row = stage(world, event, at, out.getvalue(), "go.xlsx")
    assert set(row.mapping) == {"label", "onset", "kind", "sex"}
    assert take(world, row, at).report["added"] == 1


def test_five_hundred_rows_cost_no_statement_each(world, event, at, django_assert_max_num_queries):
    text = "编号,姓名,诊断日期\n" + "".join(
        f"N{n},{chr(0x4E00 + n)}{chr(0x5E00 + n)},2026-03-0{n % 9 + 1}\n" for n in range(500)
    )
    row = stage(world, event, at, text)
    with django_assert_max_num_queries(80):  # two batches: nothing is asked for a row by itself
        take(world, row, at)
    assert LineRow.objects.count() == 500


PACK = registry.edition("line-list", NOON)
CONTROL = registry.edition("control-plan", NOON, disease="unknown")
TOLD = Vocabulary(
    said_words(PACK, CONTROL.tables["case_class"]), frozenset(CONTROL.rows("case_class")),
    frozenset(CONTROL.rows("criterion")), {"990101": 1}, AGES, NOON.date(),
)  # fmt: skip
FIELDS = [row["key"] for row in PACK.tables["list_field"]] + ["finding:fever"]


def tried(cell):
    """A row as read, or the column that refused it."""
    try:
        return read_row(2, cell, TOLD, Defaults("suspected", 1)), ""
    except RowFault as left:
        return None, left.column


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), st.text(max_size=12) | st.dates().map(str)))
def test_any_row_is_read_or_refused_with_its_column(cell):
    read, column = tried(cell)
    assert column in {*FIELDS, ""}
    if read is not None:
        assert read.diagnosed <= TOLD.today
        assert read.kind in TOLD.kinds
        assert read.age_band in {*AGES, ""}


@pytest.mark.parametrize(
    ("heads", "fields"),
    [
        (["uuid", "caseClassification", "person.sex", "symptoms.onsetDate"],
         {"label", "kind", "sex", "onset"}),
        (["卡片编号", "患者姓名", "发病日期", "诊断时间", "现住地址国标"],
         {"label", "name", "onset", "diagnosed", "place"}),
        (["id", "age", "sex", "dt_onset", "dt_report", "dt_diag", "loc_hosp"],
         {"label", "age", "sex", "onset", "reported", "diagnosed", "visited"}),
    ],
)  # fmt: skip
def test_headings_of_other_systems_are_known(heads, fields):
    assert set(proposed(heads, PACK, CONTROL.tables["criterion"])) == fields


def test_the_usual_chinese_headings_are_known_and_cells_tell_a_source_from_an_origin():
    heads = ["患者编号", "患者", "起病日期", "确诊日", "所在社区", "感染自"]
    found = proposed(heads, PACK, ())
    assert found == dict(zip(
        ("label", "name", "onset", "diagnosed", "place", "source"), heads, strict=True))  # fmt: skip
    named = ["序号", "患者姓名", "感染来源"]
    told = proposed(named, PACK, (), [["1", "甲", ""], ["2", "乙", "1"]])
    assert told == {"label": "序号", "name": "患者姓名", "source": "感染来源"}
    origin = proposed(named, PACK, (), [["1", "甲", "境外输入"], ["2", "乙", "不明"]])
    assert origin["origin"] == "感染来源"
    assert "source" not in origin
    both = proposed(["感染来源", "上级病例"], PACK, (), [["本土", "A1"]])
    assert both == {"origin": "感染来源", "source": "上级病例"}


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=400) | st.text(max_size=400).map(str.encode))
def test_no_file_breaks_the_import(data):
    with suppress(Invalid):
        for rows in read_tables(data, "x.csv").values():
            for line in rows[1:3]:
                assert tried(dict(zip(FIELDS, line, strict=False)))[1] in {*FIELDS, ""}
