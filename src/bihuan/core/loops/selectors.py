"""Read loops: lists by key, one loop with its verdicts, the answer to "why?"."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from bihuan.core.audit.selectors import TimelineRow, timeline
from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid
from bihuan.core.evidence.models import Item
from bihuan.core.loops.models import (
    Brief,
    JointPart,
    Notice,
    Obligation,
    Problem,
    Request,
    Responsibility,
    number_of,
)
from bihuan.core.loops.rules import FLOWS
from bihuan.core.loops.services.facts import facts_of
from bihuan.core.loops.services.moves import NOTHING_GIVEN, fetch
from bihuan.core.loops.types import (
    Filter,
    JointRow,
    LoopPage,
    LoopRow,
    Verdict,
    WhyLine,
)
from bihuan.core.orgs.models import Slot
from bihuan.core.orgs.rules import SEES_PLACE
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs.registry import by_ref, calendar
from bihuan.core.packs.types import Clock
from bihuan.core.places.types import CITY, COUNTY, in_order, under, within

PAGE = 30
EVERYTHING = Filter()
ELSEWHERE = {"loop.not_owner", "loop.not_issuer", "request.not_asker", "request.arrived",
             "undo.too_late"}  # fmt: skip
_ROW = ("brief", "place", "owner_post", "issuer_org")
_LISTED = (
    "pk", "flow", "opened_at", "brief__title", "domain", "state", "state_since", "place__name",
    "place_id", "scope", "owner_post__title", "owner_post_id", "issuer_org__name", "due_at",
    "closed_at", "returns", "version", "submitted_at",
)  # fmt: skip
_DUE, _SUBMITTED = _LISTED.index("due_at"), _LISTED.index("submitted_at")
Key = Callable[[tuple[Any, ...]], str]


def _row(o: Obligation, *, at: datetime, moves: tuple[Verdict, ...] = ()) -> LoopRow:
    return LoopRow(
        id=o.pk, number=o.number, flow=o.flow, title=o.brief.title, domain=o.domain,
        state=o.state, state_since=o.state_since, place=o.place.name, place_id=o.place_id,
        scope=o.scope, owner=o.owner_post.title, owner_post_id=o.owner_post_id,
        issuer=o.issuer_org.name, due_at=o.due_at, closed_at=o.closed_at,
        overdue=_late(o.state, o.due_at, o.closed_at, at), returns=o.returns,
        version=o.version, moves=moves,
    )  # fmt: skip


def _late(state: str, due_at: datetime, closed_at: datetime | None, at: datetime) -> bool:
    return closed_at is None and due_at <= at and state != "suspended"


def _listed(rows: QuerySet[Obligation], size: int) -> list[tuple[Any, ...]]:
    """One row more than asked for, without building five objects for each."""
    return list(rows.values_list(*_LISTED)[: size + 1])


def _page(found: list[tuple[Any, ...]], *, at: datetime, size: int, key: Key) -> LoopPage:
    """The rows of a page and the key of its last one, where more follow."""
    more = key(found[size - 1]) if len(found) > size else ""
    return LoopPage(tuple(_line(row, at) for row in found[:size]), more)


def _line(row: tuple[Any, ...], at: datetime) -> LoopRow:
    """One row of `_LISTED`."""
    (pk, flow, opened_at, title, domain, state, since, place, place_id, scope, owner, owner_id,
     issuer, due_at, closed_at, returns, version, _submitted_at) = row  # fmt: skip
    return LoopRow(
        id=pk, number=number_of(flow, opened_at, pk), flow=flow, title=title, domain=domain,
        state=state, state_since=since, place=place, place_id=place_id, scope=scope, owner=owner,
        owner_post_id=owner_id, issuer=issuer, due_at=due_at, closed_at=closed_at,
        overdue=_late(state, due_at, closed_at, at), returns=returns, version=version,
    )  # fmt: skip


def loop_row(row: Obligation, *, by: Actor, at: datetime) -> LoopRow:
    """One obligation as lists show it, with the moves the post has."""
    return _row(row, at=at, moves=verdicts(row, by=by, at=at))


def mine(
    *, by: Actor, at: datetime, wanted: Filter = EVERYTHING, after: str = "", size: int = PAGE
) -> LoopPage:
    """Open loops of the post by deadline, soonest first. One query."""
    rows = Obligation.objects.filter(_narrow(wanted, at=at), owner_post=by.post_id)
    return _by_deadline(rows, at=at, after=after, size=size)


def to_accept(
    *, by: Actor, at: datetime, wanted: Filter = EVERYTHING, after: str = "", size: int = PAGE
) -> LoopPage:
    """Submitted loops that wait for the post's organisation, longest wait first. One query."""
    rows = Obligation.objects.filter(
        _narrow(wanted, at=at), issuer_org=by.org_id, state="submitted"
    )
    if after:
        moment, pk = _moment(after, at)
        rows = rows.filter(Q(submitted_at__gt=moment) | Q(submitted_at=moment, pk__gt=pk))
    found = _listed(rows.order_by("submitted_at", "pk"), size)
    return _page(found, at=at, size=size, key=lambda row: _mark(row[_SUBMITTED], row[0]))


