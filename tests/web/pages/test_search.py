"""One box for places, posts, loops and pages; nothing beyond what the post may see."""

from tests.factories import task


def found(client, text: str) -> str:
    return client.get("/search/", {"q": text}).content.decode().split("<main")[1]


def test_a_whole_number_leads_straight_to_its_loop(enter, world) -> None:
    row = task(world)
    answer = enter("city").get("/search/", {"q": row.number})
    assert answer["Location"] == f"/loops/{row.pk}/"


def test_the_number_of_a_loop_one_may_not_see_finds_nothing(enter, world) -> None:
    row = task(world)
    html = found(enter("outsider"), row.number)
    assert "没有找到" in html
    assert row.brief.title not in html


def test_a_title_finds_loops_of_the_readers_own_sight(enter, world) -> None:
    row = task(world)
    assert row.number in found(enter("city"), "渡口")
    assert row.number not in found(enter("outsider"), "渡口")


def test_places_are_found_by_code_name_and_pinyin(enter, world) -> None:
    client, address = enter("head"), f"/places/{world.places['990101'].pk}/"
    for text in ("990101", "港城", "gangcheng", "gcx"):
        assert address in found(client, text), text
    assert address not in found(enter("outsider"), "港城")
    assert "/admin/places/990101/" in found(enter("admin"), "港城"), "reads no loops"


def test_posts_are_found_by_title_and_holder(enter) -> None:
    assert "北原市mayor" in found(enter("head"), "某mayor")
    assert "北原市mayor" not in found(enter("outsider"), "mayor")


def test_pages_are_found_by_their_name_in_either_language(enter) -> None:
    client = enter("head")
    assert 'href="/rules/"' in found(client, "现行规则")
    client.post("/language/", {"language": "en"})
    assert 'href="/rules/"' in found(client, "rules in")


def test_nothing_asked_finds_nothing_and_long_nonsense_does_no_harm(enter) -> None:
    client = enter("head")
    assert "没有找到" not in found(client, "")
    assert "没有找到" in found(client, "ž%_'\"<" * 50)
