"""The smallest area that holds the exposure, its cost, outlines, and the list of its own day."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, MoveBlocked
from bihuan.core.orgs.models import Account
from bihuan.core.places.models import Place
from bihuan.epidemic.rules.areas import drawn, holds, read_outline, smallest
from bihuan.epidemic.selectors.areas import area_options, judged_on, stricter_than_above
from bihuan.epidemic.services.cases import edition_of, report_case
from bihuan.epidemic.services.orders import draft_order, outline_order, sign_order
from tests.epidemic.conftest import card, draft

SQUARE = {"type": "Polygon", "coordinates": [
    [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]], [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]],
]}  # fmt: skip


@pytest.mark.parametrize(("paths", "held"), [
    (["99.01.01.001.001."], "99.01.01.001.001."),
    (["99.01.01.001.001.", "99.01.01.001.002."], "99.01.01.001."),
    (["99.01.01.001.001.", "99.01.01.002."], "99.01.01."),
    (["99.01.01.001.", "98."], ""), ([], None),
])  # fmt: skip
def test_the_smallest_place_of_the_tree_holds_every_exposure(paths, held):
    assert smallest(paths) == held


@pytest.mark.parametrize(("point", "inside"), [
    ((1, 1), True), ((5, 5), False), ((11, 5), False), ((5, 3), True), ((-1, -1), False),
])  # fmt: skip
def test_a_point_is_in_an_outline_and_not_in_its_hole(point, inside):
    assert holds(SQUARE, *point) is inside


@pytest.mark.parametrize("text", [
    "", "[]", "{}", "null", '{"type":"Point","coordinates":[1,2]}', "{" * 2000,
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,1]]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[1,0],[0,0]]]}',
    '{"type":"Polygon","coordinates":[[[0,0],["a",0],[1,1],[0,0]]]}',
    '{"type":"Polygon","coordinates":[[[0,0],[999,0],[1,1],[0,0]]]}',
    '{"type":"FeatureCollection","features":[]}', '{"type":"Polygon","coordinates":{"a":1}}',
])  # fmt: skip
def test_what_is_no_closed_polygon_is_no_outline(text):
    assert read_outline(text) is None


def test_an_outline_comes_bare_as_a_feature_or_as_a_collection_of_one():
    feature = {"type": "Feature", "properties": {"name": "x"}, "geometry": SQUARE}
    for told in (SQUARE, feature, {"type": "FeatureCollection", "features": [feature]}):
        assert read_outline(json.dumps(told)) == SQUARE
    assert drawn(SQUARE).count("M") == 2


@pytest.fixture
def homes(world):
    """Households and points of two communities of one township."""
    for code, households, lon in (("990101001001", 400, 5.0), ("990101001002", 300, 20.0)):
        Place.objects.filter(code=code).update(households=households, lon=lon, lat=2.0)
    return world


def test_one_case_proposes_its_community_and_each_option_has_its_cost(homes, event, at):
    report_case(card=card(homes, event, at), by=homes.clinic, at=at)
    pack = edition_of(event, at)
    options = area_options(event=event, pack=pack, at=at)
    assert [o.place.code for o in options] == ["990101001001", "990101001", "990101"]
    assert [o.proposed for o in options] == [True, False, False]
    assert [o.cost.households for o in options] == [400, 700, 700]
    assert options[0].cost.people == round(400 * 2.62)
    assert options[0].person_days == options[0].cost.people * 14


def test_no_exposure_no_area(homes, event, at):
    assert area_options(event=event, pack=edition_of(event, at), at=at) == ()


def test_an_outline_that_leaves_the_exposure_out_is_refused(homes, event, at):
    report_case(card=card(homes, event, at), by=homes.clinic, at=at)
    row = draft_order(given=draft(homes, event, at, place_id=homes.places["990101"].pk),
                      by=homes.cdc, at=at)  # fmt: skip
    far = {"type": "Polygon", "coordinates": [[[15, 0], [25, 0], [25, 10], [15, 0]]]}
    ask = {"order_id": row.pk, "by": homes.cdc, "at": at}
    with pytest.raises(MoveBlocked, match=r"order.leaves_out"):
        outline_order(text=json.dumps(far), **ask)
    with pytest.raises(Invalid, match=r"order.outline"):
        outline_order(text="{}", **ask)
    made = outline_order(text=json.dumps(SQUARE), **ask)
    assert (made.households, made.people) == (400, 1048)
    sign_order(order_id=row.pk, by=homes.mayor, at=at)
    with pytest.raises(Conflict, match=r"order.signed"):
        outline_order(text=json.dumps(SQUARE), **ask)


def test_a_stricter_order_is_shown_beside_the_text_above_with_its_consent(world, event, at):
    row = draft_order(given=draft(world, event, at, measures=("stay_in", "no_gathering")),
                      by=world.cdc, at=at)  # fmt: skip
    sign_order(order_id=row.pk, by=world.mayor, at=at)
    row.refresh_from_db()
    told = stricter_than_above(row, edition_of(event, at), at)
    assert told.measures == ("no_gathering",)
    assert told.consent_by == at + timedelta(hours=24)
    assert "stay_in" in told.rule_measures
    plain = draft_order(given=draft(world, event, at), by=world.cdc, at=at)
    assert not stricter_than_above(plain, edition_of(event, at), at).any


def test_an_arrival_is_judged_by_the_list_of_its_own_day(world, event, at):
    row = draft_order(given=draft(world, event, at), by=world.cdc, at=at)
    sign_order(order_id=row.pk, by=world.mayor, at=at)
    today, path = local_date(at), world.places["990101001001"].path
    assert judged_on(path=path, day=today) == ()
    assert [o.id for o in judged_on(path=path, day=today + timedelta(days=1))] == [row.pk]
    other = world.places["990101002"].path
    assert judged_on(path=other, day=today + timedelta(days=1)) == ()


def test_the_pages_propose_outline_sign_and_judge(homes, event, at, client):
    def enter(name):
        made = Client()
        made.force_login(Account.objects.get(username=name),
                         backend="django.contrib.auth.backends.ModelBackend")  # fmt: skip
        return made

    cdc = enter("cdc")
    assert cdc.get(f"/epidemic/events/{event.pk}/areas/").status_code == 200
    row = draft_order(given=draft(homes, event, at), by=homes.cdc, at=at)
    sent = cdc.post(f"/epidemic/orders/{row.pk}/outline/", {"outline": json.dumps(SQUARE)})
    assert sent.status_code == 302
    assert "<svg viewBox" in cdc.get(f"/epidemic/orders/{row.pk}/").content.decode()
    shown = client.get("/measures/judge/", {"place": "990101001001", "day": "2026-03-11"})
    assert "没有生效" in shown.content.decode()
    assert enter("factory").get(f"/epidemic/events/{event.pk}/areas/").status_code == 403
