"""Saved views: one's own, and those shared inside the same body."""

from bihuan.core.orgs.models import SavedView

ASK = "/views/?page=/loops/&query=stage%3Doverdue%26after%3D7"


def save(client, name, **more):
    return client.post(ASK, {"name": name} | more)


def test_what_a_list_shows_is_saved_without_the_key_of_its_page(enter):
    client = enter("city")
    assert save(client, "逾期")["Location"] == "/loops/?stage=overdue"
    save(client, "逾期")
    view = SavedView.objects.get()
    assert (view.page, view.query, view.shared) == ("/loops/", "stage=overdue", False)
    page = client.get(ASK).content.decode()
    assert 'href="/loops/?stage=overdue"' in page
    assert "/views/?page=/loops/" in client.get("/loops/").content.decode()


def test_a_shared_view_is_seen_inside_the_body_and_dropped_by_its_maker_alone(enter):
    save(enter("city"), "自己看的")
    save(enter("city"), "大家的", shared="on")
    shared = SavedView.objects.get(name="大家的")
    page = enter("clerk").get(ASK).content.decode()
    assert "大家的" in page
    assert "自己看的" not in page
    assert "大家的" not in enter("county").get(ASK).content.decode()
    assert enter("clerk").post(f"/views/{shared.pk}/drop/").status_code == 404
    assert enter("city").post(f"/views/{shared.pk}/drop/")["Location"] == "/loops/"
    assert not SavedView.objects.filter(name="大家的").exists()


def test_no_view_leads_out_of_the_product(enter):
    client = enter("city")
    for page in ("https://example.org/", "//example.org/", "/no/such/", ""):
        assert client.get("/views/", {"page": page}).status_code == 422
    assert save(client, " ").status_code == 422
