"""Open loops one by one: briefs, tasks and relays for a post, problems."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from bihuan.core.audit.services import System, emit, record
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Brief, Domain, Notice, Obligation, Problem
from bihuan.core.loops.rules import FLOWS
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import under


def write_brief(*, given: BriefInput, place: Place, at: datetime) -> Brief:
    """Store a demand. Raises Invalid("brief.…") when title, text or domain cannot be taken."""
    row = brief_of(given=given, place=place, at=at)
    row.save(force_insert=True)
    return row


def brief_of(*, given: BriefInput, place: Place, at: datetime) -> Brief:
    """A demand, checked and not stored yet. Raises Invalid("brief.…")."""
    if not given.title.strip() or not given.text.strip():
        raise Invalid("brief.empty", field="title" if not given.title.strip() else "text")
    if given.domain not in Domain.values:
        raise Invalid("brief.domain", field="domain", value=given.domain)
    return Brief(
        title=given.title.strip()[:200], text=given.text.strip(), domain=given.domain,
        domains=list(given.domains) or [given.domain], sector=given.sector,
        criterion=given.criterion.strip(), basis=given.basis, upper_id=given.upper_id,
        repeats_id=given.repeats_id, stricter=given.stricter,
        stricter_until=given.stricter_until, place=place, scope=place.path, created_at=at,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deadline:
    """When something is due and why: a rule of a pack, or "stated" in the demand itself."""

    at: datetime
    rule: str = "stated"


@transaction.atomic
def issue(
    *,
    brief: Brief,
    owner_post_id: int,
    by: Actor,
    at: datetime,
    deadline: Deadline | None = None,
    flow: str = "task",
    parent: Obligation | None = None,
    origin: str = "",
) -> Obligation:
    """Make one post owe a brief. A task needs a criterion before it starts (2.3 I2).

    Without a deadline the pack's default limit for the flow runs. Raises Invalid
    ("task.no_criterion", "task.due_past"), NotFound("post.not_found"), NotAllowed
    ("task.not_below", "unit.attached") when the post lies outside the issuer's place.
    """
    post = Post.objects.filter(pk=owner_post_id, valid_to=None).select_related("org", "place")
    owner = post.first()
    if owner is None:
        raise NotFound("post.not_found", id=owner_post_id)
    if not under(owner.scope, by.scope):
        raise NotAllowed("task.not_below", post=owner.title)
    if owner.org.attached and by.place_id != owner.place_id:
        raise NotAllowed("unit.attached", org=owner.org.name)
    if flow == "task" and not brief.criterion:
        raise Invalid("task.no_criterion", field="criterion")
    due = deadline or _default_deadline(flow, owner.scope, at)
    if due.at <= at:
        raise Invalid("task.due_past", field="due_at")
    row = put_row(
        flow=flow, brief=brief, owner=owner, issuer=by, due=due, at=at, parent=parent,
        origin=origin,
    )  # fmt: skip
    tell_issued(row, by=by, at=at)
    return row


def tell_issued(row: Obligation, *, by: Actor | System, at: datetime) -> None:
    """Tell the owner of a new loop, the outside and the audit."""
    Notice.objects.create(post=row.owner_post, obligation=row, kind=f"{row.flow}.issued", at=at)
    emit(f"{row.flow}.issued", subject=row.subject, at=at)
    record(
        action=f"{row.flow}.issue", subject=row.subject, by=by, at=at, scope=row.scope,
        after=row.state, facts={"due": row.due_at.isoformat(), "rule": row.due_rule},
    )  # fmt: skip


def _default_deadline(flow: str, scope: str, at: datetime) -> Deadline:
    key = {"task": "task.default", "relay": "relay.answer", "problem": "problem.register"}[flow]
    return Deadline(*registry.due(key, at, scope=scope))


def put_row(
    *,
    flow: str,
    brief: Brief,
    owner: Post,
    issuer: Actor | Post,
    due: Deadline,
    at: datetime,
    **columns: Any,
) -> Obligation:
    """Store that `owner` owes a brief to `issuer` from `at` on; `columns` go over the usual ones."""
    row = row_of(flow=flow, brief=brief, owner=owner, issuer=issuer, due=due, at=at, **columns)
    row.save(force_insert=True)
    return row


def row_of(
    *,
    flow: str,
    brief: Brief,
    owner: Post,
    issuer: Actor | Post,
    due: Deadline,
    at: datetime,
    **columns: Any,
) -> Obligation:
    """The same, not stored yet: the one place that fills a new row. Checks nothing, tells nobody."""
    post_id = issuer.pk if isinstance(issuer, Post) else issuer.post_id
    usual = {
        "flow": flow, "brief": brief, "place_id": owner.place_id, "scope": owner.scope,
        "domain": brief.domain, "sector": brief.sector, "owner_post": owner,
        "owner_org_id": owner.org_id, "issuer_post_id": post_id, "issuer_org_id": issuer.org_id,
        "state": FLOWS[flow].start, "state_since": at, "opened_at": at, "assigned_at": at,
        "due_at": due.at, "due_rule": due.rule, "first_due_at": due.at,
    }  # fmt: skip
    return Obligation(**(usual | columns))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a finding comes from: self, visit, cross, tip, or an external team by name."""

    kind: str = "self"
    name: str = ""
    external: bool = False


@dataclass(frozen=True, slots=True)
class Mandate:
    """In whose name, and in which area, a finding is filed by whom a domain has entitled to it.

    It is registered at once; without a deadline the limit to grade it runs.
    """

    scope: str
    judge_post_id: int
    judge_org_id: int
    deadline: Deadline | None = None


@transaction.atomic
def open_problem(
    *,
    brief: Brief,
    owner_post_id: int,
    by: Actor,
    at: datetime,
    origin: Origin = Origin(),
    type_code: str = "",
    found_in: str = "",
    mandate: Mandate | None = None,
) -> Obligation:
    """Enter a problem: found, to be registered within the limit. `found_in` names its origin row.

    Under a mandate it is registered and judged in the mandate's name; whoever gives one has asked
    for the duty. Raises NotAllowed without the duty to find, NotFound for an unknown post.
    """
    if mandate is None and not by.has("problem.find"):
        raise NotAllowed("not_allowed", duty="problem.find")
    owner = Post.objects.filter(pk=owner_post_id, valid_to=None).select_related("org").first()
    if owner is None or not under(owner.scope, mandate.scope if mandate else by.scope):
        raise NotFound("post.not_found", id=owner_post_id)
    due = _default_deadline("problem", owner.scope, at)
    named: dict[str, Any] = {}
    if mandate is not None:
        due = mandate.deadline or Deadline(*registry.due("problem.grade", at, scope=owner.scope))
        named = {"issuer_post_id": mandate.judge_post_id, "issuer_org_id": mandate.judge_org_id,
                 "state": "registered"}  # fmt: skip
    row = put_row(flow="problem", brief=brief, owner=owner, issuer=by, due=due, at=at,
                  origin=found_in, **named)  # fmt: skip
    Problem.objects.create(
        obligation=row, type_code=type_code, origin_kind=origin.kind, origin_name=origin.name,
        external=origin.external,
    )  # fmt: skip
    Notice.objects.create(post=owner, obligation=row, kind="problem.found", at=at)
    emit("problem.found", subject=row.subject, at=at)
    record(
        action="problem.find", subject=row.subject, by=by, at=at, scope=row.scope,
        after=row.state, facts={"origin": origin.kind, "name": origin.name},
    )  # fmt: skip
    return row
