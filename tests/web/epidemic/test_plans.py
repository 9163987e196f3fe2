"""Plans of nodes through HTTP."""

from bihuan.epidemic.models import NodePlan
from tests.epidemic.builders import add_health


def test_a_plan_is_returned_with_what_is_missing_then_accepted_by_the_city(world, enter, at):
    add_health(world)
    county, city = enter("county"), enter("city")
    made = county.post("/epidemic/plans/", {"year": "2026"})
    row = NodePlan.objects.get()
    page = f"/epidemic/plans/{row.pk}/"
    assert made["Location"] == page
    county.post(f"{page}targets/", {"report": "95", "isolate": "90"})
    county.post(f"{page}submit/")
    seen = county.get(page).content.decode()
    assert "定点医院普通床位、重症床位、儿科床位" in seen
    assert "已退回" in seen
    bad = county.post(f"{page}targets/", {"beds": "-1"})
    assert bad.status_code == 200
    whole = {"report": "95", "isolate": "90", "beds": "300", "icu": "20", "paediatric": "30"}
    county.post(f"{page}targets/", whole)
    county.post(f"{page}submit/")
    assert "审定通过" in city.get(page).content.decode()
    city.post(f"{page}accept/")
    assert NodePlan.objects.get().state == "accepted"
    assert "港城县" in city.get("/epidemic/plans/").content.decode()
    assert enter("outsider").get(page).status_code == 404
    assert enter("police").get(page).status_code == 403
