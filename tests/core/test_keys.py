"""Keys that are checked by sets refuse what a foreign key refuses."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey

from bihuan.core.orgs.models import Sector, Slot, Venue
from bihuan.safety.models import Establishment
from tests.conftest import NOON
from tests.factories import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(db):
    Sector.objects.create(code="lathe", name="车床", name_en="Lathes")
    return build_world(NOON).places["990101"]


def venue(place, sector):
    return Venue(
        name="厂", kind="workshop", place=place, scope=place.path, sector_id=sector, covered=False
    )


def test_each_key_of_what_imports_write_is_checked_by_sets_or_by_a_constraint():
    loose = {
        f"{model._meta.db_table}_{field.column}_{act}"
        for model in (Venue, Slot, Establishment)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and not field.db_constraint
        for act in ("insert", "update", "delete", "rename")
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE p.proname IN ('keys_are_there', 'key_is_free')"
        )
        assert loose == {name for (name,) in cursor}
    assert len(loose) == 8 * 4


def test_what_leads_nowhere_is_refused_at_once_by_name(place):
    row = venue(place, "moon")
    said = "orgs_venue.sector_id: 'moon' is not in orgs_sector"
    with pytest.raises(IntegrityError, match=said), transaction.atomic():
        row.save()
    row.sector_id = None
    row.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Venue.objects.filter(pk=row.pk).update(place=0)


def test_of_many_rows_one_that_leads_nowhere_refuses_all(place):
    rows = [venue(place, "moon" if n == 7 else "lathe") for n in range(9)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Venue.objects.bulk_create(rows)
    Venue.objects.bulk_create(row for row in rows if row.sector_id == "lathe")
    assert Venue.objects.filter(sector="lathe").count() == 8


@pytest.mark.parametrize("act", ["DELETE FROM orgs_sector", "UPDATE orgs_sector SET code = 'mill'"])
def test_what_is_led_to_is_neither_deleted_nor_renamed(place, act):
    venue(place, "lathe").save()
    with connection.cursor() as cursor:
        said = "orgs_sector is in use by orgs_venue.sector_id"
        with pytest.raises(IntegrityError, match=said), transaction.atomic():
            cursor.execute(f"{act} WHERE code = 'lathe'")
        cursor.execute("UPDATE orgs_sector SET name = '机床' WHERE code = 'lathe'")
        Venue.objects.update(sector=None)
        cursor.execute(f"{act} WHERE code = 'lathe'")
        assert cursor.rowcount == 1