def loops(
    *, by: Actor, at: datetime, wanted: Filter, after: str = "", size: int = PAGE
) -> LoopPage:
    """Loops the post may see, narrowed. Open and overdue ones by deadline, others newest first.

    One query. `after` is the key of the last row seen.
    """
    rows = _seen(by=by, at=at, wanted=wanted)
    if wanted.stage in {"open", "overdue"}:
        return _by_deadline(rows, at=at, after=after, size=size)
    if after:
        rows = rows.filter(pk__lt=_key(after)[-1])
    narrow = len(wanted.under or by.scope) > COUNTY
    # Below a county few enough to be sorted: no index has this order, so it sorts. Along the
    # numbers of the whole table a hundred thousand others may lie before the first fifty.
    rows = rows.order_by((F("pk") + 0).desc() if narrow else "-pk")
    return _page(_listed(rows, size), at=at, size=size, key=lambda row: str(row[0]))


def _seen(*, by: Actor, at: datetime, wanted: Filter) -> QuerySet[Obligation]:
    """What the post may see, narrowed; a city and a county by the indexes that have its order."""
    path = wanted.under or by.scope
    if by.role in SEES_PLACE and len(path) in {CITY, COUNTY} and under(path, by.scope):
        # Not beside `sight`: the planner would take the two for independent of each other.
        return Obligation.objects.filter(in_order(path), _narrow(replace(wanted, under=""), at=at))
    return Obligation.objects.filter(sight(by), _narrow(wanted, at=at))


def _narrow(wanted: Filter, *, at: datetime) -> Q:
    narrowed = Q()
    for name in ("flow", "domain", "state", "origin"):
        if getattr(wanted, name):
            narrowed &= Q(**{name: getattr(wanted, name)})
    if wanted.ids:
        narrowed &= Q(pk__in=wanted.ids)
    if wanted.under:
        narrowed &= within("scope", wanted.under)
    if wanted.text:
        narrowed &= Q(brief__title__icontains=wanted.text)
    if wanted.stage == "open":
        narrowed &= Q(closed_at__isnull=True)
    elif wanted.stage == "overdue":
        narrowed &= Q(closed_at__isnull=True, due_at__lte=at) & ~Q(state="suspended")
    elif wanted.stage == "closed":
        narrowed &= Q(closed_at__isnull=False)
    return narrowed


def _by_deadline(rows: QuerySet[Obligation], *, at: datetime, after: str, size: int) -> LoopPage:
    rows = rows.filter(closed_at__isnull=True)
    if after:
        moment, pk = _moment(after, at)
        rows = rows.filter(Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=pk))
        rows = rows.filter(due_at__gte=moment)
    found = _listed(rows.order_by("due_at", "pk"), size)
    return _page(found, at=at, size=size, key=lambda row: _mark(row[_DUE], row[0]))


def _mark(moment: datetime, pk: int) -> str:
    """The key of a row in a list by time."""
    return f"{round(moment.timestamp() * 1_000_000)}-{pk}"


def _moment(after: str, at: datetime) -> tuple[datetime, int]:
    """The time and row that a key names."""
    key = _key(after)
    if len(key) != 2 or not 0 <= key[0] < 2**53:
        raise Invalid("page.bad_key", field="after")
    return datetime.fromtimestamp(key[0] / 1_000_000, tz=at.tzinfo), key[1]


def _key(after: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in after.split("-"))
    except ValueError as fault:
        raise Invalid("page.bad_key", field="after") from fault


@dataclass(frozen=True, slots=True)
class LoopDetail:
    """Everything the page of one loop shows."""

    row: LoopRow
    brief: Brief
    due_rule: str
    clock: Clock | None
    first_due_at: datetime
    assigned_at: datetime
    owner_org_id: int
    parent: LoopRow | None
    parts: tuple[LoopRow, ...]
    evidence: tuple[Item, ...]
    slots: tuple[Slot, ...]
    history: tuple[TimelineRow, ...]
    problem: Problem | None
    responsibilities: tuple[Responsibility, ...]
    joint: tuple[JointRow, ...] = ()
    request: Request | None = None

    @property
    def unannounced(self) -> int | None:
        """The year of a deadline in working days whose days off are not announced yet."""
        year = local_date(self.row.due_at).year
        by_days = self.clock is not None and self.clock.working_days is not None
        return year if by_days and year in calendar().unannounced else None


