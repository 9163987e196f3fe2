"""Documents that were issued."""

from bihuan.core.errors import NotFound
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Writ


def fetch_writ(*, writ_id: int, by: Actor) -> Writ:
    """The one door to a document. Raises NotFound("writ.not_found")."""
    row = Writ.objects.filter(sight(by), pk=writ_id).first()
    if row is None:
        raise NotFound("writ.not_found", id=writ_id)
    return row
