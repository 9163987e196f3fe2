"""The moment, the post and the refusals of a request."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from bihuan.core.orgs.rules import DUTIES
from bihuan.web.middleware import WorkRequestMiddleware
from bihuan.web.words import duty_words


def test_a_view_without_a_class_is_refused_with_an_error() -> None:
    frame = WorkRequestMiddleware(lambda _request: HttpResponse())
    with pytest.raises(ImproperlyConfigured):
        frame.process_view(RequestFactory().get("/new/"), lambda _request: HttpResponse())


def test_a_past_moment_is_said_on_the_page(enter) -> None:
    html = enter("head").get("/rules/?as_of=3-1").content.decode()
    assert "您看到的是过去的情况" in html
    assert "2026-03-01 00:00" in html


def test_the_clock_leads_back_only_where_a_page_can_look_back(enter) -> None:
    client = enter("head")
    assert 'name="as_of"' in client.get("/rules/").content.decode()
    assert 'name="as_of"' not in client.get("/admin/posts/").content.decode()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/rules/?as_of=3-20", "as_of.future"),
        ("/rules/?as_of=soon", "moment.unreadable"),
        ("/admin/posts/?as_of=3-1", "as_of.not_here"),
    ],
)
def test_a_moment_that_cannot_be_shown_is_refused(enter, address: str, code: str) -> None:
    answer = enter("head").get(address)
    assert answer.status_code == 422
    assert code in answer.content.decode()


def test_a_refusal_tells_what_happened_what_is_lost_and_a_number(enter) -> None:
    answer = enter("head").get("/admin/posts/999999/")
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "没有这个岗位" in html
    assert "有无丢失" in html
    assert answer.wsgi_request.number in html


def test_a_refusal_says_which_duty_lacks_and_who_has_it(enter) -> None:
    html = enter("factory").get("/admin/audit/").content.decode()
    assert "需要的职责:查看审计" in html
    assert "审计 · 平台管理" in html
    assert "audit.read" not in html


def test_every_duty_has_words() -> None:
    duties = frozenset().union(*DUTIES.values())
    assert sorted(duty for duty in duties if duty_words(duty) == duty) == []


@pytest.mark.parametrize(
    ("came", "back"),
    [("http://testserver/loops/?stage=open", "/loops/?stage=open"), ("", ""),
     ("http://elsewhere.example/loops/", ""), ("http://testserver/admin/posts/999999/", "")],
)  # fmt: skip
def test_a_refusal_leads_back_to_where_one_came_from_on_this_site(enter, came, back) -> None:
    answer = enter("head").get("/admin/posts/999999/", headers={"referer": came})
    assert answer.context["back"] == back
    assert ("回到刚才的页面" in answer.content.decode()) is bool(back)


def test_a_part_of_a_page_gets_its_refusal_as_a_toast(enter) -> None:
    answer = enter("head").get("/admin/posts/999999/", headers={"HX-Request": "true"})
    assert answer["HX-Retarget"] == "#toasts"
    assert "<html" not in answer.content.decode()


def test_somebody_without_a_post_is_told_so_and_can_leave(enter, world) -> None:
    from bihuan.core.orgs.models import Tenure

    client = enter("clerk")
    Tenure.objects.filter(person__account__username="clerk").update(ends=world.at)
    answer = client.get("/")
    assert answer.status_code == 403
    assert "没有任何在任岗位" in answer.content.decode()
    assert client.get("/account/").status_code == 200


def test_an_unknown_address_says_that_nothing_is_lost(enter) -> None:
    answer = enter("head").get("/no/such/page/")
    assert answer.status_code == 404
    assert "没有任何内容丢失" in answer.content.decode()
    assert 'href="/work/"' in answer.content.decode(), "the frame leads back"


def test_a_fault_of_the_product_shows_a_number_and_no_detail(enter, monkeypatch) -> None:
    from bihuan.web.admin import rules

    def broken(*_args: object, **_options: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(rules.registry, "in_force", broken)
    client = enter("head")
    client.raise_request_exception = False
    answer = client.get("/rules/")
    assert answer.status_code == 500
    assert answer.wsgi_request.number in answer.content.decode()
    assert "secret detail" not in answer.content.decode()


def test_pages_carry_a_policy_without_inline_scripts(enter) -> None:
    policy = enter("head").get("/account/")["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
