"""Reviews as labelled examples, and how well the reader did by them."""

import argparse
import json

import pytest

from bihuan.config.commands import intake as commands
from bihuan.intake import services
from bihuan.intake.selectors.accuracy import accuracy
from bihuan.intake.selectors.labels import examples
from bihuan.intake.types import DraftChange
from tests.conftest import NOON
from tests.intake.test_upload import upload

TEXT = "记录:专题会议\n要排查渡口安全,要检查旅馆安全。\n完成检测。\n#深入学习精神"


@pytest.fixture
def document(world):
    return upload(world, TEXT)[0]


def drafts(document):
    return list(document.drafts.order_by("position"))


def keep(world, draft, **change):
    given = DraftChange(**change)
    services.edit_draft(draft_id=draft.pk, change=given, by=world.city, at=NOON)


def status(world, draft, value):
    services.set_status(draft_id=draft.pk, status=value, by=world.city, at=NOON)


def shares(world, who="city"):
    return {one.field: (one.agreed, one.compared) for one in accuracy(by=world.actor(who)).fields}


def test_nothing_decided_measures_nothing(world, document):
    found = accuracy(by=world.city)
    assert (found.documents, found.drafts) == (0, 0)
    assert all(one.share is None for one in found.fields)


def test_what_was_changed_disagrees_and_what_was_kept_agrees(world, document):
    first, second, third = drafts(document)
    keep(world, first, domain="testing", speaker="吴某")
    status(world, second, "kept")
    status(world, third, "rejected")
    told = shares(world)
    assert told["precision"] == (2, 3)
    assert told["recall"] == (2, 2)
    assert told["domain"] == (1, 2)
    assert told["speaker"] == (1, 2)
    assert told["actionable"] == (2, 2)


def test_a_split_an_addition_and_a_merge_are_boundaries_missed(world, document):
    first, second, _third = drafts(document)
    services.split_draft(draft_id=first.pk, offset=8, by=world.city, at=NOON)
    services.add_draft(document_id=document.pk, text="另有一项", by=world.city, at=NOON)
    services.merge_drafts(draft_id=second.pk, by=world.city, at=NOON)
    told = shares(world)
    assert told["precision"] == (0, 3)
    assert told["recall"] == (0, 4)


def test_a_step_taken_back_is_no_decision(world, document):
    status(world, drafts(document)[0], "rejected")
    services.undo(document_id=document.pk, by=world.city, at=NOON)
    assert accuracy(by=world.city).drafts == 0


def test_drafts_kept_all_at_once_are_not_counted(world, document):
    services.confirm_all(document_id=document.pk, by=world.city, at=NOON)
    found = accuracy(by=world.city)
    assert (found.documents, found.in_bulk) == (0, 3)


def test_each_place_sees_its_own_quality(world, document):
    status(world, drafts(document)[0], "kept")
    assert shares(world, "county")["precision"] == (0, 0)
    assert shares(world, "head")["precision"] == (1, 1)


def test_a_document_is_an_example_when_nothing_in_it_waits(world, document):
    first, second, third = drafts(document)
    keep(world, first, domain="key-venues", responsible="市交通局、市公安局")
    status(world, second, "rejected")
    assert list(examples(by=world.city)) == []
    status(world, third, "kept")
    (found,) = examples(by=world.city)
    one, two = found.labels["directives"]
    assert (
        one["text"] == found.clean[one["start"] : one["end"]] == "要排查渡口安全,要检查旅馆安全。"
    )
    assert (one["domain"], one["responsible"]) == ("key-venues", ["市交通局", "市公安局"])
    assert (one["actionable"], two["actionable"]) == (True, False)
    assert found.labels["chair"] == ["吴某"]
    assert found.labels["is_communique"]


def test_all_rejected_is_an_example_of_what_is_none(world, document):
    for draft in drafts(document):
        status(world, draft, "rejected")
    (found,) = examples(by=world.city)
    assert (found.labels["is_communique"], found.labels["doc_type"]) == (False, "other")
    assert found.labels["directives"] == []


def test_a_demand_typed_without_a_place_is_no_span(world, document):
    services.add_draft(document_id=document.pk, text="另有一项", by=world.city, at=NOON)
    for draft in drafts(document)[:3]:
        status(world, draft, "kept")
    (found,) = examples(by=world.city)
    assert len(found.labels["directives"]) == 3


def run(work, arguments, *words):
    parser = argparse.ArgumentParser()
    arguments(parser)
    return work(parser.parse_args([str(word) for word in words]))


def test_the_folder_can_be_scored_as_it_is(world, document, tmp_path, capsys):
    services.confirm_all(document_id=document.pk, by=world.city, at=NOON)
    out = tmp_path / "labels"
    export = commands.export_labels, commands.label_arguments
    assert run(*export, "--out", out, "--as", "city") == 0
    ident = f"site-{document.pk:05d}"
    gold = json.loads((out / "gold" / f"{ident}.json").read_text(encoding="utf-8"))
    clean = (out / "gold" / f"{ident}.clean.txt").read_text(encoding="utf-8")
    assert [clean[d["start"] : d["end"]] for d in gold["directives"]] == [
        d["text"] for d in gold["directives"]
    ]
    assert (out / "raw" / f"{ident}.txt").exists()
    assert f"{ident},{ident}.txt,yes,3" in (out / "index.csv").read_text(encoding="utf-8")
    with pytest.raises(FileExistsError):
        run(*export, "--out", out, "--as", "city")
    assert run(commands.accuracy_of, commands.as_whom, "--as", "city") == 0
    assert "precision" in capsys.readouterr().out
