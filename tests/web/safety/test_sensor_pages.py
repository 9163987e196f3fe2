"""Sensors and alarms through HTTP: page, live board, API."""


import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.safety.models import Alarm, Sensor
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.readings import Reading, take_readings
from tests.conftest import NOON
from tests.safety.conftest import of_factory
from tests.web.safety.test_registers import read


@pytest.fixture
def place(world):
    load_catalogue(by=SYSTEM, at=NOON)
    return of_factory(world, name="罐区")


def test_a_sensor_is_registered_alarms_live_and_is_dealt_with(enter, place):
    client = enter("factory")
    new = f"/safety/establishments/{place.pk}/sensors/new/"
    given = {"code": "GAS-1", "name": "可燃气体", "measure": "%LEL"}
    assert "form-error" in client.post(new, given).content.decode()
    client.post(new, given | {"high": "25"})
    assert "GAS-1" in read(client, "/safety/sensors/")
    assert "没有报警" in read(client, "/safety/alarms/")
    mark = read(client, "/safety/alarms/").split("?mark=")[1].split('"')[0]
    live = f"/safety/alarms/live/?mark={mark}"
    assert client.get(live).status_code == 204
    take_readings(readings=[Reading("GAS-1", 26.0, NOON)], by=SYSTEM, at=NOON)
    assert "待确认" in client.get(live).content.decode()
    address = f"/safety/alarms/{Alarm.objects.get().pk}/"
    assert "26" in read(client, address)
    client.post(f"{address}acknowledge/")
    assert "form-error" in client.post(f"{address}shutdown/", {"deed": "shut"}).content.decode()
    client.post(f"{address}shutdown/", {"deed": "shut", "text": "关闭三号阀"})
    page = read(client, address)
    assert "关闭三号阀" in page
    assert "26" in read(client, f"/safety/sensors/{Sensor.objects.get().pk}/")
    assert client.post(f"{address}explode/").status_code == 404
