"""Evidence: taken as it came, stored once, shown re-encoded, never executable."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.evidence.models import Blob, Item
from bihuan.core.evidence.rules import safe_name
from bihuan.core.evidence.services import Made, add_file, add_statement, blob_path, shown_path
from tests.conftest import NOON
from tests.factories import build_world


@pytest.fixture
def world(db, settings, tmp_path):
    settings.EVIDENCE_ROOT = tmp_path
    return build_world(NOON)


def picture(form="JPEG", colour="red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), colour).save(out, form)
    return out.getvalue()


def add(world, data: bytes, name="a.jpg", subject="obligation:1", made=NOON):
    return add_file(
        subject=subject,
        scope="99.01.",
        name=name,
        chunks=[data],
        made=Made(made),
        by=world.city,
        at=NOON,
    )


def test_the_original_is_kept_and_a_small_clean_copy_is_shown(world):
    data = picture()
    item = add(world, data)
    assert blob_path(item.blob_id).read_bytes() == data
    with Image.open(shown_path(item.blob_id)) as shown:
        assert (shown.format, max(shown.size)) == ("WEBP", 320)
    assert (item.kind, item.maker_post_id) == ("photo", world.city.post_id)


def test_the_same_photo_for_two_things_is_stored_once_and_flagged(world):
    first = add(world, picture())
    twin = add(world, picture(), subject="obligation:2")
    assert (Blob.objects.count(), twin.twin_of_id) == (1, first.pk)
    assert add(world, picture(), subject="obligation:1").twin_of_id == twin.pk


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "evidence.empty"),
        (b"<html><script>alert(1)</script></html>", "a.txt", "evidence.type"),
        (b"MZ\x90\x00" + bytes(64), "a.jpg", "evidence.type"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "a.svg", "evidence.type"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "a.jpg", "evidence.bad_image"),
        (b"%!PS-Adobe-3.0\n", "a.pdf", "evidence.type"),
    ],
)
def test_what_is_not_evidence_is_refused_and_leaves_nothing(world, data, name, code):
    with pytest.raises(Invalid) as refused:
        add(world, data, name)
    assert refused.value.code == code
    assert Item.objects.count() == 0


def test_a_file_over_the_limit_is_refused_before_it_is_read_whole(world):
    read = []

    def chunks():
        for number in range(100):
            read.append(number)
            yield bytes(1_000_000)

    with pytest.raises(Invalid) as refused:
        add_file(
            subject="obligation:1",
            scope="99.",
            name="a.bin",
            chunks=chunks(),
            made=Made(NOON),
            by=world.city,
            at=NOON,
        )
    assert refused.value.code == "evidence.too_large"
    assert len(read) < 30


def test_a_reading_needs_a_figure_and_a_statement_words(world):
    for kind in ("reading", "statement", "countersign"):
        with pytest.raises(Invalid):
            add_statement(
                subject="obligation:1",
                scope="99.",
                kind=kind,
                made=Made(NOON),
                by=world.city,
                at=NOON,
            )


def test_proof_from_the_future_is_refused(world):
    with pytest.raises(Invalid) as refused:
        add(world, picture(), made=NOON + timedelta(minutes=1))
    assert refused.value.code == "evidence.future"


def test_a_post_without_the_duty_adds_nothing(world):
    with pytest.raises(NotAllowed):
        add_statement(
            subject="obligation:1",
            scope="99.",
            kind="statement",
            made=Made(NOON, text="x"),
            by=world.auditor,
            at=NOON,
        )


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\照片.jpg", "照片.jpg"),
        ("a\x00b.png", "ab.png"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_name_carries_no_path_and_no_controls(given, kept):
    assert safe_name(given) == kept
