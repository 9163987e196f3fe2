"""Rules in force, the audit reader, its verification, the invariants."""

from django.db import connection

from bihuan.core.audit.models import Entry
from bihuan.core.loops.counters import Check
from bihuan.core.packs import registry
from tests.conftest import NOON
from tests.factories import task


def test_rules_show_source_certainty_and_validity(enter) -> None:
    client = enter("head")
    pack = registry.all_packs()[0]
    assert pack.source in client.get("/rules/").content.decode()
    html = client.get(f"/rules/{pack.ref}/").content.decode()
    assert pack.title in html
    assert client.get("/rules/none@1/").status_code == 404


def test_our_own_remarks_on_a_source_are_told_in_the_language_of_the_page(enter) -> None:
    client = enter("head")
    pack = registry.edition("deadlines", NOON)
    assert pack.source == "Bihuan defaults, for each site to edit"
    for address in ("/rules/", f"/rules/{pack.ref}/"):
        html = client.get(address).content.decode()
        assert "本系统默认值,由各地自行修改" in html
        assert pack.source not in html
    client.cookies["language"] = "en"
    assert pack.source in client.get(f"/rules/{pack.ref}/").content.decode()


def test_the_rule_of_a_stored_deadline_leads_to_its_pack(enter, world) -> None:
    row = task(world)
    pack = row.due_rule.partition("/")[0]
    assert enter("head").get(f"/rules/{pack}/").status_code == 200


def test_the_audit_narrows_by_subject_actor_and_time(enter, world) -> None:
    row = task(world)
    client = enter("auditor")
    assert row.subject in client.get(f"/admin/audit/?subject={row.subject}").content.decode()
    assert "下达" in client.get("/admin/audit/?actor=head").content.decode()
    assert "没有符合条件的记录" in client.get("/admin/audit/?until=昨天").content.decode()
    assert client.get("/admin/audit/?since=soon").status_code == 422


def test_an_auditor_reads_the_entries_of_their_own_scope(enter, world) -> None:
    row = task(world)
    Entry.objects.filter(subject=row.subject)
    html = enter("mayor").get(f"/admin/audit/?subject={row.subject}").content.decode()
    assert ("没有符合条件的记录" in html) == (
        not Entry.objects.filter(subject=row.subject, scope__startswith=world.mayor.scope).exists()
    )


def test_verification_says_that_the_chain_is_whole_and_finds_what_is_altered(enter, world) -> None:
    task(world)
    client = enter("auditor")
    assert "没有改动、缺失或乱序" in client.post("/admin/audit/verify/").content.decode()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 1")
        cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
    assert "内容被改动" in client.post("/admin/audit/verify/").content.decode()


def test_the_audit_exports_with_its_hashes(enter, world) -> None:
    task(world)
    text = enter("auditor").get("/admin/audit/?format=csv").content.decode("utf-8-sig")
    assert Entry.objects.first().hash in text


def test_invariants_are_checked_on_demand_and_named_in_words(enter, world) -> None:
    client = enter("admin")
    assert "还没有核对过" in client.get("/admin/invariants/").content.decode()
    assert client.post("/admin/invariants/run/").status_code == 302
    html = client.get("/admin/invariants/").content.decode()
    assert "没有人验收自己提交的事项" in html
    assert all(check.name not in html for check in Check.objects.all() if "_" in check.name)
