"""Open a loop that the product itself finds due: a signal, an investigation."""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import System
from bihuan.core.loops.models import Brief, Obligation
from bihuan.core.loops.services.opening import Deadline, put_row, tell_issued
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor


@transaction.atomic
def raise_loop(
    *,
    flow: str,
    brief: Brief,
    owner: Post,
    issuer: Post,
    deadline: Deadline,
    origin: str,
    by: Actor | System,
    at: datetime,
) -> Obligation:
    """Make `owner` owe a brief from `at` on, with `issuer` as the post it answers to."""
    row = put_row(
        flow=flow, brief=brief, owner=owner, issuer=issuer, due=deadline, at=at, origin=origin
    )
    tell_issued(row, by=by, at=at)
    return row
