"""Figures of goals that no counter has, told by the responsible post."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A table of its own: sets that were made are left as they are."""

    dependencies = [("command", "0005_gates_and_goals")]

    operations = [
        migrations.CreateModel(
            "GoalReport",
            [
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                )),
                ("value", models.FloatField()),
                ("day", models.DateField()),
                ("basis", models.CharField(max_length=200)),
                ("evidence_id", models.BigIntegerField()),
                ("file_name", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
                ("goal", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="reports",
                    to="command.goal",
                )),
            ],
            {
                "constraints": (models.CheckConstraint(
                    condition=models.Q(("value__gte", 0), models.Q(("basis", ""), _negated=True)),
                    name="goal_report_rests_on_something",
                ),),
                "indexes": (models.Index(fields=["goal", "-day", "-id"], name="goal_report_last"),),
            },
        ),
    ]  # fmt: skip
