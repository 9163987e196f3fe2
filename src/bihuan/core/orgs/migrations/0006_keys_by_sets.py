"""Keys of venues and slots are checked once a statement: row by row a third of an import's work."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from bihuan.core.keys import FUNCTIONS, NO_FUNCTIONS, key_by_sets


def link(to: str, **how: Any) -> "models.ForeignKey[Any, Any]":
    """A column that leads elsewhere, which the database checks by sets."""
    return models.ForeignKey(
        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to=to, **how
    )


LOOSE = {"blank": True, "db_index": False, "null": True}


class Migration(migrations.Migration):
    """The same keys, another way to check them."""

    dependencies = [("orgs", "0005_lean_venues"), ("places", "0002_population")]

    operations = [
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        migrations.AlterField("venue", "sector", link("orgs.sector", **LOOSE)),
        migrations.AlterField("venue", "place", link("places.place", related_name="venues")),
        migrations.AlterField("venue", "unit", link("orgs.org", **LOOSE)),
        migrations.AlterField("slot", "post", link("orgs.post", **LOOSE)),
        migrations.AlterField("slot", "org", link("orgs.org", **LOOSE)),
        key_by_sets("orgs_venue", "sector_id", to="orgs_sector", key="code"),
        key_by_sets("orgs_venue", "place_id", to="places_place", key="id"),
        key_by_sets("orgs_venue", "unit_id", to="orgs_org", key="id"),
        key_by_sets("orgs_slot", "post_id", to="orgs_post", key="id"),
        key_by_sets("orgs_slot", "org_id", to="orgs_org", key="id"),
    ]
