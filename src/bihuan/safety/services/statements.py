"""Yearly statements of responsibility: drawn up, signed, void on a change of leader (M125)."""

from datetime import datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import issue, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Party, Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.safety.models import Establishment, Statement
from bihuan.safety.selectors.establishments import fetch_establishment, owner_post

PARTIES = (Party.TERRITORY, Party.DEPARTMENT, Party.UNIT)


@transaction.atomic
def draw_statement(
    *, establishment_id: int, party: str, post_id: int, duties: str, by: Actor, at: datetime
) -> Statement:
    """Draw up the statement of one of the three parties; an earlier one is void. Locks the place.

    Raises NotFound, NotAllowed, Invalid("statement.party" | "statement.no_duties").
    """
    row = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    if not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    if party not in PARTIES:
        raise Invalid("statement.party", field="party")
    if not duties.strip():
        raise Invalid("statement.no_duties", field="duties")
    if not Post.objects.filter(pk=post_id, valid_to=None).exists():
        raise NotFound("post.not_found", id=post_id)
    return _draw(row, party, post_id, duties.strip(), by=by, at=at)


def _draw(
    row: Establishment, party: str, post_id: int, duties: str, *, by: Actor, at: datetime
) -> Statement:
    row.statements.filter(party=party, voided_at=None).update(voided_at=at)
    statement = Statement.objects.create(
        establishment=row, party=party, scope=row.scope, duties=duties, head=row.head,
        post_id=post_id, drawn_at=at,
    )  # fmt: skip
    record(action="statement.draw", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"party": party, "post": post_id})  # fmt: skip
    return statement


@transaction.atomic
def sign_statement(*, statement_id: int, by: Actor, at: datetime) -> Statement:
    """The post named signs for a year. Locks the statement. Raises NotFound for anybody else,

    Conflict("statement.signed" | "statement.void").
    """
    statement = (
        Statement.objects.select_for_update(of=("self",))
        .select_related("establishment")
        .filter(pk=statement_id, post=by.post_id)
        .first()
    )
    if statement is None:
        raise NotFound("statement.not_found", id=statement_id)
    if statement.voided_at is not None or statement.signed_at is not None:
        raise Conflict("statement.signed" if statement.signed_at else "statement.void")
    days = int(registry.value("statement.valid_days", at, scope=statement.scope).value)
    statement.signed_at, statement.signed_by = at, by.name
    statement.valid_to = local_date(at) + timedelta(days=days)
    statement.save()
    record(action="statement.sign", subject=statement.establishment.subject, by=by, at=at,
           scope=statement.scope, facts={"party": statement.party})  # fmt: skip
    return statement


def head_changed(row: Establishment, *, by: Actor, at: datetime) -> Obligation | None:
    """A new legal representative has signed nothing: the statement is void, a task runs (M125).

    None where the enterprise had no statement.
    """
    former = row.statements.filter(party=Party.UNIT, voided_at=None).first()
    if former is None:
        return None
    _draw(row, Party.UNIT, former.post_id, former.duties, by=by, at=at)
    post = owner_post(row)
    if post is None:
        return None
    brief = write_brief(
        given=BriefInput(
            title=f"重新签订安全责任书:{row.venue.name}",
            text=f"法定代表人变更为{row.head or '(未填)'},原责任书失效,请重新签订。",
            domain=Domain.SAFETY, sector=row.sector, criterion="新的责任书已签字",
        ),
        place=row.venue.place, at=at,
    )  # fmt: skip
    due = Deadline(*registry.due("statement.renew", at, scope=row.scope))
    return issue(
        brief=brief, owner_post_id=post.pk, by=by, at=at, deadline=due,
        origin=f"establishment:{row.pk}",
    )  # fmt: skip
