"""Hand cases to other systems: pseudonymous, audited, in their own forms."""

from datetime import datetime, timedelta
from typing import Any

from bihuan.core.audit.services import record
from bihuan.core.clock import local, local_date
from bihuan.core.errors import NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.core.packs.diseases import disease
from bihuan.epidemic.models import Case, Event
from bihuan.epidemic.rules.interchange import CaseOut, DiseaseOut, bundle, value_set
from bihuan.epidemic.selectors.sight import apart, cases_seen, events_seen, fetch_event
from bihuan.epidemic.services.cases import edition_of

MOST = 5000
DAYS = 60


def _disease(event: Event, at: datetime) -> DiseaseOut:
    row = disease(event.disease, at, scope=event.scope)
    return DiseaseOut(row.code, row.title, row.icd10, row.icd11, row.report_code)


def _cases(event: Event, seen: Any, at: datetime) -> list[CaseOut]:
    titles = {k: str(r["title"]) for k, r in edition_of(event, at).rows("criterion").items()}
    rows = Case.objects.filter(apart(at), seen, event=event, reported_at__lte=at)
    return [
        CaseOut(c.pseudonym, c.kind, c.place.code, c.age_band, c.onset, local(c.diagnosed_at),
                local(c.reported_at), tuple((k, titles.get(k, k)) for k in c.findings))
        for c in rows.select_related("place").order_by("pk")[:MOST]
    ]  # fmt: skip


def export_fhir(*, event_id: int, by: Actor, at: datetime) -> dict[str, Any]:
    """The cases of an event as a FHIR R4 bundle. Raises NotAllowed, NotFound."""
    if not by.has("case.read"):
        raise NotAllowed("not_allowed", duty="case.read")
    event = fetch_event(event_id=event_id, by=by)
    cases = _cases(event, cases_seen(by), at)
    record(action="interchange.fhir", subject=f"event:{event.pk}", by=by, at=at, scope=event.scope,
           facts={"cases": len(cases)})  # fmt: skip
    return bundle(cases, _disease(event, at), at=local(at))


def export_dhis2(*, event_id: int, by: Actor, at: datetime) -> dict[str, Any]:
    """Counts of an event as a DHIS2 data value set. Raises NotAllowed, NotFound."""
    event = fetch_event(event_id=event_id, by=by)
    today = local_date(at)
    days = [today - timedelta(days=back) for back in range(DAYS)]
    found = value_set(_cases(event, events_seen(by), at), _disease(event, at), days=days,
                      at=local(at))  # fmt: skip
    record(action="interchange.dhis2", subject=f"event:{event.pk}", by=by, at=at,
           scope=event.scope, facts={"values": len(found["dataValues"])})  # fmt: skip
    return found
