"""Hazards as lists and pages show them; criteria; what is due to be looked at again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from bihuan.core.loops.models import Problem, number_of
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import CITY, COUNTY
from bihuan.safety.models import Campaign, Hazard, NearMiss
from bihuan.safety.rules.hazards import Weights, attention_score
from bihuan.safety.selectors.area import Part, in_sight, newest_keys
from bihuan.safety.selectors.catalogue import HAZARD
from bihuan.safety.selectors.inspections import campaign_hazards

PAGE = 50
UNGRADED = "none"
LATELY = 1_000  # of the newest major ones a page of a large area is nearly always among so many
# Seven whole models for each row would take half of the page's time.
SHOWN = (
    "obligation_id", "obligation__flow", "obligation__opened_at", "obligation__brief__title",
    "establishment_id", "establishment__venue__name", "obligation__place__name",
    "obligation__sector", "obligation__problem__grade", "obligation__state",
    "obligation__problem__origin_kind", "obligation__owner_post__title", "obligation__due_at",
    "obligation__closed_at", "obligation__problem__recheck_at", "obligation__problem__interim",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of hazards is narrowed to; it lives in the page's address."""

    text: str = ""
    grade: str = ""
    stage: str = ""  # open | overdue | closed | recheck
    sector: str = ""
    establishment: str = ""
    under: str = ""
    campaign: str = ""  # found while it ran, in its sector and area


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
    """Hazards the post may see, newest first, and the key that goes on. Two queries.

    Four for a department, three for a unit. What is open is few of many: it is asked for by the
    scope of the loops, which have an index of the open ones alone.
    """
    is_open = wanted.stage in {"open", "overdue"}
    scope = "obligation__scope" if is_open else "scope"
    parts = in_sight(by=by, path=wanted.under, scope=scope, loop="obligation__")
    # Major ones are so few that the newest of a city are soon met among those of everybody.
    sorted_from = COUNTY if wanted.grade == "major" else CITY
    if is_open and len(wanted.under or by.scope) >= sorted_from:
        parts = tuple(replace(part, few=True) for part in parts)
    rows = Hazard.objects.filter(_narrowed(wanted, at))
    keys, more = _newest_major(rows, parts, wanted, after, size)
    if not more:
        keys, more = newest_keys(rows, parts, after=after, size=size)
    found = Hazard.objects.filter(pk__in=keys).order_by("-pk").values_list(*SHOWN, named=True)
    return tuple(_row(row) for row in found), more


def _newest_major(
    rows: QuerySet[Hazard], parts: Sequence[Part], wanted: Wanted, after: str, size: int
) -> tuple[list[int], str]:
    """A full page of major hazards from among the newest of everybody; else nothing.

    Of a large area the planner would join all major ones with all open ones (109 ms for 10): it
    cannot know that those that are major are mostly open.
    """
    if wanted.grade != "major" or all(part.few for part in parts):
        return [], ""
    newest = Problem.objects.filter(grade="major").order_by("-obligation")
    if after.isdecimal():
        newest = newest.filter(obligation__lt=int(after))
    lately = newest.values("obligation")[:LATELY]
    keys, more = newest_keys(rows.filter(pk__in=lately), parts, after=after, size=size)
    return (keys, more) if more else ([], "")


def _narrowed(wanted: Wanted, at: datetime) -> Q:
    narrowed = Q()
    if wanted.grade:
        grade = "" if wanted.grade == UNGRADED else wanted.grade
        narrowed &= Q(obligation__problem__grade=grade)
    if wanted.campaign.isdecimal():
        narrowed &= _of_campaign(int(wanted.campaign))
    if wanted.sector:
        narrowed &= Q(obligation__sector=wanted.sector)
    if wanted.establishment.isdecimal():
        narrowed &= Q(establishment=int(wanted.establishment))
    if wanted.text:
        narrowed &= Q(obligation__brief__title__icontains=wanted.text)
    is_open = Q(obligation__closed_at__isnull=True, obligation__flow="problem",
                obligation__origin__startswith=HAZARD)  # fmt: skip
    stages = {
        "open": is_open, "closed": Q(obligation__closed_at__isnull=False),
        "overdue": is_open & Q(obligation__due_at__lte=at),
        "recheck": Q(obligation__problem__recheck_at__lte=at,
                     obligation__state__in=("verified", "closed")),
    }  # fmt: skip
    return narrowed & stages.get(wanted.stage, Q())


def _of_campaign(campaign_id: int) -> Q:
    """What the figures of a campaign count. One query."""
    row = Campaign.objects.filter(pk=campaign_id).first()
    return Q(obligation__in=campaign_hazards(row)) if row is not None else Q(pk__in=())


def _row(row: Any) -> HazardRow:
    flow, opened_at, key = row.obligation__flow, row.obligation__opened_at, row.obligation_id
    return HazardRow(
        key, number_of(flow, opened_at, key), row.obligation__brief__title, row.establishment_id,
        row.establishment__venue__name, row.obligation__place__name, row.obligation__sector,
        row.obligation__problem__grade, row.obligation__state, row.obligation__problem__origin_kind,
        row.obligation__owner_post__title, opened_at, row.obligation__due_at,
        row.obligation__closed_at, row.obligation__problem__recheck_at,
        row.obligation__problem__interim,
    )  # fmt: skip


def is_hazard(*, obligation_id: int) -> bool:
    """Whether a loop the caller has seen is a hazard of an establishment. One query."""
    return Hazard.objects.filter(pk=obligation_id).exists()


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
