"""Plans and lines of screening in the demonstration: one plan accepted, one returned, one leak or two.

All of it is invented. Acts are those of the product's own services.
"""

from datetime import datetime, timedelta

from django.db import transaction

from bihuan.config.demo.inquiries import post_at
from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Role
from bihuan.core.places.models import Place
from bihuan.epidemic.models import Event
from bihuan.epidemic.services.defences import NewCount, draw_lines, note_caught, note_leaks
from bihuan.epidemic.services.nodeplans import decide_plan, open_plan, set_targets, submit_plan

PREVENTION = {"report": 98, "isolate": 95, "screened": 98}
TREATMENT = {"beds": 400, "icu": 30, "paediatric": 40, "staff": 60, "medicine": 2000}


@transaction.atomic
def load_targets(*, province: str, at: datetime) -> None:
    """Two counties with plans; the lines of the first event with what leaked."""
    counties = Place.objects.filter(code__startswith=province, level="county", valid_to=None)
    here, near = counties.order_by("code")[:2]
    _plan(here, PREVENTION | TREATMENT, at - timedelta(days=9))
    _plan(near, PREVENTION, at - timedelta(days=3))
    event = Event.objects.filter(scope=here.path, disease="unknown").order_by("pk")[0]
    expert = post_at(here, Role.EPIDEMIOLOGY, at)
    draw_lines(event_id=event.pk, at_risk=400, source="同时段到过农贸市场的人和同车旅客", by=expert,
               at=at - timedelta(hours=26))  # fmt: skip
    noted = at - timedelta(hours=2)  # after midnight that was yesterday
    for order, n in enumerate((352, 36, 9), start=1):
        given = NewCount(order, local_date(noted), n)
        note_caught(event_id=event.pk, given=given, by=expert, at=noted)
    note_leaks(event_id=event.pk, found_on=local_date(noted), n=2, by=expert,
               at=at - timedelta(hours=1))  # fmt: skip


def _plan(place: Place, targets: dict[str, int], at: datetime) -> None:
    """A plan of a place, handed in; a whole one is accepted above."""
    office = post_at(place, Role.OFFICE, at)
    row = open_plan(year=local_date(at).year, by=office, at=at)
    set_targets(plan_id=row.pk, targets=targets, by=office, at=at)
    row = submit_plan(plan_id=row.pk, by=office, at=at)
    if row.state == "submitted":
        assert place.parent is not None
        decide_plan(plan_id=row.pk, accept=True, by=post_at(place.parent, Role.OFFICE, at), at=at)
