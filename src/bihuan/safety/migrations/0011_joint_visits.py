"""A stop says who asked for it; several offices may agree on one visit; one look may close more."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

ASKED = """
UPDATE safety_assignment stop SET asked_by_id = coalesce(
    (SELECT plan.org_id FROM safety_inspectionplan plan WHERE plan.id = stop.plan_id),
    (SELECT post.org_id FROM orgs_post post WHERE post.id = stop.post_id)
)
"""


def link(to: str, name: str = "+", *, null: bool = False) -> "models.ForeignKey[Any, Any]":
    """A foreign key that keeps what it points to."""
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to
    )


class Migration(migrations.Migration):
    """Stops there are were asked for by their plan's organisation, or by that of their post."""

    dependencies = [("orgs", "0004_care"), ("safety", "0010_lean_register")]

    operations = [
        migrations.CreateModel(
            "JointVisit",
            [
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                )),
                ("day", models.DateField()),
                ("offered_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(null=True)),
                ("establishment", link("safety.establishment")),
                ("goes", link("orgs.post")),
                ("offered_by", link("orgs.org")),
            ],
            {"constraints": (
                models.UniqueConstraint(fields=("establishment", "day"), name="joint_visit_once"),
            )},
        ),
        migrations.AddField("assignment", "asked_by", link("orgs.org", null=True)),
        migrations.RunSQL(
            [ASKED, "SET CONSTRAINTS ALL IMMEDIATE"], migrations.RunSQL.noop
        ),
        migrations.AlterField("assignment", "asked_by", link("orgs.org")),
        migrations.AddField(
            "assignment", "joint", link("safety.jointvisit", "stops", null=True)
        ),
        migrations.AlterField(
            "assignment", "inspection",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="stops",
                to="safety.inspection",
            ),
        ),
        migrations.RemoveConstraint("assignment", "assignment_once"),
        migrations.AddConstraint(
            "assignment",
            models.UniqueConstraint(
                fields=("asked_by", "post", "establishment", "checklist", "day"),
                name="assignment_asked_once",
            ),
        ),
    ]  # fmt: skip
