"""Questions and transfers as the two sides may see them."""

from datetime import datetime, timedelta
from statistics import median, quantiles

from django.db.models import Q

from bihuan.core.errors import NotAllowed, NotFound
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.epidemic.models import Question, Transfer
from bihuan.epidemic.selectors.sight import NOTHING

SIDES = {Role.EPIDEMIOLOGY: {"county"}, Role.NODE: {"community"}}
SECTORS = {"security": "police", "telecom": "telecom"}  # sector of a department → its side


def sides_of(by: Actor) -> set[str]:
    """Which sides a post answers for."""
    if not by.has("question.answer"):
        return set()
    if by.role is Role.DEPARTMENT:
        return {side for sector, side in SECTORS.items() if sector in by.sectors}
    return set(SIDES.get(by.role, set()))


def _kinds(sides: set[str]) -> list[str]:
    every = [row for pack in registry.all_packs() for row in pack.tables.get("co_question", ())]
    return sorted({row["key"] for row in every if row["side"] in sides})


def questions_seen(by: Actor) -> Q:
    """What a post asked or approves, and what is put to it: no side browses the others'."""
    asking = by.has("question.ask") or by.has("question.approve")
    asked = within("asker_scope", by.scope) & Q(incoming=False) if asking else NOTHING
    kinds = _kinds(sides_of(by))
    mine = Q(kind__in=kinds, sent_at__isnull=False) & (Q(peer=None) | Q(incoming=True))
    return asked | (within("scope", by.scope) & mine if kinds else NOTHING)


def fetch_question(*, question_id: int, by: Actor, lock: bool = False) -> Question:
    """Raises NotFound("question.not_found")."""
    rows = Question.objects.select_related("peer", "place", "case")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(questions_seen(by), pk=question_id).first()
    if row is None:
        raise NotFound("question.not_found", id=question_id)
    return row


def question_rows(*, by: Actor, at: datetime) -> list[Question]:
    """Questions of a post, open ones first. One query."""
    rows = Question.objects.filter(questions_seen(by), drafted_at__lte=at)
    found = list(rows.select_related("peer", "place").order_by("-pk")[:200])
    return sorted(found, key=lambda r: bool(r.outcome))


def put_to(row: Question, by: Actor) -> bool:
    """Whether the question went to this post's side: never whoever asked, never a peer's."""
    mine = row.kind in _kinds(sides_of(by)) and row.scope.startswith(by.scope)
    return mine and row.sent_at is not None and (row.incoming or not row.peer_id)


def may_answer(row: Question, by: Actor) -> bool:
    """Whether the question is put to this post and open."""
    return put_to(row, by) and not row.outcome


def review_rows(*, by: Actor, since: datetime, until: datetime) -> list[Question]:
    """Every question written in a period within the scope, for the independent review (2.9).

    Counts, purposes and times alone: whom they were about is not among the columns. One query.
    """
    if not by.has("vault.review"):
        raise NotAllowed("not_allowed", duty="vault.review")
    here = within("scope", by.scope) | within("asker_scope", by.scope)
    rows = Question.objects.filter(here, drafted_at__gte=since, drafted_at__lt=until)
    return list(rows.defer("subjects", "answer").select_related("peer", "place").order_by("pk"))


def answer_times(*, by: Actor) -> tuple[int, timedelta | None, timedelta | None]:
    """Answers, and the median and 90th percentile of their times. One query."""
    rows = Question.objects.filter(questions_seen(by)).exclude(answered_at=None)
    times = sorted(a - s for s, a in rows.values_list("sent_at", "answered_at") if s and a)
    if not times:
        return 0, None, None
    seconds = [t.total_seconds() for t in times]
    late = quantiles(seconds, n=10)[-1] if len(seconds) > 1 else seconds[0]
    return len(times), timedelta(seconds=median(seconds)), timedelta(seconds=late)


def transfers_seen(by: Actor) -> Q:
    """Transfers of the place, for epidemiologists."""
    return within("scope", by.scope) if by.has("case.read") else NOTHING


def fetch_transfer(*, transfer_id: int, by: Actor, lock: bool = False) -> Transfer:
    """Raises NotFound("transfer.not_found")."""
    rows = Transfer.objects.select_related("peer", "place")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(transfers_seen(by), pk=transfer_id).first()
    if row is None:
        raise NotFound("transfer.not_found", id=transfer_id)
    return row


def transfer_rows(*, by: Actor) -> list[Transfer]:
    """The ledger of the line, the latest first. One query."""
    rows = Transfer.objects.filter(transfers_seen(by)).select_related("peer", "place")
    return list(rows.order_by("-pk")[:200])
