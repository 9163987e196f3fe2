"""DATABASE_URL in all its forms."""

import pytest

from bihuan.config import database
from bihuan.core.errors import SettingsWrong


def test_an_address_is_taken_apart():
    told = database.from_url("postgresql://u%40x:p%2Fw@db.example:6432/bihuan?sslmode=require")
    assert told["USER"] == "u@x"
    assert told["PASSWORD"] == "p/w"
    assert (told["HOST"], told["PORT"], told["NAME"]) == ("db.example", "6432", "bihuan")
    assert told["OPTIONS"] == {"options": database.PLANNER, "sslmode": "require"}


def test_a_socket_folder_is_a_host():
    told = database.from_url("postgresql://bihuan@/demo?host=/var/lib/bihuan/run&port=5432")
    assert (told["HOST"], told["PORT"]) == ("/var/lib/bihuan/run", "5432")


def test_what_an_address_tells_the_planner_takes_the_place_of_ours():
    told = database.from_url("postgresql://bihuan@/demo?options=-c%20random_page_cost%3D4")
    assert told["OPTIONS"] == {"options": "-c random_page_cost=4"}


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://x/y", "nonsense", ""])
def test_another_kind_of_database_is_refused(url):
    with pytest.raises(SettingsWrong) as refusal:
        database.from_url(url)
    assert refusal.value.facts["name"] == "DATABASE_URL"
