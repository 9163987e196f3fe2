"""Addresses of the account pages."""

from django.urls import path

from bihuan.web.account import security, tokens, views

app_name = "account"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-in/demo/", views.demo_sign_in, name="demo_sign_in"),
    path("sign-in/code/", views.second_step, name="second_step"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("act-as/", views.act_as, name="act_as"),
    path("account/", security.profile, name="profile"),
    path("account/password/", security.password, name="password"),
    path("account/second-factor/", security.second_factor, name="second_factor"),
    path("account/second-factor/off/", security.second_factor_off, name="second_factor_off"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke_token"),
]
