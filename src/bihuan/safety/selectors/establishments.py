"""Establishments as lists and pages show them, and how much of the base is known."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from bihuan.core.audit.selectors import TimelineRow, timeline
from bihuan.core.errors import NotFound
from bihuan.core.orgs.models import Party, Post, Sector, Slot
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.safety.models import Campaign, Count, Establishment, Inspection, Kind, Statement
from bihuan.safety.rules.fields import Field, fields_of
from bihuan.safety.rules.limits import Limit, limits_of
from bihuan.safety.selectors.area import in_sight, newest
from bihuan.safety.selectors.tallies import place_counts

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of establishments is narrowed to; it lives in the page's address."""

    text: str = ""
    kind: str = ""
    sector: str = ""
    colour: str = ""
    surveyed: str = ""  # yes | no
    under: str = ""  # path of a place
    unseen: str = ""  # a campaign that has not inspected it yet


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class EstablishmentRow:
    """One establishment in a list."""

    id: int
    name: str
    kind: Kind
    sector: Sector | None
    place: str
    place_id: int
    place_code: str
    code: str
    address: str
    registered_in: str
    head: str
    colour: str
    surveyed_at: datetime | None
    fields: dict[str, Any]


def fetch_establishment(*, establishment_id: int, by: Actor, lock: bool = False) -> Establishment:
    """The one door to an establishment. Raises NotFound("establishment.not_found")."""
    rows = Establishment.objects.select_related("venue__place", "venue__sector", "kind")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(sight(by), pk=establishment_id).first()
    if row is None:
        raise NotFound("establishment.not_found", id=establishment_id)
    return row


def establishment_row(row: Establishment) -> EstablishmentRow:
    """One establishment, its venue, place, sector and kind loaded, as lists show it."""
    venue = row.venue
    return EstablishmentRow(
        row.pk, venue.name, row.kind, venue.sector, venue.place.name, venue.place_id,
        venue.place.code, row.code, row.address, row.registered_in, row.head, row.colour,
        row.surveyed_at, row.fields,
    )  # fmt: skip


def _narrowed(wanted: Wanted) -> QuerySet[Establishment]:
    rows = Establishment.objects.filter(closed_at=None)
    for name, value in (("kind", wanted.kind), ("sector", wanted.sector),
                        ("colour", wanted.colour)):  # fmt: skip
        if value:
            rows = rows.filter(**{name: value})
    if wanted.text:
        rows = rows.filter(Q(venue__name__icontains=wanted.text) | Q(code=wanted.text))
    if wanted.surveyed:
        rows = rows.filter(surveyed_at__isnull=wanted.surveyed == "no")
    if wanted.unseen.isdecimal():
        rows = rows.filter(_unseen(int(wanted.unseen)))
    return rows.select_related("venue__place", "venue__sector", "kind")


def _unseen(campaign_id: int) -> Q:
    """What a campaign must see and has not seen yet. One query."""
    row = Campaign.objects.filter(pk=campaign_id).first()
    if row is None:
        return Q(pk__in=())
    seen = Inspection.objects.filter(campaign=row, ended_at__isnull=False)
    owed = within("scope", row.scope) & Q(sector__in=row.sectors)
    return owed & ~Q(pk__in=seen.values("establishment"))


def establishments(
    *, by: Actor, wanted: Wanted = EVERYTHING, after: str = "", size: int = PAGE
) -> tuple[tuple[EstablishmentRow, ...], str]:
    """Establishments the post may see, newest first, and the key that goes on. Two queries.

    Four for a department, three for a unit; one more for what a campaign has not seen.
    """
    parts = in_sight(by=by, path=wanted.under)
    found, more = newest(_narrowed(wanted), parts, after=after, size=size)
    return tuple(establishment_row(row) for row in found), more


def called(text: str, *, by: Actor) -> list[int]:
    """The establishments in sight with a name or licence number, two at most. One query."""
    rows = Establishment.objects.filter(sight(by), closed_at=None)
    return list(rows.filter(Q(venue__name=text) | Q(code=text)).values_list("pk", flat=True)[:2])


