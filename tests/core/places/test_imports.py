"""A site brings its own communities and boundaries: first a report, then the act."""

import json
import os
from datetime import UTC, date, datetime, timedelta

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.places import selectors, services
from bihuan.core.places.errors import BadFile
from bihuan.core.places.models import Boundary
from bihuan.core.places.services import boundaries

AT = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
SQUARE = [[[110.00001, 21.0], [111.0, 21.0], [111.0, 22.0], [110.00001, 21.0]]]


@pytest.fixture
def communities(tree, tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(
        "code,name,households\n"
        "980101001002,蓝社区,1200\n"
        "980101001001,红社区,\n"
        "980101001,一街道,\n"
        "980109001001,无上级社区,\n"
        "980101001003,,\n"
        "980101001004,黄社区,many\n"
        "980101001002-001,蓝一网格,300\n",
        encoding="utf-8-sig",
    )
    return file


def test_a_list_is_reported_line_by_line_before_anything_is_written(communities):
    report = services.load_communities(file=communities, at=AT, preview=True)
    assert (report.taken, report.unchanged) == (2, 1)
    assert [(fault.line, fault.code) for fault in report.refused] == [
        (4, "places.bad_code"), (5, "places.no_parent"), (6, "places.no_name"),
        (7, "places.bad_households"),
    ]  # fmt: skip
    assert selectors.counts("98.", AT.date())["community"] == 2


def test_the_same_list_twice_changes_nothing_the_second_time(communities):
    assert services.load_communities(file=communities, at=AT).taken == 2
    again = services.load_communities(file=communities, at=AT)
    assert (again.taken, again.unchanged) == (0, 3)
    blue = selectors.place_by_code("980101001002", date(2026, 3, 10))
    assert (blue.name, blue.households, blue.parent.name) == ("蓝社区", 1200, "一街道")
    assert Entry.objects.count() == 1


def test_a_list_in_the_national_encoding_is_read(tree, tmp_path):
    file = tmp_path / "gb.csv"
    file.write_text("code,name\n980101001009,镕社区\n", encoding="gb18030")
    services.load_communities(file=file, at=AT)
    assert selectors.place_by_code("980101001009", date(2026, 3, 10)).name == "镕社区"


@pytest.mark.parametrize("content", [b"id;label\n1;x\n", b"\xff\xff\xff", b""])
def test_a_file_that_is_no_list_is_refused(tree, tmp_path, content):
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    with pytest.raises(BadFile):
        services.load_communities(file=file, at=AT)


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": list(features)})


def feature(kind="Polygon", coordinates=SQUARE, **properties):
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


@pytest.fixture
def outlines(tree, tmp_path):
    file = tmp_path / "outlines.geojson"
    file.write_text(
        collection(
            feature(gb="156980101", name="x"), feature(name="乙县"), feature(code="980000"),
            feature(name="别处"), feature(kind="Point", coordinates=[1, 2], code="9801"),
            feature(gb="abc"),
        ),
        "utf-8",
    )  # fmt: skip
    return file


def test_boundaries_find_their_place_by_code_or_unique_name(outlines):
    report = services.import_boundaries(file=outlines, source="测试图集", at=AT, preview=True)
    assert report.taken == 3
    assert [fault.code for fault in report.refused] == [
        "places.unknown", "places.no_polygon", "places.bad_code",
    ]  # fmt: skip
    assert not Boundary.objects.exists()

    services.import_boundaries(file=outlines, source="测试图集", at=AT)
    held = Boundary.objects.order_by("place__path").values_list("place__code", flat=True)
    assert list(held) == ["98", "980101", "980102"]
    assert Boundary.objects.first().geojson["coordinates"][0][0] == [110.0, 21.0]


def test_the_same_boundaries_again_change_nothing(outlines):
    services.import_boundaries(file=outlines, source="测试图集", at=AT)
    again = services.import_boundaries(file=outlines, source="测试图集", at=AT)
    assert (again.taken, again.unchanged) == (0, 3)


@pytest.mark.parametrize("text", ["", "[]", '{"features": 3}', '{"features": [1]}'])
def test_a_file_that_is_no_map_is_refused(tree, tmp_path, text):
    file = tmp_path / "outlines.geojson"
    file.write_text(text, "utf-8")
    with pytest.raises(BadFile):
        services.import_boundaries(file=file, source="", at=AT)


def test_a_preview_that_nobody_confirmed_is_forgotten_and_a_fresh_one_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(boundaries, "WAITING", tmp_path)
    for name, age in (("old", 25), ("new", 1)):
        file = tmp_path / f"{name}.geojson"
        file.write_text("{}", encoding="utf-8")
        stamp = (AT - timedelta(hours=age)).timestamp()
        os.utime(file, (stamp, stamp))
    assert boundaries.forget_previews(before=AT - timedelta(days=1)) == 1
    assert [file.stem for file in tmp_path.iterdir()] == ["new"]
