"""Enter how many people live in a place: a year, a source, never overwritten."""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import Who, record
from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid
from bihuan.core.places.models import Place, Population

FIRST_YEAR = 1949
MOST = 2_000_000_000


@transaction.atomic
def set_population(
    *, place: Place, year: int, value: int, source: str, by: Who, at: datetime
) -> Population:
    """Enter a figure, or a corrected one. Raises Invalid("places.bad_population")."""
    if not FIRST_YEAR <= year <= local_date(at).year or not 0 < value <= MOST or not source.strip():
        raise Invalid("places.bad_population", field="value")
    row = Population.objects.create(
        place=place, year=year, value=value, source=source.strip()[:200], known_at=at,
        known_by=by.name,
    )  # fmt: skip
    record(action="places.population", subject=f"place:{place.pk}", by=by, at=at, scope=place.path,
           facts={"year": year, "value": value})  # fmt: skip
    return row
