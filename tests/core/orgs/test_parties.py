"""Four parties: slots fill by place and sector, are signed, and nominal owners do not count."""

import pytest

from bihuan.core.errors import Conflict, NotAllowed, NotFound
from bihuan.core.orgs import services
from bihuan.core.orgs.models import Org, Party, Slot, Venue
from bihuan.core.orgs.rules import Counts, stewardship
from bihuan.core.orgs.selectors import empty_slots
from bihuan.core.orgs.services.parties import Holder
from bihuan.core.orgs.services.venues import VenueInput
from tests.conftest import NOON
from tests.factories import build_world, task


@pytest.fixture
def world(db):
    world = build_world(NOON)
    department = Org.objects.get(name="云岭省department")
    services.give_sector(
        sector="construction",
        place_id=world.places["99"].pk,
        org_id=department.pk,
        by=world.admin,
        at=NOON,
    )
    return world


def site(world, name="工地", **changes):
    given = VenueInput(name=name, kind="construction_site", sector="construction", **changes)
    return services.open_venue(
        given=given, place_id=world.places["990101"].pk, by=world.county, at=NOON
    )


def fill(world, venue):
    """All four slots, signed by whoever can sign."""
    subject, unit = f"venue:{venue.pk}", Org.objects.get(name="港城县unit")
    services.set_slot(
        subject=subject,
        scope=venue.scope,
        party=Party.UNIT,
        holder=Holder(org_id=unit.pk),
        by=world.county,
        at=NOON,
    )
    services.set_slot(
        subject=subject,
        scope=venue.scope,
        party=Party.PERSON,
        holder=Holder(text="进场须戴安全帽"),
        by=world.county,
        at=NOON,
    )
    for slot in Slot.objects.filter(subject=subject, text=""):
        who = {"territory": "county", "department": "builder", "unit": "factory"}[slot.party]
        services.sign_slot(slot_id=slot.pk, by=world.actor(who), at=NOON)


def test_a_site_gets_its_territorial_owner_by_location_and_its_department_by_sector(world):
    venue = site(world)
    slots = {slot.party: slot for slot in Slot.objects.filter(subject=f"venue:{venue.pk}")}
    assert slots["territory"].post_id == world.county.post_id
    assert slots["department"].org.name == "云岭省department"
    assert empty_slots(subjects=[f"venue:{venue.pk}"])[f"venue:{venue.pk}"] == ["unit", "person"]


def test_a_venue_is_covered_only_when_all_four_are_filled_and_signed(world):
    venue = site(world)
    with pytest.raises(Conflict) as refused:
        services.cover_venue(venue_id=venue.pk, by=world.county, at=NOON)
    assert refused.value.facts["parties"] == ["unit", "person"]
    fill(world, venue)
    assert services.cover_venue(venue_id=venue.pk, by=world.county, at=NOON).covered


def test_an_owner_of_too_many_places_is_nominal_and_covers_none(world):
    venue = site(world)
    fill(world, venue)
    Slot.objects.bulk_create(
        Slot(
            subject=f"venue:{n}", scope=venue.scope, party="territory", post_id=world.county.post_id
        )
        for n in range(9_000, 9_050)
    )
    with pytest.raises(Conflict) as refused:
        services.cover_venue(venue_id=venue.pk, by=world.county, at=NOON)
    assert refused.value.code == "venue.nominal_owner"


def test_a_sector_keeps_its_department_while_units_of_it_exist(world):
    site(world)
    with pytest.raises(Conflict) as refused:
        services.take_sector(
            sector="construction", place_id=world.places["99"].pk, by=world.admin, at=NOON
        )
    assert refused.value.facts["units"] == 1
    Venue.objects.all().delete()
    services.take_sector(
        sector="construction", place_id=world.places["99"].pk, by=world.admin, at=NOON
    )


def test_who_runs_a_sector_sees_it_and_who_runs_it_no_longer_does_not(world):
    top, department = world.places["99"], Org.objects.get(name="云岭省department")
    other = services.found_org(kind="department", name="交通厅", place_id=top.pk, by=world.admin,
                               at=NOON)  # fmt: skip
    ask = {"sector": "transport", "place_id": top.pk, "by": world.admin, "at": NOON}
    services.give_sector(org_id=department.pk, **ask)
    services.give_sector(org_id=department.pk, **ask)
    assert world.builder.sectors == {"construction", "transport"}
    services.give_sector(org_id=other.pk, **ask)
    other.refresh_from_db()
    assert (world.builder.sectors, other.sectors) == ({"construction"}, ["transport"])
    services.take_sector(**ask)
    other.refresh_from_db()
    assert other.sectors == []


def test_only_the_holder_signs(world):
    venue = site(world)
    slot = Slot.objects.get(subject=f"venue:{venue.pk}", party="territory")
    with pytest.raises(NotFound):
        services.sign_slot(slot_id=slot.pk, by=world.outsider, at=NOON)


def test_a_new_holder_has_not_signed_yet(world):
    venue = site(world)
    fill(world, venue)
    slot = services.set_slot(
        subject=f"venue:{venue.pk}",
        scope=venue.scope,
        party="territory",
        holder=Holder(post_id=world.township.post_id),
        by=world.county,
        at=NOON,
    )
    assert slot.signed_at is None


def test_a_function_has_one_lead(world):
    place, orgs = world.places["99"].pk, Org.objects.filter(place__code="99").order_by("pk")
    lead = {"function": "口岸防控", "place_id": place, "by": world.admin, "at": NOON}
    services.set_duty_line(org_id=orgs[0].pk, part="lead", **lead)
    with pytest.raises(Conflict) as refused:
        services.set_duty_line(org_id=orgs[1].pk, part="lead", **lead)
    assert refused.value.code == "duty.two_leads"
    services.set_duty_line(org_id=orgs[1].pk, part="support", **lead)


def test_a_central_unit_takes_coordination_from_the_province_alone(world):
    task(world, owner="airport", by="head")
    with pytest.raises(NotAllowed):
        task(world, owner="airport", by="city")


def test_the_four_ratios_are_never_one_sum():
    found = stewardship(
        Counts(slots=50, filled=50, signatures=45, due=40, on_time=32, problems=25, repeats=3)
    )
    assert (found.owned, found.signed, found.done, found.effective) == (1.0, 0.9, 0.8, 0.88)


def test_a_ratio_without_a_denominator_is_not_a_number():
    found = stewardship(Counts(0, 0, 0, 0, 0, 0, 0))
    assert (found.owned, found.signed, found.done, found.effective) == (None,) * 4
