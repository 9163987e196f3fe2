"""The four ratios of a node are counted from the rows, for it and all below it."""

from datetime import timedelta

import pytest

from bihuan.core.evidence.services import Made, add_statement
from bihuan.core.loops import services
from bihuan.core.loops.models import Problem
from bihuan.core.loops.stewardship import breakdown, repeated_problems, stewardship_of
from bihuan.core.orgs.models import Slot, Venue
from tests.conftest import NOON
from tests.factories import World, brief, build_world, task

HOUR = timedelta(hours=1)


@pytest.fixture
def world(db):
    return build_world(NOON)


def closed(world: World, owner: str, *, due, at) -> None:
    row = task(world, owner=owner, due=due)
    by = world.actor(owner)
    add_statement(subject=row.subject, scope=row.scope, kind="statement",
                  made=Made(at, text="已查完"), by=by, at=at)  # fmt: skip
    services.act(obligation_id=row.pk, move="prove", by=by, at=at)
    services.act(obligation_id=row.pk, move="accept", by=world.head, at=at)


def test_owned_and_signed_are_counted_over_four_parties_of_every_duty(world):
    quay = world.places["990101001"]
    ferry = Venue.objects.create(name="渡口", kind="ferry", place=quay, scope=quay.path)
    Venue.objects.create(name="市场", kind="market", place=quay, scope=quay.path)
    for party, signed in (("territory", NOON), ("department", None), ("unit", None)):
        Slot.objects.create(subject=f"venue:{ferry.pk}", scope=quay.path, party=party,
                            text="负责", signed_at=signed)  # fmt: skip
    ratios = stewardship_of(paths=[world.places["99"].path], at=NOON)[world.places["99"].path]
    assert (ratios.slots, ratios.filled, ratios.signatures) == (8, 3, 1)
    assert (ratios.owned, ratios.signed) == (3 / 8, 1 / 3)


def test_done_is_closed_in_time_of_what_fell_due(world):
    closed(world, "city", due=NOON + 2 * HOUR, at=NOON + HOUR)
    closed(world, "county", due=NOON + HOUR, at=NOON + 2 * HOUR)
    task(world, owner="township", due=NOON + HOUR)
    task(world, owner="outsider", due=NOON + 9 * HOUR)
    services.tick(at=NOON + 3 * HOUR)
    north, south = world.places["9901"].path, world.places["9902"].path
    ratios = stewardship_of(paths=[north, south], at=NOON + 3 * HOUR)
    assert (ratios[north].due, ratios[north].on_time) == (3, 1)
    assert ratios[south].done is None


def test_a_problem_of_the_same_type_at_the_same_place_is_a_repeat(world):
    for owner, kind in (("county", "fire"), ("county", "fire"), ("county2", "fire"),
                        ("county", "")):  # fmt: skip
        demand = brief(world.places["9901"], NOON)
        row = services.open_problem(
            brief=demand, owner_post_id=world.actor(owner).post_id, by=world.city, at=NOON,
            type_code=kind,
        )  # fmt: skip
    assert Problem.objects.count() == 4
    path = world.places["9901"].path
    ratios = stewardship_of(paths=[path], at=NOON)[path]
    assert (ratios.problems, ratios.repeats, ratios.effective) == (4, 1, 0.75)
    assert [found.pk for found in repeated_problems(path=path, at=NOON)] == [row.pk - 2]


def test_the_breakdown_names_each_flow_and_domain_before_and_after_folding(world):
    task(world, owner="city", due=NOON + HOUR)
    services.tick(at=NOON + HOUR)
    task(world, owner="county", domain="testing")
    shares = {(s.flow, s.domain): s for s in breakdown(path=world.places["9901"].path)}
    assert shares["task", "work-safety"].overdue == 1
    assert shares["task", "testing"].active == 1


def test_many_places_cost_three_queries(world, django_assert_num_queries):
    with django_assert_num_queries(3):
        stewardship_of(paths=[place.path for place in world.places.values()], at=NOON)
