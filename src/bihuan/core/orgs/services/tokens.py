"""Personal API tokens: shown once, kept as a digest, bound to a post, with an end."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.errors import Invalid, NotFound, Unauthenticated
from bihuan.core.orgs.models import Token
from bihuan.core.orgs.selectors import actor_for
from bihuan.core.orgs.types import Actor

SCOPES = ("read", "write")
LONGEST = timedelta(days=365)
PREFIX = "bh_"
USED_EVERY = timedelta(minutes=5)  # how exactly the last use is kept


@transaction.atomic
def make_token(
    *, name: str, scopes: Sequence[str], expires_at: datetime, by: Actor, at: datetime
) -> tuple[Token, str]:
    """Make a token for the post the actor is in; the second value is shown this once.

    Raises Invalid("token.scopes" | "token.expiry" | "token.name").
    """
    if not name.strip():
        raise Invalid("token.name", field="name")
    if not scopes or set(scopes) - set(SCOPES):
        raise Invalid("token.scopes", field="scopes", allowed=list(SCOPES))
    if not at < expires_at <= at + LONGEST:
        raise Invalid("token.expiry", field="expires_at", longest_days=LONGEST.days)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        account_id=by.account_id, post_id=by.post_id, name=name.strip(), digest=_digest(secret),
        scopes=sorted(set(scopes)), created_at=at, expires_at=expires_at,
    )  # fmt: skip
    record(action="token.make", subject=f"token:{token.pk}", by=by, at=at,
           facts={"name": token.name, "scopes": token.scopes})  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(*, token_id: int, by: Actor, at: datetime) -> Token:
    """End a token at once. Raises NotFound for anybody else's."""
    token = Token.objects.filter(pk=token_id, account=by.account_id, revoked_at=None).first()
    if token is None:
        raise NotFound("token.not_found", id=token_id)
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    record(action="token.revoke", subject=f"token:{token.pk}", by=by, at=at)
    return token


def token_holder(*, secret: str, at: datetime) -> tuple[Actor, frozenset[str]]:
    """The actor behind a token and what it may do. Raises Unauthenticated("token.invalid")."""
    token = Token.objects.filter(
        digest=_digest(secret), revoked_at=None, expires_at__gt=at, account__is_active=True
    ).first()
    if token is None:
        raise Unauthenticated("token.invalid")
    if token.used_at is None or at - token.used_at > USED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=at)
    actor = actor_for(account_id=token.account_id, post_id=token.post_id, at=at)
    return actor, frozenset(token.scopes)


def _digest(secret: str) -> str:
    """Tokens are 256 random bits: one SHA-256 is enough, and can be looked up."""
    return hashlib.sha256(secret.encode()).hexdigest()
