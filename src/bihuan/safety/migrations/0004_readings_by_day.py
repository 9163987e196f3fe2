"""Readings of sensors lie in a partition for each day; documents and calls are never changed."""

from django.db import migrations

# Two columns of eight bytes and one of four: 40 bytes a row with its head. The default partition
# takes what comes from a day that nobody prepared, so that no reading is ever refused.
FORWARD = """
CREATE TABLE safety_reading (
    sensor_id integer NOT NULL,
    value real NOT NULL,
    at timestamptz NOT NULL
) PARTITION BY RANGE (at);
CREATE TABLE safety_reading_rest PARTITION OF safety_reading DEFAULT;
CREATE INDEX safety_reading_at ON safety_reading (sensor_id, at);
"""
BACKWARD = "DROP TABLE safety_reading;"
TABLES = ("safety_writ", "safety_phonecall", "safety_readback", "safety_shutdownact")
ONCE = "\n".join(
    f"CREATE TRIGGER {table}_written_once BEFORE UPDATE OR DELETE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuse();"
    for table in TABLES
)
FREE = "\n".join(f"DROP TRIGGER {table}_written_once ON {table};" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("safety", "0003_documents_calls_sensors"), ("audit", "0002_append_only")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD), migrations.RunSQL(ONCE, FREE)]
