"""Places that several offices would inspect, of whatever domain, and the visits that were merged."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.looks import Look, Spot, looks_at
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.safety.models import Assignment, Checklist, Establishment, Inspection, JointVisit
from bihuan.safety.selectors.inspections import checklists

MOST = 100
KNOWN = Q(establishment__owner_org__isnull=False) | Q(establishment__fields__dormitory=True)
Where = tuple[int, date]


@dataclass(frozen=True, slots=True)
class Owed:
    """A look that another domain owes there, and the list that a visit would take along."""

    look: Look
    checklist: Checklist


@dataclass(frozen=True, slots=True)
class Clash:
    """One place and day with the stops of all offices that ask for it, and the looks owed there."""

    establishment: Establishment
    day: date
    stops: tuple[Assignment, ...]
    visit: JointVisit | None
    own_joined: bool  # the reader's office has offered or agreed
    looks: tuple[Owed, ...] = ()  # not yet taken along

    @property
    def merged(self) -> bool:
        """Whether one visit is agreed, and nothing else is owed there."""
        return self.visit is not None and self.visit.agreed_at is not None and not self.looks

    @property
    def begun(self) -> bool:
        """Whether anything was done, so that it can no longer be parted."""
        return any(stop.inspection_id for stop in self.stops)


def clashes(*, by: Actor, at: datetime) -> tuple[Clash, ...]:
    """From today on, the places that the reader's office and another ask for on one day.

    Looks that any domain owes there soon count as asked for. Those not yet merged come first.
    """
    owed = _owed_near(by, at)
    wanted = _asked_by_two(by, at) | owed.keys()
    if not wanted:
        return ()
    rows = Assignment.objects.filter(
        establishment__in={pk for pk, _day in wanted}, day__in={day for _pk, day in wanted}
    ).select_related(
        "establishment__venue__place", "checklist", "post", "asked_by", "joint__goes__org",
        "joint__offered_by", "inspection",
    )  # fmt: skip
    grouped: dict[Where, list[Assignment]] = {}
    for row in rows.order_by("day", "establishment", "asked_by", "pk"):
        if (row.establishment_id, row.day) in wanted:
            grouped.setdefault((row.establishment_id, row.day), []).append(row)
    found = [_clash(stops, by, owed.get(where, [])) for where, stops in grouped.items()]
    return tuple(sorted(found, key=lambda one: (one.merged, one.day, one.establishment.pk)))


def _asked_by_two(by: Actor, at: datetime) -> set[Where]:
    """Where the reader's office asks, and another office or domain beside it. One query."""
    here = Assignment.objects.filter(establishment=OuterRef("establishment"), day=OuterRef("day"))
    other = here.exclude(asked_by=by.org_id) | here.exclude(look="")
    own = Assignment.objects.filter(Exists(other), asked_by=by.org_id, day__gte=local_date(at))
    return set(own.order_by("day").values_list("establishment", "day")[:MOST])


def _owed_near(by: Actor, at: datetime) -> dict[Where, list[Owed]]:
    """Looks owed where the reader's office goes, or owed by it where others go."""
    asks = Q(asked_by=by.org_id)
    if by.role is Role.OFFICE:  # the headquarters' office owes looks in its whole area
        asks |= within("establishment__scope", by.scope)
    rows = Assignment.objects.filter(asks & KNOWN, inspection=None, day__gte=local_date(at))
    near = rows.order_by("day", "establishment").values_list(
        "establishment", "day", "establishment__venue", "establishment__owner_org", "asked_by"
    )
    spots: dict[Where, Spot] = {}
    own: set[Where] = set()
    for pk, day, venue, unit, office in near[: 3 * MOST]:
        spots[pk, day] = Spot(venue, unit)
        if office == by.org_id:
            own.add((pk, day))
    found = owed_at(spots, scope=by.scope, at=at)
    return {
        where: owed for where, owed in found.items()
        if where in own or any(one.look.office.pk == by.org_id for one in owed)
    }  # fmt: skip


def owed_at(
    spots: Mapping[Where, Spot], *, scope: str, at: datetime
) -> dict[Where, list[Owed]]:  # fmt: skip
    """The looks that visits to some places on some days could take along, each once, the soonest.

    A look is taken along from so many days before its last one. None that a visit has taken, and
    none whose list is not loaded. No query where there are no spots or no looks.
    """
    looks = looks_at(list(spots.values()), at)
    if not looks:
        return {}
    ahead = timedelta(days=int(registry.value("joint.ahead_days", at, scope=scope).value))
    keys = [look.key for look in looks]
    taken = Assignment.objects.filter(look__in=keys, inspection=None, day__gte=local_date(at))
    gone = set(taken.values_list("look", flat=True))
    lists = {row.code: row for row in checklists()}
    found: dict[Where, list[Owed]] = {}
    for look in looks:
        where = next((key for key in sorted(spots, key=lambda key: key[1])
                      if look.is_at(spots[key]) and look.due <= key[1] + ahead), None)  # fmt: skip
        if where is not None and look.key not in gone and look.checklist in lists:
            found.setdefault(where, []).append(Owed(look, lists[look.checklist]))
    return found


