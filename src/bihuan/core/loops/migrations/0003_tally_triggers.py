"""The database keeps the counters: each statement on obligations leaves its difference."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE FUNCTION loops_bucket(
    state text, due_at timestamptz, closed_at timestamptz, overdue_at timestamptz
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN state = 'withdrawn' THEN 'withdrawn'
        WHEN closed_at IS NOT NULL AND closed_at > due_at THEN 'late'
        WHEN closed_at IS NOT NULL THEN 'closed'
        WHEN overdue_at IS NOT NULL THEN 'overdue'
        WHEN state = 'submitted' THEN 'submitted'
        ELSE 'open' END
$$;
CREATE FUNCTION loops_count_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loops_tallychange (scope, flow, domain, bucket, delta)
    SELECT scope, flow, domain, loops_bucket(state, due_at, closed_at, overdue_at), count(*)
    FROM born GROUP BY 1, 2, 3, 4;
    RETURN NULL;
END $$;
CREATE FUNCTION loops_count_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO loops_tallychange (scope, flow, domain, bucket, delta)
    SELECT scope, flow, domain, bucket, sum(delta) FROM (
        SELECT scope, flow, domain, loops_bucket(state, due_at, closed_at, overdue_at) AS bucket,
               1 AS delta FROM after
        UNION ALL
        SELECT scope, flow, domain, loops_bucket(state, due_at, closed_at, overdue_at), -1
        FROM before
    ) AS change GROUP BY 1, 2, 3, 4 HAVING sum(delta) <> 0;
    RETURN NULL;
END $$;
CREATE FUNCTION loops_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'obligations are never deleted';
END $$;
CREATE TRIGGER loops_count_insert AFTER INSERT ON loops_obligation
    REFERENCING NEW TABLE AS born FOR EACH STATEMENT EXECUTE FUNCTION loops_count_insert();
CREATE TRIGGER loops_count_update AFTER UPDATE ON loops_obligation
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION loops_count_update();
CREATE TRIGGER loops_no_delete BEFORE DELETE ON loops_obligation
    FOR EACH STATEMENT EXECUTE FUNCTION loops_refuse_delete();
"""
BACKWARD = """
DROP TRIGGER loops_no_delete ON loops_obligation;
DROP TRIGGER loops_count_update ON loops_obligation;
DROP TRIGGER loops_count_insert ON loops_obligation;
DROP FUNCTION loops_refuse_delete();
DROP FUNCTION loops_count_update();
DROP FUNCTION loops_count_insert();
DROP FUNCTION loops_bucket(text, timestamptz, timestamptz, timestamptz);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("loops", "0002_initial")]
    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
