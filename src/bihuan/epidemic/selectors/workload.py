"""Who has how much to do: teams by their clocks, places by their contacts of today."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Left

from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import CITY, COUNTY, TOWNSHIP, within
from bihuan.epidemic.models import Contact, Event
from bihuan.epidemic.selectors.contacts import managed

REACH = "contact.reach_hours"
PROVINCE = 3  # length of the path of a province


@dataclass(frozen=True, slots=True)
class TeamRow:
    """An investigating post with the clocks it has running."""

    post: str
    org: str
    cases: int
    open: int
    overdue: int
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """The contacts of a place: what is still to do, what is done today."""

    place: str
    open: int
    to_reach: int
    late_to_place: int
    due_today: int
    done_today: int


def team_rows(*, by: Actor, at: datetime) -> tuple[TeamRow, ...]:
    """Posts with investigations in the reader's place, the latest behind first. One query."""
    rows = Obligation.objects.filter(
        within("scope", by.scope), flow="inquiry", closed_at=None, opened_at__lte=at
    )
    told = rows.values("owner_post__title", "owner_post__org__name").annotate(
        n=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=at)), soonest=Min("due_at"),
        core=Count("pk", filter=Q(origin__endswith=":case.report")),
    )  # fmt: skip
    found = [
        TeamRow(r["owner_post__title"], r["owner_post__org__name"], r["core"], r["n"],
                r["overdue"], r["soonest"])
        for r in told
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda row: (-row.overdue, -row.open, row.post)))


def place_rows(*, by: Actor, at: datetime) -> tuple[PlaceRow, ...]:
    """Contacts under management by the places below the reader's, townships at least. Two queries."""
    depth = {PROVINCE: CITY, CITY: COUNTY}.get(len(by.scope), TOWNSHIP)
    today = local_date(at)
    placed = Q(placed_at__isnull=False)
    told = (
        managed(by, at)
        .filter(found_at__lte=at)
        .values(path=Left("scope", depth))
        .annotate(
            open=Count("pk"), to_reach=Count("pk", filter=Q(reached_at=None)),
            late=Count("pk", filter=Q(placed_at=None, placed_due_at__lt=at)),
            due=Count("pk", filter=placed & (Q(checked_on=None) | Q(checked_on__lt=today))),
            done=Count("pk", filter=Q(checked_on=today)),
        )
        .order_by("path")
    )  # fmt: skip
    lines = [(r["path"], r["open"], r["to_reach"], r["late"], r["due"], r["done"]) for r in told]
    paths = [path for path, *_ in lines]
    names = dict(Place.objects.filter(path__in=paths).values_list("path", "name"))
    found = [PlaceRow(names.get(path, path), *line) for path, *line in lines]
    return tuple(sorted(found, key=lambda row: (-row.late_to_place, -row.due_today, row.place)))


def share_reached(*, event: Event, at: datetime) -> tuple[int, int, float]:
    """Contacts reached within the hours of the pack, of those named at least so long ago; the hours.

    One query.
    """
    hours = float(registry.value(REACH, at, scope=event.scope, disease=event.disease).value)
    limit = timedelta(hours=hours)
    told = Contact.objects.filter(event=event, found_at__lte=at - limit).aggregate(
        n=Count("pk"), within=Count("pk", filter=Q(reached_at__lte=F("found_at") + limit))
    )
    return told["within"], told["n"], hours
