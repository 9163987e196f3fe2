"""Free somebody who turned out to be no contact: the exposure was none, or the case was none."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import Contact, Stay
from bihuan.epidemic.selectors.files import managed_for
from bihuan.epidemic.selectors.sight import fetch_case, fetch_contact
from bihuan.epidemic.services.stays import SICK, release_due


@transaction.atomic
def clear_contact(*, contact_id: int, reason: str, by: Actor, at: datetime) -> Contact:
    """The plan ends now, and so does a stay under it; the days that were kept remain.

    Who waits for a bed stays where they are. Locks the contact. Raises NotAllowed, NotFound,
    Conflict("contact.over"), Invalid("contact.clear_reason").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    row = fetch_contact(contact_id=contact_id, by=by, lock=True)
    if row.release_at is None or row.release_at <= at or row.became_case_id is not None:
        raise Conflict("contact.over", number=row.number)
    if not reason.strip():
        raise Invalid("contact.clear_reason", field="reason")
    free([row], reason.strip()[:200], by, at)
    return row


@transaction.atomic
def clear_contacts_of(*, case_id: int, by: Actor, at: datetime) -> int:
    """Free everybody who is managed for a case that was excluded; how many. Locks them.

    Raises NotAllowed, NotFound, Conflict("case.not_excluded").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    case = fetch_case(case_id=case_id, by=by, lock=True)
    if case.kind != "excluded":
        raise Conflict("case.not_excluded", number=case.number)
    rows = list(managed_for(case=case, at=at).select_for_update(of=("self",)))
    free(rows, f"{case.number} excluded", by, at)
    return len(rows)


def free(rows: Iterable[Contact], reason: str, by: Actor, at: datetime) -> None:
    """The plans end now, and so do stays under them; of nobody who waits for a bed."""
    for row in rows:
        row.release_at = at
        row.save(update_fields=["release_at"])
        record(action="contact.clear", subject=f"contact:{row.pk}", by=by, at=at, scope=row.scope,
               facts={"reason": reason})  # fmt: skip
    stays = Stay.objects.filter(charge__contact__in=rows, left_at=None)
    if stays.exclude(charge__need__in=SICK).update(ends_at=at):
        release_due(at=at)
