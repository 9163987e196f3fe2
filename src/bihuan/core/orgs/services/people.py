"""Found bodies, open posts, appoint people. Rights follow from the post, at once."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from bihuan.core.audit.services import System, record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.models import Absence, Account, Org, OrgKind, Person, Post, Tenure
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.models import Place
from bihuan.core.places.types import under

Manager = Actor | System


def managed_place(*, place_id: int, by: Manager) -> Place:
    """The door to a place whose people the actor manages. Raises NotAllowed, NotFound."""
    if not by.has("people.manage"):
        raise NotAllowed("not_allowed", duty="people.manage")
    place = Place.objects.filter(pk=place_id, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise NotFound("place.not_found", id=place_id)
    return place


def managed_post(*, post_id: int, by: Manager) -> Post:
    """The door to a post whose holder the actor manages, locked. Raises NotAllowed, NotFound."""
    if not by.has("people.manage"):
        raise NotAllowed("not_allowed", duty="people.manage")
    post = Post.objects.select_for_update().filter(pk=post_id, valid_to=None).first()
    if post is None or not under(post.scope, by.scope):
        raise NotFound("post.not_found", id=post_id)
    return post


@transaction.atomic
def found_org(
    *,
    place_id: int,
    kind: str,
    name: str,
    by: Manager,
    at: datetime,
    second_name: str = "",
    sectors: Sequence[str] = (),
    attached: bool = False,
) -> Org:
    """Found an organisation. A body has two names and one record (M002).

    Raises NotAllowed, NotFound, Invalid, Conflict("org.body_exists") for a second headquarters
    or safety committee of the same place.
    """
    place = managed_place(place_id=place_id, by=by)
    if kind not in OrgKind.values or not name.strip():
        raise Invalid("org.incomplete", field="name" if kind in OrgKind.values else "kind")
    try:
        with transaction.atomic():
            org = Org.objects.create(
                kind=kind, name=name.strip(), second_name=second_name.strip(), place=place,
                scope=place.path, sectors=list(sectors), attached=attached,
                valid_from=local_date(at),
            )  # fmt: skip
    except IntegrityError as fault:
        raise Conflict("org.body_exists", place=place.name, kind=kind) from fault
    record(action="org.found", subject=f"org:{org.pk}", by=by, at=at, scope=place.path,
           facts={"name": org.name, "second_name": org.second_name, "kind": kind})  # fmt: skip
    return org


@transaction.atomic
def open_post(
    *,
    org_id: int,
    title: str,
    role: str,
    by: Manager,
    at: datetime,
    order: int = 0,
    leader_id: int | None = None,
    desk: bool = False,
) -> Post:
    """Open a post. Raises Invalid, NotFound, Conflict("post.desk_exists")."""
    org = Org.objects.filter(pk=org_id, valid_to=None).first()
    if org is None:
        raise NotFound("org.not_found", id=org_id)
    place = managed_place(place_id=org.place_id, by=by)
    if role not in list(Role) or not title.strip():
        raise Invalid("post.incomplete", field="title" if role in list(Role) else "role")
    if role == Role.ADMIN and isinstance(by, Actor) and by.role != Role.ADMIN:
        raise NotAllowed("post.admin_by_admin", role=role)
    try:
        with transaction.atomic():
            post = Post.objects.create(
                org=org, place=place, scope=place.path, title=title.strip(), role=role,
                order=order, leader_id=leader_id, desk=desk, valid_from=local_date(at),
            )  # fmt: skip
    except IntegrityError as fault:
        raise Conflict("post.desk_exists", place=place.name) from fault
    record(action="post.open", subject=f"post:{post.pk}", by=by, at=at, scope=place.path,
           facts={"title": post.title, "role": role, "desk": desk})  # fmt: skip
    return post


@transaction.atomic
def appoint(
    *,
    post_id: int,
    by: Manager,
    at: datetime,
    starts: datetime,
    person_id: int | None = None,
    name: str = "",
) -> Tenure:
    """Put a person into a post from a moment on; the present holder's tenure ends there.

    One person may hold several posts at once and others later (M003). Raises Invalid,
    NotFound, Conflict("tenure.overlaps").
    """
    post = managed_post(post_id=post_id, by=by)
    person = Person.objects.filter(pk=person_id).first() if person_id else None
    if person is None and not name.strip():
        raise Invalid("person.incomplete", field="name")
    if person is None:
        person = Person.objects.create(name=name.strip(), pinyin=_spoken(name))
    Tenure.objects.filter(post=post, starts__lt=starts, ends=None).update(ends=starts)
    try:
        with transaction.atomic():
            tenure = Tenure.objects.create(person=person, post=post, starts=starts)
    except IntegrityError as fault:
        raise Conflict("tenure.overlaps", post=post.title) from fault
    record(action="post.appoint", subject=f"post:{post.pk}", by=by, at=at, scope=post.scope,
           facts={"person": person.name, "person_id": person.pk,
                  "starts": starts.isoformat()})  # fmt: skip
    return tenure


@transaction.atomic
def end_tenure(*, tenure_id: int, ends: datetime, by: Manager, at: datetime) -> Tenure:
    """End a tenure: the rights of the post are gone from that moment. Raises NotFound, Invalid."""
    tenure = Tenure.objects.select_for_update().filter(pk=tenure_id, ends=None).first()
    if tenure is None:
        raise NotFound("tenure.not_found", id=tenure_id)
    post = managed_post(post_id=tenure.post_id, by=by)
    if ends <= tenure.starts:
        raise Invalid("tenure.ends_before_start", field="ends")
    tenure.ends = ends
    tenure.save(update_fields=["ends"])
    record(action="post.leave", subject=f"post:{post.pk}", by=by, at=at, scope=post.scope,
           facts={"person_id": tenure.person_id, "ends": ends.isoformat()})  # fmt: skip
    return tenure


@transaction.atomic
def end_post(*, post_id: int, by: Manager, at: datetime) -> Post:
    """Abolish a post that owes nothing. Raises NotFound, Conflict("post.owes" | "post.held")."""
    post = managed_post(post_id=post_id, by=by)
    owed = post.owed.filter(closed_at__isnull=True).count()
    if owed:
        raise Conflict("post.owes", post=post.title, open=owed)
    if post.tenures.filter(ends=None).exists():
        raise Conflict("post.held", post=post.title)
    post.valid_to = local_date(at)
    post.save(update_fields=["valid_to"])
    record(action="post.end", subject=f"post:{post.pk}", by=by, at=at, scope=post.scope)
    return post


@transaction.atomic
def set_portfolio(
    *, post_id: int, sectors: Sequence[str], leader_id: int | None, by: Manager, at: datetime
) -> Post:
    """Say which sectors a post leads and who stands above it in the chain (M014)."""
    post = managed_post(post_id=post_id, by=by)
    if leader_id == post_id:
        raise Invalid("post.own_leader", field="leader")
    post.sectors, post.leader_id = list(sectors), leader_id
    post.save(update_fields=["sectors", "leader"])
    record(action="post.portfolio", subject=f"post:{post.pk}", by=by, at=at, scope=post.scope,
           facts={"sectors": post.sectors, "leader": leader_id})  # fmt: skip
    return post


@transaction.atomic
def record_absence(
    *, post_id: int, starts: datetime, ends: datetime, reason: str, by: Manager, at: datetime
) -> Absence:
    """A holder is away: the next in the line stands in, and the audit shows it (M003)."""
    post = managed_post(post_id=post_id, by=by)
    if ends <= starts or not reason.strip():
        raise Invalid("absence.incomplete", field="ends" if ends <= starts else "reason")
    absence = Absence.objects.create(post=post, starts=starts, ends=ends, reason=reason.strip())
    record(action="post.absence", subject=f"post:{post.pk}", by=by, at=at, scope=post.scope,
           facts={"from": starts.isoformat(), "to": ends.isoformat()})  # fmt: skip
    return absence


@transaction.atomic
def open_account(
    *, person_id: int, username: str, password: str, by: Manager, at: datetime
) -> Account:
    """Give a person a way to sign in. Raises Invalid("account.password" with reasons), Conflict."""
    if not by.has("people.manage"):
        raise NotAllowed("not_allowed", duty="people.manage")
    account = Account(username=username.strip().lower(), person_id=person_id)
    if not account.username:
        raise Invalid("account.username", field="username")
    try:
        validate_password(password, account)
    except ValidationError as fault:
        raise Invalid("account.password", field="password", reasons=fault.messages) from fault
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError as fault:
        raise Conflict("account.exists", username=account.username) from fault
    record(action="account.open", subject=f"account:{account.pk}", by=by, at=at,
           facts={"username": account.username, "person_id": person_id})  # fmt: skip
    return account


def _spoken(name: str) -> str:
    """The name as it is spoken. The dictionary is loaded at the first name, not at every start."""
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(name))
