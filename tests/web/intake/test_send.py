"""The last step: the preview, the issue, and the worker for what is large."""

from procrastinate.contrib.django.models import ProcrastinateJob

from bihuan.command.models import Directive
from bihuan.core.loops.models import Obligation
from bihuan.jobs.schedule import send_directive


def test_the_preview_follows_the_chosen_nodes_and_the_issue_opens_that_many(enter, document, world):
    client, address = enter("city"), f"/documents/{document.pk}/send/"
    page = client.get(address).content.decode()
    assert "2 个地方" in page
    one = world.places["990101"].pk
    assert "1 个地方" in client.get(address, {"title": "部署", "places": one}).content.decode()
    answer = client.post(address, {"title": "部署", "places": one})
    row = Directive.objects.get()
    assert answer["Location"] == f"/directives/{row.pk}/"
    assert Obligation.objects.count() == 1


def test_nobody_to_do_it_is_told_beside_the_form(enter, document):
    answer = enter("city").post(f"/documents/{document.pk}/send/", {"title": "部署"})
    assert "没有人承办" in answer.content.decode()
    assert not Directive.objects.exists()


def test_a_large_directive_is_opened_by_the_worker(enter, document, world, monkeypatch):
    monkeypatch.setattr("bihuan.web.intake.views.send.AT_ONCE", 0)
    places = [world.places["990101"].pk]
    enter("city").post(f"/documents/{document.pk}/send/", {"title": "部署", "places": places})
    assert not Obligation.objects.exists()
    job = ProcrastinateJob.objects.get(task_name="directives.send")
    for _again in range(2):
        send_directive(**job.args)
    assert Obligation.objects.count() == 1
    page = enter("city").get(f"/directives/{job.args['directive_id']}/").content.decode()
    assert "正在下达" not in page


def test_only_those_who_issue_may_send(enter, document):
    assert enter("deputy").get(f"/documents/{document.pk}/send/").status_code == 403
    assert enter("outsider").get(f"/documents/{document.pk}/send/").status_code == 404
