"""Open hazards by sector; rare grades among many general ones; what is to be looked at again."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Three indexes more."""

    dependencies = [("loops", "0010_city_and_county_by_deadline"), ("orgs", "0004_care")]

    operations = [
        migrations.AddIndex(
            model_name="obligation",
            index=models.Index(
                fields=["scope", "sector", "due_at", "id"],
                name="obligation_hazard",
                condition=Q(closed_at__isnull=True, flow="problem", origin__startswith="hazard:"),
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                fields=["grade", "-obligation"], condition=~Q(grade="general"),
                name="problem_rare_grade",
            ),
        ),
        migrations.AddIndex(
            model_name="problem",
            index=models.Index(
                fields=["recheck_at"], condition=Q(recheck_at__isnull=False),
                name="problem_recheck",
            ),
        ),
    ]  # fmt: skip
