"""Put the land of the demonstration into the database: the invented province, or a real tree."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from bihuan.config.demo import geography
from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.clock import local_date
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.rules import short_code
from bihuan.core.places.services import (
    insert_places,
    load_real_province,
    set_population,
    store_boundaries,
)
from bihuan.core.places.types import within

SOURCE = "invented"


@transaction.atomic
def load_land(*, scale: str, province: str, at: datetime) -> str:
    """Load the province and tell its code. A real province has no outlines: they are not ours."""
    if province:
        load_real_province(code=province, at=at)
        return short_code(province)
    invented = geography.invent(scale)
    insert_places(invented.places)
    outlines = {code: region.geojson for code, region in invented.outlines.items()}
    store_boundaries(outlines, source=SOURCE, at=at)
    _populations(at)
    record(
        action="places.load", subject=f"place:{geography.PROVINCE}", by=SYSTEM, at=at,
        scope=f"{geography.PROVINCE}.", facts={"scale": scale, "places": len(invented.places)},
    )  # fmt: skip
    return geography.PROVINCE


def _populations(at: datetime) -> None:
    """People of each place from the county up: the households below it, and their size."""
    size = float(registry.value("order.household_size", at).value)
    year = local_date(at).year - 1
    for place in Place.objects.filter(level__in=("province", "city", "county"), valid_to=None):
        below = Place.objects.filter(within("path", place.path), level="community")
        homes = below.aggregate(n=Sum("households"))["n"]
        if homes:
            set_population(place=place, year=year, value=round(homes * size), by=SYSTEM, at=at,
                           source=f"{year} 年统计年鉴(演示)")  # fmt: skip