def loop_detail(*, obligation_id: int, by: Actor, at: datetime) -> LoopDetail:
    """One loop with its allowed moves, proofs, slots and timeline. At most sixteen queries.

    Raises NotFound.
    """
    row = fetch(obligation_id=obligation_id, by=by)
    problem = responsibilities = None
    if row.flow == "problem":
        problem = Problem.objects.select_related("interim_post").get(pk=row.pk)
        responsibilities = row.responsibilities.select_related("post").order_by("pk")
    parts = list(row.parts.select_related(*_ROW).order_by("scope", "pk")[:200])
    shared = row.flow == "task" and bool(parts or row.parent_id)  # a part hangs below its lead
    parent = None
    if row.parent_id is not None:
        upper = Obligation.objects.select_related(*_ROW).get(pk=row.parent_id)
        parent = _row(upper, at=at)
    return LoopDetail(
        row=_row(row, at=at, moves=verdicts(row, by=by, at=at)),
        brief=row.brief, due_rule=row.due_rule, clock=by_ref(row.due_rule),
        first_due_at=row.first_due_at, assigned_at=row.assigned_at,
        owner_org_id=row.owner_org_id, parent=parent,
        parts=tuple(_row(part, at=at) for part in parts),
        evidence=tuple(Item.objects.filter(subject=row.subject).order_by("pk")),
        slots=tuple(Slot.objects.filter(subject=row.subject).select_related("post", "org")),
        history=tuple(timeline(subject=row.subject)), problem=problem,
        responsibilities=tuple(responsibilities or ()),
        joint=joint_rows(row, by=by) if shared else (), request=_request(row),
    )  # fmt: skip


def _request(row: Obligation) -> Request | None:
    rows = Request.objects.select_related("addressed").filter(pk=row.pk)
    return rows.first() if row.flow == "request" else None


def joint_rows(row: Obligation, *, by: Actor) -> tuple[JointRow, ...]:
    """All parts of the joint task that a task belongs to, who leads first; empty for others.

    Every party knows the others and where they stand; `visible` parts may be opened. Two queries.
    """
    lead = JointPart.objects.filter(task=row.pk).values("lead")
    rows = JointPart.objects.filter(lead__in=lead).select_related("task__owner_post__org")
    parts = list(rows.order_by("part", "task"))
    if not parts:
        return ()
    visible = set(
        Obligation.objects.filter(sight(by), pk__in=[part.task_id for part in parts]).values_list(
            "pk", flat=True
        )
    )
    return tuple(
        JointRow(
            part.task_id, part.task.number, part.task.owner_post.org.name,
            part.task.owner_post.title, part.part, part.task.state, part.task.due_at,
            part.task.closed_at, mine=part.task.owner_org_id == by.org_id,
            visible=part.task_id in visible,
        )
        for part in parts
    )  # fmt: skip


def verdicts(row: Obligation, *, by: Actor, at: datetime) -> tuple[Verdict, ...]:
    """Which moves the post has from here, and what each still lacks.

    Moves without the duty are left out; a reason or date that the person will type is not
    counted as missing.
    """
    typed = {"loop.no_reason", "loop.due_not_later", "loop.no_until", "problem.no_grade"}
    facts = facts_of(row, by=by, at=at, given=NOTHING_GIVEN, extra={})
    found = []
    for move in FLOWS[row.flow].moves_from(row.state):
        if not by.has(move.duty):
            continue
        missing = tuple(code for code in move.missing(facts) if code not in typed)
        if ELSEWHERE & set(missing):
            continue
        found.append(Verdict(move.name, not missing, missing))
    return tuple(found)


def why(*, brief_id: int) -> tuple[WhyLine, ...]:
    """The chain of demands a brief implements, from itself to the top (M010). One query a step."""
    lines: list[WhyLine] = []
    brief: Brief | None = Brief.objects.select_related("place").get(pk=brief_id)
    while brief is not None and len(lines) < 12:
        lines.append(
            WhyLine(
                brief.pk, brief.title, brief.text, brief.place.name, brief.basis,
                brief.stricter, local=brief.upper_id is None,
            )
        )  # fmt: skip
        if brief.upper_id is None:
            break
        brief = Brief.objects.select_related("place").get(pk=brief.upper_id)
    return tuple(lines)


def notices(*, by: Actor, unread_only: bool = False, size: int = PAGE) -> list[Notice]:
    """News for the post, newest first. One query."""
    rows = Notice.objects.filter(post=by.post_id).select_related("obligation__brief")
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    return list(rows.order_by("-pk")[:size])
