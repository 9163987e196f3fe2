"""What an account says of itself: that it signed in, its language, its password."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bihuan.core.audit.services import System, record
from bihuan.core.errors import Invalid
from bihuan.core.orgs.models import Account


def note_sign_in(*, account_id: int, at: datetime, how: str) -> None:
    """Put a sign-in on record: `how` is password, second_factor or demo."""
    account = Account.objects.get(pk=account_id)
    record(action="account.sign_in", subject=f"account:{account_id}", by=System(account.username),
           at=at, facts={"how": how})  # fmt: skip


def choose_language(*, account_id: int, language: str) -> None:
    """Remember the language in which a person wants to be written to."""
    Account.objects.filter(pk=account_id).update(language=language)


@transaction.atomic
def change_password(*, account_id: int, old: str, new: str, at: datetime) -> Account:
    """Change the password against the present one. Locks the account.

    Raises Invalid("password.wrong" | "account.password" with reasons).
    """
    account = Account.objects.select_for_update().get(pk=account_id)
    if not account.check_password(old):
        raise Invalid("password.wrong", field="old")
    try:
        validate_password(new, account)
    except ValidationError as fault:
        raise Invalid("account.password", field="new", reasons=fault.messages) from fault
    account.set_password(new)
    account.save(update_fields=["password"])
    record(action="account.password", subject=f"account:{account_id}",
           by=System(account.username), at=at)  # fmt: skip
    return account
