"""Kind and bodies of establishments are checked once a statement, as those of venues are."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from bihuan.core.keys import key_by_sets


def link(to: str, **how: Any) -> "models.ForeignKey[Any, Any]":
    """A column that leads elsewhere, which the database checks by sets."""
    return models.ForeignKey(
        db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to=to, **how
    )


class Migration(migrations.Migration):
    """The same keys, another way to check them."""

    dependencies = [("safety", "0015_open_hazards_counted"), ("orgs", "0006_keys_by_sets")]

    operations = [
        migrations.AlterField("establishment", "kind", link("safety.kind", db_index=False)),
        migrations.AlterField(
            "establishment", "owner_org",
            link("orgs.org", db_index=False, null=True, related_name="+"),
        ),
        migrations.AlterField("establishment", "issuer_org", link("orgs.org", related_name="+")),
        key_by_sets("safety_establishment", "kind_id", to="safety_kind", key="code"),
        key_by_sets("safety_establishment", "owner_org_id", to="orgs_org", key="id"),
        key_by_sets("safety_establishment", "issuer_org_id", to="orgs_org", key="id"),
    ]  # fmt: skip
