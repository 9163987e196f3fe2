"""Whom or what must be checked: the denominator first, the overdue given to a desk."""

from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.packs import registry
from bihuan.epidemic.models import ScreeningLine, ScreeningList
from bihuan.epidemic.rules.screening import Fault, coverage, endings, names_nobody, read_lines
from bihuan.epidemic.selectors.screening import coverage_of, line_page, list_rows
from bihuan.epidemic.services.screening import (
    NewList,
    assign_overdue,
    draw_list,
    fill_list,
    forget_screening,
    note_line,
)
from tests.conftest import NOON

DAY = timedelta(days=1)
SITES = endings(registry.edition("line-list", NOON), "site")


def read(text):
    return read_lines(text, ends=SITES)


@pytest.fixture
def drawn(world, at):
    given = NewList("同航班旅客", "协查函 12 号", local_date(at), at + DAY)
    return draw_list(given=given, by=world.cdc, at=at)


def filled(row, world, at, text):
    return fill_list(screening_id=row.pk, text=text, keep=True, by=world.cdc, at=at)


def test_of_400_with_380_checked_and_8_excused_the_rate_is_380_of_392_and_12_are_assigned(
    drawn, world, at
):
    filled(drawn, world, at, "\n".join(f"A{n:03}" for n in range(400)))
    lines = ScreeningLine.objects.order_by("pk")
    lines.filter(pk__in=[line.pk for line in lines[:380]]).update(state="checked")
    for line in lines[380:388]:
        note_line(line_id=line.pk, state="excused", reason="已离境", by=world.cdc, at=at)
    assert coverage_of(screening=drawn, by=world.cdc, at=at).overdue == 0
    late = at + 2 * DAY
    done = coverage_of(screening=drawn, by=world.cdc, at=late)
    assert (done.checked, done.wanted, done.overdue) == (380, 392, 12)
    assert done.rate == 380 / 392
    assert assign_overdue(at=late) == 1
    task = Obligation.objects.get(origin__startswith=f"screening:{drawn.pk}:")
    assert "12" in task.brief.title
    assert ScreeningLine.objects.filter(loop_id=task.pk).count() == 12
    assert assign_overdue(at=late) == 0


def test_a_line_that_was_refused_or_not_found_is_still_to_be_checked():
    told = coverage({"checked": 5, "excused": 1, "refused": 2, "not_found": 1, "due": 1}, late=True)
    assert (told.listed, told.wanted, told.overdue, told.rate) == (10, 9, 4, 5 / 9)
    assert coverage({"excused": 3}, late=False).rate is None


def test_rows_that_cannot_be_taken_are_named_with_their_reason():
    lines, faults = read("A1\n\nA2,990101\n13900001234\nA1\n,990101\n丙车间\t990101")
    assert [(line.row, line.code, line.place) for line in lines] == [
        (1, "A1", ""), (3, "A2", "990101"), (7, "丙车间", "990101"),
    ]  # fmt: skip
    assert [(one.row, one.fault.partition(".")[2]) for one in faults] == [
        (4, "row_identifies"), (5, "row_twice"), (6, "row_code"),
    ]  # fmt: skip
    assert "13900001234" not in {one.code for one in faults}


@pytest.mark.parametrize(
    "said", ["丁店,990101", "丁店\uff0c990101", "丁店\t990101", " 丁店 , 990101,"]
)
def test_any_comma_or_a_tab_divides_a_row(said):
    ((line,), faults) = read(said)
    assert (line.code, line.place, faults) == ("丁店", "990101", ())


@pytest.mark.parametrize(
    "name", ["张三丰", "李四", "欧阳娜娜", "王老师", "阿卜杜拉·买买提", "Zhang San", "Smith",
             "张三丰1", "李四 3", "Zhang San 7"],
)  # fmt: skip
def test_a_name_of_a_person_is_no_label(name):
    assert not names_nobody(name, SITES)
    assert read(name) == ((), (Fault(1, name[0] + "…", "screening.row_person"),))


@pytest.mark.parametrize(
    "label", ["A012", "12", "MU5101-12A", "3号楼2单元", "旅客 12", "第7号", "三年级2班", "甲冷库",
              "张记面店", "码头小学校", "Harbour Cold Store"],
)  # fmt: skip
def test_numbers_and_sites_are_labels(label):
    assert names_nobody(label, SITES)


def test_a_registered_place_or_body_is_a_label_whatever_it_ends_with(drawn, world, at):
    place, body = world.places["990101001"].name, world.cdc.org_name
    told = filled(drawn, world, at, f"{place}\n{body}\n张三丰")
    assert [(one.row, one.fault) for one in told.faults] == [(3, "screening.row_person")]
    assert set(ScreeningLine.objects.values_list("code", flat=True)) == {place, body}


def test_a_list_is_looked_at_before_it_is_filled_and_the_same_text_adds_nothing(drawn, world, at):
    text = "A1\nA2,990101001\nA3,440000"
    seen = fill_list(screening_id=drawn.pk, text=text, keep=False, by=world.cdc, at=at)
    assert (seen.added, ScreeningLine.objects.count()) == (2, 0)
    assert [(one.row, one.fault) for one in seen.faults] == [(3, "screening.row_place")]
    assert filled(drawn, world, at, text).added == 2
    again = filled(drawn, world, at, text)
    assert (again.added, again.known) == (0, 2)


def test_the_overdue_go_to_the_desk_of_their_place(drawn, world, at):
    filled(drawn, world, at, "A1\nA2,990101001\nA3,990101001")
    assert assign_overdue(at=at + 2 * DAY) == 2
    owners = Obligation.objects.filter(origin__startswith="screening:").order_by("origin")
    assert {row.owner_post.scope for row in owners} == {world.cdc.scope, world.township.scope}


def test_everything_but_a_check_needs_a_reason_and_who_may_not_is_refused(drawn, world, at):
    filled(drawn, world, at, "A1\nA2,990101001")
    line = ScreeningLine.objects.get(code="A1")
    with pytest.raises(Invalid, match=r"screening\.reason"):
        note_line(line_id=line.pk, state="refused", by=world.cdc, at=at)
    with pytest.raises(Invalid, match=r"screening\.state"):
        note_line(line_id=line.pk, state="due", reason="x", by=world.cdc, at=at)
    with pytest.raises(NotFound):
        note_line(line_id=line.pk, state="checked", by=world.cdc_south, at=at)
    with pytest.raises(NotAllowed):
        note_line(line_id=line.pk, state="checked", by=world.police, at=at)
    assert list_rows(by=world.police, at=at) == list_rows(by=world.cdc_south, at=at) == ()
    ours, _after = line_page(screening=drawn, by=world.township, open_only=True)
    assert [one.code for one in ours] == ["A2"]
    with pytest.raises(NotAllowed):
        fill_list(screening_id=drawn.pk, text="A9", keep=True, by=world.township, at=at)


def test_a_list_needs_a_source_and_a_limit_ahead_and_is_forgotten(world, drawn, at):
    with pytest.raises(Invalid, match=r"screening\.source"):
        draw_list(given=NewList("甲", " ", local_date(at), at + DAY), by=world.cdc, at=at)
    with pytest.raises(Invalid, match=r"screening\.days"):
        draw_list(given=NewList("甲", "乙", local_date(at), at), by=world.cdc, at=at)
    filled(drawn, world, at, "A1")
    assert forget_screening(at=drawn.expires_at - DAY) == 0
    assert forget_screening(at=drawn.expires_at) == 1
    assert not ScreeningLine.objects.exists()
    assert not ScreeningList.objects.exists()
