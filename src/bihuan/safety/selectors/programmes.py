"""A campaign of several years: phases, topics with their two lists, coverage by place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count as Counted
from django.db.models import Q

from bihuan.core.clock import local_date
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.safety.models import Campaign, Establishment, Inspection, Phase, SystemMeasure, Topic
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


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place below the campaign's: checked of all its places of the sector."""

    place: Place
    checked: int
    total: int

    @property
    def left(self) -> int:
        """Places nobody has seen yet."""
        return self.total - self.checked


def coverage(row: Campaign, *, by: Actor) -> tuple[PlaceRow, ...]:
    """How far each place right below the reader's is, the least first. Three queries."""
    depth = by.scope.count(".") + 1

    def below(scope: str) -> str:
        return "".join(f"{part}." for part in scope.split(".")[:depth])

    places = Establishment.objects.filter(sight(by), sector=row.sector_id, closed_at=None)
    total: dict[str, int] = {}
    for scope, n in places.values_list("scope").annotate(n=Counted("pk")).order_by():
        total[below(scope)] = total.get(below(scope), 0) + n
    looked = Inspection.objects.filter(sight(by), campaign=row, ended_at__isnull=False)
    checked: dict[str, int] = {}
    seen = looked.values_list("scope").annotate(n=Counted("establishment", distinct=True))
    for scope, n in seen.order_by():
        checked[below(scope)] = checked.get(below(scope), 0) + n
    known = Place.objects.filter(path__in=total, valid_to=None).order_by("path")
    rows = [PlaceRow(place, checked.get(place.path, 0), total[place.path]) for place in known]
    return tuple(sorted(rows, key=lambda one: (one.checked / one.total, one.place.path)))
