"""Hazards as lists and pages show them; criteria; what is due to be looked at again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from bihuan.core.errors import Invalid
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.safety.models import Hazard, NearMiss
from bihuan.safety.rules.hazards import Weights, attention_score
from bihuan.safety.selectors.catalogue import HAZARD

PAGE = 50


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of hazards is narrowed to; it lives in the page's address."""

    text: str = ""
    grade: str = ""
    stage: str = ""  # open | overdue | closed | recheck
    sector: str = ""
    establishment: str = ""
    under: str = ""


EVERYTHING = Wanted()


@dataclass(frozen=True, slots=True)
class HazardRow:
    """One hazard in a list."""

    id: int
    number: str
    title: str
    establishment_id: int
    establishment: str
    place: str
    sector: str
    grade: str
    state: str
    origin: str
    owner: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    recheck_at: datetime | None
    interim: str


def hazards(
    *, by: Actor, at: datetime, wanted: Wanted = EVERYTHING, after: str = "", size: int = PAGE
) -> tuple[tuple[HazardRow, ...], str]:
    """Hazards the post may see, newest first, and the key that goes on. One query."""
    rows = Obligation.objects.filter(sight(by), _narrowed(wanted, at), hazard__isnull=False)
    if after:
        if not after.isdecimal():
            raise Invalid("page.bad_key", field="after")
        rows = rows.filter(pk__lt=int(after))
    rows = rows.select_related(
        "brief", "problem", "place", "owner_post", "hazard__establishment__venue"
    )
    found = list(rows.order_by("-pk")[: size + 1])
    more = str(found[size - 1].pk) if len(found) > size else ""
    return tuple(_row(row) for row in found[:size]), more


def _narrowed(wanted: Wanted, at: datetime) -> Q:
    narrowed = Q(flow="problem", origin__startswith=HAZARD)
    if wanted.grade:
        narrowed &= Q(problem__grade=wanted.grade)
    if wanted.sector:
        narrowed &= Q(sector=wanted.sector)
    if wanted.establishment.isdecimal():
        narrowed &= Q(origin=f"{HAZARD}{wanted.establishment}")
    if wanted.text:
        narrowed &= Q(brief__title__icontains=wanted.text)
    if wanted.under:
        narrowed &= within("scope", wanted.under)
    stages = {
        "open": Q(closed_at=None), "closed": Q(closed_at__isnull=False),
        "overdue": Q(closed_at=None, due_at__lte=at),
        "recheck": Q(problem__recheck_at__lte=at, state__in=("verified", "closed")),
    }  # fmt: skip
    return narrowed & stages.get(wanted.stage, Q())


def _row(row: Obligation) -> HazardRow:
    place = row.hazard.establishment
    return HazardRow(
        row.pk, row.number, row.brief.title, place.pk, place.venue.name, row.place.name,
        row.sector, row.problem.grade, row.state, row.problem.origin_kind, row.owner_post.title,
        row.opened_at, row.due_at, row.closed_at, row.problem.recheck_at, row.problem.interim,
    )  # fmt: skip


def criteria(*, sector: str, at: datetime, scope: str) -> tuple[dict[str, Any], ...]:
    """The criteria of a major hazard that are read in a sector; all where it has none."""
    rows = registry.table("safety_criterion", at, scope=scope)
    own = tuple(row for row in rows if sector in row["sectors"])
    return own or rows


@dataclass(frozen=True, slots=True)
class Score:
    """How a site stands with what it tells itself against what others find, in a year (M126)."""

    value: float
    near_misses: int
    own_finds: int
    found_by_others: int


def score(*, establishment_id: int, at: datetime, scope: str) -> Score:
    """The score of a place the caller has seen. Two queries."""
    since = at - timedelta(days=365)
    hazards_of = Hazard.objects.filter(
        establishment=establishment_id, obligation__opened_at__gt=since
    )
    own = hazards_of.aggregate(
        own=Count("pk", filter=Q(own_find=True)), others=Count("pk", filter=Q(own_find=False))
    )
    told = NearMiss.objects.filter(establishment=establishment_id, told_at__gt=since).count()
    weights = Weights(*(
        float(registry.value(f"attention.{name}", at, scope=scope).value)
        for name in ("near_miss", "own_find", "found_by_others")
    ))  # fmt: skip
    value = attention_score(near_misses=told, own_finds=own["own"],
                            found_by_others=own["others"], weights=weights)  # fmt: skip
    return Score(value, told, own["own"], own["others"])
