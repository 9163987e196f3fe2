"""Put the land of the demonstration into the database: the invented province, or a real tree."""

from datetime import datetime

from django.db import transaction

from bihuan.config.demo import geography
from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.places.rules import short_code
from bihuan.core.places.services import insert_places, load_real_province, store_boundaries

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
    record(
        action="places.load", subject=f"place:{geography.PROVINCE}", by=SYSTEM, at=at,
        scope=f"{geography.PROVINCE}.", facts={"scale": scale, "places": len(invented.places)},
    )  # fmt: skip
    return geography.PROVINCE
