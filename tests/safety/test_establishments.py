"""Kinds and sectors are data; places have own fields, owners, statements and counts."""

from datetime import timedelta

import pytest

from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Notice, Obligation
from bihuan.core.orgs.models import Org, Sector, Slot, Venue
from bihuan.core.orgs.services import give_sector
from bihuan.safety.models import Establishment, Kind
from bihuan.safety.selectors.establishments import (
    Wanted,
    base,
    establishment_detail,
    establishments,
    fetch_establishment,
    kinds,
)
from bihuan.safety.services.catalogue import KindInput, add_sector, load_catalogue, save_kind
from bihuan.safety.services.counts import report_count
from bihuan.safety.services.establishments import (
    EstablishmentInput,
    adopt_venue,
    change_establishment,
    mark_surveyed,
)
from bihuan.safety.services.statements import draw_statement, sign_statement
from tests.conftest import NOON
from tests.safety.conftest import OWN, establish, of_factory

NINE = {"hazardous_chemicals", "construction", "road", "waterway", "gas", "fire_safety", "tourism",
        "mining", "events"}  # fmt: skip


def test_the_nine_sectors_are_there_and_another_is_added_as_data(world):
    assert set(Sector.objects.values_list("code", flat=True)) >= NINE
    add_sector(
        code="drones", name="低空飞行", name_en="Low-altitude flight", by=world.head, at=NOON
    )
    schema = {
        "type": "object",
        "required": ["pilots"],
        "properties": {"pilots": {"type": "integer", "title": "持证人数", "minimum": 0}},
    }
    given = KindInput("drone_base", "无人机基地", "Drone base", "drones", schema)
    save_kind(given=given, by=world.head, at=NOON)
    row = establish(world, kind="drone_base", fields={"pilots": 3})
    assert "drone_base" in {kind.code for kind in kinds()}
    found, _ = establishments(by=world.county, wanted=Wanted(sector="drones"))
    assert [one.id for one in found] == [row.pk]
    assert base(by=world.county).missing[0][0] == "低空飞行"


def test_loading_the_catalogue_again_changes_nothing(world):
    Kind.objects.filter(pk="mine").update(name="本地矿山")
    assert load_catalogue(by=world.head, at=NOON) == load_catalogue(by=world.head, at=NOON)
    assert Kind.objects.get(pk="mine").name == "本地矿山"


@pytest.mark.parametrize(
    ("schema", "code"),
    [
        ([], "kind.not_object"),
        ({"type": "object", "properties": 3}, "kind.not_schema"),
        ({"type": "object", "properties": {"a": {"type": "array", "title": "x"}}}, "kind.field"),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, "kind.field"),
        ({"type": "object", "properties": {"a": {"type": "string", "title": "x",
          "pattern": "(a+)+$"}}}, "kind.field"),
        ({"type": "object", "required": ["b"], "properties": {}}, "kind.required"),
    ],
)  # fmt: skip
def test_a_kind_without_a_usable_schema_is_refused(world, schema, code):
    given = KindInput("odd", "怪", "Odd", "", schema)
    with pytest.raises(Invalid) as refused:
        save_kind(given=given, by=world.head, at=NOON)
    assert refused.value.code == code


def test_a_field_that_is_filled_in_is_not_taken_away(world):
    establish(world, kind="ferry", fields=OWN["ferry"])
    kind = Kind.objects.get(pk="ferry")
    schema = {
        "type": "object",
        "properties": {"wind_limit": kind.schema["properties"]["wind_limit"]},
    }
    given = KindInput("ferry", "渡口", "Ferry", "waterway", schema)
    with pytest.raises(Conflict) as refused:
        save_kind(given=given, by=world.head, at=NOON)
    assert refused.value.facts["fields"] == ["capacity"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, "field.required"),
        ({"workers": -1}, "field.least"),
        ({"workers": "many"}, "field.wrong"),
    ],
)
def test_own_fields_are_checked_by_the_schema_of_the_kind(world, fields, code):
    with pytest.raises(Invalid) as refused:
        establish(world, fields=fields)
    assert (refused.value.code, refused.value.facts["field"]) == (code, "own_workers")


def test_territory_follows_the_place_even_if_the_enterprise_is_registered_elsewhere(world):
    row = establish(world, registered_in="南渡市")
    detail = establishment_detail(establishment_id=row.pk, by=world.county)
    assert detail.slots[0].post_id == world.township.post_id
    assert (detail.row.place, detail.row.registered_in) == ("码头镇", "南渡市")


def test_the_department_of_the_sector_is_second_owner(world):
    department = Org.objects.get(name="云岭省department")
    give_sector(sector="industry_trade", place_id=world.places["99"].pk, org_id=department.pk,
                by=world.admin, at=NOON)  # fmt: skip
    row = establish(world)
    slot = Slot.objects.get(subject=f"venue:{row.venue_id}", party="department")
    assert slot.org_id == department.pk


def test_a_neighbour_and_a_stranger_do_not_see_it(world):
    row = of_factory(world)
    for who in ("county2", "outsider", "auditor", "admin", "airport"):
        with pytest.raises(NotFound):
            fetch_establishment(establishment_id=row.pk, by=world.actor(who))
    assert fetch_establishment(establishment_id=row.pk, by=world.factory).pk == row.pk


