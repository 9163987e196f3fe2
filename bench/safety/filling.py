"""Rows by the million: INSERT … SELECT, with a plain value in every column nobody named.

Establishments come county after county, as imports bring them, so that a county's newest rows may
be the oldest of the whole table; inspections and hazards come mixed, as days bring them.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection

_PLAIN = {
    "character varying": "''", "text": "''", "boolean": "false", "jsonb": "'{}'", "ARRAY": "'{}'",
    "integer": "0", "bigint": "0", "smallint": "0", "double precision": "0",
    "timestamp with time zone": "now()", "date": "current_date", "uuid": "gen_random_uuid()",
}  # fmt: skip
SECTORS = 9
MIXED = "(e.id * 7919) % 1000003"  # an order without order
_COLOUR = (
    "CASE WHEN v.id % 100 < 1 THEN 'red' WHEN v.id % 100 < 5 THEN 'orange'"
    " WHEN v.id % 100 < 20 THEN 'yellow' WHEN v.id % 100 < 50 THEN 'blue' ELSE '' END"
)


def insert(model: str, source: str, **columns: str) -> int:
    """Fill a model's table from `source`, a FROM clause; each column is an SQL expression."""
    table = apps.get_model(model)._meta.db_table  # noqa: SLF001 - the name of its table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"
            " AND is_nullable = 'NO' AND column_default IS NULL AND is_identity = 'NO'",
            [table],
        )
        rest = {name: _PLAIN[kind] for name, kind in cursor.fetchall() if name not in columns}
        known = {f'"{name}"': told for name, told in {**rest, **columns}.items()}
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(known)}) SELECT {', '.join(known.values())}"
            f" FROM {source} ON CONFLICT DO NOTHING"
        )
        return int(cursor.rowcount)


