"""`bihuan places` loads, and imports only when told to act."""

import argparse

import pytest

from bihuan.config.commands import places
from bihuan.core.places.models import Place

pytestmark = pytest.mark.django_db


def parsed(arguments, *words):
    parser = argparse.ArgumentParser()
    arguments(parser)
    return parser.parse_args(list(words))


@pytest.fixture
def hainan(capsys):
    assert places.load(parsed(places.load_arguments, "46")) == 0
    return capsys.readouterr().out


def test_load_tells_what_it_wrote(hainan):
    assert "province" in hainan
    assert Place.objects.filter(level="province").count() == 1


def test_an_import_is_a_preview_until_told_to_act(hainan, tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_text("code,name\n460105001001,试验社区\nx,y\n", "utf-8")
    for act, stored in (((), 0), (("--act",), 1)):
        options = parsed(places.import_arguments, str(file), *act)
        assert places.communities(options) == 1
        assert Place.objects.filter(level="community").count() == stored
        assert "places.bad_code" in capsys.readouterr().out


def test_boundaries_need_a_source(capsys):
    with pytest.raises(SystemExit):
        parsed(places.boundary_arguments, "map.geojson")
