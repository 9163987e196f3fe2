"""What the heat campaign owes on a day, how far it is, and the forecasts ahead (M132)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count as Counted
from django.db.models import Q

from bihuan.core.clock import day_start
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.types import Value
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.safety.models import Assignment, Forecast
from bihuan.safety.rules.heat import Result

FAILED = Q(inspection__found__gt=0)
DEPTH = 4  # a township's path has four parts


@dataclass(frozen=True, slots=True)
class HeatDay:
    """A day of the campaign: the results in sum and by township, the tasks to tell them."""

    day: date
    whole: Result
    places: tuple[tuple[str, Result], ...]
    forecasts: tuple[Forecast, ...]
    evening: datetime
    hour: Value
    limit: Value

    @property
    def tasks(self) -> tuple[Forecast, ...]:
        """The forecasts that made somebody owe the day's results."""
        return tuple(one for one in self.forecasts if one.task is not None)


def evening_of(day: date, *, scope: str, at: datetime) -> tuple[datetime, Value]:
    """By when the results of a day are told, and the rule that says so. No query."""
    hour = registry.value("heat.evening_hour", at, scope=scope)
    return day_start(day) + timedelta(hours=float(hour.value)), hour


def heat_day(*, day: date, by: Actor, at: datetime) -> HeatDay:
    """A day's results in the reader's area. Three queries."""
    stops = Assignment.objects.filter(
        within("establishment__scope", by.scope), plan__forecast__isnull=False, day=day
    )
    told = stops.values("establishment__scope").annotate(
        owed=Counted("establishment", distinct=True),
        checked=Counted("establishment", distinct=True, filter=Q(inspection__isnull=False)),
        failed=Counted("establishment", distinct=True, filter=FAILED),
    )  # fmt: skip
    sums: dict[str, list[int]] = {}
    for row in told.order_by():
        town = "".join(f"{part}." for part in row["establishment__scope"].split(".")[:DEPTH])
        mine = sums.setdefault(town, [0, 0, 0])
        for place, n in enumerate((row["owed"], row["checked"], row["failed"])):
            mine[place] += n
    names = dict(Place.objects.filter(path__in=sums, valid_to=None).values_list("path", "name"))
    places = [(names.get(path, path), Result(*sums[path])) for path in sums]
    places.sort(key=lambda one: (-one[1].left, one[0]))
    whole = Result(*(sum(row[n] for row in sums.values()) for n in range(3)))
    evening, hour = evening_of(day, scope=by.scope, at=at)
    limit = registry.value("heat.celsius", at, scope=by.scope)
    return HeatDay(day, whole, tuple(places), _forecasts(day, by), evening, hour, limit)


def _forecasts(day: date, by: Actor) -> tuple[Forecast, ...]:
    rows = Forecast.objects.filter(within("scope", by.scope), day=day)
    return tuple(rows.select_related("place", "plan", "task").order_by("-celsius", "scope"))


def forecasts_ahead(*, day: date, by: Actor) -> Sequence[Forecast]:
    """Forecasts of the area after a day, the nearest first. One query."""
    rows = Forecast.objects.filter(within("scope", by.scope), day__gt=day)
    return list(rows.select_related("place", "plan").order_by("day", "-celsius", "scope")[:100])
