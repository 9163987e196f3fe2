"""What a person may choose from while reviewing."""

from bihuan.command.rules import below
from bihuan.command.selectors.demands import demands_before
from bihuan.command.services.meetings import BODY_KINDS
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.intake.selectors.doors import fetch_document

MOST_OFFERED = 150


def body_choices(*, by: Actor) -> list[tuple[int, str]]:
    """The bodies of the post's place whose sessions and ledgers there are. One query."""
    rows = Org.objects.filter(place=by.place_id, kind__in=BODY_KINDS, valid_to=None)
    return list(rows.order_by("pk").values_list("pk", "name"))


def earlier_choices(*, document_id: int, by: Actor) -> list[tuple[int, str]]:
    """Earlier demands of the document's place that a draft may repeat, newest first. Two queries.

    Raises NotFound.
    """
    scope = fetch_document(document_id=document_id, by=by).scope
    return [
        (demand.id, f"{demand.number} {demand.ordinal}. {demand.title}")
        for demand in demands_before(path=scope, most=MOST_OFFERED)
    ]


def direct_levels(*, by: Actor) -> tuple[str, ...]:
    """The levels a demand may be sent to directly: two steps down and more. One query."""
    level = Place.objects.values_list("level", flat=True).get(pk=by.place_id)
    return below(level)
