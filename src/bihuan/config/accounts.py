"""Accounts made by whoever runs the machine: the first administrator of a new site."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Invalid, NotFound
from bihuan.core.orgs import services
from bihuan.core.orgs.models import Account, Org, OrgKind, Tenure
from bihuan.core.places.models import Place

OFFICE = "平台运行"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Who is to sign in, and in which post."""

    username: str
    name: str
    place: str
    role: str
    title: str


@transaction.atomic
def create(given: NewAccount, *, password: str, at: datetime) -> Account:
    """A person in a new post of the place's running office, with an account.

    Raises NotFound for a place that is not loaded, Invalid for a weak password or a bad role.
    """
    place = Place.objects.filter(code=given.place, valid_to=None).first()
    if place is None:
        raise NotFound("place.not_found", code=given.place)
    name = f"{place.name}{OFFICE}"
    org = Org.objects.filter(place=place, name=name, valid_to=None).first()
    if org is None:
        org = services.found_org(
            place_id=place.pk, kind=OrgKind.DEPARTMENT, name=name, by=SYSTEM, at=at
        )
    post = services.open_post(org_id=org.pk, title=given.title, role=given.role, by=SYSTEM, at=at)
    tenure = services.appoint(post_id=post.pk, starts=at, name=given.name, by=SYSTEM, at=at)
    return services.open_account(
        person_id=tenure.person_id, username=given.username, password=password, by=SYSTEM, at=at
    )


@transaction.atomic
def set_password(*, username: str, password: str, at: datetime) -> Account:
    """Give an account a new password without the old one. Locks it. Raises NotFound, Invalid."""
    account = Account.objects.select_for_update().filter(username=username.lower()).first()
    if account is None:
        raise NotFound("account.not_found", username=username)
    try:
        validate_password(password, account)
    except ValidationError as fault:
        raise Invalid("account.password", reasons=fault.messages) from fault
    account.set_password(password)
    account.save(update_fields=["password"])
    record(action="account.reset", subject=f"account:{account.pk}", by=SYSTEM, at=at)
    return account


def listing(*, at: datetime) -> Iterator[tuple[str, str, str]]:
    """User name, person and present post of every account. One query."""
    present = Tenure.objects.filter(starts__lte=at).exclude(ends__lte=at)
    rows = present.filter(person__account__is_active=True).order_by("person__account__username")
    yield from rows.values_list("person__account__username", "person__name", "post__title")
