"""Problems, tasks and responsibilities as three views of one graph."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Generic, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from bihuan.core.errors import Invalid
from bihuan.core.loops.models import Obligation, ProblemTask, Responsibility
from bihuan.core.orgs.models import Party
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.supervision.types import (
    DemandRow,
    ListFilter,
    ProblemRow,
    Ref,
    ResponsibilityRow,
    TaskRow,
)

PAGE = 50
MOST_EXPORTED = 20_000
ANSWERING = (Party.TERRITORY, Party.DEPARTMENT, Party.UNIT)  # 2.3 I3
_ROW = ("brief", "place", "owner_post", "issuer_org")

Row = TypeVar("Row", bound=DemandRow | ResponsibilityRow)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list; `after` is the key that continues it, empty at the end."""

    rows: tuple[Row, ...]
    after: str = ""


def problems(
    *, by: Actor, at: datetime, wanted: ListFilter, after: str = "", size: int = PAGE
) -> Page[ProblemRow]:
    """Problems the post may see, with tasks, gates and who answers. Three queries."""
    # An inner join instead of `flow`: the planner knows how few problems there are.
    rows = Obligation.objects.filter(sight(by), _narrow(wanted, at=at), problem__isnull=False)
    if wanted.stage == "untasked":
        rows = rows.filter(_untasked(at))
    found, more = _page(rows, wanted, "problem", after=after, size=size)
    return Page(tuple(_problem_rows(found, at=at)), more)


def tasks(
    *, by: Actor, at: datetime, wanted: ListFilter, after: str = "", size: int = PAGE
) -> Page[TaskRow]:
    """Tasks the post may see, with the problems they serve. Two queries."""
    rows = Obligation.objects.filter(sight(by), _narrow(wanted, at=at), flow="task")
    found, more = _page(rows, wanted, after=after, size=size)
    served = _links([o.pk for o in found], key="task_id", other="problem__obligation")
    shown = tuple(
        TaskRow(**_common(o, at=at), criterion=o.brief.criterion, problems=tuple(served[o.pk]))
        for o in found
    )
    return Page(shown, more)


def responsibilities(
    *, by: Actor, at: datetime, wanted: ListFilter, after: str = "", size: int = PAGE
) -> Page[ResponsibilityRow]:
    """Responsibilities of the loops the post may see, and its own wherever they lie.

    Two queries.
    """
    loops = sight(by) & _narrow(replace(wanted, ids=()), at=at)
    seen = _through(loops, "obligation__")
    rows = Responsibility.objects.filter(seen if _narrowed(wanted) else seen | Q(post=by.post_id))
    if wanted.ids:
        rows = rows.filter(pk__in=wanted.ids)
    if wanted.party:
        rows = rows.filter(party=wanted.party)
    if after:
        rows = rows.filter(pk__lt=_key(after)[-1])
    rows = rows.select_related("obligation__brief", "post").order_by("-pk")
    found = list(rows[: size + 1])
    more = str(found[size - 1].pk) if len(found) > size else ""
    return Page(_responsibility_rows(found[:size]), more)


def _narrowed(wanted: ListFilter) -> bool:
    return any((wanted.text, wanted.domain, wanted.state, wanted.stage, wanted.under))


def _through(condition: Q, prefix: str) -> Q:
    """A condition on a row as one on a row that points to it."""
    leaves: list[Any] = list(condition.children)
    children = [
        _through(leaf, prefix) if isinstance(leaf, Q) else (f"{prefix}{leaf[0]}", leaf[1])
        for leaf in leaves
    ]
    return Q(*children, _connector=condition.connector, _negated=condition.negated)


def everything(
    *, by: Actor, at: datetime, wanted: ListFilter
) -> tuple[list[ProblemRow], list[TaskRow], list[ResponsibilityRow]]:
    """All three lists as filtered, for an export. Raises Invalid("lists.too_many")."""
    return (
        list(every(partial(problems, by=by, at=at, wanted=wanted))),
        list(every(partial(tasks, by=by, at=at, wanted=wanted))),
        list(every(partial(responsibilities, by=by, at=at, wanted=wanted))),
    )


def every(view: Callable[..., Page[Row]]) -> Iterator[Row]:
    """The rows of all pages of a list. Raises Invalid("lists.too_many")."""
    after, count = "", 0
    while True:
        page = view(after=after, size=1000)
        yield from page.rows
        count += len(page.rows)
        if count > MOST_EXPORTED:
            raise Invalid("lists.too_many", limit=MOST_EXPORTED)
        if not page.after:
            return
        after = page.after


def _narrow(wanted: ListFilter, *, at: datetime) -> Q:
    narrowed = Q(pk__in=wanted.ids) if wanted.ids else Q()
    for name in ("domain", "state"):
        if getattr(wanted, name):
            narrowed &= Q(**{name: getattr(wanted, name)})
    if wanted.under:
        narrowed &= within("scope", wanted.under)
    if wanted.text:
        narrowed &= _says(wanted.text)
    if wanted.stage in {"open", "untasked"}:
        narrowed &= Q(closed_at__isnull=True)
    elif wanted.stage == "overdue":
        narrowed &= Q(closed_at__isnull=True, due_at__lte=at) & ~Q(state="suspended")
    elif wanted.stage == "closed":
        narrowed &= Q(closed_at__isnull=False)
    return narrowed


def _says(text: str) -> Q:
    """Words of the title, or a number as people write it."""
    serial = text.rpartition("-")[2]
    by_number = Q(pk=int(serial)) if "-" in text and serial.isdecimal() else Q(pk__in=())
    return Q(brief__title__icontains=text) | by_number


