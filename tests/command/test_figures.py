"""Large cascades are counted by the worker, and say the same as a count at reading."""

import pytest

from bihuan.command import services
from bihuan.command.models import Figures
from bihuan.command.selectors.figures import cascade, counted
from bihuan.command.selectors.reach import measured, whole
from bihuan.core.loops.services import act
from tests.command.builders import HOUR, acknowledged, demand, directive, relay_of
from tests.conftest import NOON


@pytest.fixture
def row(world, monkeypatch):
    monkeypatch.setattr("bihuan.command.services.figures.LARGE", 2)
    return directive(world, demand(1), demand(2, direct_level="township"), to=("9901", "9902"))


def test_what_was_counted_by_the_worker_is_what_a_reader_counts(world, row):
    assert services.refresh_figures(at=NOON + HOUR) == 1
    live = counted(row, whole(row), at=NOON + HOUR)
    assert cascade(row, measured(row, by=world.head), at=NOON + HOUR) == live


def test_a_large_cascade_costs_its_reader_one_query(world, row, django_assert_num_queries):
    services.refresh_figures(at=NOON + HOUR)
    scope = measured(row, by=world.head)
    with django_assert_num_queries(1):
        cascade(row, scope, at=NOON + 2 * HOUR)


def test_it_is_counted_again_once_something_moved(world, row):
    services.refresh_figures(at=NOON)
    soon = NOON + HOUR / 60
    assert services.refresh_figures(at=soon) == 0
    act(obligation_id=relay_of(row, world).pk, move="acknowledge", by=world.city, at=soon)
    assert services.refresh_figures(at=soon) == 1
    assert Figures.objects.get().levels[0]["acknowledged"] == 1
    assert services.refresh_figures(at=soon + HOUR) == 1  # overdue grows with time alone


def test_a_lower_node_counts_its_own_part(world, row):
    acknowledged(row, world)
    services.refresh_figures(at=NOON + HOUR)
    seen = cascade(row, measured(row, by=world.city), at=NOON + HOUR)
    assert next((level.level, level.places) for level in seen.levels) == ("city", 1)


def test_a_small_cascade_is_counted_live(world, monkeypatch):
    directive(world)
    assert services.refresh_figures(at=NOON) == 0
