"""Files, words and readings are attached together or not at all; who sees the loop reads them."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from bihuan.core.errors import Conflict, Invalid, MoveBlocked, NotFound
from bihuan.core.evidence.models import Item
from bihuan.core.loops import services
from bihuan.core.loops.proofs import proof_file, proof_rows
from bihuan.core.loops.services.proof import File, Proof
from tests.conftest import NOON
from tests.factories import build_world, task

HOUR = timedelta(hours=1)
LATER = NOON + HOUR


@pytest.fixture
def world(db, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    return build_world(NOON)


def photo(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "PNG")
    return out.getvalue()


def file(name: str, data: bytes) -> File:
    return File(name, lambda: [data])


def test_a_photo_and_words_are_attached_and_the_loop_is_submitted_in_one_act(world):
    row = task(world)
    given = Proof(files=(file("a.png", photo()),), text="已查 3 处渡口")
    row = services.prove(obligation_id=row.pk, given=given, by=world.city, at=LATER)
    kinds = Item.objects.filter(subject=row.subject).order_by("pk").values_list("kind", flat=True)
    assert (row.state, list(kinds)) == ("submitted", ["photo", "statement"])


def test_one_bad_file_refuses_all_and_every_bad_one_is_named(world):
    row = task(world)
    files = (
        file("a.png", photo()),
        file("b.exe", b"MZ\x90\x00" + b"\x00" * 60),
        file("c.txt", b""),
    )
    with pytest.raises(Invalid) as refused:
        services.prove(obligation_id=row.pk, given=Proof(files=files), by=world.city, at=LATER)
    assert refused.value.facts["refused"] == [
        ("b.exe", "evidence.type"),
        ("c.txt", "evidence.empty"),
    ]
    assert not Item.objects.exists()
    row.refresh_from_db()
    assert row.state == "issued"


def test_submitting_without_any_proof_is_blocked_and_an_empty_proof_is_refused(world):
    row = task(world)
    with pytest.raises(MoveBlocked):
        services.prove(obligation_id=row.pk, given=Proof(), by=world.city, at=LATER)
    with pytest.raises(Invalid):
        services.add_proof(obligation_id=row.pk, given=Proof(), by=world.city, at=LATER)


def test_a_closed_loop_takes_no_more_proof(world):
    row = task(world)
    services.prove(obligation_id=row.pk, given=Proof(text="已办"), by=world.city, at=LATER)
    services.act(obligation_id=row.pk, move="accept", by=world.head, at=LATER)
    with pytest.raises(Conflict):
        services.add_proof(obligation_id=row.pk, given=Proof(text="补"), by=world.city, at=LATER)


def test_the_same_photo_twice_names_the_loop_that_used_it_first(world):
    first, second = task(world), task(world, owner="county")
    given = Proof(files=(file("a.png", photo()),))
    services.add_proof(obligation_id=first.pk, given=given, by=world.city, at=LATER)
    items = services.add_proof(obligation_id=second.pk, given=given, by=world.county, at=LATER)
    (row,) = proof_rows(items, assigned_at=NOON)
    assert (row.twin, row.twin_loop_id, row.early) == (True, first.pk, False)


def test_owner_and_issuer_open_the_file_and_outsiders_learn_nothing(world):
    row = task(world)
    given = Proof(files=(file("a.png", photo()),))
    (item,) = services.add_proof(obligation_id=row.pk, given=given, by=world.city, at=LATER)
    for who in (world.city, world.head, world.clerk):
        assert proof_file(item_id=item.pk, by=who) == item
    for who in (world.outsider, world.county, world.auditor):
        with pytest.raises(NotFound):
            proof_file(item_id=item.pk, by=who)
