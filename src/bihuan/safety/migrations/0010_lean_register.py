"""Half of what an import writes was indexes of establishments: five fewer, two of them narrower."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Orders of kind and sector without the place; owners only where there is one."""

    dependencies = [("orgs", "0004_care"), ("safety", "0009_board_of_alarms")]

    operations = [
        *(
            migrations.RemoveIndex("establishment", f"establishment_{name}")
            for name in ("kind", "sector", "owner")
        ),
        migrations.AlterField(
            "establishment", "kind",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, to="safety.kind"
            ),
        ),
        migrations.AlterField(
            "establishment", "owner_org",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                related_name="+", to="orgs.org",
            ),
        ),
        migrations.AddIndex(
            "establishment", models.Index(fields=["kind", "-id"], name="establishment_of_kind")
        ),
        migrations.AddIndex(
            "establishment", models.Index(fields=["sector", "-id"], name="establishment_of_sector")
        ),
        migrations.AddIndex(
            "establishment",
            models.Index(
                fields=["owner_org"], condition=models.Q(owner_org__isnull=False),
                name="establishment_owned",
            ),
        ),
    ]  # fmt: skip
