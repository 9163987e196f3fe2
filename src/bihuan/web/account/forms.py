"""Forms of the account pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from bihuan.web.forms import MomentField, WorkForm

SCOPES = (("read", _("读取")), ("write", _("办理")))


class SignInForm(WorkForm):
    """User name and password."""

    username = forms.CharField(
        label=_("用户名"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("密码"), max_length=200, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip


class CodeForm(WorkForm):
    """A code of the second factor, or a recovery code."""

    code = forms.CharField(
        label=_("验证码"), max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
    )  # fmt: skip


class PasswordForm(WorkForm):
    """The present password and a new one."""

    old = forms.CharField(
        label=_("当前密码"), strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    new = forms.CharField(
        label=_("新密码"), strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip


class TokenForm(WorkForm):
    """What a token is for, what it may do, until when."""

    name = forms.CharField(label=_("用途"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("权限"), choices=SCOPES, widget=forms.CheckboxSelectMultiple, initial=["read"]
    )
    expires_at = MomentField(label=_("有效期至"), last=True, help_text=_("最长一年,例如 12-31"))
