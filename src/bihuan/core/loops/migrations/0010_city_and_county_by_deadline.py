"""What is open in a city or a county, by deadline: the nation's own order holds too many others."""

from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """Two indexes more."""

    dependencies = [("loops", "0009_city_and_county_index")]

    operations = [
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                Left("scope", width), "due_at", "id", name=name,
                condition=Q(closed_at__isnull=True),
            ),
        )
        for width, name in ((6, "obligation_city_due"), (9, "obligation_county_due"))
    ]  # fmt: skip
