"""Backup and restore: all or nothing, and every damage is seen before anything changes."""

import io
import tarfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bihuan.config import accounts, archive
from bihuan.core.audit import selectors
from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Conflict, Invalid
from bihuan.core.orgs.models import Account
from tests import factories

AT = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
PROOF = Path(settings.EVIDENCE_ROOT) / "ab" / "proof"

pytestmark = pytest.mark.runtime


def silent(_line: str) -> None:
    """Progress is for terminals."""


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Path]:
    """A site with people, an audit chain and one file of evidence, saved to an archive.

    Restoring needs the whole database, no test's transaction: what was there before is put back
    at the end by the same means.
    """
    folder = tmp_path_factory.mktemp("archives")
    with django_db_blocker.unblock():
        archive.backup(folder / "before.tar", at=AT, progress=silent)
        factories.build_world(AT)
        record(action="test.act", subject="test:1", by=SYSTEM, at=AT, facts={"who": "张三"})
        PROOF.parent.mkdir(exist_ok=True)
        PROOF.write_bytes(b"photo")
        archive.backup(folder / "site.tar", at=AT, progress=silent)
        yield folder / "site.tar"
        archive.restore(folder / "before.tar", force=True, progress=silent)
        connection.close()


def rewrite(source: Path, name: str, content: bytes | None) -> Path:
    """A copy of the archive with one member changed, or left out."""
    target = source.with_name("changed.tar")
    with tarfile.open(source) as old, tarfile.open(target, "w") as new:
        for member in old:
            data = old.extractfile(member)
            assert data is not None
            body = data.read()
            if member.name == name:
                if content is None:
                    continue
                body, member.size = content, len(content)
            new.addfile(member, io.BytesIO(body))
    return target


def test_what_was_saved_comes_back_whole(site):
    names = sorted(Account.objects.values_list("username", flat=True))
    entries = selectors.entry_count()
    Account.objects.all().delete()
    PROOF.unlink()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE made_later (n int)")

    report = archive.restore(site, force=True, progress=silent)

    assert sorted(Account.objects.values_list("username", flat=True)) == names
    assert selectors.entry_count() == entries
    assert list(selectors.faults()) == []
    assert PROOF.read_bytes() == b"photo"
    assert report.files >= 1
    assert "made_later" not in connection.introspection.table_names()


def test_a_database_in_use_is_not_replaced_unasked(site):
    with pytest.raises(Conflict) as refusal:
        archive.restore(site, force=False, progress=silent)
    assert refusal.value.code == "restore.database_in_use"


def test_a_backup_never_overwrites_a_file(site):
    with pytest.raises(Conflict) as refusal:
        archive.backup(site, at=AT, progress=silent)
    assert refusal.value.code == "backup.target_exists"


@pytest.mark.parametrize(
    ("member", "content", "code"),
    [
        ("evidence/ab/proof", b"forged", "restore.damaged"),
        ("evidence/ab/proof", None, "restore.damaged"),
        ("database.dump", b"", "restore.damaged"),
        ("manifest.json", b"{", "restore.unreadable"),
        ("manifest.json", b'{"format": 9, "files": {}}', "restore.format"),
    ],
)
def test_a_damaged_archive_is_refused_and_nothing_changes(site, member, content, code):
    before = Account.objects.count()
    with pytest.raises(Invalid) as refusal:
        archive.restore(rewrite(site, member, content), force=True, progress=silent)
    assert refusal.value.code == code
    assert Account.objects.count() == before


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    letter = tmp_path / "letter.tar"
    letter.write_text("not a tar", encoding="utf-8")
    with pytest.raises(Invalid) as refusal:
        archive.restore(letter, force=True, progress=silent)
    assert refusal.value.code == "restore.unreadable"


@pytest.mark.django_db
def test_the_first_administrator_of_a_site_is_made_from_the_terminal():
    factories.build_world(AT)
    given = accounts.NewAccount("root-1", "李四", "99", "admin", "平台管理员")
    accounts.create(given, password="long enough 1", at=AT)
    accounts.set_password(username="root-1", password="even longer 2", at=AT)
    assert Account.objects.get(username="root-1").check_password("even longer 2")
    assert ("root-1", "李四", "平台管理员") in list(accounts.listing(at=AT))
