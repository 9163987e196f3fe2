"""One's own password, second factor and tokens; language and display."""

import re

import pyotp
from django.test import Client

from bihuan.core.orgs.models import Account, Token


def test_a_password_changes_against_the_present_one_only(enter) -> None:
    client = enter("clerk")
    account = Account.objects.get(username="clerk")
    account.set_password("a long harbour bridge")
    account.save()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    new = "another longer harbour"
    assert client.post("/account/password/", {"old": "wrong", "new": new}).status_code == 422
    weak = client.post("/account/password/", {"old": "a long harbour bridge", "new": "12345"})
    assert weak.status_code == 422
    done = client.post("/account/password/", {"old": "a long harbour bridge", "new": new})
    assert done.status_code == 302
    assert client.get("/account/").status_code == 200, "one's own session lives on"


def test_the_second_factor_is_on_once_the_device_proves_itself(enter, at) -> None:
    client = enter("clerk")
    html = client.get("/account/second-factor/").content.decode()
    secret = re.search(r'class="secret">([A-Z2-7]{32})<', html)[1]
    assert "<svg" in html
    assert client.post("/account/second-factor/", {"code": "000000"}).status_code == 422
    told = client.post("/account/second-factor/", {"code": pyotp.TOTP(secret).at(at)})
    assert len(re.findall(r"<li>[0-9a-f]{6}-[0-9a-f]{6}</li>", told.content.decode())) == 8
    stored = bytes(Account.objects.get(username="clerk").second_factor)
    assert secret.encode() not in stored, "kept encrypted"


def test_the_second_factor_goes_off_against_a_code_only(enter, at) -> None:
    client = enter("clerk")
    client.get("/account/second-factor/")
    secret = client.session["second_factor_secret"]
    html = client.post("/account/second-factor/", {"code": pyotp.TOTP(secret).at(at)})
    code = re.search(r"<li>([0-9a-f-]{13})</li>", html.content.decode())[1]
    assert client.post("/account/second-factor/off/", {"code": "000000"}).status_code == 422
    assert client.post("/account/second-factor/off/", {"code": code}).status_code == 302
    assert not Account.objects.get(username="clerk").second_factor


def test_a_token_is_shown_once_and_revoked_at_once(enter, world) -> None:
    client = enter("clerk")
    said = {"name": "数据湖", "scopes": ["read"], "expires_at": "明天"}
    html = client.post("/account/tokens/", said).content.decode()
    secret = re.search(r"bh_[\w-]+", html)[0]
    token = Token.objects.get()
    assert secret not in token.digest
    assert secret not in client.get("/account/tokens/").content.decode()
    assert enter("county").post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert not client.get("/account/tokens/").context["tokens"].exists()


def test_a_token_without_scope_or_past_its_end_is_refused_beside_the_field(enter) -> None:
    client = enter("clerk")
    said = {"name": "数据湖", "scopes": ["read"], "expires_at": "昨天"}
    answer = client.post("/account/tokens/", said)
    assert answer.status_code == 422
    assert "有效期须在将来" in answer.content.decode()
    assert client.post("/account/tokens/", {**said, "scopes": []}).status_code == 422


def test_the_language_is_remembered_for_the_account(enter) -> None:
    client = enter("clerk")
    client.post("/language/", {"language": "en", "next": "/account/"})
    html = client.get("/account/").content.decode()
    assert "My account and security" in html
    assert '<html lang="en"' in html
    assert Account.objects.get(username="clerk").language == "en"


def test_an_unknown_language_or_display_changes_nothing(db) -> None:
    client = Client()
    client.post("/language/", {"language": "xx"})
    client.post("/theme/", {"theme": "pink"})
    assert not client.cookies


def test_the_dark_display_is_kept_on_the_device(db) -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark", "next": "/sign-in/"})
    assert 'data-bs-theme="dark"' in client.get("/sign-in/").content.decode()
