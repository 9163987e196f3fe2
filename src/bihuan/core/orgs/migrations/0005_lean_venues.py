"""Venues and their slots come by the hundred thousand: no index twice, none of empty columns."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def link(to: str) -> "models.ForeignKey[Any, Any]":
    """A column that leads elsewhere and has its index, if any, by another name."""
    return models.ForeignKey(
        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to=to
    )


class Migration(migrations.Migration):
    """The doubles go."""

    dependencies = [("orgs", "0004_care")]

    operations = [
        migrations.AlterField("venue", "sector", link("orgs.sector")),
        migrations.AlterField("venue", "unit", link("orgs.org")),
        migrations.AlterField("slot", "post", link("orgs.post")),
        migrations.AlterField("slot", "org", link("orgs.org")),
        migrations.AddIndex("venue", models.Index(fields=["sector"], name="venue_sector")),
        migrations.AddIndex(
            "venue",
            models.Index(
                fields=["unit"], condition=models.Q(unit__isnull=False), name="venue_unit"
            ),
        ),
        migrations.AddIndex(
            "slot",
            models.Index(fields=["org"], condition=models.Q(org__isnull=False), name="slot_org"),
        ),
    ]
