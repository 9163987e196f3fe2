"""What the counters of work safety say of some days, for goals set above (M198)."""

from datetime import date

from django.db.models import Count as Counted
from django.db.models import Q, Sum

from bihuan.core.clock import day_end, day_start
from bihuan.core.places.types import within
from bihuan.safety.models import Accident
from bihuan.safety.types import AccidentClass

CLASSES = AccidentClass.values  # the mildest first


def accident_figures(*, scope: str, since: date, until: date) -> dict[str, float]:
    """Accidents and deaths of a place in some days; those from a class on. One query.

    The caller has seen the place.
    """
    rows = Accident.objects.filter(
        within("scope", scope), occurred_at__gte=day_start(since), occurred_at__lt=day_end(until)
    )
    told = rows.aggregate(
        accidents=Counted("pk"), deaths=Sum("deaths"),
        larger=Counted("pk", filter=Q(grade__in=CLASSES[CLASSES.index("larger"):])),
        major=Counted("pk", filter=Q(grade__in=CLASSES[CLASSES.index("major"):])),
    )  # fmt: skip
    return {key: float(n or 0) for key, n in told.items()}
