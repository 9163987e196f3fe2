"""Foreign keys that are checked once for all rows of a statement.

PostgreSQL checks a foreign key row by row, each with a query of its own: of half a million places
that are imported, seven keys each were a third of the database's work. Where rows come by the
hundred thousand and lead to few others, a key is declared with `db_constraint=False` in its model
and with `key_by_sets` in the migration: it refuses the same things as a foreign key, at once and
not at the end of the transaction.
"""

from django.db.migrations import RunSQL

# Whoever is led to is held until the transaction ends, as a foreign key holds it. After the
# statement and not before: whoever deletes has then waited for those that hold the row.
FUNCTIONS = """
CREATE FUNCTION keys_are_there() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lost text;
BEGIN
    EXECUTE format(
        'SELECT n.key::text FROM (SELECT DISTINCT %1$I AS key FROM after) n WHERE n.key IS NOT NULL'
        ' AND NOT EXISTS (SELECT FROM %2$I p WHERE p.%3$I = n.key FOR KEY SHARE) LIMIT 1',
        TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]
    ) INTO lost;
    IF lost IS NOT NULL THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('%s.%s: %L is not in %s', TG_TABLE_NAME, TG_ARGV[0], lost, TG_ARGV[1]),
            TABLE = TG_TABLE_NAME, COLUMN = TG_ARGV[0];
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION key_is_free() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    used boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %1$I WHERE %2$I = ($1).%3$I)',
                   TG_ARGV[0], TG_ARGV[1], TG_ARGV[2]) INTO used USING OLD;
    IF used THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('%s is in use by %s.%s', TG_TABLE_NAME, TG_ARGV[0], TG_ARGV[1]),
            TABLE = TG_ARGV[0], COLUMN = TG_ARGV[1];
    END IF;
    RETURN NULL;
END $$;
"""
NO_FUNCTIONS = "DROP FUNCTION keys_are_there() CASCADE; DROP FUNCTION key_is_free() CASCADE;"

_FORWARD = """
CREATE TRIGGER {name}_insert AFTER INSERT ON {table} REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION keys_are_there('{column}', '{to}', '{key}');
CREATE TRIGGER {name}_update AFTER UPDATE ON {table} REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION keys_are_there('{column}', '{to}', '{key}');
CREATE TRIGGER {name}_delete AFTER DELETE ON {to}
    FOR EACH ROW EXECUTE FUNCTION key_is_free('{table}', '{column}', '{key}');
CREATE TRIGGER {name}_rename AFTER UPDATE OF {key} ON {to}
    FOR EACH ROW WHEN (OLD.{key} IS DISTINCT FROM NEW.{key})
    EXECUTE FUNCTION key_is_free('{table}', '{column}', '{key}');
"""
_BACKWARD = """
DROP TRIGGER {name}_insert ON {table};
DROP TRIGGER {name}_update ON {table};
DROP TRIGGER {name}_delete ON {to};
DROP TRIGGER {name}_rename ON {to};
"""


def key_by_sets(table: str, column: str, *, to: str, key: str) -> RunSQL:
    """`column` of `table` leads to `key` of `to`, and the database sees to it statement by statement.

    The tables have their functions from `FUNCTIONS`. `column` should have an index: deleting looks
    for rows that still lead there.
    """
    named = {"table": table, "column": column, "to": to, "key": key, "name": f"{table}_{column}"}
    return RunSQL(_FORWARD.format(**named), _BACKWARD.format(**named))