def test_a_unit_keeps_no_register_but_may_correct_its_own(world):
    with pytest.raises(NotAllowed):
        establish(world, by="factory", code="990101")
    row = of_factory(world)
    given = EstablishmentInput("二号车间", "workshop", row.venue.place_id, fields={"workers": 61})
    change_establishment(establishment_id=row.pk, given=given, by=world.factory, at=NOON)
    assert Venue.objects.get(pk=row.venue_id).name == "二号车间"


def test_two_with_one_licence_are_refused(world):
    establish(world, code="990101001", name="甲", registered_in="")
    given = {"kind": "workshop", "fields": OWN["workshop"]}
    establish(world, name="乙", **given)
    row = Establishment.objects.order_by("pk").first()
    change = EstablishmentInput(
        "甲", "workshop", row.venue.place_id, code="X1", fields=given["fields"]
    )
    change_establishment(establishment_id=row.pk, given=change, by=world.county, at=NOON)
    other = Establishment.objects.order_by("pk").last()
    with pytest.raises(Conflict) as refused:
        change_establishment(establishment_id=other.pk, given=change, by=world.county, at=NOON)
    assert refused.value.code == "establishment.code"


def test_of_12400_known_units_11960_surveyed_is_96_5_percent_and_the_440_are_listed(world):
    place = world.places["990101001"]
    venues = Venue.objects.bulk_create(
        Venue(name=f"厂{n}", kind="workshop", sector_id="industry_trade", place=place,
              scope=place.path) for n in range(12_400)
    )  # fmt: skip
    org = world.county.org_id
    Establishment.objects.bulk_create(
        Establishment(venue=venue, kind_id="workshop", sector="industry_trade", scope=place.path,
                      issuer_org_id=org, created_at=NOON,
                      surveyed_at=NOON if n < 11_960 else None)
        for n, venue in enumerate(venues[:12_300])
    )  # fmt: skip
    found = base(by=world.county)
    assert (found.known, found.surveyed, found.percent) == (12_400, 11_960, 96.5)
    assert found.missing == (("工贸", "码头镇", place.path, 440),)


def test_a_place_that_a_register_brought_gets_its_entry(world):
    place = world.places["990101001"]
    venue = Venue.objects.create(name="新渡口", kind="ferry", place=place, scope=place.path)
    given = EstablishmentInput("新渡口", "ferry", place.pk, fields=OWN["ferry"])
    row = adopt_venue(venue_id=venue.pk, given=given, by=world.county, at=NOON)
    mark_surveyed(establishment_id=row.pk, by=world.county, at=NOON)
    assert base(by=world.county).percent == 100.0
    with pytest.raises(Conflict):
        adopt_venue(venue_id=venue.pk, given=given, by=world.county, at=NOON)


def test_a_new_legal_representative_unsigns_the_statement_and_opens_a_7_day_task(world):
    row = of_factory(world, head="某甲")
    statement = draw_statement(
        establishment_id=row.pk, party="unit", post_id=world.factory.post_id,
        duties="落实全员安全生产责任制", by=world.county, at=NOON,
    )  # fmt: skip
    sign_statement(statement_id=statement.pk, by=world.factory, at=NOON)
    given = EstablishmentInput("一号车间", "workshop", row.venue.place_id, head="某乙",
                               fields=OWN["workshop"])  # fmt: skip
    change_establishment(establishment_id=row.pk, given=given, by=world.county, at=NOON)
    (now,) = establishment_detail(establishment_id=row.pk, by=world.county).statements
    assert (now.signed_at, now.head, now.pk != statement.pk) == (None, "某乙", True)
    task = Obligation.objects.get(flow="task", origin=f"establishment:{row.pk}")
    assert (task.owner_post_id, task.due_at) == (world.factory.post_id, NOON + timedelta(days=7))


def test_only_the_named_post_signs_and_once(world):
    row = of_factory(world)
    statement = draw_statement(
        establishment_id=row.pk, party="unit", post_id=world.factory.post_id, duties="职责",
        by=world.county, at=NOON,
    )  # fmt: skip
    with pytest.raises(NotFound):
        sign_statement(statement_id=statement.pk, by=world.county, at=NOON)
    signed = sign_statement(statement_id=statement.pk, by=world.factory, at=NOON)
    assert f"{signed.valid_to}" == "2027-03-10"
    with pytest.raises(Conflict):
        sign_statement(statement_id=statement.pk, by=world.factory, at=NOON)


def counted(world, row, measure, value):
    return report_count(establishment_id=row.pk, measure=measure, value=value, by=world.township,
                        at=NOON).verdict  # fmt: skip


def test_at_90_percent_of_the_crowd_limit_entry_closes_and_is_logged(world):
    row = establish(world, kind="event", name="灯会")
    assert [counted(world, row, "crowd", n) for n in (8_999, 9_000)] == ["fine", "closed"]
    assert row.counts.filter(verdict="closed", value=9_000, bound=9_000).exists()
    assert Notice.objects.filter(kind="count.closed", post=world.township.post_id).count() == 1


def test_52_aboard_with_limit_50_stops_departure_and_wind_7_stops_the_ferry(world):
    row = establish(world, kind="ferry", name="东渡口")
    assert [counted(world, row, "aboard", n) for n in (50, 52)] == ["fine", "stopped"]
    assert [counted(world, row, "wind", n) for n in (6, 7)] == ["fine", "stopped"]
    assert Notice.objects.filter(kind="count.stopped", post=world.township.post_id).count() == 2
    with pytest.raises(Invalid):
        counted(world, row, "crowd", 1)
    with pytest.raises(Invalid):
        counted(world, row, "aboard", -1)
