"""Lists in the order of a city and a county, counters of colours, uploads of any size."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Left

LEVELS = ((6, "city"), (9, "county"))
ID = ("id", models.BigAutoField(
    auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
))  # fmt: skip
# A hazard has the scope of its loop, which never moves. A file that waits becomes its first part.
FILL = """
UPDATE safety_hazard h SET scope = o.scope FROM loops_obligation o WHERE o.id = h.obligation_id;
INSERT INTO safety_uploadpart (upload_id, number, data) SELECT id, 0, data FROM safety_upload
WHERE acted_at IS NULL;
UPDATE safety_upload SET size = length(data), confirmed_at = acted_at, read_at = acted_at;
"""


def scoped(**options: Any) -> "models.CharField[str, str]":
    """The path of a place."""
    return models.CharField(db_collation="C", max_length=64, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("loops", "0011_rare_grades_and_rechecks"), ("orgs", "0004_care"),
        ("places", "0001_places"), ("safety", "0006_attention_and_exchange"),
    ]  # fmt: skip
    operations = [
        migrations.CreateModel(
            "PlaceTally",
            [
                ID, ("path", scoped()), ("kind", models.CharField(max_length=40)),
                ("sector", models.CharField(max_length=40)),
                ("bucket", models.CharField(max_length=8)), ("n", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("path", "kind", "sector", "bucket"), name="placetally_once"
                    )
                ]
            },
        ),
        migrations.CreateModel(
            "PlaceTallyChange",
            [
                ID, ("scope", scoped()), ("kind", models.CharField(max_length=40)),
                ("sector", models.CharField(max_length=40)),
                ("bucket", models.CharField(max_length=8)), ("delta", models.BigIntegerField()),
            ],
            options={"indexes": [models.Index(fields=["scope"], name="placetallychange_scope")]},
        ),
        migrations.AlterField(
            "upload", "kind",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, to="safety.kind"
            ),
        ),
        *(
            migrations.AddField("upload", name, models.BigIntegerField(default=0))
            for name in ("size", "passed")
        ),
        *(
            migrations.AddField("upload", name, models.IntegerField(default=0))
            for name in ("added", "changed", "same", "refused", "written", "run")
        ),
        *(
            migrations.AddField("upload", name, models.DateTimeField(null=True))
            for name in ("read_at", "confirmed_at")
        ),
        migrations.AddField("upload", "fault", models.CharField(blank=True, max_length=60)),
        migrations.CreateModel(
            "UploadPart",
            [
                ID, ("number", models.IntegerField()), ("data", models.BinaryField()),
                ("upload", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="parts",
                    to="safety.upload",
                )),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("upload", "number"), name="uploadpart_once")
                ]
            },
        ),
        migrations.CreateModel(
            "UploadRow",
            [
                ID, ("number", models.IntegerField()), ("sheet", models.CharField(max_length=120)),
                ("code", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=120)), ("scope", scoped()),
                ("data", models.JSONField()), ("parent", models.BigIntegerField(null=True)),
                ("known", models.BigIntegerField(null=True)),
                ("differs", models.BooleanField(null=True)),
                ("place", models.ForeignKey(
                    db_constraint=False, db_index=False, related_name="+",
                    on_delete=django.db.models.deletion.PROTECT, to="places.place",
                )),
                ("upload", models.ForeignKey(
                    db_constraint=False, db_index=False, related_name="rows",
                    on_delete=django.db.models.deletion.CASCADE, to="safety.upload",
                )),
            ],
            options={"indexes": [models.Index(fields=["upload", "id"], name="uploadrow_upload")]},
        ),
        migrations.CreateModel(
            "UploadRefusal",
            [
                ID, ("sheet", models.CharField(max_length=120)), ("row", models.IntegerField()),
                ("column", models.CharField(max_length=60)),
                ("value", models.CharField(max_length=200)),
                ("code", models.CharField(max_length=60)),
                ("facts", models.JSONField(default=dict)),
                ("upload", models.ForeignKey(
                    db_index=False, on_delete=django.db.models.deletion.CASCADE,
                    to="safety.upload",
                )),
            ],
            options={
                "indexes": [models.Index(fields=["upload", "id"], name="uploadrefusal_upload")]
            },
        ),
        migrations.AddField("hazard", "scope", scoped(default=""), preserve_default=False),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveField("upload", "data"),
        *(
            migrations.AddIndex(
                model,
                models.Index(Left("scope", width), F(key).desc(), name=f"{model}_{level}"),
            )
            for model, key in (
                ("establishment", "id"), ("inspection", "id"), ("hazard", "obligation")
            )
            for width, level in LEVELS
        ),
        migrations.AddIndex(
            "hazard", models.Index(fields=["scope", "-obligation"], name="hazard_scope")
        ),
        migrations.AddIndex(
            "establishment",
            models.Index(
                fields=["colour", "-id"], condition=~Q(colour="") & Q(closed_at__isnull=True), name="establishment_colour"
            ),
        ),
    ]  # fmt: skip
