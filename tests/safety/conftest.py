"""The small province with the shipped catalogue of sectors and kinds."""

import pytest

from bihuan.core.audit.services import SYSTEM
from bihuan.core.orgs.models import Org
from bihuan.safety.services.catalogue import load_catalogue
from bihuan.safety.services.establishments import EstablishmentInput, register_establishment
from tests.conftest import NOON
from tests.factories import build_world

OWN = {
    "workshop": {"workers": 60}, "mine": {"mine_type": "煤矿", "licence_until": "2027-01-01"},
    "ferry": {"capacity": 50}, "event": {"crowd_limit": 10000, "exits": 8, "held_on": "2026-04-05"},
    "three_in_one": {"sleepers": 4, "exits": 1},
}  # fmt: skip


@pytest.fixture
def world(db):
    world = build_world(NOON)
    load_catalogue(by=SYSTEM, at=NOON)
    return world


def factory_org(world) -> Org:
    return Org.objects.get(pk=world.factory.org_id)


def place_of(world, code="990101001"):
    return world.places[code].pk


def establish(world, *, name="一号车间", kind="workshop", by="county", code="990101001", at=NOON,
              **changes):  # fmt: skip
    wanted = {"fields": OWN.get(kind, {})} | changes
    given = EstablishmentInput(name, kind, place_of(world, code), **wanted)
    return register_establishment(given=given, by=world.actor(by), at=at)


def of_factory(world, **changes):
    """An establishment that the factory of the harbour county runs."""
    return establish(world, code="990101", unit_id=factory_org(world).pk, **changes)
