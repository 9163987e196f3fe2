"""The board of alarms asks every second: for what stands, and for what ended of late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two indexes more."""

    dependencies = [("safety", "0008_count_by_place")]

    operations = [
        migrations.AddIndex(
            "alarm",
            models.Index(
                fields=["scope"], condition=models.Q(ended_at=None), name="alarm_stands"
            ),
        ),
        migrations.AddIndex(
            "alarm",
            models.Index(
                fields=["ended_at"], condition=models.Q(ended_at__isnull=False), name="alarm_ended"
            ),
        ),
    ]