@dataclass(frozen=True, slots=True)
class EstablishmentDetail:
    """Everything the page of one establishment shows."""

    row: EstablishmentRow
    own: tuple[tuple[Field, Any], ...]
    slots: tuple[Slot, ...]
    statements: tuple[Statement, ...]
    history: tuple[TimelineRow, ...]
    mine: bool  # the reader's organisation runs it
    venue_id: int
    token: str


def establishment_detail(*, establishment_id: int, by: Actor) -> EstablishmentDetail:
    """One establishment with its four parties and statements. Four queries. Raises NotFound."""
    row = fetch_establishment(establishment_id=establishment_id, by=by)
    slots = {
        slot.party: slot
        for slot in Slot.objects.filter(subject=f"venue:{row.venue_id}").select_related(
            "post", "org"
        )
    }
    empty = [Slot(subject=f"venue:{row.venue_id}", party=party) for party in Party.values]
    statements = row.statements.filter(voided_at=None).select_related("post").order_by("party")
    return EstablishmentDetail(
        establishment_row(row),
        tuple((field, row.fields.get(field.key)) for field in fields_of(row.kind.schema)),
        tuple(slots.get(slot.party, slot) for slot in empty), tuple(statements),
        tuple(timeline(subject=row.subject)), row.owner_org_id == by.org_id, row.venue_id,
        str(row.token),
    )  # fmt: skip


def owner_post(row: Establishment) -> Post | None:
    """Who answers for an establishment: the unit's first post, else the desk of its place.

    At most two queries.
    """
    posts = Post.objects.filter(valid_to=None)
    own = posts.filter(org=row.owner_org_id).order_by("order", "pk").first()
    place = row.venue.place_id
    return own or posts.filter(place=place, desk=True).first()


@dataclass(frozen=True, slots=True)
class Base:
    """How much of the base of risks and hazards is known (M128)."""

    place: Place
    known: int
    surveyed: int
    missing: tuple[tuple[str, str, str, int], ...]  # sector, place, path, how many

    @property
    def percent(self) -> float | None:
        """Per cent with one place; 100.0 is said of all alone."""
        if not self.known:
            return None
        share = round(100 * self.surveyed / self.known, 1)
        return share if self.surveyed == self.known else min(share, 99.9)


def base(*, by: Actor, path: str = "") -> Base:
    """Surveyed of all known places; the others by sector and place below. Five queries.

    Known is every key place of a safety kind, also one that a register brought and that has no
    entry of its own yet.
    """
    counts = place_counts(by=by, path=path)
    kinds = set(Kind.objects.values_list("code", flat=True))
    names = dict(Sector.objects.values_list("code", "name"))
    missing: Counter[tuple[str, str, str]] = Counter()
    known = surveyed = 0
    for part in counts.parts:
        for (kind, sector, bucket), n in part.n.items():
            weight = _KNOWN.get(bucket, 0) * (kind in kinds)
            known += weight * n
            surveyed += n if bucket == "surveyed" else 0
            sign = weight - (bucket == "surveyed")
            missing[names.get(sector, ""), part.name, part.path] += sign * n
    told = [(*key, n) for key, n in missing.items() if n > 0]
    told.sort(key=lambda line: (-line[3], line[2]))
    return Base(counts.place, known, surveyed, tuple(told))


_KNOWN = {"venue": 1, "closed": -1}


def kinds() -> tuple[Kind, ...]:
    """Every kind, by name. One query."""
    return tuple(Kind.objects.select_related("sector").order_by("sector__name", "name"))


def fetch_kind(code: str) -> Kind:
    """One kind. Raises NotFound("kind.not_found")."""
    kind = Kind.objects.select_related("sector").filter(pk=code).first()
    if kind is None:
        raise NotFound("kind.not_found", kind=code)
    return kind


def sectors() -> Sequence[Sector]:
    """Every sector, by name. One query."""
    return list(Sector.objects.order_by("name"))


def latest_counts(*, establishment_id: int, kind: Kind) -> tuple[tuple[Limit, Count | None], ...]:
    """What the kind counts, each with its last count. One query; the caller has seen the place."""
    rows = Count.objects.filter(establishment=establishment_id)
    last = {row.measure: row for row in rows.order_by("measure", "-at").distinct("measure")}
    return tuple((limit, last.get(limit.measure)) for limit in limits_of(kind.limits))
