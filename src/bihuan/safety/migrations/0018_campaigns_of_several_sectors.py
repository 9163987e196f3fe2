"""A campaign sees any set of sectors; one that stands keeps the sector it had."""

from typing import ClassVar

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

FORWARD = "UPDATE safety_campaign SET sectors = ARRAY[sector_id]"
# The key is checked at once: the table is altered again in the same transaction.
BACKWARD = """
UPDATE safety_campaign SET sector_id = sectors[1];
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("safety", "0017_rewards_paid_out")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="campaign",
            name="sectors",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), default=list, size=None
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="campaign",
            name="sector",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="orgs.sector"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RemoveField(model_name="campaign", name="sector"),
    ]
