"""A second opinion: shown beside the drafts, written down, never applied."""

import pytest

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, NotAllowed, NotFound
from bihuan.intake import services
from bihuan.intake.endpoint.address import Endpoint
from bihuan.intake.endpoint.client import Answer
from bihuan.intake.endpoint.errors import ModelFault
from bihuan.intake.endpoint.prompt import Opinion
from bihuan.intake.selectors.review import review
from tests.conftest import NOON
from tests.intake.test_upload import upload

TEXT = "记录:专题会议\n要排查渡口安全\n完成检测"
HERE = Endpoint("http://model.county.example/v1", "local-7b", "secret")


@pytest.fixture
def document(world):
    return upload(world, TEXT)[0]


def opinion(text, **other):
    start = TEXT.index(text)
    told = {"speaker": "陈某", "domain": "work-safety", "actionable": True} | other
    return Opinion(text, start, start + len(text), **told)


@pytest.fixture
def model(monkeypatch):
    """What the model answers: opinions, or a fault."""

    def answers(*opinions, fault=None):
        def ask(endpoint, text):
            if fault is not None:
                raise fault
            return Answer(tuple(opinions), len(text), 2, 1)

        monkeypatch.setattr("bihuan.intake.services.asking.ask", ask)

    return answers


def asked(world, document, who="city"):
    return services.ask_model(
        document_id=document.pk, endpoint=HERE, by=world.actor(who), at=NOON
    )  # fmt: skip


def test_agreement_disagreement_and_what_only_one_sees(world, document, model):
    model(opinion("要排查渡口安全", domain="entry", actionable=False), opinion("记录:专题会议"))
    before = list(document.drafts.order_by("position").values())
    asked(world, document)
    found = review(document_id=document.pk, by=world.city)
    first, second = found.drafts
    assert first.opinion.differs == ("domain", "actionable")
    assert (second.opinion, second.unseen) == (None, True)
    assert [one.text for one in found.second.only] == ["记录:专题会议"]
    assert list(document.drafts.order_by("position").values()) == before


def test_who_sent_what_where_is_written_down_without_the_key(world, document, model):
    model(opinion("要排查渡口安全"))
    asked(world, document)
    entry = Entry.objects.get(action="document.ask_model")
    facts = entry.facts
    assert (facts["host"], facts["outcome"], facts["persons_hidden"]) == (
        "model.county.example", "answered", 2,
    )  # fmt: skip
    assert "secret" not in str(facts)


def test_a_fault_changes_nothing_and_is_written_down(world, document, model):
    model(fault=ModelFault("model.bad_answer", what="not_json"))
    with pytest.raises(Conflict) as refused:
        asked(world, document)
    assert refused.value.code == "model.bad_answer"
    assert review(document_id=document.pk, by=world.city).second is None
    assert Entry.objects.get(action="document.ask_model").facts["outcome"] == "model.bad_answer"


def test_only_who_may_edit_may_ask(world, document, model):
    model()
    with pytest.raises(NotAllowed):
        asked(world, document, "head")
    with pytest.raises(NotFound):
        asked(world, document, "outsider")
    assert not Entry.objects.filter(action="document.ask_model").exists()
