"""Who somebody is stays in the vault: sealed, read for a purpose, told, reviewed, deleted."""

from datetime import timedelta

import pytest
from django.db import connection

from bihuan.core.audit.models import Entry
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.packs import registry
from bihuan.core.vault import services as vault
from bihuan.core.vault.models import Reading, Sealed
from bihuan.core.vault.selectors import emergencies, readings_of, unusual
from bihuan.core.vault.types import FIELDS, Identity
from tests.epidemic.builders import EVENT, LI, add_health, keep
from tests.factories import build_world


@pytest.fixture
def world(db, at):
    return add_health(build_world(at))


@pytest.fixture
def li(world):
    return enrol(world, LI)


def enrol(world, person, collection=EVENT):
    return vault.enrol(
        person, collection=collection, scope=world.township.scope, expires_at=keep(world),
        by=world.cdc, at=world.at,
    )  # fmt: skip


def everything() -> str:
    """The whole content of the database as text, the vault's schema included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_schema IN ('public', 'vault') AND table_type = 'BASE TABLE'"
        )
        tables = cursor.fetchall()
        said = []
        for schema, table in tables:
            cursor.execute(f'SELECT t::text FROM "{schema}"."{table}" t')
            said += [row[0] or "" for row in cursor.fetchall()]
    return "\n".join(said)


def test_nothing_in_the_database_identifies_without_the_key(li, world):
    told = everything()
    assert li in told
    for field in (LI.name, LI.id_number, LI.phone, LI.address):
        assert field not in told


def test_a_reading_has_a_purpose_gives_its_fields_alone_and_is_told(li, world, at):
    seen = vault.read(li, purpose="home_visit", by=world.township, at=at)
    assert seen == Identity(address=LI.address)
    assert vault.read(li, purpose="investigation", by=world.cdc, at=at) == LI
    told = readings_of(li)
    assert [row.purpose for row in told] == ["investigation", "home_visit"]
    assert Entry.objects.filter(action="vault.read", subject=f"vault:{li}").count() == 2


def test_a_purpose_nobody_registered_opens_nothing(li, world, at):
    with pytest.raises(Invalid, match=r"vault.no_purpose"):
        vault.read(li, purpose="curiosity", by=world.cdc, at=at)
    assert Reading.objects.count() == 0


@pytest.mark.parametrize("name", ["police", "factory", "county", "mayor", "inspector", "admin"])
def test_enforcement_units_and_leaders_read_nobody(li, world, at, name):
    with pytest.raises(NotAllowed):
        vault.read(li, purpose="investigation", by=world.actor(name), at=at)


@pytest.mark.parametrize("name", ["cdc_hill", "cdc_south"])
def test_the_neighbour_county_does_not_learn_that_the_person_exists(li, world, at, name):
    with pytest.raises(NotFound, match=r"vault.not_found"):
        vault.read(li, purpose="investigation", by=world.actor(name), at=at)


def test_broken_glass_is_reviewed_within_a_day_by_somebody_else(li, world, at):
    with pytest.raises(Invalid, match=r"vault.no_reason"):
        vault.break_glass(li, reason=" ", by=world.cdc, at=at)
    vault.break_glass(li, reason="昏迷,须联系家属", by=world.cdc, at=at)
    (row,) = emergencies(by=world.auditor, since=at)
    assert row.due_at == at + timedelta(hours=24)
    assert readings_of(li)[0].glass
    with pytest.raises(NotAllowed):
        vault.review_glass(reading_id=row.id, finding="justified", by=world.cdc, at=at)
    vault.review_glass(reading_id=row.id, finding="justified", by=world.auditor, at=at)
    assert emergencies(by=world.auditor, since=at)[0].finding == "justified"
    with pytest.raises(NotFound):
        vault.review_glass(reading_id=row.id, finding="misuse", by=world.auditor, at=at)


def test_a_twin_is_found_under_a_miswritten_name(li, world, at):
    (twin,) = vault.twins(
        Identity(name="李见国", phone="13800001111", born="1985-03-07"),
        scope=world.cdc.scope,
        at=at,
    )
    assert twin.pseudonym == li
    assert "name.sounds_same" in twin.reasons
    assert vault.twins(LI, scope=world.cdc_south.scope, at=at) == []


def test_a_search_finds_by_name_number_and_telephone_and_keeps_no_text(li, world, at):
    for text in (LI.name, LI.id_number, "138 0000 1111"):
        assert vault.find(text=text, by=world.cdc, at=at) == [li]
    assert LI.name not in everything()


def test_the_person_proves_themselves_by_telephone(li, at):
    assert vault.knows(li, phone="138-0000-1111", at=at)
    assert not vault.knows(li, phone="13800001112", at=at)


def test_expiry_deletes_the_person_the_marks_and_the_readings(li, world, at):
    vault.read(li, purpose="investigation", by=world.cdc, at=at)
    later = keep(world)
    with pytest.raises(NotFound):
        vault.read(li, purpose="investigation", by=world.cdc, at=later)
    assert vault.find(text=LI.name, by=world.cdc, at=later) == []
    assert vault.forget(at=later) == 1
    assert vault.forget(at=later) == 0
    assert not Sealed.objects.exists()
    assert not Reading.objects.exists()


def test_sunset_destroys_the_key_and_nobody_can_be_added_again(li, world, at):
    content = bytes(Sealed.objects.get().content)
    assert vault.destroy_collection(EVENT, by=world.cdc, at=at) == 1
    assert not Sealed.objects.exists()
    with pytest.raises(Conflict, match=r"vault.key_destroyed"):
        enrol(world, LI)
    assert content.hex() not in everything()
    assert enrol(world, LI, "event:2")


def test_a_content_moved_to_another_pseudonym_does_not_open(li, world, at):
    other = enrol(world, Identity(name="王芳"))
    stolen = Sealed.objects.get(pseudonym=li).content
    Sealed.objects.filter(pseudonym=other).update(content=stolen)
    with pytest.raises(Invalid, match=r"vault.unreadable"):
        vault.read(other, purpose="investigation", by=world.cdc, at=at)


def test_whoever_reads_too_many_is_named(li, world, at):
    for _ in range(3):
        vault.read(li, purpose="investigation", by=world.cdc, at=at)
    assert unusual(by=world.auditor, since=at, limit=2) == ((world.cdc.name, 3),)
    assert unusual(by=world.auditor, since=at, limit=3) == ()


def test_every_purpose_names_fields_that_exist_and_a_duty(at):
    for row in registry.table("purpose", at):
        assert set(row["fields"]) <= set(FIELDS)
        assert row["duty"]


def test_the_site_may_give_the_vault_a_role_of_its_own(world, settings, at):
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE epi_vault_keeper NOLOGIN")
        cursor.execute("GRANT USAGE ON SCHEMA vault TO epi_vault_keeper")
        cursor.execute("GRANT ALL ON ALL TABLES IN SCHEMA vault TO epi_vault_keeper")
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA vault TO epi_vault_keeper")
    settings.VAULT_ROLE = "epi_vault_keeper"
    li = enrol(world, LI)
    assert vault.read(li, purpose="investigation", by=world.cdc, at=at) == LI
    settings.VAULT_ROLE = "epi_nobody"
    with pytest.raises(Exception, match="epi_nobody"):
        vault.twins(LI, scope="", at=at)
