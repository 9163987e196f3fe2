"""What a joint visit found, written where epidemic control keeps it (M005)."""

from datetime import datetime

from bihuan.core.audit.services import record
from bihuan.core.orgs.looks import Outcome
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import Facility, FacilityProof, Institution, InstitutionCheck
from bihuan.epidemic.models.institutions import CheckForm
from bihuan.epidemic.selectors.institutions import ORIGIN, planned
from bihuan.epidemic.selectors.looks import renewed_by_lists
from bihuan.epidemic.services.wards import answered


def check_institution(key: str, outcome: Outcome, by: Actor, at: datetime) -> None:
    """A check of the plan, in the form that was due. What failed is the hazard opened on the spot.

    The institution so owes one problem with one deadline, and not a second from another office.
    """
    row = Institution.objects.filter(pk=int(key.split(":")[1])).first()
    if row is None or (outcome.gaps and not outcome.problems):
        return
    form = planned([row], at)[0][0].next.form
    InstitutionCheck.objects.create(
        institution=row, day=outcome.day, passed=not outcome.gaps, at=at, by=by.name,
        form=CheckForm.ANNOUNCED if form == CheckForm.ANNOUNCED else CheckForm.UNANNOUNCED,
        findings="、".join(outcome.gaps)[:400],
        problem_id=outcome.problems[0] if outcome.gaps else None,
    )  # fmt: skip
    record(action="institution.check", subject=f"institution:{row.pk}", by=by, at=at,
           scope=row.scope, facts={"passed": not outcome.gaps, "look": outcome.reference})  # fmt: skip
    answered(f"{ORIGIN}{row.pk}", by, at)


def prove_house(key: str, outcome: Outcome, by: Actor, at: datetime) -> None:
    """A look without a gap renews the proof; one with gaps leaves it as old as it was."""
    _word, pk, kind = key.split(":")
    row = Facility.objects.filter(pk=int(pk)).first()
    known = row is not None and any(p["key"] == kind for p in renewed_by_lists(row, at))
    if row is None or outcome.gaps or not known:
        return
    FacilityProof.objects.create(facility=row, kind=kind, day=outcome.day, at=at, by=by.name,
                                 reference=outcome.reference)  # fmt: skip
    record(action="facility.proof", subject=f"facility:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"kind": kind, "day": outcome.day.isoformat(), "look": outcome.reference})  # fmt: skip
