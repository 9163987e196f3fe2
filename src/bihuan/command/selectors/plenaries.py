"""Plenary sessions of a body: the list, the roll, and what earlier sessions still owe (M004)."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Value

from bihuan.command.models import Demand, Explanation, Meeting, Plenary
from bihuan.command.types import Came, OverdueDemand, PlenaryDetail, PlenaryRow, SeatRow
from bihuan.core.errors import Invalid, NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org, OrgKind
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor

PAGE = 30
LEADS = "directive.draft"
BODIES = (OrgKind.HEADQUARTERS, OrgKind.SAFETY_COMMITTEE)


def sitting_bodies(by: Actor) -> list[tuple[int, str]]:
    """The bodies of the post's place that hold numbered sessions. One query."""
    rows = Org.objects.filter(place=by.place_id, kind__in=BODIES, valid_to=None)
    return list(rows.order_by("pk").values_list("pk", "name"))


def seen_plenaries(by: Actor) -> Q:
    """Sessions of the post's place and below, and those on whose roll its organisation stands."""
    return sight(by, owned=False, sectors=False) | Q(seats__org=by.org_id)


def fetch_plenary(*, plenary_id: int, by: Actor) -> Plenary:
    """The one door to a plenary session. Raises NotFound("plenary.not_found")."""
    rows = Plenary.objects.select_related("body").filter(seen_plenaries(by), pk=plenary_id)
    row = rows.first()
    if row is None:
        raise NotFound("plenary.not_found", id=plenary_id)
    return row


def may_lead(plenary: Plenary, by: Actor) -> bool:
    """Whether a post calls, holds and closes the sessions of this body: one of the body's place."""
    return by.has(LEADS) and by.place_id == plenary.place_id


def plenary_list(*, by: Actor, after: str = "", size: int = PAGE) -> tuple[list[PlenaryRow], str]:
    """Sessions in sight, latest called first, and the key of the next page. Two queries."""
    ids = Plenary.objects.filter(seen_plenaries(by))
    if after:
        if not after.isdecimal():
            raise Invalid("page.bad_key", field="after")
        ids = ids.filter(pk__lt=int(after))
    chosen = ids.order_by("-pk").distinct().values_list("pk", flat=True)[: size + 1]
    found = list(chosen)
    more = str(found[size - 1]) if len(found) > size else ""
    return _rows(found[:size]), more


def _rows(ids: Sequence[int]) -> list[PlenaryRow]:
    there = Count("seats", filter=Q(seats__came=Came.PRESENT))
    rows = Plenary.objects.filter(pk__in=ids).select_related("body").order_by("-pk")
    return [
        PlenaryRow(
            id=row.pk, body=row.body.name, year=row.year, number=row.number,
            planned_for=row.planned_for, members=row.members, came=row.there,
            meeting_id=row.meeting_id, closed_at=row.closed_at,
        )
        for row in rows.annotate(members=Count("seats"), there=there)
    ]  # fmt: skip


def plenary_detail(*, plenary_id: int, by: Actor, at: datetime) -> PlenaryDetail:
    """One session with its roll and what earlier ones still owe. Six queries. Raises NotFound."""
    plenary = fetch_plenary(plenary_id=plenary_id, by=by)
    seats = plenary.seats.select_related("org").order_by("org__kind", "org_id")
    overdue = overdue_demands(plenary, at=at)
    return PlenaryDetail(
        row=_rows([plenary.pk])[0],
        called_by=plenary.called_by,
        closed_by=plenary.closed_by,
        seats=tuple(SeatRow(seat.org_id, seat.org.name, seat.came) for seat in seats),
        overdue=overdue,
        missing=missing(plenary, overdue),
        leads=may_lead(plenary, by),
        meetings=tuple((row.pk, row.number, row.title) for row in meetings_to_hold(plenary)[:50]),
    )


def overdue_demands(plenary: Plenary, *, at: datetime) -> tuple[OverdueDemand, ...]:
    """Demands of the body's earlier sessions with late work, and what was told. One query.

    Late work is a task of the demand, or a relay of its directive, past its deadline and open.
    """
    earlier = Plenary.objects.filter(body=plenary.body_id, called_at__lt=plenary.called_at)
    said = Q(said_in__plenary__in=earlier) | Q(
        said_in=None, directive__meeting__plenary__in=earlier
    )
    briefs = Q(brief=OuterRef("brief")) | Q(brief=OuterRef("directive__brief"))
    late = Obligation.objects.filter(briefs, closed_at=None, due_at__lte=at)
    counted = late.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk"))
    told = Explanation.objects.filter(plenary=plenary, demand=OuterRef("pk")).values("text")
    rows = (
        Demand.objects.filter(said)
        .annotate(late=Subquery(counted.values("n")), told=Subquery(told))
        .filter(late__gt=0)
        .select_related("brief", "directive")
        .order_by("directive_id", "ordinal")
    )
    return tuple(
        OverdueDemand(
            id=row.pk, number=row.directive.number, title=row.brief.title,
            directive_id=row.directive_id, overdue=row.late, explanation=row.told or "",
        )
        for row in rows
    )  # fmt: skip


def missing(plenary: Plenary, overdue: Sequence[OverdueDemand]) -> tuple[str, ...]:
    """What stands in the way of closing, as codes. One query."""
    found = {
        "plenary.not_held": plenary.meeting_id is None,
        "plenary.roll_open": plenary.seats.filter(came=Came.OPEN).exists(),
        "plenary.unexplained": any(not row.explanation for row in overdue),
    }
    return tuple(code for code, stands in found.items() if stands)


def meetings_to_hold(plenary: Plenary) -> QuerySet[Meeting]:
    """Records of meetings of the body that may be this session: none of another session's."""
    rows = Meeting.objects.filter(bodies=plenary.body_id, plenary=None)
    return rows.order_by("-held_at")
