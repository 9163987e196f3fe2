"""The newest rows of a city or a county: `obligation_scope` would have to sort ten thousands."""

from django.db import migrations, models
from django.db.models.functions import Left


class Migration(migrations.Migration):
    """Two indexes more."""

    dependencies = [("loops", "0008_needs")]

    operations = [
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(Left("scope", 6), models.F("id").desc(), name="obligation_city"),
        ),
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(Left("scope", 9), models.F("id").desc(), name="obligation_county"),
        ),
    ]
