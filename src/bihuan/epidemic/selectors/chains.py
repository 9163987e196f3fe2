"""What chains are made of: cases with their day, who named whom, who was where."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from bihuan.core.audit.services import System
from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import (
    Case,
    CaseClass,
    CasePlace,
    CaseSource,
    Contact,
    Event,
    LineRow,
)
from bihuan.epidemic.models.cases import number_of
from bihuan.epidemic.selectors.sight import apart, cards_then, cases_seen

MOST = 2_000  # cases that one picture can hold
NODE = ("pk", "reported_at", "kind_then", "place__name", "scope", "found_in", "onset",
        "diagnosed_at", "source_then")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Node:
    """A case as the picture needs it: number, day, where, who is held to be its source."""

    id: int
    number: str
    label: str  # as an imported list called it
    kind: str
    place: str
    scope: str
    found_in: str
    day: date
    by_onset: bool
    source: int | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A case at a place."""

    case: int
    name: str
    first: date
    last: date


def nodes_of(*, event: Event, by: Actor | System, at: datetime) -> list[Node]:
    """Cases of an event in the reader's place, in order of their day. Three queries.

    Their card, their class, their source and what was merged are those held at the moment.
    """
    rows = Case.objects.filter(apart(at), cases_seen(by), event=event, reported_at__lte=at)
    classes = CaseClass.objects.filter(case=OuterRef("pk"), at__lte=at).order_by("-at", "-pk")
    sources = CaseSource.objects.filter(case=OuterRef("pk"), at__lte=at).order_by("-at", "-pk")
    then = rows.annotate(
        kind_then=Coalesce(Subquery(classes.values("kind")[:1]), "kind"),
        source_then=Subquery(sources.values("source")[:1]),
    ).exclude(kind_then="excluded")
    held = list(then.order_by("-pk").values_list(*NODE)[:MOST])  # rows: the page asks twice for all
    labels = dict(
        LineRow.objects.filter(case__in=[pk for pk, *_rest in held]).values_list("case_id", "label")
    )
    cards = cards_then(rows, at)
    found = []
    for pk, reported, kind, place, scope, way, ill, seen, source in held:
        card = cards.get(pk)
        onset, found_in = (card.onset, card.found_in) if card else (ill, way)
        found.append(
            Node(pk, number_of(pk, reported), labels.get(pk, ""), kind, place, scope, found_in,
                 onset or local_date(seen), onset is not None, source)
        )  # fmt: skip
    return sorted(found, key=lambda node: (node.day, node.id))


def named_pairs(*, event: Event, at: datetime) -> list[tuple[int, int]]:
    """(infected, possible source): somebody was a contact of the other before. One query."""
    rows = Contact.objects.filter(event=event, found_at__lte=at).exclude(became_case=None)
    return list(rows.values_list("became_case_id", "case_id"))


def stays_of(*, event: Event, at: datetime) -> list[Stay]:
    """Where the cases of an event were. One query."""
    rows = CasePlace.objects.filter(apart(at, "case"), case__event=event, noted_at__lte=at)
    told = rows.exclude(case__kind="excluded").values_list("case_id", "name", "first", "last")
    return [Stay(*row) for row in told.order_by("name", "first", "pk")]


def rings_of(*, event: Event, at: datetime) -> dict[int, list[datetime | None]]:
    """When the contacts of each case were placed, None: not yet; only who is managed. One query."""
    rows = Contact.objects.filter(event=event, found_at__lte=at).exclude(release_at=None)
    rings: dict[int, list[datetime | None]] = defaultdict(list)
    for case, placed in rows.values_list("case_id", "placed_at"):
        rings[case].append(placed if placed is not None and placed <= at else None)
    return dict(rings)


def places_of(case: Case) -> Sequence[CasePlace]:
    """Where one case was, latest first. One query."""
    return list(case.places.order_by("-first", "-pk"))


def others_there(case: Case, by: Actor) -> list[tuple[CasePlace, str]]:
    """Other cases of the event at the same places in overlapping days. One query."""
    mine = {row.name: row for row in places_of(case)}
    rows = CasePlace.objects.filter(case__event=case.event_id, name__in=mine).exclude(case=case)
    seen = rows.filter(case__in=Case.objects.filter(cases_seen(by))).select_related("case")
    return [
        (row, row.case.number)
        for row in seen.order_by("name", "first")
        if row.first <= mine[row.name].last and mine[row.name].first <= row.last
    ]
