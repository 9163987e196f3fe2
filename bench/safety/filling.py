"""Rows by the million: INSERT … SELECT, with a plain value in every column nobody named."""

from django.apps import apps
from django.db import connection

_PLAIN = {
    "character varying": "''", "text": "''", "boolean": "false", "jsonb": "'{}'", "ARRAY": "'{}'",
    "integer": "0", "bigint": "0", "smallint": "0", "double precision": "0",
    "timestamp with time zone": "now()", "date": "current_date", "uuid": "gen_random_uuid()",
}  # fmt: skip


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
            f" FROM {source}"
        )
        return int(cursor.rowcount)


def run(statement: str) -> None:
    """Plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def establishments(count: int) -> None:
    """Key places with their establishments, spread over the townships."""
    insert("orgs.Sector", "(SELECT 1) one", code="'bench'", name="'基准'", name_en="'Bench'")
    insert("safety.Kind", "(SELECT 1) one", code="'bench'", name="'车间'", name_en="'Workshop'",
           version="1")  # fmt: skip
    run("CREATE TEMP TABLE town AS SELECT row_number() OVER () - 1 AS n, l.id, l.path, o.id AS org,"
        " p.id AS post, count(*) OVER () AS total FROM places_place l"
        " JOIN orgs_org o ON o.place_id = l.id JOIN orgs_post p ON p.org_id = o.id"
        " WHERE l.level = 'township'")  # fmt: skip
    spread = f"generate_series(0, {count - 1}) g JOIN town t ON t.n = g % t.total"
    insert("orgs.Venue", spread, name="'场所' || g", place_id="t.id", scope="t.path",
           kind="'bench'", sector_id="'bench'")  # fmt: skip
    insert("safety.Establishment", "orgs_venue v JOIN town t ON t.id = v.place_id",
           venue_id="v.id", scope="v.scope", kind_id="'bench'", sector="'bench'",
           issuer_org_id="t.org", kind_version="1",
           colour="(ARRAY['red','orange','yellow','blue',''])[1 + v.id % 5]")  # fmt: skip
