"""Fever visits: one's own, those offered to one, and what a place is late with."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.core.errors import Conflict, NotFound
from bihuan.core.orgs.models import Org
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.types import CITY, within
from bihuan.epidemic.models import FeverHandover, FeverVisit
from bihuan.epidemic.selectors.sight import NOTHING

MOST = 200  # visits on a page
RUNS = (Role.SENTINEL.value, Role.CARE.value)


def visits_seen(by: Actor) -> Q:
    """An institution: what it owns, began, or is offered. Epidemiologists: those of the place."""
    if by.has("fever.do"):
        offered = FeverHandover.objects.filter(visit=OuterRef("pk"), to_org=by.org_id)
        return Q(org=by.org_id) | Q(first_org=by.org_id) | Q(Exists(offered))
    return within("scope", by.scope) if by.has("care.place") else NOTHING


def fetch_visit(*, visit_id: int, by: Actor) -> FeverVisit:
    """Raises NotFound("fever.not_found")."""
    rows = FeverVisit.objects.select_related("org", "first_org").filter(visits_seen(by))
    row = rows.filter(pk=visit_id).first()
    if row is None:
        raise NotFound("fever.not_found", id=visit_id)
    return row


def awaits_result(visit: FeverVisit) -> bool:
    """Whether a sample was taken and its result is not known, also where the visit is over."""
    return visit.tested_at is not None and visit.result_at is None


def fetch_own_visit(*, visit_id: int, by: Actor) -> FeverVisit:
    """An open visit that the actor's institution owns, locked.

    Raises NotFound("fever.not_found"), Conflict("fever.over").
    """
    row = _owned(visit_id, by)
    if row.closed_at is not None:
        raise Conflict("fever.over", number=row.visit_no)
    return row


def fetch_visit_for_result(*, visit_id: int, by: Actor) -> FeverVisit:
    """The same, or one that ended while its result was awaited. Raises the same."""
    row = _owned(visit_id, by)
    if row.closed_at is not None and not awaits_result(row):
        raise Conflict("fever.over", number=row.visit_no)
    return row


def _owned(visit_id: int, by: Actor) -> FeverVisit:
    row = FeverVisit.objects.select_for_update().filter(pk=visit_id, org=by.org_id).first()
    if row is None:
        raise NotFound("fever.not_found", id=visit_id)
    return row


def fetch_fever_handover(*, handover_id: int, by: Actor) -> FeverHandover:
    """An open hand-over offered to the actor's institution, locked. Raises NotFound."""
    rows = FeverHandover.objects.select_for_update().filter(taken_at=None, refused_at=None)
    row = rows.filter(pk=handover_id, to_org=by.org_id).first()
    if row is None:
        raise NotFound("fever.not_found", id=handover_id)
    return row


def receivers(*, by: Actor) -> QuerySet[Org]:
    """Institutions of the city that may take a visit over."""
    rows = Org.objects.filter(within("scope", by.scope[:CITY]), valid_to=None,
                              posts__role__in=RUNS, posts__valid_to=None)  # fmt: skip
    return rows.exclude(pk=by.org_id).distinct().order_by("scope", "name")


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A visit in a list, with what it lacks."""

    visit: FeverVisit
    owner: str
    offered_to: str  # waits for the signature of
    late: str  # "", "triage", "result"


def visit_rows(*, by: Actor, at: datetime) -> tuple[VisitRow, ...]:
    """Visits the reader may see: open ones first, the latest first. Two queries."""
    rows = FeverVisit.objects.filter(visits_seen(by), arrived_at__lte=at)
    held = list(rows.select_related("org").order_by("-closed_at", "-arrived_at")[:MOST])
    held.sort(key=lambda v: v.closed_at is not None)
    waits = dict(
        FeverHandover.objects.filter(visit__in=held, taken_at=None, refused_at=None)
        .values_list("visit_id", "to_org__name")
    )  # fmt: skip
    minutes = int(registry.value("fever.triage_minutes", at, scope=by.scope).value)
    hours = registry.clock("fever.result", at, scope=by.scope).hours or 0
    limits = timedelta(minutes=minutes), timedelta(hours=hours)
    return tuple(
        VisitRow(v, v.org.name, waits.get(v.pk, ""), lateness(v, at, *limits)) for v in held
    )


def lateness(visit: FeverVisit, at: datetime, triage: timedelta, result: timedelta) -> str:
    """What an open visit is late with; "" when nothing."""
    if visit.closed_at is not None:
        return ""
    if visit.triaged_at is None:
        return "triage" if at - visit.arrived_at > triage else ""
    waited = at - (visit.tested_at or visit.triaged_at)
    done = visit.result in {"negative", "positive"}
    return "result" if not done and waited > result else ""


def offered_to(*, by: Actor) -> list[FeverHandover]:
    """Hand-overs that wait for this institution's signature. One query."""
    rows = FeverHandover.objects.filter(to_org=by.org_id, taken_at=None, refused_at=None)
    return list(rows.select_related("visit", "from_org").order_by("offered_at"))


def ledger_of_visit(visit: FeverVisit) -> list[FeverHandover]:
    """Every hand-over of a visit with both its times. One query."""
    return list(visit.handovers.select_related("from_org", "to_org").order_by("offered_at"))