def _untasked(at: datetime) -> Q:
    """Open for longer than a problem may be without a task (2.3 I1)."""
    limit = registry.due("problem.task", at)[0] - at
    none = ~Exists(ProblemTask.objects.filter(problem=OuterRef("pk")))
    return Q(none, closed_at__isnull=True, opened_at__lt=at - limit)


def _page(
    rows: QuerySet[Obligation], wanted: ListFilter, *related: str, after: str, size: int
) -> tuple[list[Obligation], str]:
    """A page by key: newest first, or by deadline; and the key of the next one.

    The page is chosen among bare keys; only its own rows are joined to what they show.
    """
    by_due = wanted.sort in {"due", "-due"}
    down = wanted.sort != "due"
    if after and by_due:
        rows = rows.filter(_beyond(*(*_key(after), 0)[:2], down=down))
    elif after:
        rows = rows.filter(pk__lt=_key(after)[-1])
    sign = "-" if down else ""
    order = (f"{sign}due_at", f"{sign}pk") if by_due else (f"{sign}pk",)
    chosen = rows.order_by(*order).values("pk")[: size + 1]
    shown = Obligation.objects.filter(pk__in=chosen).order_by(*order)
    found = list(shown.select_related(*_ROW, *related))
    if len(found) <= size:
        return found, ""
    last = found[size - 1]
    due = f"{round(last.due_at.timestamp() * 1_000_000)}-" if by_due else ""
    return found[:size], f"{due}{last.pk}"


def _beyond(micros: int, pk: int, *, down: bool) -> Q:
    """The rows after a key: a later deadline, or an earlier one on the way down."""
    due = datetime.fromtimestamp(micros / 1_000_000, tz=UTC)
    if down:
        return Q(due_at__lte=due) & (Q(due_at__lt=due) | Q(due_at=due, pk__lt=pk))
    return Q(due_at__gte=due) & (Q(due_at__gt=due) | Q(due_at=due, pk__gt=pk))


def _key(after: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in after.split("-"))
    except ValueError as fault:
        raise Invalid("page.bad_key", field="after") from fault


def _common(o: Obligation, *, at: datetime) -> dict[str, Any]:
    return {
        "id": o.pk, "number": o.number, "title": o.brief.title, "text": o.brief.text,
        "domain": o.domain, "sector": o.sector, "place": o.place.name,
        "place_code": o.place.code, "owner_post_id": o.owner_post_id,
        "owner": o.owner_post.title, "issuer": o.issuer_org.name, "state": o.state,
        "opened_at": o.opened_at, "due_at": o.due_at, "closed_at": o.closed_at,
        "overdue": o.closed_at is None and o.due_at <= at and o.state != "suspended",
    }  # fmt: skip


def _problem_rows(found: list[Obligation], *, at: datetime) -> Iterator[ProblemRow]:
    ids = [o.pk for o in found]
    serving = _links(ids, key="problem_id", other="task")
    answering = _answering(ids)
    limit = registry.due("problem.task", at)[0] - at
    for o in found:
        p = o.problem
        yield ProblemRow(
            **_common(o, at=at), grade=p.grade, type_code=p.type_code,
            origin_kind=p.origin_kind, origin_name=p.origin_name, external=p.external,
            untasked=o.closed_at is None and not serving[o.pk] and at - o.opened_at > limit,
            cause=p.cause, extent=p.extent, similar=p.similar, countermeasure=p.countermeasure,
            figure_name=p.figure_name, figure_before=p.figure_before,
            figure_target=p.figure_target, figure_after=p.figure_after,
            remeasure_on=p.remeasure_on, found_out_at=p.found_out_at, verified_at=p.verified_at,
            answered_for_at=p.answered_for_at, tasks=tuple(serving[o.pk]),
            unanswered=tuple(party for party in ANSWERING if party not in answering[o.pk]),
        )  # fmt: skip


def _answering(ids: Iterable[int]) -> dict[int, set[str]]:
    """Which parties of each problem have an entry. One query."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = Responsibility.objects.filter(obligation__in=ids).values_list("obligation_id", "party")
    for pk, party in rows:
        found[pk].add(party)
    return found


def _links(ids: Collection[int], *, key: str, other: str) -> dict[int, list[Ref]]:
    """The loops at the other end of each edge between problems and tasks. One query."""
    found: dict[int, list[Ref]] = defaultdict(list)
    fields = (key, f"{other}__pk", f"{other}__flow", f"{other}__opened_at", f"{other}__closed_at")
    rows = ProblemTask.objects.filter(**{f"{key}__in": ids}).order_by("pk").values_list(*fields)
    for own, pk, flow, opened, closed in rows:
        number = Obligation(pk=pk, flow=flow, opened_at=opened).number
        found[own].append(Ref(pk, number, closed is not None))
    return found


def _responsibility_rows(found: list[Responsibility]) -> tuple[ResponsibilityRow, ...]:
    serving = _links([r.obligation_id for r in found], key="problem_id", other="task")
    rows = []
    for r in found:
        subject = r.obligation
        own = (Ref(subject.pk, subject.number, subject.closed_at is not None),)
        rows.append(
            ResponsibilityRow(
                id=r.pk, number=responsibility_number(r), subject_id=subject.pk,
                subject_number=subject.number, subject_title=subject.brief.title, party=r.party,
                post_id=r.post_id, post=r.post.title, duty=r.duty, met=r.met,
                consequence=r.consequence, reply=r.reply, proposed_at=r.proposed_at,
                decided_at=r.decided_at,
                tasks=own if subject.flow == "task" else tuple(serving[subject.pk]),
            )
        )  # fmt: skip
    return tuple(rows)


def responsibility_number(entry: Responsibility) -> str:
    """The short number of a line of responsibility."""
    return f"ZR-{entry.proposed_at.year}-{entry.pk:06d}"
