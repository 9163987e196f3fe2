"""Forget: case and contact records whose time has come; the counts stay in the audit."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bihuan.core.audit.services import SYSTEM, record
from bihuan.epidemic.models import Case, Contact, NotSame
from bihuan.epidemic.services.fever import forget_visits
from bihuan.epidemic.services.lists import forget_lists
from bihuan.epidemic.services.screening import forget_screening


@transaction.atomic
def forget(*, at: datetime) -> dict[str, int]:
    """Delete expired contacts and cases; how many. A case waits for its contacts. Safe to repeat."""
    forget_lists(at=at)
    contacts = Contact.objects.filter(expires_at__lte=at)
    gone = list(contacts.values_list("pseudonym", flat=True))
    contacts.delete()
    held = Q(contacts__isnull=True) & Q(known_before__isnull=True) & Q(onward__isnull=True)
    cases = Case.objects.filter(held, merged__isnull=True, expires_at__lte=at)
    ended = list(cases.values_list("pk", "pseudonym"))
    Case.objects.filter(pk__in=[pk for pk, _ in ended]).delete()
    names = [*gone, *(pseudonym for _, pseudonym in ended)]
    NotSame.objects.filter(Q(one__in=names) | Q(other__in=names)).delete()
    told = {"contacts": len(gone), "cases": len(ended), "fever_visits": forget_visits(at=at),
            "screening_lists": forget_screening(at=at)}  # fmt: skip
    if any(told.values()):
        record(action="epidemic.forget", subject="epidemic", by=SYSTEM, at=at, facts=told)
    return told
