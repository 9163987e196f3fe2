"""Read one entry of responsibility: for the post concerned, and for whoever sees the loop."""

from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Responsibility
from bihuan.core.loops.services.moves import fetch
from bihuan.core.orgs.types import Actor


def responsibility_entry(*, responsibility_id: int, by: Actor) -> Responsibility:
    """The one door to an entry. Two queries. Raises NotFound("responsibility.not_found")."""
    rows = Responsibility.objects.select_related("post", "obligation__brief", "obligation__place")
    entry = rows.filter(pk=responsibility_id).first()
    if entry is None:
        raise NotFound("responsibility.not_found", id=responsibility_id)
    if entry.post_id != by.post_id:
        try:
            fetch(obligation_id=entry.obligation_id, by=by)
        except NotFound:
            raise NotFound("responsibility.not_found", id=responsibility_id) from None
    return entry
