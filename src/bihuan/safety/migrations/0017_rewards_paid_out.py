"""Rewards of reports are paid out against the code: when, and by which official."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Who held the code is not kept."""

    dependencies = [("safety", "0016_keys_by_sets")]

    operations = [
        migrations.AddField("tip", "paid_at", models.DateTimeField(null=True)),
        migrations.AddField("tip", "paid_by", models.CharField(
            blank=True, default="", max_length=200), preserve_default=False),
    ]
