"""Map, node page and board: figures that lead to their rows, seen by those who answer for them."""

from datetime import timedelta

import pytest

from bihuan.core.loops import services
from bihuan.core.loops.invariants import run
from bihuan.core.loops.types import TallyRow
from bihuan.core.orgs.models import Org, PersonalAct, Post, Sector, SectorOwner, Slot, Tenure, Venue
from bihuan.core.places.models import Boundary
from bihuan.web.situation.picture import bands, bounds_of, share_of, tint_of
from tests.conftest import NOON
from tests.factories import task

HOUR = timedelta(hours=1)


def body(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def late(world):
    """The city and its harbour county owe one late task each; the other county owes one in time."""
    rows = [task(world, owner=who, due=NOON + HOUR / 60) for who in ("city", "county")]
    task(world, owner="county2", due=NOON + 9 * HOUR)
    services.tick(at=NOON + HOUR)
    return rows


def test_shares_are_rates_and_nothing_asked_is_no_rate():
    row = TallyRow("99.", "云岭", 1, "99", open=6, submitted=1, overdue=3, closed=8, late=2)
    assert share_of(row, "overdue") == 0.3
    assert share_of(row, "open") == 0.5
    assert share_of(row, "closed") == 0.5
    assert share_of(TallyRow("99.", "云岭", 1, "99"), "overdue") is None
    assert share_of(TallyRow("99.", "云岭", 1, "99", closed=1), "overdue") == 0.0


def test_tints_hold_as_many_places_each_even_where_every_share_is_small():
    shares = [n / 1000 for n in range(25)]
    bounds = bounds_of(shares)
    assert bounds == (0.005, 0.01, 0.015, 0.02)
    assert [tint_of(share, bounds) for share in shares] == [n // 5 for n in range(25)]


@pytest.mark.parametrize(
    ("shares", "bounds", "tints"),
    [
        ([None, None], (), [None, None]),
        ([0.3, 0.3, None], (), [0, 0, None]),
        ([0.0, 0.0, 0.0, 0.0, 0.0, 0.996], (0.99,), [0, 0, 0, 0, 0, 4]),
        ([0.0, 1.0], (1.0,), [0, 4]),
        ([0.29, 0.1, 0.1, 0.2], (0.2, 0.29), [4, 0, 0, 2]),
    ],
)
def test_fewer_shares_than_tints_keep_the_faintest_and_the_darkest(shares, bounds, tints):
    assert bounds_of(shares) == bounds
    assert [tint_of(share, bounds) for share in shares] == tints


def test_the_legend_names_every_bound_once():
    assert [(b.tint, b.low, b.high) for b in bands((0.2, 0.29))] == [
        (0, None, 0.2), (2, 0.2, 0.29), (4, 0.29, None),
    ]  # fmt: skip
    assert [(b.tint, b.low, b.high) for b in bands(())] == [(0, None, None)]


def test_the_map_page_shows_the_same_figures_as_the_drawing(world, enter, late):
    client = enter("city")
    page = body(client.get("/situation/"))
    drawn = client.get(f"/situation/{world.places['9901'].pk}/drawing/").json()
    harbour = next(place for place in drawn["places"] if place["code"] == "990101")
    assert (harbour["overdue"], harbour["open"], harbour["share"]) == (1, 1, "100%")
    assert "港城县" in page
    assert "100%" in page
    assert f"stage=overdue&amp;under={world.places['990101'].path}" in page


def test_places_without_outlines_are_tiles_and_with_them_polygons(world, enter):
    client, address = enter("city"), f"/situation/{world.places['9901'].pk}/drawing/"
    drawn = client.get(address).json()
    assert drawn["flat"] is True
    assert {f["properties"]["name"] for f in drawn["shapes"]["features"]} == {"990101", "990102"}
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    for code in ("990101", "990102"):
        Boundary.objects.create(
            place=world.places[code], geojson=square, source="测绘", imported_at=NOON
        )
    assert client.get(address).json()["flat"] is False


def test_a_click_goes_down_one_level_and_a_leaf_opens_its_own_page(world, enter):
    client = enter("head")
    assert "沙丘镇" in body(client.get(f"/situation/{world.places['990101'].pk}/"))
    leaf = client.get(f"/situation/{world.places['990101002'].pk}/")
    assert leaf.status_code == 302
    assert leaf["Location"] == f"/places/{world.places['990101002'].pk}/"


@pytest.mark.parametrize("path", ["situation/{}/", "situation/{}/drawing/", "places/{}/",
                                  "places/{}/duties/", "places/{}/repeats/"])  # fmt: skip
def test_a_place_is_open_to_those_who_answer_for_it_and_unknown_to_others(world, enter, path):
    address = "/" + path.format(world.places["9901"].pk)
    for who, status in (("city", 200), ("head", 200), ("outsider", 404), ("county", 404),
                        ("builder", 403), ("factory", 403), ("auditor", 403)):  # fmt: skip
        assert enter(who).get(address).status_code == status, who


def test_the_map_costs_the_same_however_much_is_owed(world, enter, django_assert_num_queries):
    client = enter("city")
    with django_assert_num_queries(8):
        client.get("/situation/")
    for _ in range(5):
        task(world, owner="county")
    with django_assert_num_queries(8):
        client.get("/situation/")


def test_the_map_is_exported_as_shown(world, enter, late):
    told = enter("city").get("/situation/?format=csv").content.decode("utf-8-sig")
    assert "港城县" in told
    assert len(told.strip().splitlines()) == 3


def test_a_node_shows_its_four_ratios_each_with_the_rows_behind(world, enter, late):
    place = world.places["990101001"]
    ferry = Venue.objects.create(name="东渡口", kind="ferry", place=place, scope=place.path)
    Slot.objects.create(subject=f"venue:{ferry.pk}", scope=place.path, party="territory",
                        post_id=world.township.post_id, signed_at=NOON)  # fmt: skip
    harbour = world.places["990101"]
    page = body(enter("city").get(f"/places/{harbour.pk}/"))
    for words in ("25%", "四方已明确 1 / 4", "已签字 1 / 1", "按期办结 0 / 1", "东渡口"):
        assert words in page, words
    rows = body(enter("city").get(f"/places/{harbour.pk}/duties/?show=empty"))
    assert rows.count("空缺") >= 3
    assert "码头镇" in body(enter("city").get(f"/places/{harbour.pk}/"))


def test_the_node_costs_the_same_however_much_is_owed(world, enter, django_assert_num_queries):
    client, address = enter("city"), f"/places/{world.places['9901'].pk}/"
    with django_assert_num_queries(16):
        client.get(address)
    for _ in range(5):
        task(world, owner="county")
    with django_assert_num_queries(16):
        client.get(address)


def test_bodies_and_holders_are_shown_and_a_vacant_post_says_so(world, enter):
    Tenure.objects.filter(post=world.mayor.post_id).update(ends=NOON - HOUR)
    page = body(enter("city").get(f"/places/{world.places['9901'].pk}/"))
    assert "某city" in page
    assert "空缺" in page


def test_an_empty_slot_is_assigned_from_the_page(world, enter):
    place = world.places["990101"]
    venue = Venue.objects.create(name="东渡口", kind="ferry", place=place, scope=place.path)
    address = f"/venues/{venue.pk}/slot/"
    client = enter("city")
    assert world.county.post_title in body(client.get(address))
    given = {"party": "territory", "post": world.county.post_id}
    assert client.post(address, given).status_code == 302
    assert Slot.objects.get().post_id == world.county.post_id
    assert enter("outsider").post(address, given).status_code == 404
    assert enter("factory").post(address, given).status_code == 403
    assert client.post(address, {"party": "unit"}).status_code == 422


def test_a_principal_with_no_visit_is_red_though_the_deputy_made_nine(world, enter):
    place = world.places["9901"]
    for _ in range(9):
        enter("deputy").post("/places/acts/", {"kind": "site_check", "note": "渡口"})
    page = body(enter("city").get(f"/places/{place.pk}/"))
    assert "0 / 1" in page
    assert "副职 9 次,不计入" in page
    enter("mayor").post("/places/acts/", {"kind": "site_check", "note": "港区"})
    assert PersonalAct.objects.filter(by_principal=True).count() == 1
    assert "1 / 1" in body(enter("city").get(f"/places/{place.pk}/"))
    assert enter("township").post("/places/acts/", {"kind": "site_check"}).status_code == 403


def test_the_board_shows_how_far_overdue_work_has_climbed(world, enter, late):
    page = body(enter("city").get("/board/"))
    assert "已报分管领导 · 2 项" in page
    services.tick(at=NOON + 30 * HOUR)
    assert "已报主要负责人 · 2 项" in body(enter("city").get("/board/"))
    assert "没有逾期未办结的事项" in body(enter("outsider").get("/board/"))


def test_the_board_names_vacant_posts_unled_departments_and_unrun_sectors(world, enter):
    city = world.places["9901"]
    org = Org.objects.create(kind="department", name="交通局", place=city, scope=city.path,
                             sectors=["fire"], valid_from=NOON.date())  # fmt: skip
    Post.objects.create(org=org, place=city, scope=city.path, title="交通局值班", role="department",
                        valid_from=NOON.date())  # fmt: skip
    SectorOwner.objects.create(sector=Sector.objects.get(code="transport"), place=city, org=org)
    page = body(enter("city").get("/board/"))
    assert "交通局值班" in page
    assert page[page.index('id="unled"') :].count("交通局") >= 1
    unrun = page[page.index('id="unrun"') : page.index('id="invariants"')]
    assert "建筑施工" in unrun
    Org.objects.filter(pk=org.pk).update(sectors=["transport"])  # the deputy leads transport
    page = body(enter("city").get("/board/"))
    assert "每个部门都有人分管" in page


def test_the_board_says_when_the_invariants_were_last_checked(world, enter):
    assert "还没有核对过" in body(enter("city").get("/board/"))
    run(at=NOON - 30 * HOUR)
    assert "昨夜没有核对" in body(enter("city").get("/board/"))
    run(at=NOON - HOUR)
    page = body(enter("city").get("/board/"))
    assert "昨夜没有核对" not in page
    assert "没有人验收自己提交的事项" in page


def test_a_third_missed_deadline_proposes_a_notice_on_the_board(world, enter, clock):
    for _ in range(3):
        task(world, owner="county", by="city", due=NOON + HOUR)
    services.tick(at=NOON + 2 * HOUR)
    clock.at = NOON + 2 * HOUR
    page = body(enter("city").get("/board/"))
    proposed = page[page.index('id="proposals"') :]
    assert "误期 3 次" in proposed
    assert "通报" in proposed
    assert "/propose/" in proposed


def test_the_board_costs_the_same_however_much_is_late(
    world, enter, clock, late, django_assert_num_queries
):
    client = enter("city")
    for late_at in (NOON + HOUR, NOON + 2 * HOUR):
        for _ in range(3):
            task(world, owner="county", due=late_at)
        services.tick(at=late_at)
        clock.at = late_at
        with django_assert_num_queries(15):
            client.get("/board/")


@pytest.mark.parametrize("who", ["builder", "factory", "auditor", "admin"])
def test_the_board_is_for_those_who_lead_a_place(world, enter, who):
    assert enter(who).get("/board/").status_code == 403
