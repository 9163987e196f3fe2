"""Red and orange places of a city, newest first, without those of the other cities."""

from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """One index of the rows that have a colour: an import writes none."""

    dependencies = [
        ("orgs", "0005_lean_venues"),
        ("safety", "0012_roads_operations_forecasts_units"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="establishment",
            index=models.Index(
                Left("scope", 6),
                models.F("colour"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    models.Q(("colour", ""), _negated=True), ("closed_at__isnull", True)
                ),
                name="establishment_city_colour",
            ),
        ),
    ]
