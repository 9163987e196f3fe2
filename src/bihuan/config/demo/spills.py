"""Notices outward in the demonstration: one signed for, one missing, one owed to a neighbour.

All of it is invented. Acts are those of the product's own services.
"""

from datetime import datetime, timedelta

from django.db import transaction

from bihuan.config.demo.inquiries import AWAY, post_at
from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Role
from bihuan.core.places.models import Place
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Event, Peer, Spill
from bihuan.epidemic.services.cases import report_case
from bihuan.epidemic.services.spills import (
    NewSpill,
    acknowledge_notice,
    assign_missing,
    find_spills,
    note_exposed,
    send_notice,
)
from bihuan.epidemic.types import Card, FoundIn

HOUR = timedelta(hours=1)
ADVICE = "查同车旅客;有发热的先检测,不必等协查函"


@transaction.atomic
def load_spills(*, province: str, at: datetime) -> None:
    """Three counties and a neighbour that exposed people of the first event went to."""
    counties = Place.objects.filter(code__startswith=province, level="county", valid_to=None)
    here, near, far = counties.order_by("code")[:3]
    event = Event.objects.filter(scope=here.path, disease="unknown").order_by("pk")[0]
    expert = post_at(here, Role.EPIDEMIOLOGY, at)
    home = Place.objects.filter(parent__parent=near, valid_to=None).order_by("code")[0]
    found = at - 9 * HOUR
    report_case(
        card=Card(
            event_id=event.pk, person=Identity(name="贺小满", phone="19988880001"), place_id=home.pk,
            age_band="15-44", diagnosed_at=found - HOUR, findings=frozenset({"fever"}),
            found_in=FoundIn.CLINIC, onset=local_date(found),
        ),
        by=expert, at=found,
    )  # fmt: skip
    find_spills(at=at - 8 * HOUR, event_id=event.pk)
    row = Spill.objects.get(event=event, scope=near.path)
    note_exposed(event_id=event.pk, given=NewSpill(near.code, 3), by=expert, at=at - 8 * HOUR)
    send_notice(spill_id=row.pk, advice=ADVICE, by=expert, at=at - 8 * HOUR)
    acknowledge_notice(spill_id=row.pk, by=post_at(near, Role.OFFICE, at), at=at - 7 * HOUR)
    abroad = NewSpill(AWAY, 1, Peer.objects.exclude(confirmed_at=None).order_by("pk")[0].pk)
    note_exposed(event_id=event.pk, given=abroad, by=expert, at=at - HOUR / 2)
    note_exposed(event_id=event.pk, given=NewSpill(far.code, 2), by=expert, at=at - 5 * HOUR)
    assign_missing(at=at - HOUR)
