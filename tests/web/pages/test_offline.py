"""The shell for bad days: a worker at the root, one page that needs no sign-in, what was taken."""

import json
import re
from contextlib import closing

import pytest
from django.test import Client

from bihuan.web.drafts import COOKIE

pytestmark = pytest.mark.django_db


def test_everything_the_worker_keeps_can_be_had_without_signing_in(client):
    answer = client.get("/worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    script = answer.content.decode()
    parts = json.loads(re.search(r"PARTS = (\[.*\]);", script)[1])
    assert len(parts) == 4
    for address in ["/offline/", *parts]:
        with closing(client.get(address)) as kept:
            assert kept.status_code == 200, address
            assert b"".join(kept)
    assert '["/language/", "/theme/"]' in script


def test_the_page_for_bad_days_speaks_the_readers_language(client):
    client.cookies["language"] = "en"
    assert "No network" in client.get("/offline/").content.decode()


def test_the_site_can_be_installed(client):
    told = client.get("/manifest.webmanifest").json()
    assert told["start_url"] == "/"
    with closing(client.get(told["icons"][0]["src"])) as icon:
        assert icon.status_code == 200


def test_only_a_form_that_was_taken_is_named_in_the_cookie(enter):
    page = enter("head")
    taken = page.post("/theme/", {"theme": "dark", "draft": "loop-7-prove"})
    assert taken.cookies[COOKIE].value == "loop-7-prove"
    assert COOKIE not in page.get("/rules/", {"draft": "loop-7-prove"}).cookies
    forged = page.post("/theme/", {"theme": "dark", "draft": "x; path=/evil"})
    assert COOKIE not in forged.cookies


def test_a_form_sent_after_the_session_ended_keeps_its_draft(world):
    answer = Client().post("/theme/", {"theme": "dark", "draft": "loop-7-prove"})
    assert answer.status_code == 302
    assert COOKIE not in answer.cookies
