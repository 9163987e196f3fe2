"""The optional model endpoint: what leaves, what is believed, what goes wrong. A local stub answers."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bihuan.intake.endpoint.address import Endpoint
from bihuan.intake.endpoint.client import ask
from bihuan.intake.endpoint.errors import ModelFault

TEXT = (
    "云溪县召开防汛会议\n8月4日,云溪县召开防汛会议,县长周朗主持会议。联系电话13800138000。"
    "周朗要求,各乡镇要上足人手,水利局要巡查水库。"
)
FIRST = {
    "text": "各乡镇要上足人手",
    "speaker": "〔人1〕",
    "domain": "natural-hazards",
    "actionable": True,
}


class Stub(HTTPServer):
    """Answers every request with `body` and keeps what it was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[dict[str, str], dict]] = []
        self.status, self.body, self.location = 200, b"", ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/chat/completions"

    def says(self, content: object) -> None:
        told = content if isinstance(content, str) else json.dumps(content)
        self.body = json.dumps({"choices": [{"message": {"content": told}}]}).encode()


class _Handler(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        self.server.asked.append((dict(self.headers), json.loads(self.rfile.read(size))))
        self.send_response(self.server.status)
        if self.server.location:
            self.send_header("Location", self.server.location)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_words: object) -> None:
        """Nothing is logged."""


@pytest.fixture
def stub() -> Iterator[Stub]:
    server = Stub()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def endpoint(stub: Stub) -> Endpoint:
    return Endpoint(stub.url, "local-7b", "secret", 5)


def test_it_is_off_until_the_site_names_an_endpoint() -> None:
    assert Endpoint.from_environment({}).url == ""
    with pytest.raises(ModelFault) as fault:
        ask(Endpoint(), TEXT)
    assert fault.value.code == "model.off"


def test_a_site_names_it_by_its_environment() -> None:
    told = Endpoint.from_environment(
        {"BIHUAN_MODEL_URL": "https://model.county.example/v1/chat/completions",
         "BIHUAN_MODEL_NAME": "m", "BIHUAN_MODEL_KEY": "k", "BIHUAN_MODEL_TIMEOUT": "9"}
    )  # fmt: skip
    assert (told.host, told.model, told.timeout_seconds) == ("model.county.example", "m", 9.0)
    with pytest.raises(ValueError, match="http"):
        Endpoint.from_environment({"BIHUAN_MODEL_URL": "file:///etc/passwd"})


def test_no_name_and_no_number_leaves_the_house(stub: Stub) -> None:
    stub.says({"demands": []})
    answer = ask(endpoint(stub), TEXT)
    headers, body = stub.asked[0]
    sent = json.dumps(body, ensure_ascii=False)
    assert "周朗" not in sent
    assert "13800138000" not in sent
    assert "〔人1〕" in sent
    assert (answer.persons, answer.contacts) == (1, 1)
    assert headers["Authorization"] == "Bearer secret"
    assert (body["model"], body["temperature"]) == ("local-7b", 0)


def test_an_opinion_stands_at_its_place_with_its_name_put_back(stub: Stub) -> None:
    second = FIRST | {"text": "水利局要巡查水库"}
    stub.says({"demands": [FIRST, second]})
    found = ask(endpoint(stub), TEXT).opinions
    assert [one.text for one in found] == ["各乡镇要上足人手", "水利局要巡查水库"]
    assert all(TEXT[one.start : one.end] == one.text for one in found)
    assert {one.speaker for one in found} == {"周朗"}


@pytest.mark.parametrize(
    "content",
    [
        "好的,以下是要求",
        [],
        {"demands": {}},
        {"demands": [], "note": "x"},
        {"demands": [FIRST | {"text": "各乡镇要备足人手"}]},
        {"demands": [FIRST | {"domain": "astrology"}]},
        {"demands": [FIRST | {"actionable": "yes"}]},
        {"demands": [FIRST | {"reason": "x"}]},
        {"demands": [FIRST | {"text": ""}]},
        {"demands": [FIRST, FIRST]},
        {"demands": [FIRST] * 301},
    ],
)
def test_anything_but_the_documented_answer_is_refused_whole(stub: Stub, content: object) -> None:
    stub.says(content)
    with pytest.raises(ModelFault) as fault:
        ask(endpoint(stub), TEXT)
    assert fault.value.code == "model.bad_answer"


@pytest.mark.parametrize("body", [b"", b"[]", b'{"choices":[]}', b'{"choices":[{"message":{}}]}'])
def test_what_is_no_completion_is_refused(stub: Stub, body: bytes) -> None:
    stub.body = body
    with pytest.raises(ModelFault) as fault:
        ask(endpoint(stub), TEXT)
    assert fault.value.code == "model.bad_answer"


def test_an_endless_answer_is_cut_off(stub: Stub) -> None:
    stub.body = b" " * 1_000_002
    with pytest.raises(ModelFault) as fault:
        ask(endpoint(stub), TEXT)
    assert fault.value.facts == {"what": "too_large"}


@pytest.mark.parametrize("status", [401, 429, 500, 302])
def test_an_endpoint_that_refuses_is_named_with_its_status(stub: Stub, status: int) -> None:
    stub.status, stub.location = status, "http://127.0.0.1:1/" if status == 302 else ""
    with pytest.raises(ModelFault) as fault:
        ask(endpoint(stub), TEXT)
    assert (fault.value.code, fault.value.facts) == ("model.unreachable", {"status": status})
    assert len(stub.asked) == 1


def test_nobody_at_home_is_said_at_once() -> None:
    with pytest.raises(ModelFault) as fault:
        ask(Endpoint("http://127.0.0.1:1/", "m", "", 2), TEXT)
    assert fault.value.code == "model.unreachable"


def test_a_very_long_text_is_not_sent(stub: Stub) -> None:
    with pytest.raises(ModelFault) as fault:
        ask(endpoint(stub), "要" * 60_001)
    assert fault.value.code == "model.too_long"
    assert stub.asked == []