def owed_there(place: Establishment, day: date, *, at: datetime) -> list[Owed]:
    """The looks that a visit to one place on one day could take along."""
    where = (place.pk, day)
    spot = Spot(place.venue_id, place.owner_org_id)
    return owed_at({where: spot}, scope=place.scope, at=at).get(where, [])


def _clash(stops: Sequence[Assignment], by: Actor, owed: Sequence[Owed]) -> Clash:
    visit = next((stop.joint for stop in stops if stop.joint is not None), None)
    joined = any(stop.joint_id and stop.asked_by_id == by.org_id for stop in stops)
    joined |= visit is not None and visit.offered_by_id == by.org_id
    if visit is not None and visit.agreed_at is not None:  # what fell due since may still join
        joined &= all(one.look.office.pk != by.org_id for one in owed)
    begun = any(stop.inspection_id for stop in stops)
    return Clash(stops[0].establishment, stops[0].day, tuple(stops), visit, joined,
                 () if begun else tuple(owed))  # fmt: skip


def unmerged(*, by: Actor, at: datetime) -> int:
    """How many places wait for one visit to be agreed."""
    return sum(not one.merged and not one.begun for one in clashes(by=by, at=at))


@dataclass(frozen=True, slots=True)
class Saved:
    """Visits that joining spared the places of the reader's area since the year began."""

    since: date
    joint: int = 0  # visits made
    instead_of: int = 0  # visits asked for
    ahead: int = 0  # that agreed visits still to come will spare

    @property
    def saved(self) -> int:
        """How many fewer."""
        return self.instead_of - self.joint


def saved_visits(*, by: Actor, at: datetime) -> Saved:
    """What was saved: every office and every look owed would have been a visit. One query.

    A joint visit counts as made once each of its stops has its inspection.
    """
    today = local_date(at)
    told = Saved(today.replace(month=1, day=1))
    seen = Establishment.objects.filter(sight(by, sectors=True))
    own = Assignment.objects.filter(joint=OuterRef("pk"), asked_by=by.org_id)
    rows = JointVisit.objects.filter(
        Q(establishment__in=seen) | Exists(own), agreed_at__isnull=False, day__gte=told.since
    )
    counted = rows.annotate(left=Count("stops", filter=Q(stops__inspection=None)))
    pairs = counted.values_list("pk", "day", "left", "stops__asked_by", "stops__look").distinct()
    parties: dict[tuple[int, date, int], int] = {}
    for pk, day, left, office, _look in pairs:
        if office is not None:
            parties[pk, day, left] = parties.get((pk, day, left), 0) + 1
    for (_pk, day, left), n in parties.items():
        if not left:
            told = replace(told, joint=told.joint + 1, instead_of=told.instead_of + n)
        elif day >= today:
            told = replace(told, ahead=told.ahead + n - 1)
    return told


def fetch_visit(*, visit_id: int, by: Actor, at: datetime, lock: bool = False) -> JointVisit:
    """The one door to a joint visit: for the offices that ask for its place or owe a look there.

    Raises NotFound("joint.not_found").
    """
    rows = JointVisit.objects.select_related("establishment__venue", "goes")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(pk=visit_id).first()
    if row is None or by.org_id not in offices_of(row.establishment, row.day, at=at):
        raise NotFound("joint.not_found", id=visit_id)
    return row


def offices_of(place: Establishment, day: date, *, at: datetime) -> Collection[int]:
    """The offices that ask for a place on a day, or owe a look that could be taken along."""
    asked = Assignment.objects.filter(establishment=place, day=day)
    owed = {one.look.office.pk for one in owed_there(place, day, at=at)}
    return owed | set(asked.values_list("asked_by", flat=True))


def asked_for(row: Inspection) -> tuple[str, ...]:
    """The offices whose asking an inspection satisfies. One query."""
    stops = Assignment.objects.filter(inspection=row).order_by("asked_by")
    return tuple(dict.fromkeys(stops.values_list("asked_by__name", flat=True)))


def done_by(org_id: int) -> Q:
    """The stops whose inspection is made by an organisation: its own, or those it goes for."""
    own = Q(post__org=org_id, joint__agreed_at=None)
    return own | Q(joint__goes__org=org_id, joint__agreed_at__isnull=False)
