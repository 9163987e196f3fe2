"""A report that went out is never changed, nor is a figure that somebody gave."""

from django.db import migrations

TABLES = ("safety_report", "safety_figure", "safety_count")
FORWARD = "\n".join(
    f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse();"
    for table in TABLES
)
BACKWARD = "\n".join(f"DROP TRIGGER {table}_written_once ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("safety", "0001_initial"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
