"""Establishments and sensors come from a table in two steps: look first, then write."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Org, Slot, Venue
from bihuan.core.orgs.services import give_sector
from bihuan.safety.models import Establishment, Sensor, Upload, UploadRow
from bihuan.safety.services import importing
from bihuan.safety.services.importing import (
    forget_uploads,
    import_rows,
    preview_import,
    stage_upload,
)
from tests.conftest import NOON
from tests.safety.conftest import establish, factory_org

HEAD = "名称,地方代码,证照编号,行业代码,从业人数 (人),涉爆粉尘\n"


def staged(world, text, kind="workshop", who="county"):
    return stage_upload(kind=kind, file_name="a.csv", pieces=[text.encode()],
                        by=world.actor(who), at=NOON).pk  # fmt: skip


def imported(world, text, **options):
    pk = staged(world, text, **options)
    preview_import(upload_id=pk, by=world.county, at=NOON)
    return import_rows(upload_id=pk, by=world.county, at=NOON)


def test_the_preview_says_what_the_act_does_and_writes_nothing(world):
    text = HEAD + "甲厂,990101001,A1,,60,是\n乙厂,990101002,A2,,７,no\n"
    pk = staged(world, text)
    preview = preview_import(upload_id=pk, by=world.county, at=NOON)
    assert (preview.added, Establishment.objects.count(), Venue.objects.count()) == (2, 0, 0)
    assert import_rows(upload_id=pk, by=world.county, at=NOON) == preview
    row = Establishment.objects.get(code="A2")
    assert (row.fields, row.venue.place.code) == ({"workers": 7, "dust": False}, "990101002")
    with pytest.raises(Conflict):
        import_rows(upload_id=pk, by=world.county, at=NOON)


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


def test_a_licence_that_another_area_has_is_refused_and_named(world):
    establish(world, code="990201", by="outsider")
    Establishment.objects.update(code="A1")
    report = imported(world, HEAD + "甲厂,990101001,A1,,60,是\n")
    (left,) = report.refusals
    assert (left.code, left.facts, report.added) == ("establishment.code", {"licence": "A1"}, 0)


def test_a_file_is_written_in_batches_and_goes_on_where_it_stopped(world, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    text = HEAD + "".join(f"厂{n},990101001,N{n},,{n},\n" for n in range(7)) + ",,,,,\n坏,0,,,1,\n"
    pk = staged(world, text)
    preview = preview_import(upload_id=pk, by=world.county, at=NOON)
    assert (preview.added, preview.refused) == (7, 1)
    written = []

    def stop(upload):
        written.append(upload.written)
        if len(written) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_rows(upload_id=pk, by=world.county, at=NOON, tell=stop)
    assert (written, Establishment.objects.count()) == ([2, 4], 4)
    done = import_rows(upload_id=pk, by=world.county, at=NOON)
    assert (done.added, Establishment.objects.count(), Slot.objects.count()) == (7, 7, 7)
    row = Upload.objects.get()
    assert (row.written, row.rows.count(), row.parts.count(), row.percent) == (7, 0, 0, 100)


def test_a_reading_that_was_cut_short_begins_again(world, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    pk = staged(world, HEAD + "甲,990101001,A,,1,\n,990101001,B,,1,\n")

    def stop(_upload):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        preview_import(upload_id=pk, by=world.county, at=NOON, tell=stop)
    with pytest.raises(Conflict):
        import_rows(upload_id=pk, by=world.county, at=NOON)
    found = preview_import(upload_id=pk, by=world.county, at=NOON)
    assert (found.added, found.refused) == (1, 1)


def test_files_nobody_acted_on_are_forgotten(world):
    pk = staged(world, HEAD + "甲,990101001,A,,1,\n")
    preview_import(upload_id=pk, by=world.county, at=NOON)
    assert forget_uploads(at=NOON + timedelta(hours=1)) == 0
    assert forget_uploads(at=NOON + timedelta(days=1)) == 1
    assert not UploadRow.objects.exists()


SENSORS = "监测点编号,名称,场所证照编号,计量单位,下限,上限,静默秒数\n"


def test_sensors_come_by_file_to_the_places_their_licences_name(world):
    establish(world, name="罐区")
    Establishment.objects.update(code="L1")
    lines = ["G-1,可燃气体,L1,%LEL,,25,", "G-2,温度,L1,℃,-5,60,120"]
    report = imported(world, SENSORS + "\n".join(lines), kind="")
    assert (report.added, report.refused) == (2, 0)
    row = Sensor.objects.get(code="G-2")
    assert (row.low, row.high, row.silent_seconds, row.establishment.venue.name) == (
        -5, 60, 120, "罐区")  # fmt: skip
    again = imported(world, SENSORS + "\n".join([lines[0], lines[1].replace("60", "70")]), kind="")
    assert (again.added, again.changed, again.unchanged) == (0, 1, 1)
    assert Sensor.objects.get(code="G-2").high == 70


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        ("G-1,,L1,%LEL,,25,", "name", "sensor.incomplete"),
        ("G-1,甲,L1,%LEL,,,", "high", "sensor.limits"),
        ("G-1,甲,L1,%LEL,30,25,", "high", "sensor.limits"),
        ("G-1,甲,L1,%LEL,,much,", "high", "table.figure"),
        ("G-1,甲,L1,%LEL,,25,1.5", "silent", "field.whole"),
        ("G-1,甲,L9,%LEL,,25,", "licence", "sensor.place"),
        ("G-0,甲,L1,%LEL,,25,", "code", "sensor.twice"),
    ],
)
def test_a_sensor_that_cannot_be_taken_is_named_with_column_and_reason(world, line, column, code):
    establish(world, name="罐区")
    Establishment.objects.update(code="L1")
    report = imported(world, SENSORS + f"G-0,乙,L1,%LEL,,25,\n{line}\n", kind="")
    (left,) = report.refusals
    assert (left.column, left.code, report.added) == (column, code, 1)


def test_the_number_of_another_places_sensor_is_refused(world):
    for n in (1, 2):
        establish(world, name=f"罐区{n}")
    first, second = Establishment.objects.order_by("pk")
    Establishment.objects.filter(pk=first.pk).update(code="L1")
    Establishment.objects.filter(pk=second.pk).update(code="L2")
    imported(world, SENSORS + "G-1,甲,L1,%LEL,,25,", kind="")
    (left,) = imported(world, SENSORS + "G-1,甲,L2,%LEL,,25,", kind="").refusals
    assert (left.code, left.facts) == ("sensor.exists", {"sensor": "G-1"})


def test_a_large_file_is_judged_beside_the_reading_with_the_same_outcome(world, monkeypatch):
    text = HEAD + "".join(f"厂{n},990101001,N{n},,{n},\n" for n in range(50)) + "坏,0,,,1,\n"
    here = preview_import(upload_id=staged(world, text), by=world.county, at=NOON)
    monkeypatch.setattr(importing, "APART", 0)
    monkeypatch.setattr(importing, "BATCH", 7)
    pk = staged(world, text)
    assert preview_import(upload_id=pk, by=world.county, at=NOON) == here
    numbers = UploadRow.objects.filter(upload_id=pk).order_by("pk").values_list("number", flat=True)
    assert (here.added, list(numbers)) == (50, list(range(2, 52)))


def test_what_the_register_learned_after_the_preview_is_not_written_twice(world):
    text = HEAD + "甲,990101001,A,,1,\n乙,990101001,,,2,\n丙,990201,C,,3,\n"
    first, second = staged(world, text), staged(world, text.replace(",2,", ",9,"))
    for pk in (first, second):
        assert preview_import(upload_id=pk, by=world.county, at=NOON).added == 2
    import_rows(upload_id=first, by=world.county, at=NOON)
    done = import_rows(upload_id=second, by=world.county, at=NOON)
    assert (done.added, done.changed, done.unchanged, done.refused) == (0, 1, 1, 1)
    assert (Establishment.objects.count(), Upload.objects.get(pk=second).written) == (2, 1)
