"""Write many places at once."""

from collections.abc import Sequence

from django.db import connection

from bihuan.core.places import rules
from bihuan.core.places.models import Place
from bihuan.core.places.types import NewPlace

_COLUMNS = (
    "id, code, name, short_name, level, parent_id, path, valid_from, valid_to, pseudo, pinyin, "
    "households, lon, lat"
)


def insert_places(new: Sequence[NewPlace]) -> dict[str, int]:
    """Write places with one COPY; the id of each that is in force, by code.

    A parent is the nearest place in force above, among the new ones or those already there.
    The caller holds the transaction and writes the audit entry.
    """
    above = {code for place in new for code in rules.upper_codes(place.code)}
    ids = dict(Place.objects.filter(valid_to=None, code__in=above).values_list("code", "id"))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('places_place', 'id'))"
            " FROM generate_series(1, %s)",
            [len(new)],
        )
        numbered = list(zip((row[0] for row in cursor.fetchall()), new, strict=True))
        ids |= {place.code: number for number, place in numbered if place.valid_to is None}
        with cursor.copy(f"COPY places_place ({_COLUMNS}) FROM STDIN") as copy:
            for number, place in numbered:
                copy.write_row(_row(number, place, ids))
        cursor.execute("ANALYZE places_place")
    return {place.code: ids[place.code] for place in new if place.valid_to is None}


def _row(number: int, place: NewPlace, ids: dict[str, int]) -> tuple[object, ...]:
    level = rules.level_of(place.code)
    parent = next((ids[code] for code in rules.upper_codes(place.code) if code in ids), None)
    return (
        number, place.code, place.name, rules.short_name(place.name, level), level, parent,
        rules.path_of(place.code), place.valid_from, place.valid_to, rules.is_pseudo(place.code),
        rules.pinyin(place.name), place.households, place.lon, place.lat,
    )  # fmt: skip
