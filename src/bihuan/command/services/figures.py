"""Count large cascades in the background, so that reading them costs nothing."""

from datetime import datetime, timedelta

from django.db.models import Count

from bihuan.command.models import Directive, Figures
from bihuan.command.selectors.figures import counted, written
from bihuan.command.selectors.reach import whole
from bihuan.core.loops.models import Obligation

LARGE = 20_000  # obligations from which a cascade is counted by the worker
OLDEST = timedelta(minutes=10)  # overdue grows with time alone


def refresh_figures(*, at: datetime) -> int:
    """Count every large cascade in which something moved since its last count; how many.

    Safe to repeat and to run twice at a time: the later count stays.
    """
    sizes = Obligation.objects.exclude(origin="").values("origin").annotate(n=Count("id"))
    large = [row["origin"] for row in sizes.filter(n__gte=LARGE)]
    done = 0
    for directive in Directive.objects.filter(origin__in=large).select_related("place"):
        if directive.origin == directive.subject and _moved(directive, at):
            kept = written(counted(directive, whole(directive), at=at))
            Figures.objects.update_or_create(directive=directive, defaults=kept)
            done += 1
    return done


def _moved(directive: Directive, at: datetime) -> bool:
    last = Figures.objects.filter(directive=directive).values_list("at", flat=True).first()
    if last is None or at - last >= OLDEST:
        return True
    rows = Obligation.objects.filter(origin=directive.origin, state_since__gt=last)
    return rows.exists()
