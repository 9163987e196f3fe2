"""Places that several offices would inspect on one day, and the visits that were merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.safety.models import Assignment, Establishment, Inspection, JointVisit

MOST = 100


@dataclass(frozen=True, slots=True)
class Clash:
    """One place and day with the stops of all offices that ask for it."""

    establishment: Establishment
    day: date
    stops: tuple[Assignment, ...]
    visit: JointVisit | None
    own_joined: bool  # the reader's office has offered or agreed

    @property
    def merged(self) -> bool:
        """Whether one visit is agreed."""
        return self.visit is not None and self.visit.agreed_at is not None

    @property
    def begun(self) -> bool:
        """Whether anything was done, so that it can no longer be parted."""
        return any(stop.inspection_id for stop in self.stops)


def clashes(*, by: Actor, at: datetime) -> tuple[Clash, ...]:
    """From today on, the places that the reader's office and another ask for on one day.

    Those not yet merged come first. Two queries.
    """
    other = Assignment.objects.filter(
        establishment=OuterRef("establishment"), day=OuterRef("day")
    ).exclude(asked_by=by.org_id)
    own = Assignment.objects.filter(Exists(other), asked_by=by.org_id, day__gte=local_date(at))
    wanted = set(own.order_by("day").values_list("establishment", "day")[:MOST])
    rows = Assignment.objects.filter(
        establishment__in={pk for pk, _day in wanted}, day__in={day for _pk, day in wanted}
    ).select_related(
        "establishment__venue__place", "checklist", "post", "asked_by", "joint__goes__org",
        "joint__offered_by", "inspection",
    )  # fmt: skip
    grouped: dict[tuple[int, date], list[Assignment]] = {}
    for row in rows.order_by("day", "establishment", "asked_by", "pk"):
        if (row.establishment_id, row.day) in wanted:
            grouped.setdefault((row.establishment_id, row.day), []).append(row)
    found = [_clash(stops, by) for stops in grouped.values()]
    return tuple(sorted(found, key=lambda one: (one.merged, one.day, one.establishment.pk)))


def _clash(stops: Sequence[Assignment], by: Actor) -> Clash:
    visit = next((stop.joint for stop in stops if stop.joint is not None), None)
    joined = any(stop.joint_id and stop.asked_by_id == by.org_id for stop in stops)
    return Clash(stops[0].establishment, stops[0].day, tuple(stops), visit, joined)


def unmerged(*, by: Actor, at: datetime) -> int:
    """How many places wait for one visit to be agreed. Two queries."""
    return sum(not one.merged and not one.begun for one in clashes(by=by, at=at))


def fetch_visit(*, visit_id: int, by: Actor, lock: bool = False) -> JointVisit:
    """The one door to a joint visit: for the offices that ask for its place that day.

    Raises NotFound("joint.not_found").
    """
    rows = JointVisit.objects.select_related("establishment__venue", "goes")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(pk=visit_id).first()
    asks = (
        row is not None
        and Assignment.objects.filter(
            establishment=row.establishment_id, day=row.day, asked_by=by.org_id
        ).exists()
    )
    if row is None or not asks:
        raise NotFound("joint.not_found", id=visit_id)
    return row


def asked_for(row: Inspection) -> tuple[str, ...]:
    """The offices whose asking an inspection satisfies. One query."""
    stops = Assignment.objects.filter(inspection=row).order_by("asked_by")
    return tuple(dict.fromkeys(stops.values_list("asked_by__name", flat=True)))


def done_by(org_id: int) -> Q:
    """The stops whose inspection is made by an organisation: its own, or those it goes for."""
    own = Q(post__org=org_id, joint__agreed_at=None)
    return own | Q(joint__goes__org=org_id, joint__agreed_at__isnull=False)