def run(statement: str) -> None:
    """Plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def bare(*models: str) -> Iterator[None]:
    """The tables without their indexes and checks of foreign keys while rows pour in."""
    tables = [apps.get_model(model)._meta.db_table for model in models]  # noqa: SLF001
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
            " WHERE indrelid = ANY(%s::text[]::regclass[]) AND NOT indisunique",
            [tables],
        )
        indexes = cursor.fetchall()
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'; SET work_mem = '256MB'")
        for name, _told in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for _name, told in indexes:
            cursor.execute(told)
        cursor.execute("RESET session_replication_role")
        cursor.execute("RESET maintenance_work_mem; RESET work_mem")


def establishments(count: int) -> None:
    """Key places with their establishments: nine sectors, a kind of each, every township."""
    series = f"generate_series(0, {SECTORS - 1}) g"
    insert("orgs.Sector", series, code="'b' || g", name="'基准' || g", name_en="'Bench ' || g")
    insert("safety.Kind", series, code="'b' || g", name="'车间' || g", name_en="'Workshop ' || g",
           sector_id="'b' || g", version="1")  # fmt: skip
    run("CREATE TEMP TABLE IF NOT EXISTS town AS SELECT row_number() OVER (ORDER BY l.path) - 1 AS n, l.id,"
        " l.path, o.id AS org, p.id AS post, count(*) OVER () AS total FROM places_place l"
        " JOIN orgs_org o ON o.place_id = l.id JOIN orgs_post p ON p.org_id = o.id"
        " WHERE l.level = 'township'")  # fmt: skip
    run("CREATE INDEX IF NOT EXISTS town_path ON town (path); ANALYZE town")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM town")
        (towns,) = cursor.fetchone()
    each = f"JOIN town t ON t.n = g::bigint * {towns} / {count}"
    insert("orgs.Venue", f"generate_series(0, {count - 1}) g {each} ORDER BY g",
           name="'场所' || g", place_id="t.id", scope="t.path", kind=f"'b' || g % {SECTORS}",
           sector_id=f"'b' || g % {SECTORS}")  # fmt: skip
    insert("safety.Establishment", "orgs_venue v JOIN town t ON t.id = v.place_id ORDER BY v.id",
           venue_id="v.id", scope="v.scope", kind_id="v.kind", sector="v.sector_id",
           issuer_org_id="t.org", kind_version="1", colour=_COLOUR,
           closed_at="CASE WHEN v.id % 50 = 7 THEN now() END",
           surveyed_at="CASE WHEN v.id % 10 < 3 THEN now() END")  # fmt: skip


def inspections() -> None:
    """Five for every second establishment, over the days of two years."""
    insert("safety.Checklist", "(SELECT 1) one", code="'bench'", version="1", title="'检查表'",
           sector_id="'b0'")  # fmt: skip
    insert("safety.Inspection",
           "safety_establishment e JOIN town t ON t.path = e.scope, generate_series(1, 5) k"
           f" WHERE e.id % 2 = 0 ORDER BY k, {MIXED}",
           establishment_id="e.id", checklist_id="(SELECT max(id) FROM safety_checklist)",
           scope="e.scope", sector="e.sector", issuer_org_id="t.org", post_id="t.post",
           begun_at="now() - ((5 - k) * 146 + e.id % 146) * interval '1 day'")  # fmt: skip


def hazards() -> None:
    """Three for every second establishment, a tenth of them open."""
    run("CREATE TEMP TABLE found AS SELECT nextval(pg_get_serial_sequence('loops_obligation',"
        " 'id')) AS oid, nextval(pg_get_serial_sequence('loops_brief', 'id')) AS bid, c.*"
        " FROM (SELECT e.id AS eid, e.scope, e.sector, t.id AS place, t.org, t.post,"
        f" row_number() OVER () AS n, ((3 - k) * 243 + e.id % 243) AS days"
        " FROM safety_establishment e JOIN town t ON t.path = e.scope, generate_series(1, 3) k"
        f" WHERE e.id % 2 = 0 ORDER BY k, {MIXED}) c")  # fmt: skip
    insert("loops.Brief", "found f", id="f.bid", title="'出口锁闭'", text="'出口锁闭'",
           domain="'work-safety'", place_id="f.place", scope="f.scope")  # fmt: skip
    insert("loops.Obligation", "found f", id="f.oid", flow="'problem'",
           brief_id="f.bid", place_id="f.place", scope="f.scope",
           domain="'work-safety'", sector="f.sector", owner_post_id="f.post",
           owner_org_id="f.org", issuer_post_id="f.post", issuer_org_id="f.org",
           state="CASE WHEN f.n % 10 = 0 THEN 'rectifying' ELSE 'closed' END",
           opened_at="now() - f.days * interval '1 day'",
           closed_at="CASE WHEN f.n % 10 = 0 THEN NULL ELSE now() END",
           origin="'hazard:' || f.eid", due_at="now() + (9 - f.n % 12) * interval '1 day'",
           first_due_at="now()")  # fmt: skip
    insert("loops.Problem", "found f", obligation_id="f.oid", interim="'专人看守'",
           interim_post_id="f.post",
           grade="CASE WHEN f.n % 700 = 0 THEN '' WHEN f.n % 50 = 0 THEN 'major'"
                 " ELSE 'general' END")  # fmt: skip
    insert("safety.Hazard", "found f", obligation_id="f.oid", establishment_id="f.eid",
           scope="f.scope")  # fmt: skip


def accidents(count: int) -> None:
    """Accidents of two years and a half."""
    insert("safety.Accident", f"generate_series(0, {count - 1}) g JOIN town t ON t.n = g % 1500",
           scope="t.path", place_id="t.id", sector=f"'b' || g % {SECTORS}", grade="'general'",
           deaths="g % 3", owner_org_id="t.org", issuer_org_id="t.org",
           occurred_at="now() - g % 900 * interval '1 day'")  # fmt: skip


def recount() -> None:
    """The counters from the rows: what poured in without checks was not counted either."""
    run("TRUNCATE safety_placetally, safety_placetallychange")
    run("INSERT INTO safety_placetallychange (scope, kind, sector, bucket, delta)"
        " SELECT scope, kind_id, sector, b, count(*) FROM safety_establishment,"
        " unnest(safety_establishment_buckets(closed_at, colour, surveyed_at)) b"
        " GROUP BY 1, 2, 3, 4 UNION ALL SELECT scope, kind, coalesce(sector_id, ''), 'venue',"
        " count(*) FROM orgs_venue GROUP BY 1, 2, 3 UNION ALL SELECT scope, '', sector, 'hazard',"
        " count(*) FROM loops_obligation WHERE closed_at IS NULL AND flow = 'problem'"
        " AND origin LIKE 'hazard:%' GROUP BY 1, 2, 3")  # fmt: skip
