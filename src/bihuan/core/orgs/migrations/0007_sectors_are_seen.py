"""Whoever was given a sector before sees its rows: sight reads what an organisation holds."""

from django.db import migrations

_SEEN = """
UPDATE orgs_org o SET sectors = o.sectors || given.more
FROM (SELECT w.org_id, array_agg(w.sector_id ORDER BY w.sector_id) AS more
      FROM (SELECT DISTINCT org_id, sector_id FROM orgs_sectorowner) w
      JOIN orgs_org x ON x.id = w.org_id
      WHERE NOT w.sector_id = ANY (x.sectors) GROUP BY w.org_id) given
WHERE given.org_id = o.id
"""


class Migration(migrations.Migration):
    """The sectors of every mapping stand with its organisation too."""

    dependencies = [("orgs", "0006_keys_by_sets")]

    operations = [migrations.RunSQL(_SEEN, migrations.RunSQL.noop)]
