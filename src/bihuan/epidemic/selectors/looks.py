"""Looks that epidemic control owes at institutions and houses, which a joint visit may take (M005)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max

from bihuan.core.clock import local_date
from bihuan.core.orgs.looks import Look, Spot, offices_over
from bihuan.core.orgs.models import Post
from bihuan.core.packs import registry
from bihuan.epidemic.models import Facility, FacilityProof, FacilityStep, Institution
from bihuan.epidemic.models.institutions import CheckForm
from bihuan.epidemic.rules.sites import NEEDS_PROOFS
from bihuan.epidemic.selectors.institutions import RUNS, planned

INSTITUTION, HOUSE = "institution", "house"


def _units(spots: Sequence[Spot]) -> set[int]:
    return {spot.unit_id for spot in spots if spot.unit_id is not None}


def institution_looks(spots: Sequence[Spot], at: datetime) -> list[Look]:
    """The next check of each institution there; a mystery visit is nobody else's. Five queries.

    One whose problems nobody could own is left out: a failed check would open none.
    """
    rows = list(Institution.objects.filter(org__in=_units(spots)).select_related("org"))
    if not rows:
        return []
    owned = set(
        Post.objects.filter(org__in=[row.org_id for row in rows], role__in=RUNS, valid_to=None)
        .values_list("org_id", flat=True)
    )  # fmt: skip
    offices = offices_over({row.scope for row in rows})
    found = []
    for one in planned(rows, at)[0]:
        row = one.institution
        if one.next.form == CheckForm.MYSTERY or row.org_id not in owned:
            continue
        if row.scope in offices:
            code = str(registry.value("check.list", at, scope=row.scope).value)
            found.append(Look(f"{INSTITUTION}:{row.pk}", offices[row.scope], one.next.due, code,
                              unit_id=row.org_id))  # fmt: skip
    return found


def house_looks(spots: Sequence[Spot], at: datetime) -> list[Look]:
    """Proofs of sites and hospitals in use that an inspection by a list renews. Four queries."""
    rows = list(Facility.objects.filter(org__in=_units(spots)).select_related("org"))
    if not rows:
        return []
    steps = FacilityStep.objects.filter(facility__in=rows, at__lte=at)
    last = steps.order_by("facility", "-at", "-pk").distinct("facility")
    in_use = set(last.values_list("facility_id", "step"))
    days = FacilityProof.objects.filter(facility__in=rows, at__lte=at)
    proven = {
        (line["facility"], line["kind"]): line["last"]
        for line in days.values("facility", "kind").annotate(last=Max("day"))
    }
    offices = offices_over({row.scope for row in rows})
    return [
        Look(f"{HOUSE}:{row.pk}:{proof['key']}", offices[row.scope],
             _runs_out(row, proof, proven), str(proof["list"]), unit_id=row.org_id)
        for row in rows
        if row.scope in offices and any((row.pk, step) in in_use for step in NEEDS_PROOFS)
        for proof in renewed_by_lists(row, at)
    ]  # fmt: skip


def renewed_by_lists(row: Facility, at: datetime) -> list[Mapping[str, Any]]:
    """The proofs of a house that a checklist of another domain renews. No query."""
    proofs = registry.table("site_proof", at, scope=row.scope)
    return [proof for proof in proofs if row.kind in proof["for"] and proof.get("list")]


def _runs_out(
    row: Facility, proof: Mapping[str, Any], proven: Mapping[tuple[int, str], date]
) -> date:  # fmt: skip
    held = proven.get((row.pk, str(proof["key"])))
    if held is None:
        return local_date(row.registered_at)
    return held + timedelta(days=int(proof["max_days"]))
