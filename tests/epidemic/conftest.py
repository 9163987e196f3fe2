"""An event of the harbour county, a card, a contact."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bihuan.core.clock import local_date
from bihuan.core.vault.types import Identity
from bihuan.epidemic.services.cases import open_event, report_case
from bihuan.epidemic.services.contacts import name_contact
from bihuan.epidemic.types import Card, FoundIn, NewContact, OrderDraft
from tests.epidemic.builders import LI, add_health
from tests.epidemic.instances import pair, second  # noqa: F401  fixtures
from tests.factories import World, build_world

WANG = Identity(name="王秀英", id_number="110101197001011224", phone="13900002222")


@pytest.fixture
def world(db, at) -> World:
    return add_health(build_world(at))


@pytest.fixture
def event(world, at):
    return make_event(world, at)


def make_event(world, at, disease="unknown"):
    return open_event(
        title="码头镇聚集性发热", disease_code=disease, place_id=world.places["990101"].pk,
        by=world.cdc, at=at,
    )  # fmt: skip


def card(world, event, at, **changes) -> Card:
    given = Card(
        event_id=event.pk, person=LI, place_id=world.places["990101001001"].pk, age_band="15-44",
        diagnosed_at=at - timedelta(hours=1), findings=frozenset({"fever", "severe_respiratory"}),
        found_in=FoundIn.CLINIC, onset=local_date(at) - timedelta(days=2),
    )  # fmt: skip
    return replace(given, **changes)


@pytest.fixture
def case(world, event, at):
    return report_case(card=card(world, event, at), by=world.clinic, at=at)


def contact(world, case, at, **changes):
    day = local_date(at)
    given = NewContact(case_id=case.pk, person=WANG, place_id=world.places["990101001"].pk,
                       exposure="cohabit", first=day - timedelta(days=2), last=day)  # fmt: skip
    return name_contact(given=replace(given, **changes), by=world.cdc, at=at)


def draft(world, event, at, **changes) -> OrderDraft:
    given = OrderDraft(
        event_id=event.pk, place_id=world.places["990101001001"].pk, level="affected",
        unit="building", area="灯塔社区 3 栋", measures=("stay_in",), days=7,
        services=("food", "medicine", "urgent_care", "help_line"), help_line="0999-1234567",
        exceptions="急诊、透析、分娩随时放行", reason="1 例,楼内共用水平通风", people=120, households=40,
        last_case=local_date(at), larger_reason="本栋住户共用电梯",
    )  # fmt: skip
    return replace(given, **changes)
