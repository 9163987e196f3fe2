"""A stop may be a look that another domain owed, taken along by a joint visit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Stops there are were asked for by an office: none is such a look."""

    dependencies = [("safety", "0013_colours_of_a_city")]

    operations = [
        migrations.AddField(
            "assignment", "look", models.CharField(blank=True, default="", max_length=60),
            preserve_default=False,
        ),
        migrations.RemoveConstraint("assignment", "assignment_asked_once"),
        migrations.AddConstraint(
            "assignment",
            models.UniqueConstraint(
                fields=("asked_by", "post", "establishment", "checklist", "day", "look"),
                name="assignment_asked_once",
            ),
        ),
        migrations.AddIndex(
            "assignment",
            models.Index(fields=("look",), name="assignment_look",
                         condition=models.Q(("look", ""), _negated=True)),
        ),
    ]  # fmt: skip
