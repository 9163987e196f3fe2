"""A contact falls ill: one act makes the case, keeps the history, and starts the clocks."""

from datetime import datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.diseases import disease, report_limit
from bihuan.core.vault import bulk
from bihuan.epidemic.models import Case, CaseClass, Charge, Contact
from bihuan.epidemic.rules.classify import classify
from bihuan.epidemic.selectors.sight import fetch_contact
from bihuan.epidemic.services.cases import edition_of
from bihuan.epidemic.services.sources import remember_sources
from bihuan.epidemic.services.teams import assign_team
from bihuan.epidemic.services.wards import ward_of_inpatient
from bihuan.epidemic.types import AGES, FoundIn, Illness, Origin


@transaction.atomic
def fell_ill(*, contact_id: int, given: Illness, by: Actor, at: datetime) -> Case:
    """Report a contact as a case: same person in the vault, known before, source as named.

    Where they lay in a ward of a hospital, the file of an infection there is opened.
    Locks the contact. Raises NotAllowed, NotFound, Conflict("contact.became"), Invalid("case.…").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    row = fetch_contact(contact_id=contact_id, by=by, lock=True)
    if row.became_case_id is not None:
        raise Conflict("contact.became", number=row.number)
    pack = edition_of(row.event, at, scope=row.scope)
    unknown = sorted(given.findings - set(pack.rows("criterion")))
    if unknown:
        raise Invalid("case.finding", field="findings", findings=unknown)
    if given.age_band not in AGES:
        raise Invalid("case.age_band", field="age_band")
    if given.onset and given.onset > local_date(at):
        raise Invalid("case.future", field="onset")
    case = _case(row, given, by, at)
    found = classify(pack, given.findings)
    case.kind = found.key or "suspected"
    case.save()
    if case.source_id is not None:
        remember_sources({case.pk: case.source_id}, at=at)
    CaseClass.objects.create(
        case=case, at=at, kind=case.kind, proposed=found.key, edition=pack.ref,
        met=list(found.met), by=by.name,
    )  # fmt: skip
    row.became_case = case
    row.save(update_fields=["became_case"])
    bulk.keep_until(row.pseudonym, case.expires_at)
    assign_team(case=case, by=by, at=at)
    charge = Charge.objects.filter(contact=row).first()
    if charge is not None:
        ward_of_inpatient(charge, by, at)
    record(action="contact.became_case", subject=f"contact:{row.pk}", by=by, at=at,
           scope=row.scope, after=case.number)  # fmt: skip
    return case


def _case(row: Contact, given: Illness, by: Actor, at: datetime) -> Case:
    limit = report_limit(disease(row.event.disease, at), at)
    keep = timedelta(days=int(registry.value("keep.open_days", at).value))
    return Case(
        event=row.event, pseudonym=row.pseudonym, place=row.place, scope=row.scope,
        age_band=given.age_band, findings=sorted(given.findings), onset=given.onset,
        diagnosed_at=at, reported_at=at,
        report_due_at=at + timedelta(hours=limit.hours or 0) if limit else None,
        report_rule=limit.ref if limit else "", origin=Origin.KNOWN,
        found_in=FoundIn.ISOLATION if row.placed_at else FoundIn.COMMUNITY,
        isolated_at=row.placed_at, source=row.case, reporter_org_id=by.org_id,
        expires_at=at + keep,
    )  # fmt: skip
