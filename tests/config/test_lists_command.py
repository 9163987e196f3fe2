"""`bihuan export` and `import`: the same graph out and back."""

import argparse

import pytest

from bihuan.config.commands import lists
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Venue
from tests import factories
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_task():
    world = factories.build_world(NOON)
    factories.task(world)
    return world


def run(work, arguments, *words):
    parser = argparse.ArgumentParser()
    arguments(parser)
    return work(parser.parse_args([str(word) for word in words]))


def test_a_workbook_comes_back_and_changes_nothing(one_task, tmp_path, capsys):
    paper = tmp_path / "lists.xlsx"
    assert run(lists.export, lists.export_arguments, paper, "--as", "head") == 0
    before = list(Obligation.objects.values_list("id", "version"))
    for act in ((), ("--act",)):
        capsys.readouterr()
        assert run(lists.bring, lists.import_arguments, paper, "--as", "head", *act) == 0
        assert "0" in capsys.readouterr().out
    assert list(Obligation.objects.values_list("id", "version")) == before


def test_an_export_never_overwrites(one_task, tmp_path):
    paper = tmp_path / "lists.xlsx"
    paper.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError):
        run(lists.export, lists.export_arguments, paper, "--as", "head")
    assert paper.read_text(encoding="utf-8") == "mine"


def test_nobody_is_not_somebody(tmp_path):
    with pytest.raises(NotFound):
        run(lists.export, lists.export_arguments, tmp_path / "x.xlsx", "--as", "nobody")


def test_a_list_of_venues_comes_in_by_command(one_task, tmp_path, capsys):
    paper = tmp_path / "v.csv"
    paper.write_text("Venue,Venue kind,Place code\n一号码头,ferry,990101001\n", encoding="utf-8")
    for act, count in (((), 0), (("--act",), 1), (("--act",), 1)):
        words = (paper, "--as", "county", "--what", "venues", *act)
        assert run(lists.bring, lists.import_arguments, *words) == 0
        assert Venue.objects.count() == count
