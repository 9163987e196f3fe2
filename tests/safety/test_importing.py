"""Establishments come from a table in two steps: the preview is the act, taken back."""

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Org, Slot, Venue
from bihuan.core.orgs.services import give_sector
from bihuan.safety.models import Establishment
from bihuan.safety.services.importing import import_establishments, preview_import, stage_upload
from tests.conftest import NOON
from tests.safety.conftest import factory_org

HEAD = "名称,地方代码,证照编号,行业代码,从业人数 (人),涉爆粉尘\n"


def staged(world, text, kind="workshop", who="county"):
    return stage_upload(kind=kind, file_name="a.csv", data=text.encode(), by=world.actor(who),
                        at=NOON).pk  # fmt: skip


def imported(world, text, **options):
    return import_establishments(upload_id=staged(world, text, **options), by=world.county, at=NOON)


def test_the_preview_says_what_the_act_does_and_writes_nothing(world):
    text = HEAD + "甲厂,990101001,A1,,60,是\n乙厂,990101002,A2,,７,no\n"
    pk = staged(world, text)
    preview = preview_import(upload_id=pk, by=world.county, at=NOON)
    assert (preview.added, Establishment.objects.count(), Venue.objects.count()) == (2, 0, 0)
    assert import_establishments(upload_id=pk, by=world.county, at=NOON) == preview
    row = Establishment.objects.get(code="A2")
    assert (row.fields, row.venue.place.code) == ({"workers": 7, "dust": False}, "990101002")
    with pytest.raises(Conflict):
        import_establishments(upload_id=pk, by=world.county, at=NOON)


def test_the_same_file_again_changes_nothing_and_a_changed_cell_changes_its_row(world):
    text = HEAD + "甲厂,990101001,A1,,60,是\n乙厂,990101002,,,7,\n"
    imported(world, text)
    again = imported(world, text)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    changed = imported(world, text.replace("甲厂", "甲工厂").replace(",60,", ",61,"))
    assert (changed.added, changed.changed, changed.unchanged) == (0, 1, 1)
    row = Establishment.objects.select_related("venue").get(code="A1")
    assert (row.venue.name, row.fields["workers"]) == ("甲工厂", 61)


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        (",990101001,A,,1,", "name", "establishment.no_name"),
        ("甲,990201,A,,1,", "place", "establishment.place"),
        ("甲,990101001,A,nothing,1,", "sector", "establishment.sector"),
        ("甲,990101001,A,,,", "own_workers", "field.required"),
        ("甲,990101001,A,,many,", "own_workers", "table.figure"),
        ("甲,990101001,A,,1.5,", "own_workers", "field.whole"),
        ("甲,990101001,A,,1,maybe", "own_dust", "field.yes_or_no"),
        ("甲,990101001,A,,-1,", "own_workers", "field.least"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_column_and_reason(world, line, column, code):
    report = imported(world, HEAD + line + "\n乙,990101001,B,,1,\n")
    (left,) = report.refusals
    assert (left.row, left.column, left.code, report.added) == (2, column, code, 1)


def test_a_row_that_comes_twice_is_taken_once(world):
    report = imported(world, HEAD + "甲,990101001,A,,1,\n甲二,990101001,A,,1,\n")
    assert (report.added, report.refusals[0].code) == (1, "establishment.twice")


def test_of_500_imported_venues_the_37_without_a_department_are_listed(world):
    department = Org.objects.get(name="云岭省department")
    give_sector(sector="construction", place_id=world.places["99"].pk, org_id=department.pk,
                by=world.admin, at=NOON)  # fmt: skip
    lines = [
        f"工地{n},990101001,C{n},{'construction' if n < 463 else 'gas'},1," for n in range(500)
    ]
    imported(world, HEAD + "\n".join(lines) + "\n")
    with_department = Slot.objects.filter(party="department").values("subject")
    assert Slot.objects.filter(party="territory").count() == 500
    missing = Slot.objects.filter(party="territory").exclude(subject__in=with_department)
    assert missing.count() == 37


def test_the_unit_of_that_name_is_linked(world):
    name = factory_org(world).name
    imported(world, HEAD + f"{name},990101,F1,,1,\n")
    assert Establishment.objects.get(code="F1").owner_org_id == world.factory.org_id


def test_a_table_that_is_none_and_a_stranger_are_refused(world):
    with pytest.raises(Invalid):
        imported(world, "a,b\n1,2\n")
    with pytest.raises(NotAllowed):
        staged(world, HEAD, who="factory")
    with pytest.raises(NotFound):
        preview_import(upload_id=staged(world, HEAD), by=world.county2, at=NOON)
