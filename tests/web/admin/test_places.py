"""The tree of places and the import of boundaries."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.core.places.models import Boundary
from bihuan.web.admin import places

SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


@pytest.fixture(autouse=True)
def waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(places, "WAITING", tmp_path)
    return tmp_path


def collection(*names: dict) -> SimpleUploadedFile:
    features = [{"type": "Feature", "properties": p, "geometry": SQUARE} for p in names]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    return SimpleUploadedFile("a.geojson", text.encode())


def test_a_place_shows_what_lies_above_and_below(enter) -> None:
    html = enter("head").get("/admin/places/9901/").content.decode()
    assert "云岭省" in html
    assert "港城县" in html


def test_a_place_outside_the_scope_does_not_exist(enter) -> None:
    assert enter("city").get("/admin/places/9902/").status_code == 404
    assert enter("city").get("/admin/places/99/").status_code == 404
    assert enter("city").get("/admin/places/no/").status_code == 404


def test_boundaries_are_previewed_before_anything_is_written(enter, waiting: Path) -> None:
    client = enter("admin")
    said = {"file": collection({"gb": "156990101"}, {"name": "无此地"}), "source": "测绘院 2026"}
    html = client.post("/admin/places/boundaries/", said).content.decode()
    assert not Boundary.objects.exists()
    assert "预览" in html
    assert "无此地" in html
    kept = next(waiting.glob("*.geojson")).stem
    done = client.post("/admin/places/boundaries/import/", {"kept": kept, "source": "测绘院 2026"})
    assert done.status_code == 302
    assert Boundary.objects.get().place.code == "990101"
    assert not list(waiting.iterdir())


@pytest.mark.parametrize(
    "content", [b"", b"not json", b"[1,2]", b"\xff\xfe\x00", b'{"type":"FeatureCollection"}']
)
def test_a_file_that_is_no_geojson_is_refused_beside_the_form(enter, content: bytes) -> None:
    said = {"file": SimpleUploadedFile("a.geojson", content), "source": "x"}
    answer = enter("admin").post("/admin/places/boundaries/", said)
    assert answer.status_code == 422
    assert not Boundary.objects.exists()


@pytest.mark.parametrize("kept", ["", "../../etc/passwd", "a" * 64])
def test_only_a_file_that_was_previewed_is_imported(enter, kept: str) -> None:
    answer = enter("admin").post("/admin/places/boundaries/import/", {"kept": kept, "source": "x"})
    assert answer.status_code == 422


def test_a_corrected_population_stands_beside_the_one_before_and_a_wrong_one_is_refused(enter):
    admin, page = enter("admin"), "/admin/places/990101/"
    assert "没有登记人口" in admin.get(page).content.decode()
    told = {"year": "2025", "value": "412000", "source": "统计年鉴"}
    for value in ("412000", "408500"):
        assert admin.post(f"{page}population/", told | {"value": value}).status_code == 302
    html = admin.get(page).content.decode()
    assert html.index("408500") < html.index("412000")
    assert "统计年鉴" in html
    for wrong in ({"year": "2027"}, {"value": "0"}, {"year": "1800"}):
        said = admin.post(f"{page}population/", told | wrong).content.decode()
        assert "请填写 1949 年以来" in said
    assert enter("head").post(f"{page}population/", told).status_code == 403
    assert "登记或更正" not in enter("head").get(page).content.decode()
