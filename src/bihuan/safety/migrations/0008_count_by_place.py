"""The database keeps the counters of places: each statement leaves its difference."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
CREATE FUNCTION safety_establishment_buckets(
    closed_at timestamptz, colour text, surveyed_at timestamptz
) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN closed_at IS NOT NULL THEN ARRAY['closed']
        WHEN surveyed_at IS NOT NULL
            THEN ARRAY[coalesce(nullif(colour, ''), 'ungraded'), 'surveyed']
        ELSE ARRAY[coalesce(nullif(colour, ''), 'ungraded')] END
$$;
CREATE FUNCTION safety_count_establishments() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO safety_placetallychange (scope, kind, sector, bucket, delta)
        SELECT scope, kind_id, sector, b, count(*) FROM after,
            unnest(safety_establishment_buckets(closed_at, colour, surveyed_at)) b
        GROUP BY 1, 2, 3, 4;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO safety_placetallychange (scope, kind, sector, bucket, delta)
        SELECT scope, kind_id, sector, b, -count(*) FROM before,
            unnest(safety_establishment_buckets(closed_at, colour, surveyed_at)) b
        GROUP BY 1, 2, 3, 4;
    ELSE
        INSERT INTO safety_placetallychange (scope, kind, sector, bucket, delta)
        SELECT scope, kind_id, sector, b, sum(d) FROM (
            SELECT scope, kind_id, sector, 1 AS d, closed_at, colour, surveyed_at FROM after
            UNION ALL
            SELECT scope, kind_id, sector, -1, closed_at, colour, surveyed_at FROM before
        ) AS change, unnest(safety_establishment_buckets(closed_at, colour, surveyed_at)) b
        GROUP BY 1, 2, 3, 4 HAVING sum(d) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION safety_count_venues() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO safety_placetallychange (scope, kind, sector, bucket, delta)
        SELECT scope, kind, coalesce(sector_id, ''), 'venue', count(*) FROM after GROUP BY 1, 2, 3;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO safety_placetallychange (scope, kind, sector, bucket, delta)
        SELECT scope, kind, coalesce(sector_id, ''), 'venue', -count(*) FROM before
        GROUP BY 1, 2, 3;
    ELSE
        INSERT INTO safety_placetallychange (scope, kind, sector, bucket, delta)
        SELECT scope, kind, sector, 'venue', sum(d) FROM (
            SELECT scope, kind, coalesce(sector_id, '') AS sector, 1 AS d FROM after
            UNION ALL
            SELECT scope, kind, coalesce(sector_id, ''), -1 FROM before
        ) AS change GROUP BY 1, 2, 3 HAVING sum(d) <> 0;
    END IF;
    RETURN NULL;
END $$;
INSERT INTO safety_placetallychange (scope, kind, sector, bucket, delta)
SELECT scope, kind_id, sector, b, count(*) FROM safety_establishment,
    unnest(safety_establishment_buckets(closed_at, colour, surveyed_at)) b
GROUP BY 1, 2, 3, 4
UNION ALL
SELECT scope, kind, coalesce(sector_id, ''), 'venue', count(*) FROM orgs_venue GROUP BY 1, 2, 3;
"""
WATCHED = (("establishment", "safety_establishment"), ("venue", "orgs_venue"))
TELLS = {
    "INSERT": "NEW TABLE AS after", "DELETE": "OLD TABLE AS before",
    "UPDATE": "OLD TABLE AS before NEW TABLE AS after",
}  # fmt: skip
TRIGGERS = "\n".join(
    f"CREATE TRIGGER safety_count_{deed.lower()} AFTER {deed} ON {table} REFERENCING {told}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION safety_count_{thing}s();"
    for thing, table in WATCHED
    for deed, told in TELLS.items()
)
BACKWARD = """
DROP FUNCTION safety_count_establishments() CASCADE;
DROP FUNCTION safety_count_venues() CASCADE;
DROP FUNCTION safety_establishment_buckets(timestamptz, text, timestamptz);
TRUNCATE safety_placetally, safety_placetallychange;
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("safety", "0007_counters_order_and_uploads")]
    operations: ClassVar = [
        migrations.RunSQL(FORWARD, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, BACKWARD),
    ]
