"""The page that brings a list of venues."""

from django.core.files.uploadedfile import SimpleUploadedFile

from bihuan.core.orgs.models import Venue

LIST = "场所名称,场所类别,所在地代码,主管部门\n一号码头,ferry,990101001,\n二号码头,ferry,x,\n"


def test_a_list_is_previewed_confirmed_and_leads_to_the_empty_slots(enter) -> None:
    client = enter("county")
    sent = client.post("/venues/import/", {"file": SimpleUploadedFile("v.csv", LIST.encode())})
    preview = sent["Location"]
    page = client.get(preview).content.decode()
    assert "辖区内没有这个代码的地方" in page
    assert not Venue.objects.exists()
    done = client.post(preview)
    assert done["Location"].endswith("/duties/?show=empty")
    assert Venue.objects.get().name == "一号码头"
    shown = client.get(done["Location"]).content.decode()
    assert "一号码头" in shown
    assert "?party=department" in shown


def test_what_is_no_table_is_refused_beside_the_form(enter) -> None:
    empty = {"file": SimpleUploadedFile("v.csv", b"\n")}
    assert enter("county").post("/venues/import/", empty).status_code == 422


def test_who_hands_nothing_out_brings_no_list(enter) -> None:
    assert enter("factory").get("/venues/import/").status_code == 403
