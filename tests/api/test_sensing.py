"""A sentinel's own system files counts; who may read signals."""

import pytest

from bihuan.core.clock import local_date
from bihuan.sensing.models import Report
from tests.api.test_calls import Caller, problem
from tests.conftest import NOON
from tests.epidemic.builders import add_health
from tests.factories import build_world
from tests.sensing.conftest import sentinel


@pytest.fixture
def world(db):
    return add_health(build_world(NOON))


def count(row, **changes):
    given = {"sentinel_id": row.pk, "stream": "fever", "n": 0}
    return given | {"day": local_date(NOON).isoformat()} | changes


def test_a_zero_is_filed_and_filed_once(world):
    row, clinic = sentinel(world), Caller(world.clinic)
    filed = clinic.post("/sensing/counts", [count(row)])
    assert (filed.status_code, filed.json()) == (201, {"filed": 1, "signals": 0})
    assert clinic.post("/sensing/counts", [count(row)]).json()["filed"] == 0
    assert Report.objects.get().n == 0


def test_a_count_of_somebody_elses_sentinel_is_refused_whole(world):
    row, clinic = sentinel(world), Caller(world.clinic)
    wrong = [count(row), count(row, sentinel_id=row.pk + 1)]
    assert problem(clinic.post("/sensing/counts", wrong), 404)["code"] == "sentinel.not_found"
    assert not Report.objects.exists()


@pytest.mark.parametrize("name", ["police", "factory", "clinic", "admin"])
def test_signals_are_not_for_enforcement_or_units(world, name):
    problem(Caller(world.actor(name)).get("/sensing/signals"), 403)


def test_whoever_reads_surveillance_gets_a_page(world):
    assert Caller(world.cdc).get("/sensing/signals").json() == {"rows": [], "after": ""}
