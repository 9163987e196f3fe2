"""The page of how well papers were read."""


def test_it_says_what_to_do_while_nothing_was_checked(enter, document):
    assert "还没有逐条核过的草稿" in enter("city").get("/documents/accuracy/").content.decode()


def test_it_shows_the_agreement_by_field(enter, document):
    client = enter("city")
    first, second = document.drafts.order_by("position")[:2]
    client.post(f"/drafts/{first.pk}/status/", {"status": "kept"})
    client.post(f"/drafts/{second.pk}/status/", {"status": "rejected"})
    page = client.get("/documents/accuracy/").content.decode()
    assert "50%" in page
    assert "2 条逐条核过" in page
