"""What a person may choose from while reviewing."""

from bihuan.command.rules import below
from bihuan.command.services.meetings import BODY_KINDS
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place


def body_choices(*, by: Actor) -> list[tuple[int, str]]:
    """The bodies of the post's place whose sessions and ledgers there are. One query."""
    rows = Org.objects.filter(place=by.place_id, kind__in=BODY_KINDS, valid_to=None)
    return list(rows.order_by("pk").values_list("pk", "name"))


def direct_levels(*, by: Actor) -> tuple[str, ...]:
    """The levels a demand may be sent to directly: two steps down and more. One query."""
    level = Place.objects.values_list("level", flat=True).get(pk=by.place_id)
    return below(level)
