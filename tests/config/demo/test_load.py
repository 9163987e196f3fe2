"""A loaded demonstration is staffed everywhere, and its accounts open."""

from datetime import UTC, datetime

import pytest

from bihuan.config import demo
from bihuan.config.demo.geography import SCALES
from bihuan.config.demo.signin import PASSWORD, demo_accounts
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import (
    Account,
    Org,
    OrgKind,
    Post,
    SectorOwner,
    Slot,
    Tenure,
    Venue,
)
from bihuan.core.orgs.selectors import actors_of, desk_of
from bihuan.core.orgs.types import Role
from bihuan.core.places.models import Boundary, Place
from bihuan.core.places.selectors import map_below
from tests.config.demo.conftest import Told

AT = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def test_every_place_has_exactly_one_desk_and_it_is_held(loaded):
    places = list(Place.objects.values_list("id", flat=True))
    desks = desk_of(place_ids=places)
    assert len(desks) == len(places)
    assert not Post.objects.filter(tenures=None).exists()
    assert Tenure.objects.filter(starts__gte=AT).count() == 0


def test_every_governed_place_has_both_bodies_and_a_department_for_each_sector(loaded):
    governed = Place.objects.filter(level__in=("province", "city", "county")).count()
    for kind in (OrgKind.HEADQUARTERS, OrgKind.SAFETY_COMMITTEE):
        assert Org.objects.filter(kind=kind).count() == governed
    assert SectorOwner.objects.count() == governed * 14
    assert Org.objects.filter(kind=OrgKind.CENTRAL, attached=True).exists()


def test_every_post_but_a_principal_has_one_above_and_nobody_leads_in_a_circle(loaded):
    leaders = dict(Post.objects.values_list("id", "leader_id"))
    for start in list(leaders):
        chain = [start]
        while (above := leaders[chain[-1]]) is not None:
            assert above not in chain
            chain.append(above)
    tops = Post.objects.filter(leader=None).exclude(role__in=(Role.AUDITOR, Role.ADMIN))
    assert set(tops.values_list("place__level", "role")) <= {
        ("province", "commander"), ("province", "department"),
    }  # fmt: skip


def test_every_demo_account_signs_in_and_acts_in_a_post(loaded):
    roles = set()
    for shown in demo_accounts():
        if shown.username.endswith(("-cdc", "-clinic", "-site", "-hospital")):
            continue  # the epidemic's part of the story brings them
        account = Account.objects.get(username=shown.username)
        assert account.check_password(PASSWORD)
        (first, *_) = actors_of(account_id=account.pk, at=loaded)
        roles.add(first.role)
        assert shown.label
        assert shown.label_en
    assert roles == set(Role) - {Role.DEPUTY, Role.EPIDEMIOLOGY, Role.SENTINEL, Role.CARE}


def test_the_commander_chairs_both_bodies_as_one_person(loaded):
    account = Account.objects.get(username="99-commander")
    titles = [actor.post_title for actor in actors_of(account_id=account.pk, at=loaded)]
    assert titles == ["总指挥", "安委会主任"]


def test_the_map_has_an_outline_for_each_place_down_to_the_county(loaded):
    counties = sum(SCALES["tiny"].counties)
    assert Boundary.objects.count() == 1 + 3 + counties


def test_the_map_of_the_province_is_drawn_with_its_outlines(loaded):
    drawn = map_below(Place.objects.get(code="99").pk, loaded.date())
    assert list(drawn.outlines) == ["9901", "9902", "9903"]
    assert (drawn.tiles, drawn.source) == ({}, "invented")


def test_the_command_tells_the_accounts_with_their_password(loaded):
    told = list(demo.accounts())
    assert len(told) == len(demo_accounts())
    assert all(PASSWORD in line for line in told)


def test_every_venue_has_its_slots_and_some_wait_for_a_signature(loaded):
    assert Venue.objects.count() == 20 + 4 * 9
    slots = Slot.objects.filter(subject__startswith="venue:")
    assert slots.count() == 4 * Venue.objects.filter(unit__isnull=False).count() + 3 * 20
    assert all(slot.filled for slot in slots)
    assert slots.filter(signed_at=None).exists()
    assert slots.filter(signed_at__lt=AT).exists()


@pytest.mark.django_db
def test_a_real_province_gets_invented_holders_and_no_invented_places():
    demo.load(scale="full", province="46", at=AT, progress=Told())
    assert not Obligation.objects.exists()
    assert not Place.objects.exclude(path__startswith="46.").exists()
    assert not Boundary.objects.exists()
    assert not Venue.objects.exists()
    for shown in demo_accounts("46"):
        assert Account.objects.filter(username=shown.username).exists()
    assert not Post.objects.filter(place__pseudo=True).exists()
