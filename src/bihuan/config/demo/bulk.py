"""Write many rows of a model with one COPY, their ids known beforehand."""

from collections.abc import Iterator, Sequence
from itertools import count

from django.db import connection, models


def ids(model: type[models.Model]) -> Iterator[int]:
    """Free ids of a model without end; `copy_in` moves the sequence behind those used.

    Only for a transaction that no other writer of the table meets.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [_table(model)])
        (first,) = cursor.fetchone()
    return count(first)


def copy_in(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """COPY unsaved rows of one model; constraints that the database can defer it checks later."""
    if not rows:
        return
    fields = model._meta.concrete_fields  # noqa: SLF001  Django documents it under this name
    used = [field for field in fields if not (field.primary_key and rows[0].pk is None)]
    columns = ", ".join(f'"{field.column}"' for field in used)
    with connection.cursor() as cursor:
        with cursor.copy(f'COPY "{_table(model)}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([getattr(row, field.attname) for field in used])
        if rows[0].pk is not None and isinstance(rows[0].pk, int):
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [_table(model), max(row.pk for row in rows)],
            )
        cursor.execute(f'ANALYZE "{_table(model)}"')


def analyze() -> None:
    """Let the planner know what is there: after a load no statistics are true."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _table(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001  as above
