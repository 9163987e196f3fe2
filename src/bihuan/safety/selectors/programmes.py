"""A campaign of several years: phases, topics with their two lists, its teams."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as Counted
from django.db.models import F, Q, QuerySet, Sum

from bihuan.core.clock import local_date
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.safety.models import (
    Assignment,
    Campaign,
    Establishment,
    Inspection,
    Phase,
    SystemMeasure,
    Topic,
)
from bihuan.safety.rules.recurrence import Recurrence
from bihuan.safety.selectors.inspections import campaign_hazards
from bihuan.safety.selectors.sweeps import recurrences


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic: its problems (hazards of its types) and the measures that came out of them.

    `due` means: the attack phase is over and a problem is still open, which is reported.
    """

    id: int
    title: str
    types: tuple[str, ...]
    problems: int
    closed: int
    measures: tuple[tuple[SystemMeasure, Recurrence], ...]
    due: bool


def topics(row: Campaign, *, by: Actor, at: datetime) -> tuple[TopicRow, ...]:
    """Topics of a campaign the reader has fetched, with both lists. Six queries."""
    attack = row.phases.filter(kind="attack").first()
    over = attack is not None and attack.ends < local_date(at)
    counted = campaign_hazards(row).filter(sight(by)).values_list("problem__type_code").annotate(
        n=Counted("pk"), closed=Counted("pk", filter=Q(closed_at__isnull=False))
    ).order_by()  # fmt: skip
    figures = {kind: (n, closed) for kind, n, closed in counted}
    measures = _measures(row, at)
    return tuple(
        _topic(topic, figures, tuple(measures.get(topic.pk, ())), over=over)
        for topic in Topic.objects.filter(campaign=row).order_by("pk")
    )


def _measures(row: Campaign, at: datetime) -> dict[int, list[tuple[SystemMeasure, Recurrence]]]:
    """The measures of each topic, with how often the type they came out of was found since."""
    rows = SystemMeasure.objects.filter(topic__campaign=row)
    rows = rows.select_related("hazard__obligation__problem", "topic").order_by("pk")
    typed = [(one, _types(one)) for one in rows]
    told = recurrences(typed, scope=row.scope, at=at)
    found: dict[int, list[tuple[SystemMeasure, Recurrence]]] = {}
    for one, _kinds in typed:
        found.setdefault(one.topic_id, []).append((one, told[one.pk]))
    return found


def _types(one: SystemMeasure) -> Sequence[str]:
    """The type of the hazard that it came out of, or else all of its topic."""
    own = one.hazard.obligation.problem.type_code if one.hazard is not None else ""
    return [own] if own else one.topic.types


def _topic(
    topic: Topic, figures: dict[str, tuple[int, int]],
    measures: tuple[tuple[SystemMeasure, Recurrence], ...], *, over: bool,
) -> TopicRow:  # fmt: skip
    found = [figures.get(kind, (0, 0)) for kind in topic.types]
    problems, closed = sum(n for n, _c in found), sum(c for _n, c in found)
    return TopicRow(topic.pk, topic.title, tuple(topic.types), problems, closed, measures,
                    over and closed < problems)  # fmt: skip


def phases(row: Campaign) -> Sequence[Phase]:
    """Phases in order. One query."""
    return list(row.phases.order_by("starts"))


def _places(row: Campaign) -> QuerySet[Establishment]:
    """The places a campaign sees, whoever asks."""
    return Establishment.objects.filter(
        within("scope", row.scope), sector__in=row.sectors, closed_at=None
    )


def not_handed_out(row: Campaign) -> QuerySet[Establishment]:
    """The places of a campaign that nobody has inspected for it and that lie on no route of it."""
    seen = Inspection.objects.filter(campaign=row, ended_at__isnull=False)
    stops = Assignment.objects.filter(campaign=row, inspection=None)
    return _places(row).exclude(pk__in=seen.values("establishment")).exclude(
        pk__in=stops.values("establishment")
    ).order_by("pk")  # fmt: skip


@dataclass(frozen=True, slots=True)
class TeamRow:
    """Who inspects for a campaign: places on the routes of a post, seen, past their day, found."""

    post: str
    org: str
    total: int
    done: int
    others: int  # of those done, by another office
    late: int
    found: int


def teams(row: Campaign, *, by: Actor, at: datetime) -> tuple[TeamRow, ...]:
    """The posts that have places of a campaign on their routes, the least done first. One query."""
    today = local_date(at)
    stops = Assignment.objects.filter(within("establishment__scope", by.scope), campaign=row)
    grouped = stops.values("post", "post__title", "post__org__name").annotate(
        total=Counted("pk"), done=Counted("inspection"),
        others=Counted("inspection", filter=~Q(inspection__issuer_org=F("post__org"))),
        late=Counted("pk", filter=Q(inspection=None, day__lt=today)),
        found=Sum("inspection__found"),
    )  # fmt: skip
    rows = [
        TeamRow(one["post__title"], one["post__org__name"], one["total"], one["done"],
                one["others"], one["late"], one["found"] or 0)
        for one in grouped.order_by("post__org__name", "post")
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda one: one.done / one.total))
