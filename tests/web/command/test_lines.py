"""The pages of lines upward."""

from bihuan.core.loops.models import Obligation, Request

TOLD = {
    "kind": "request",
    "title": "请求支援",
    "text": "地下车库进水。",
    "domain": "natural-hazards",
}


def test_a_matter_is_brought_up_answered_and_shown(enter, world):
    told = TOLD | {"place_id": world.places["99"].pk, "direct": "on", "urgent": "on"}
    sent = enter("county").post("/lines/new/", told)
    row = Obligation.objects.get(flow="request")
    assert sent["Location"] == f"/loops/{row.pk}/"
    head = enter("head")
    assert "答复" in head.get(f"/loops/{row.pk}/").content.decode()
    head.post(f"/loops/{row.pk}/answer/", {"note": "泵车已出发"})
    assert Request.objects.get().answer == "泵车已出发"
    page = enter("county").get(f"/loops/{row.pk}/").content.decode()
    assert "泵车已出发" in page
    assert "直达" in enter("city").get("/lines/").content.decode()
    assert "请求支援" not in enter("outsider").get("/lines/").content.decode()


def test_an_incomplete_matter_is_asked_for_again(enter, world):
    answer = enter("county").post("/lines/new/", TOLD | {"place_id": world.places["9902"].pk})
    assert answer.status_code == 422


def test_the_top_has_nobody_to_ask_and_a_unit_no_line(enter):
    assert "上面没有设立接收岗位" in enter("head").get("/lines/new/").content.decode()
    assert enter("factory").get("/lines/").status_code == 403
