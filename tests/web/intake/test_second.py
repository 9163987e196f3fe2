"""The model's opinions on the review page; without an endpoint nothing of it is there."""

import pytest

from bihuan.intake.endpoint.address import Endpoint
from bihuan.intake.endpoint.client import Answer
from bihuan.intake.endpoint.prompt import Opinion


@pytest.fixture
def model(monkeypatch, settings, document):
    settings.INTAKE_MODEL = Endpoint("http://model.county.example/v1", "local-7b")
    clean = document.clean_text
    start = clean.index("要排查渡口安全,要检查旅馆安全")
    opinions = (
        Opinion(clean[start : start + 15], start, start + 15, "陈某", "entry", True),
        Opinion(
            "月底前", clean.index("月底前"), clean.index("月底前") + 3, "陈某", "testing", True
        ),
    )
    monkeypatch.setattr(
        "bihuan.intake.services.asking.ask", lambda *_: Answer(opinions, len(clean), 0, 0)
    )


def test_without_an_endpoint_there_is_no_button_and_no_asking(enter, document):
    client = enter("city")
    assert "请模型另提意见" not in client.get(f"/documents/{document.pk}/").content.decode()
    assert client.post(f"/documents/{document.pk}/model/").status_code == 409


def test_opinions_stand_beside_the_drafts_and_a_person_adds_one(enter, document, model):
    client = enter("city")
    assert "model.county.example" in client.get(f"/documents/{document.pk}/").content.decode()
    client.post(f"/documents/{document.pk}/model/")
    page = client.get(f"/documents/{document.pk}/").content.decode()
    assert "模型意见不同" in page
    assert "模型没有提出这一条" in page
    assert "只有模型 local-7b 提出的" in page
    place = document.clean_text.index("月底前")
    client.post(f"/documents/{document.pk}/add/", {"start": place, "end": place + 3})
    assert document.drafts.filter(text="月底前").exists()
