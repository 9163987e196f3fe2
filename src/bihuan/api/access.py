"""Who calls: a personal token, its post, and what it may do."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from bihuan.core.clock import read_clock
from bihuan.core.errors import NotAllowed
from bihuan.core.orgs.services import token_holder
from bihuan.core.orgs.types import Actor


class ApiRequest(HttpRequest):
    """A request with its caller: what every operation is given."""

    actor: Actor
    at: datetime


class TokenAuth(HttpBearer):
    """`Authorization: Bearer bh_…` with a scope. Raises Unauthenticated, NotAllowed."""

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Any:
        at = read_clock()
        actor, scopes = token_holder(secret=token, at=at)
        if self.scope not in scopes:
            raise NotAllowed("token.scope_missing", scope=self.scope)
        request.actor, request.at = actor, at  # type: ignore[attr-defined]
        return actor


READ = TokenAuth("read")
WRITE = TokenAuth("write")
