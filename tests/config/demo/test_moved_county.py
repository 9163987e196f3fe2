"""M001: a county sees itself alone, totals add up, a moved county takes its work along."""

from datetime import timedelta

import pytest

from bihuan.core.audit.models import Event
from bihuan.core.audit.services import SYSTEM
from bihuan.core.loops import invariants, services
from bihuan.core.loops.counts import totals
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services import moved as loops_moved
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Org, Post, Venue
from bihuan.core.orgs.selectors import actor_in_post, sight
from bihuan.core.orgs.services import moved as orgs_moved
from bihuan.core.places.models import Place
from bihuan.core.places.selectors import place_by_code
from bihuan.core.places.services import merge_places, move_place


def desk(code, at):
    post = Post.objects.get(place__code=code, place__valid_to=None, desk=True)
    return actor_in_post(post_id=post.pk, at=at)


def hazard(code, at):
    place = Place.objects.get(code=code, valid_to=None)
    brief = services.write_brief(
        given=BriefInput(title=f"{place.name}隐患", text="一处", domain="work-safety"),
        place=place, at=at,
    )  # fmt: skip
    by = desk(code, at)
    return services.open_problem(brief=brief, owner_post_id=by.post_id, by=by, at=at)


@pytest.fixture
def hazards(loaded):
    """One hazard in each county of the tiny province, two in the county that will move."""
    counties = Place.objects.filter(level="county").order_by("code").values_list("code", flat=True)
    rows = {code: hazard(code, loaded) for code in counties}
    extra = hazard("990102", loaded)
    by = desk("990102", loaded)
    services.act(obligation_id=extra.pk, move="ask_withdraw", by=by, at=loaded,
                 given=MoveInput(note="重复"))  # fmt: skip
    other = actor_in_post(
        post_id=Post.objects.get(place__code="990102", title="指挥部办公室值班长").pk, at=loaded
    )
    services.act(obligation_id=extra.pk, move="confirm_withdraw", by=other, at=loaded)
    return rows


def heard(at):
    for event in Event.objects.filter(name="places.moved"):
        for _twice in range(2):
            orgs_moved.follow_places(event, at=at)
            loops_moved.follow_places(event, at=at)


def test_a_county_sees_its_own_and_the_province_the_sum(hazards, loaded):
    for code, row in hazards.items():
        seen = Obligation.objects.filter(sight(desk(code, loaded)), closed_at=None)
        assert list(seen) == [row]
    assert Obligation.objects.filter(sight(desk("99", loaded)), closed_at=None).count() == 8
    assert totals(path="99.") == add(totals(path=f"99.0{n}.") for n in (1, 2, 3))


def add(parts):
    whole = {}
    for part in parts:
        for key, value in part.items():
            whole[key] = whole.get(key, 0) + value
    return whole


def test_a_moved_county_takes_people_and_open_work_along_and_leaves_what_is_closed(hazards, loaded):
    today = loaded.date()
    old = Place.objects.get(code="990102")
    move_place(code="990102", new_code="990207", on=today, source="试验", by=SYSTEM, at=loaded)
    heard(loaded + timedelta(minutes=1))

    row = Obligation.objects.get(pk=hazards["990102"].pk)
    assert row.scope == "99.02.07."
    closed = Obligation.objects.get(place=old)
    assert (closed.state, closed.scope) == ("withdrawn", "99.01.02.")
    assert place_by_code("990102", today - timedelta(days=1)).parent.code == "9901"
    assert list(Obligation.objects.filter(sight(desk("990207", loaded)))) == [row]
    assert not Org.objects.filter(scope__startswith="99.01.02.").exists()
    assert not Post.objects.filter(scope__startswith="99.01.02.").exists()
    assert Venue.objects.filter(scope__startswith="99.02.07.").exists()
    assert [r.name for r in invariants.run(at=loaded) if r.broken] == []
    assert totals(path="99.") == add(totals(path=f"99.0{n}.") for n in (1, 2, 3))


def test_a_merged_county_works_on_under_the_one_that_stays(hazards, loaded):
    merge_places(
        codes=["990102"], into="990101", on=loaded.date(), source="试验", by=SYSTEM, at=loaded
    )
    heard(loaded + timedelta(minutes=1))
    open_rows = Obligation.objects.filter(sight(desk("990101", loaded)), closed_at=None)
    assert set(open_rows) == {hazards["990101"], hazards["990102"]}
    assert Post.objects.filter(place__code="990101", desk=True, valid_to=None).count() == 1
    bodies = Org.objects.filter(place__code="990101", kind="headquarters")
    assert bodies.filter(valid_to=None).count() == 1
    assert bodies.count() == 2
