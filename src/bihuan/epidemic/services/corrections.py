"""Correct what a report card said of a case once an investigation knows better."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotAllowed
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import Case, CaseCorrection
from bihuan.epidemic.selectors.sight import fetch_case
from bihuan.epidemic.types import AGES, FoundIn, Origin


@dataclass(frozen=True, slots=True)
class Corrected:
    """What stands on the card after the correction."""

    onset: date | None
    found_in: str
    origin: str
    age_band: str


@transaction.atomic
def correct_case(
    *, case_id: int, given: Corrected, reason: str, by: Actor, at: datetime
) -> Case:  # fmt: skip
    """Onset, how found, origin or age band turned out to be another; the audit keeps both.

    Pictures of earlier moments go on showing what stood on the card then.

    Class and source have their own acts with dates. Locks the case. Raises NotAllowed, NotFound,
    Invalid("case.future" | "case.found_in" | "case.age_band" | "case.unchanged" |
    "case.correction_reason").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    row = fetch_case(case_id=case_id, by=by, lock=True)
    if given.found_in not in FoundIn.values or given.origin not in Origin.values:
        raise Invalid("case.found_in", field="found_in")
    if given.age_band not in AGES:
        raise Invalid("case.age_band", field="age_band")
    if given.onset is not None and given.onset > local_date(at):
        raise Invalid("case.future", field="onset")
    changed = {name: new for name, new in asdict(given).items() if getattr(row, name) != new}
    if not changed:
        raise Invalid("case.unchanged", field="onset")
    if not reason.strip():
        raise Invalid("case.correction_reason", field="reason")
    facts = {"reason": reason.strip()[:200],
             "was": {name: str(getattr(row, name) or "") for name in changed},
             "now": {name: str(new or "") for name, new in changed.items()}}  # fmt: skip
    CaseCorrection.objects.create(
        case=row, at=at, **{name: getattr(row, name) for name in asdict(given)}
    )
    for name, new in changed.items():
        setattr(row, name, new)
    row.save(update_fields=list(changed))
    record(action="case.correct", subject=f"case:{row.pk}", by=by, at=at, scope=row.scope,
           facts=facts)  # fmt: skip
    return row
