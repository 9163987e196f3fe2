"""Sensors and alarms through HTTP: page, live board, API."""

import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.orgs.services import make_token
from bihuan.safety.models import Alarm, Permit, RiskObject, Sensor
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.readings import Reading, take_readings
from bihuan.safety.services.sensors import NewSensor, register_sensor
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


def test_gateways_send_batches_over_the_api(world, client, place, edges):
    given = {"code": "GAS-2", "name": "可燃气体", "measure": "%LEL", "high": 25.0}
    register_sensor(establishment_id=place.pk, given=NewSensor(**given), by=world.county, at=NOON)
    _, secret = make_token(name="gateway", scopes=("read", "write"), by=world.county, at=NOON,
                           expires_at=NOON + timedelta(days=1))  # fmt: skip
    head = {"authorization": f"Bearer {secret}"}
    batch = [{"sensor": "GAS-2", "value": 30}, {"sensor": "?", "value": 1}]
    ask = {"data": json.dumps(batch), "content_type": "application/json", "headers": head}
    told = client.post("/api/v1/safety/readings", **ask).json()
    assert told == {"stored": 1, "refused": 0, "unknown": ["?"], "alarms": 1}
    (alarm,) = client.get("/api/v1/safety/alarms", headers=head).json()
    assert (alarm["sensor"], alarm["value"], alarm["kind"]) == ("GAS-2", 30.0, "high")


def test_attention_permits_and_exchange_have_pages(enter, place):
    client = enter("county")
    page = read(client, "/safety/attention/")
    for empty in ("还没有年度指标", "没有分母", "近期没有登记的风险日"):
        assert empty in page
    client.post("/safety/attention/allowance/",
                {"place_id": "990101", "year": "2026", "measure": "deaths", "most": "3"})  # fmt: skip
    client.post("/safety/attention/denominator/",
                {"place_id": "990101", "key": "workers", "year": "2025", "value": "50000",
                 "source": "年鉴"})  # fmt: skip
    for family in ("fire", "flood"):
        client.post("/safety/attention/day/",
                    {"place_id": "990101", "day": "2026-03-15", "family": family, "level": "high",
                     "staff": "20", "on_hand": "30"})  # fmt: skip
    page = read(client, "/safety/attention/")
    for words in ("2 种叠加", "联合方案", "年鉴", "死亡人数"):
        assert words in page
    assert client.get("/safety/attention/?format=csv").status_code == 200
    base = f"/safety/establishments/{place.pk}"
    client.post(f"{base}/permit/", {"kind": "restart", "purpose": "二号线", "new_workers": "2"})
    permit = Permit.objects.get()
    assert "暂缓" in read(client, f"/safety/permits/{permit.pk}/")
    client.post(f"/safety/permits/{permit.pk}/train/", {"trained": "2"})
    assert "自查得分" in read(client, f"{base}/")
    told = json.loads(client.get(f"{base}/exchange/?partner=national").content)
    assert set(told) == {"unit", "event", "measure", "task", "check", "hazard"}
    record = {"id": str(uuid4()), "companyCode": "1", "riskUnitName": "罐区"}
    file = io.BytesIO(json.dumps({"unit": [record, {}]}).encode())
    file.name = "x.json"
    page = client.post(f"{base}/exchange/", {"partner": "national", "file": file})
    assert "预览" in page.content.decode()
    assert "缺少必填字段" in page.content.decode()
    assert not RiskObject.objects.exists()


def test_what_came_by_the_exchange_is_graded_on_a_page_and_then_stands_among_the_risks(
    enter, place
):
    client = enter("county")
    ids = [str(uuid4()) for _ in range(3)]
    told = {
        "unit": [{"id": ids[0], "companyCode": "1", "riskUnitName": "罐区"}],
        "event": [{"id": ids[1], "companyCode": "1", "riskUnitId": ids[0], "riskEventName": "泄漏"}],
        "measure": [{"id": ids[2], "companyCode": "1", "riskEventId": ids[1],
                     "riskMeasureDesc": "紧急切断阀", "classify1": "工程技术"}],
    }  # fmt: skip
    file = io.BytesIO(json.dumps(told).encode())
    file.name = "x.json"
    base = f"/safety/establishments/{place.pk}/exchange/"
    page = client.post(base, {"partner": "national", "file": file, "act": "yes"})
    assert "1 项措施待定" in page.content.decode()
    record = place.exchange_records.get(kind="event")
    measure = place.exchange_records.get(kind="measure")
    address = f"{base}{record.pk}/"
    assert 'value="罐区"' in read(client, address)
    grading = {
        "unit": "罐区",
        "name": "泄漏",
        "method": "ls",
        "l": "9",
        "s": "5",
        "rated": "yellow",
    }
    assert client.post(address, grading).status_code == 200  # 9 is no factor of the method
    assert client.post(address, grading | {"l": "5"}).url == address
    page = read(client, address)
    assert 'value="technical" selected' in page
    taken = {f"kind_{measure.pk}": "technical", f"layer_{measure.pk}": "切断"}
    assert client.post(address, taken).url == base
    assert "等待分级" not in read(client, base)
    assert "紧急切断阀" in read(client, f"/safety/establishments/{place.pk}/risks/")
    assert client.get(address).status_code == 404
