"""How many hops and hours each route takes, up and down (M187)."""

from bihuan.command.models import Directive
from bihuan.command.selectors.lines import desks_above, lines, routes
from bihuan.core.loops.models import Brief
from bihuan.core.loops.services import act
from tests.command.builders import HOUR, acknowledged, demand, directive
from tests.conftest import NOON
from tests.core.loops.test_requests import MINUTE, asked, moved


def measured(world, who="head"):
    rows = routes(by=world.actor(who), at=NOON + 9 * HOUR)
    return {(r.way, r.direct, r.source, r.target): r for r in rows}


def younger(row, many):
    """Cascades that began after this one and reached nobody yet."""
    briefs = Brief.objects.bulk_create([_new(row.brief) for _ in range(many)])
    Directive.objects.bulk_create(
        [_new(row, brief_id=brief.pk, origin=f"empty:{brief.pk}") for brief in briefs]
    )


def _new(row, **changes):
    kept = {f.attname: getattr(row, f.attname) for f in row._meta.fields if not f.primary_key}
    return type(row)(**kept | changes)


def test_an_urgent_matter_takes_1_hop_and_22_minutes_instead_of_3_hops_and_5_hours(world):
    urgent = asked(world, by="township", direct=True, urgent=True)
    moved(world, urgent, "answer", "head", NOON + 22 * MINUTE, "已派出")
    slow = asked(world, by="township")
    moved(world, slow, "pass_on", "county", NOON + 2 * HOUR)
    moved(world, slow, "pass_on", "city", NOON + 4 * HOUR)
    moved(world, slow, "answer", "head", NOON + 5 * HOUR, "已派出")
    found = measured(world)
    direct = found["up", True, "township", "province"]
    steps = found["up", False, "township", "province"]
    assert (direct.hops, round(direct.hours_to_answer * 60)) == (1, 22)
    assert (steps.hops, steps.hours_to_arrive, steps.hours_to_answer) == (3, 4, 5)


def test_downward_a_direct_demand_and_a_relay_are_told_apart(world):
    directive(world, demand(1, direct_level="county"), demand(2))
    found = measured(world)
    direct = found["down", True, "province", "county"]
    relay = found["down", False, "province", "city"]
    assert (direct.hops, direct.hours_to_arrive, direct.matters) == (1, 0, 2)
    assert (relay.hops, relay.answered) == (1, 0)


def test_every_cascade_of_the_period_is_measured_in_one_query(world, django_assert_num_queries):
    first = directive(world, demand(1))
    taken = acknowledged(first, world)
    directive(world, demand(2), by="city", to=("990101",), relay_id=taken.pk)
    younger(first, 150)
    actor = world.actor("head")
    with django_assert_num_queries(1):
        found = {(r.source, r.target): r for r in routes(by=actor, at=NOON + 9 * HOUR)}
    assert (found["province", "city"].hops, found["province", "county"].hops) == (1, 2)


def test_a_place_measures_its_own_part_alone(world):
    asked(world, by="county2")
    assert measured(world, "outsider") == {}
    assert len(measured(world, "city")) == 1


def test_the_list_names_what_was_brought_up_and_who_has_it(world):
    row = asked(world)
    act(obligation_id=row.pk, move="pass_on", by=world.city, at=NOON)
    (line,), _more = lines(by=world.county, at=NOON)
    assert (line.addressed, line.hops, line.loop.owner) == ("云岭省", 2, world.head.post_title)
    assert lines(by=world.county2, at=NOON)[0] == []


def test_the_desks_above_are_named_nearest_first(world):
    assert [name for _pk, name in desks_above(by=world.township)] == ["港城县", "北原市", "云岭省"]
    assert desks_above(by=world.head) == []
