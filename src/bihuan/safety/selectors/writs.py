"""Documents that were issued."""

from datetime import datetime

from bihuan.core.errors import NotFound
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Writ


def fetch_writ(*, writ_id: int, by: Actor) -> Writ:
    """The one door to a document. Raises NotFound("writ.not_found")."""
    row = Writ.objects.filter(sight(by), pk=writ_id).first()
    if row is None:
        raise NotFound("writ.not_found", id=writ_id)
    return row


def law_of(kind: str, *, at: datetime, scope: str) -> str:
    """The law that a kind of document cites in a place."""
    rows = registry.table("writ", at, scope=scope)
    return next((str(row["law"]) for row in rows if row["key"] == kind), "")
