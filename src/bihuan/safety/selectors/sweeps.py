"""Learn from one case: the checks at similar places, and whether the type comes back (M042)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count as Counted
from django.db.models import Q

from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Venue
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.safety.models import Hazard, SystemMeasure
from bihuan.safety.rules.recurrence import Recurrence

SHOWN = 100


def site_of(hazard_id: int) -> Venue | None:
    """The place a hazard was found at; None for a problem that is no hazard. One query."""
    row = Hazard.objects.filter(pk=hazard_id).select_related("establishment__venue").first()
    return row.establishment.venue if row is not None else None


@dataclass(frozen=True, slots=True)
class Sweep:
    """The checks that one hazard opened, and how many hazards of its type were found since."""

    total: int
    closed: int
    overdue: int
    found: int
    tasks: tuple[Obligation, ...]  # the first ones, those still open in front

    @property
    def share(self) -> int:
        """Closed of all, in per cent."""
        return round(100 * self.closed / self.total)


def sweep_of(row: Obligation, *, type_code: str, at: datetime) -> Sweep | None:
    """The sweep that a hazard the caller has seen opened; None without one. Three queries."""
    tasks = Obligation.objects.filter(origin=f"sweep:{row.pk}")
    told = tasks.aggregate(
        n=Counted("pk"), closed=Counted("pk", filter=Q(closed_at__isnull=False)),
        overdue=Counted("pk", filter=Q(closed_at=None, due_at__lt=at)),
    )  # fmt: skip
    if not told["n"]:
        return None
    shown = tuple(
        tasks.select_related("brief", "owner_post", "issuer_post").order_by("-closed_at", "pk")[
            :SHOWN
        ]
    )
    found = Obligation.objects.filter(
        within("scope", shown[0].issuer_post.scope), flow="problem", problem__type_code=type_code,
        opened_at__gte=min(task.opened_at for task in shown),
    ).exclude(pk=row.pk)  # fmt: skip
    return Sweep(told["n"], told["closed"], told["overdue"], found.count(), shown)


def recurrences(
    measures: Sequence[tuple[SystemMeasure, Sequence[str]]], *, scope: str, at: datetime
) -> Mapping[int, Recurrence]:
    """How often the types of each measure were found before it and after it. One query.

    Counted are all hazards of the area, whoever found them.
    """
    if not measures:
        return {}
    days = int(registry.value("common_problem.days", at, scope=scope).value)
    window = timedelta(days=days)
    counts = {}
    for one, types in measures:
        of_type = Q(problem__type_code__in=list(types))
        counts[f"before_{one.pk}"] = Counted(
            "pk", filter=of_type & Q(opened_at__gte=one.at - window, opened_at__lt=one.at)
        )
        counts[f"after_{one.pk}"] = Counted(
            "pk", filter=of_type & Q(opened_at__gte=one.at, opened_at__lt=one.at + window)
        )
    first = min(one.at for one, _types in measures) - window
    wanted = {kind for _one, types in measures for kind in types}
    told = Obligation.objects.filter(
        within("scope", scope), flow="problem", opened_at__gte=first, opened_at__lte=at,
        problem__type_code__in=wanted,
    ).aggregate(**counts)  # fmt: skip
    return {
        one.pk: Recurrence(told[f"before_{one.pk}"], told[f"after_{one.pk}"], days,
                           max((at - one.at).days, 0))
        for one, _types in measures
    }  # fmt: skip
