"""A surge in small: many report at once, none is lost, none is doubled, every clock runs."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import connection

from bihuan.core.loops.models import Obligation
from bihuan.core.vault.models import Sealed
from bihuan.core.vault.types import Identity
from bihuan.epidemic.models import Case
from bihuan.epidemic.selectors.workload import team_rows
from bihuan.epidemic.services.cases import report_case
from tests.epidemic.builders import add_health
from tests.epidemic.conftest import card, make_event
from tests.factories import build_world

CARDS, REPORTERS = 24, 4


@pytest.mark.django_db(transaction=True)
def test_everybody_who_reports_at_once_is_heard_and_the_queue_is_seen(at):
    world = add_health(build_world(at))
    event = make_event(world, at)
    by, cdc = world.clinic, world.cdc
    given = card(world, event, at)

    def report(n: int) -> str:
        person = Identity(
            name=f"{chr(0x4E00 + n * 7)}{chr(0x5E00 + n * 11)}", phone=f"139{n * 9973:08}"
        )
        try:
            return report_case(card=replace(given, person=person), by=by, at=at).number
        finally:
            connection.close()

    with ThreadPoolExecutor(REPORTERS) as pool:
        numbers = list(pool.map(report, range(CARDS)))
    assert len(set(numbers)) == Case.objects.count() == Sealed.objects.count() == CARDS
    assert Obligation.objects.filter(flow="inquiry").count() == 2 * CARDS
    assert sum(row.open for row in team_rows(by=cdc, at=at)) == 2 * CARDS
