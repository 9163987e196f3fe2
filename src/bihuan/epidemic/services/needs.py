"""What guests ask for, and experts who are called: loops with a clock, the words kept apart."""

from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, System, record
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Brief, Domain, Obligation
from bihuan.core.loops.rules import NEED_FLOW
from bihuan.core.loops.services import act, advance, write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.epidemic.models import Charge, Need
from bihuan.epidemic.selectors.care import fetch_charge, stay_of
from bihuan.epidemic.services.teams import SECTOR


@transaction.atomic
def file_need(
    *, charge: Charge, kind: str, text: str, by: Actor | System, at: datetime
) -> Need:  # fmt: skip
    """A need or complaint of somebody in a stay; whoever runs the place owes an answer.

    The loop names the kind and the room's building alone: others may read loops, not needs.
    Raises NotFound("stay.none"), Invalid("need.…").
    """
    stay = stay_of(charge, at)
    if stay is None:
        raise NotFound("stay.none", id=charge.pk)
    kinds = {
        str(row["key"]): row for row in registry.table("need_kind", at, scope=stay.facility.scope)
    }
    if kind not in kinds or not text.strip():
        raise Invalid("need.empty", field="text")
    need = Need.objects.create(stay=stay, kind=kind, text=text.strip()[:400], at=at)
    clock = "site.need_urgent" if kinds[kind]["urgent"] else "site.need"
    owner = Post.objects.filter(
        org=stay.facility.org_id, role=Role.CARE.value, valid_to=None
    ).first()
    if owner is not None:
        brief = _brief(f"{kinds[kind]['title']}({stay.facility.name})", stay.facility.place, at)
        loop = raise_loop(
            flow="need", brief=brief, owner=owner, issuer=_desk(stay.facility.scope) or owner,
            deadline=Deadline(*registry.due(clock, at, scope=stay.facility.scope)),
            origin=f"need:{need.pk}", by=by, at=at,
        )  # fmt: skip
        need.obligation_id = loop.pk
        need.save(update_fields=["obligation_id"])
    record(action="need.file", subject=f"charge:{charge.pk}", by=by, at=at, scope=stay.facility.scope,
           facts={"kind": kind})  # fmt: skip
    return need


def _brief(title: str, place: Place, at: datetime) -> Brief:
    given = BriefInput(title=title, text=title, sector=SECTOR, domain=Domain.CARE, criterion=title)
    return write_brief(given=given, place=place, at=at)


def _desk(scope: str) -> Post | None:
    """The nearest post of disease control above a place."""
    posts = Post.objects.filter(scope__in=[*upper_paths(scope), scope], valid_to=None,
                                role=Role.EPIDEMIOLOGY.value)  # fmt: skip
    return max(posts, key=lambda p: len(p.scope), default=None)


@transaction.atomic
def answer_need(*, need_id: int, answer: str, by: Actor, at: datetime) -> Need:
    """Answer a need: the clock stops. Raises NotAllowed, NotFound, Invalid("need.no_answer")."""
    if not by.has("care.do"):
        raise NotAllowed("not_allowed", duty="care.do")
    rows = Need.objects.select_for_update(of=("self",)).select_related("stay__facility")
    need = rows.filter(pk=need_id, stay__facility__org=by.org_id, answered_at=None).first()
    if need is None:
        raise NotFound("need.not_found", id=need_id)
    if not answer.strip():
        raise Invalid("need.no_answer", field="answer")
    if need.obligation_id is not None:
        act(obligation_id=need.obligation_id, move="answer", by=by, at=at,
            given=MoveInput(note=f"need:{need.pk}"))  # fmt: skip
    need.answer, need.answered_at, need.answered_by = answer.strip()[:400], at, by.name
    need.save(update_fields=["answer", "answered_at", "answered_by"])
    record(action="need.answer", subject=f"charge:{need.stay.charge_id}", by=by, at=at,
           scope=need.stay.facility.scope)  # fmt: skip
    return need


@transaction.atomic
def call_expert(*, charge_id: int, by: Actor, at: datetime) -> Obligation:
    """Call an expert of the nearest level above; unanswered, the clock calls the next one.

    Raises NotAllowed, NotFound("expert.none").
    """
    if not (by.has("care.do") or by.has("care.place")):
        raise NotAllowed("not_allowed", duty="care.do")
    row = fetch_charge(charge_id=charge_id, by=by)
    tiers = _tiers(row.scope, by.post_id)
    if not tiers:
        raise NotFound("expert.none")
    brief = _brief(f"会诊 {row.number}", row.place, at)
    loop = _call(row.pk, brief, tiers[0], row.scope, by=by, at=at)
    record(action="expert.call", subject=f"charge:{row.pk}", by=by, at=at, scope=row.scope)
    return loop


def _tiers(scope: str, caller: int) -> list[Post]:
    """Posts of disease control from the place upward, one a level, without the caller."""
    posts = Post.objects.filter(
        scope__in=[*upper_paths(scope), scope], valid_to=None, role=Role.EPIDEMIOLOGY.value
    ).exclude(pk=caller)
    levels = {post.scope: post for post in posts.order_by("-pk")}
    return [levels[key] for key in sorted(levels, key=len, reverse=True)]


def _call(
    charge_id: int, brief: Brief, post: Post, scope: str, *, by: Actor | System, at: datetime
) -> Obligation:  # fmt: skip
    issuer = post
    return raise_loop(
        flow="need", brief=brief, owner=post, issuer=issuer,
        deadline=Deadline(*registry.due("care.expert", at, scope=scope)),
        origin=f"expert:{charge_id}", by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def pass_calls(*, at: datetime) -> int:
    """Calls past their hour go to the next tier, both kept; how many. Safe to repeat."""
    late = Obligation.objects.select_for_update(of=("self",)).filter(
        flow="need", origin__startswith="expert:", closed_at=None, due_at__lte=at
    )
    passed = 0
    for loop in late.select_related("brief", "owner_post").order_by("pk"):
        charge_id = int(loop.origin.partition(":")[2])
        row = Charge.objects.filter(pk=charge_id).first()
        scopes = len(loop.owner_post.scope)
        above = [p for p in _tiers(row.scope, 0) if len(p.scope) < scopes] if row else []
        if not above or row is None:
            continue
        advance(NEED_FLOW, loop, "lapse", facts={}, by=SYSTEM, at=at)
        _call(charge_id, loop.brief, above[0], row.scope, by=SYSTEM, at=at)
        passed += 1
    return passed
