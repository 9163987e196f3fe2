"""The audit: refused changes, and every kind of tampering found."""

import pytest
from django.db import DatabaseError, connection, transaction

from bihuan.core.audit.models import Entry, Head
from bihuan.core.audit.selectors import faults
from bihuan.core.audit.services import SYSTEM, record
from tests.conftest import NOON


@pytest.fixture
def entries(db):
    for number in range(1, 6):
        record(action="test.act", subject=f"thing:{number}", by=SYSTEM, at=NOON, scope="99.01.",
               facts={"number": number})  # fmt: skip
    return list(Entry.objects.order_by("seq"))


def tamper(sql: str, *parameters: object) -> None:
    """Do what a database administrator with bad intentions could do."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute(sql, parameters)
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")


def found() -> list[tuple[int, str]]:
    return [(fault.seq, fault.reason) for fault in faults()]


def test_an_untouched_chain_has_no_fault(entries):
    assert found() == []
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "sql",
    ["UPDATE audit_entry SET actor = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"],
)
def test_the_database_refuses_to_change_an_entry(entries, sql):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), \
            connection.cursor() as cursor:  # fmt: skip
        cursor.execute(sql)
    assert Entry.objects.count() == 5


def test_an_altered_word_is_found(entries):
    tamper("UPDATE audit_entry SET facts = '{\"number\": 9}' WHERE seq = 3")
    assert found() == [(3, "altered")]


def test_a_missing_entry_is_found(entries):
    tamper("DELETE FROM audit_entry WHERE seq = 3")
    assert (3, "missing") in found()


def test_two_entries_that_changed_places_are_found(entries):
    tamper("UPDATE audit_entry SET seq = seq + 100 WHERE seq IN (2, 3)")
    tamper("UPDATE audit_entry SET seq = 3 WHERE seq = 102")
    tamper("UPDATE audit_entry SET seq = 2 WHERE seq = 103")
    assert (2, "reordered") in found()


def test_a_cut_tail_is_found(entries):
    tamper("DELETE FROM audit_entry WHERE seq = 5")
    assert found() == [(5, "tail_cut")]


def test_a_whole_chain_that_is_gone_is_found(entries):
    tamper("DELETE FROM audit_entry")
    assert found() == [(1, "missing")]


def test_a_forged_entry_with_a_fitting_hash_does_not_fit_the_head(entries):
    last = entries[-1]
    Head.objects.filter(chain=last.chain).update(hash="f" * 64)
    assert found() == [(5, "altered")]
