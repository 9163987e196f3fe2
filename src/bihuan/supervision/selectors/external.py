"""Lists of findings from outside, and how far each finding is."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.supervision.models import ExternalItem, ExternalList


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list: how many findings, answered, closed by the issuer."""

    id: int
    issuer: str
    document: str
    received_on: date
    answer_by: date
    findings: int
    answered: int
    accepted: int
    late: bool


def external_lists(*, by: Actor, at: datetime, size: int = 50) -> tuple[ListRow, ...]:
    """Lists of the post's area, newest first. One query."""
    rows = (
        ExternalList.objects.filter(sight(by, owned=False, sectors=False))
        .annotate(
            n=Count("items"), answered=Count("items", filter=Q(items__answered_at__isnull=False)),
            accepted=Count("items", filter=Q(items__accepted_at__isnull=False)),
        )
        .order_by("-pk")[:size]
    )  # fmt: skip
    return tuple(_list(row, at=at) for row in rows)


def _list(row: ExternalList, *, at: datetime) -> ListRow:
    n, answered = row.n, row.answered  # type: ignore[attr-defined]
    late = local_date(at) > row.answer_by and answered < n
    return ListRow(
        row.pk, row.issuer, row.document, row.received_on, row.answer_by, n, answered,
        row.accepted, late,  # type: ignore[attr-defined]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One finding. `state` is open, answered or closed."""

    id: int
    number: int
    problem_id: int
    problem_number: str
    title: str
    owner: str
    problem_state: str
    state: str
    answer: str
    answered_at: datetime | None
    acceptance: str
    accepted_at: datetime | None


def external_list(*, list_id: int, by: Actor, at: datetime) -> tuple[ListRow, tuple[ItemRow, ...]]:
    """One list with its findings by number. Two queries. Raises NotFound("external.not_found")."""
    found = ExternalList.objects.filter(sight(by, owned=False, sectors=False), pk=list_id)
    row = found.annotate(
        n=Count("items"), answered=Count("items", filter=Q(items__answered_at__isnull=False)),
        accepted=Count("items", filter=Q(items__accepted_at__isnull=False)),
    ).first()  # fmt: skip
    if row is None:
        raise NotFound("external.not_found", id=list_id)
    items = ExternalItem.objects.filter(parent=row).order_by("number")
    items = items.select_related("problem__brief", "problem__owner_post")
    return _list(row, at=at), tuple(_item(item) for item in items)


def _item(item: ExternalItem) -> ItemRow:
    problem = item.problem
    state = "closed" if item.accepted_at else "answered" if item.answered_at else "open"
    return ItemRow(
        item.pk, item.number, problem.pk, problem.number, problem.brief.title,
        problem.owner_post.title, problem.state, state, item.answer, item.answered_at,
        item.acceptance, item.accepted_at,
    )  # fmt: skip
