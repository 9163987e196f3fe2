"""The frame: rail by duty, posts, menu of the phone, home."""

from collections import Counter

import pytest

from bihuan.core.loops.models import Notice
from bihuan.core.orgs.rules import DUTIES
from bihuan.core.orgs.types import Role
from bihuan.web.nav import entries, phone_lines, rail

FRAME = 5  # session, account, the posts it acts in, news, what is owed


def test_home_leads_to_the_first_page_of_the_post(enter) -> None:
    assert enter("head").get("/")["Location"] == "/work/"


def test_the_rail_shows_what_the_post_may_open_and_no_empty_group(world, at) -> None:
    for name in ("head", "auditor", "factory", "admin"):
        groups = rail(world.actor(name), path="/", at=at)
        assert all(group.lines for group in groups)
    keys = {group.key for group in rail(world.factory, path="/", at=at)}
    assert "work" in keys
    hrefs = [line.href for g in rail(world.auditor, path="/", at=at) for line in g.lines]
    assert "/admin/audit/" in hrefs
    assert "/admin/posts/" not in hrefs


def test_every_line_of_the_rail_opens_for_whoever_sees_it(enter, world, at) -> None:
    broken = []
    for name in ("head", "community", "factory", "auditor"):
        client = enter(name)
        for group in rail(world.actor(name), path="/", at=at):
            for line in group.lines:
                status = client.get(line.href, follow=True).status_code
                if status != 200:
                    broken.append((name, line.href, status))
    assert broken == []


def test_who_is_only_inspected_is_offered_no_meetings_and_no_rounds(world, at) -> None:
    hrefs = {
        name: {line.href for g in rail(world.actor(name), path="/", at=at) for line in g.lines}
        for name in ("factory", "community", "head")
    }
    offices = {"/meetings/", "/ledgers/", "/supervision/rounds/", "/supervision/external/"}
    assert offices.isdisjoint(hrefs["factory"])
    assert offices <= hrefs["community"]
    assert offices <= hrefs["head"]


@pytest.mark.parametrize("role", Role)
def test_no_post_has_a_group_of_more_than_seven_lines(role) -> None:
    seen = Counter(entry.group for entry in entries() if entry.admits(DUTIES[role]))
    assert 1 <= max(seen.values()) <= 7


def test_a_phone_shows_four_lines_and_the_way_to_the_rest(enter, world, at) -> None:
    told = rail(world.head, path="/", at=at)
    marked = [line for group in told for line in group.lines if line.phone]
    assert len(marked) > 4
    assert phone_lines(told) == tuple(marked[:4])
    bar = enter("head").get("/more/").content.decode().split('class="phonebar"')[1]
    assert bar.split("</nav>")[0].count("<a ") == 5


@pytest.mark.parametrize(("news", "told"), [(0, None), (19, "19"), (20, "20+"), (31, "20+")])
def test_the_bell_tells_how_much_is_new(enter, world, at, news, told) -> None:
    Notice.objects.bulk_create(
        Notice(post_id=world.head.post_id, kind="problem.found", at=at) for _ in range(news)
    )
    bell = enter("head").get("/more/").content.decode().split('href="/work/told/"')[1]
    count = bell.split("</a>")[0].partition('class="bar-count">')[2].partition("<")[0]
    assert (count or None) == told


def test_the_line_one_stands_on_is_marked(world, at) -> None:
    lines = [line for g in rail(world.head, path="/admin/posts/5/", at=at) for line in g.lines]
    assert [line.href for line in lines if line.here] == ["/admin/posts/"]


def test_the_whole_menu_and_the_help_open(enter) -> None:
    client = enter("head")
    assert client.get("/more/").status_code == 200
    assert "键盘快捷键" in client.get("/help/").content.decode()


def test_the_health_page_says_ok_to_anybody(db, client) -> None:
    assert client.get("/healthz").content == b"ok"


def test_the_frame_costs_a_fixed_number_of_queries(enter, django_assert_num_queries) -> None:
    client = enter("head")
    client.get("/help/")
    with django_assert_num_queries(FRAME):
        client.get("/help/")
