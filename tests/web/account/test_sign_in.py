"""Signing in: passwords, lock-out, second factor, demo accounts, posts."""

from datetime import timedelta

import pyotp
import pytest
from django.test import Client, override_settings

from bihuan.config.demo.signin import DemoAccount
from bihuan.core.audit.models import Entry
from bihuan.core.orgs.models import Absence, Account, Tenure
from bihuan.core.orgs.services.second_factor import enable_second_factor, new_secret

WORD = "a long harbour bridge"


@pytest.fixture
def clerk(world) -> Account:
    account = Account.objects.get(username="clerk")
    account.set_password(WORD)
    account.save()
    return account


@pytest.fixture
def guarded(clerk: Account, at) -> tuple[Account, pyotp.TOTP, list[str]]:
    """An account whose second factor was set up two minutes ago."""
    secret, before = new_secret(), at - timedelta(minutes=2)
    device = pyotp.TOTP(secret)
    codes = enable_second_factor(
        account_id=clerk.pk, secret=secret, code=device.at(before), at=before
    )
    return clerk, device, codes


def sign_in(client: Client, word: str = WORD, **more: str):
    return client.post("/sign-in/", {"username": "clerk", "password": word, **more})


def test_a_right_password_enters_and_is_put_on_record(clerk: Account) -> None:
    client = Client()
    answer = sign_in(client, next="/rules/")
    assert (answer.status_code, answer["Location"]) == (302, "/rules/")
    assert client.get("/account/").status_code == 200
    assert Entry.objects.get(action="account.sign_in").facts == {"how": "password"}


def test_a_wrong_password_is_told_beside_the_field(clerk: Account) -> None:
    answer = sign_in(Client(), "wrong")
    assert answer.status_code == 422
    assert "用户名或密码不正确" in answer.content.decode()


def test_five_failures_lock_the_name_from_that_address(clerk: Account) -> None:
    client = Client()
    for _ in range(4):
        assert sign_in(client, "wrong").status_code == 422
    assert sign_in(client, "wrong").status_code == 429
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "15 分钟" in answer.content.decode()
    assert sign_in(Client(REMOTE_ADDR="10.0.0.9")).status_code == 302, "a colleague elsewhere may"


@pytest.mark.parametrize("address", ["//evil.example/", "https://evil.example/", "javascript:0"])
def test_the_address_afterwards_is_one_of_this_site(clerk: Account, address: str) -> None:
    assert sign_in(Client(), next=address)["Location"] == "/"


def test_an_account_that_was_switched_off_does_not_enter(clerk: Account) -> None:
    Account.objects.filter(pk=clerk.pk).update(is_active=False)
    assert sign_in(Client()).status_code == 422


def test_with_a_second_factor_the_password_alone_opens_nothing(guarded, at) -> None:
    client = Client()
    assert sign_in(client)["Location"] == "/sign-in/code/"
    assert client.get("/account/").status_code == 302


def test_the_code_of_the_device_enters_once(guarded, at) -> None:
    _account, device, _codes = guarded
    client, other = Client(), Client()
    sign_in(client, next="/rules/")
    assert client.post("/sign-in/code/", {"code": device.at(at)})["Location"] == "/rules/"
    sign_in(other)
    assert other.post("/sign-in/code/", {"code": device.at(at)}).status_code == 422, "seen before"


def test_a_recovery_code_enters_once(guarded) -> None:
    _account, _device, codes = guarded
    client, other = Client(), Client()
    sign_in(client)
    assert client.post("/sign-in/code/", {"code": codes[3]}).status_code == 302
    sign_in(other)
    assert other.post("/sign-in/code/", {"code": codes[3]}).status_code == 422


def test_guessing_codes_locks_like_guessing_passwords(guarded) -> None:
    client = Client()
    for _ in range(4):
        sign_in(client)
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 429
    assert sign_in(client).status_code == 429


def test_the_second_step_waits_five_minutes_only(guarded, at, monkeypatch) -> None:
    client = Client()
    sign_in(client)
    monkeypatch.setattr("bihuan.web.middleware.read_clock", lambda: at + timedelta(minutes=6))
    answer = client.get("/sign-in/code/")
    assert answer.status_code == 422
    assert "second_factor.expired" in answer.content.decode()


def test_the_second_step_without_the_first_is_refused(db) -> None:
    assert Client().get("/sign-in/code/").status_code == 422


@override_settings(DEMO=True, DEMO_ACCOUNTS=(DemoAccount("clerk", "科员", "Clerk"),))
def test_in_the_demonstration_one_click_enters_a_listed_account_only(world) -> None:
    client = Client()
    assert "科员" in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/demo/", {"username": "governor"}).status_code == 404
    assert client.post("/sign-in/demo/", {"username": "clerk"}).status_code == 302
    assert client.get("/account/").status_code == 200


@override_settings(DEMO=False, DEMO_ACCOUNTS=(DemoAccount("clerk", "科员", "Clerk"),))
def test_elsewhere_no_account_is_offered(world) -> None:
    assert "科员" not in Client().get("/sign-in/").content.decode()


def test_signing_out_ends_the_session(clerk: Account) -> None:
    client = Client()
    sign_in(client)
    client.post("/sign-out/")
    assert client.get("/account/").status_code == 302


def test_a_person_with_two_posts_acts_in_the_chosen_one(enter, world) -> None:
    client = enter("clerk")
    person = Account.objects.get(username="clerk").person
    Tenure.objects.filter(post_id=world.county2.post_id).update(person=person)
    own = world.actor("clerk").post_id
    posts = {a.post_id for a in client.get("/account/").wsgi_request.actors}
    other = (posts - {own}).pop()
    client.post("/act-as/", {"post": other})
    assert client.get("/account/").wsgi_request.actor.post_id == other


def test_nobody_acts_in_a_post_they_do_not_hold(enter, world) -> None:
    client = enter("clerk")
    assert client.post("/act-as/", {"post": world.head.post_id}).status_code == 404
    assert client.post("/act-as/", {"post": "x"}).status_code == 404


def test_a_stand_in_acts_in_the_absent_ones_post_and_the_page_says_so(enter, world, at) -> None:
    Absence.objects.create(
        post_id=world.mayor.post_id, starts=at - timedelta(days=1), ends=at + timedelta(days=1),
        reason="出差",
    )  # fmt: skip
    client = enter("deputy")
    client.post("/act-as/", {"post": world.mayor.post_id})
    assert ",代" in client.get("/account/").content.decode()


def test_rights_are_gone_the_moment_a_tenure_ends(enter, world, at) -> None:
    client = enter("clerk")
    assert client.get("/rules/").status_code == 200
    Tenure.objects.filter(person__account__username="clerk").update(ends=at)
    assert client.get("/rules/").status_code == 403
