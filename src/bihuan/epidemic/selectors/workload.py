"""Who has how much to do: teams by their clocks, places by their contacts of today."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet

from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import TOWNSHIP, within
from bihuan.epidemic.models import Contact, ContactDay, Event
from bihuan.epidemic.selectors.sight import contacts_seen

REACH = "contact.reach_hours"


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
    """The contacts of a township: what is still to do, what is done today."""

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


def due_checks(by: Actor, at: datetime) -> QuerySet[Contact]:
    """Contacts under a plan of whom nobody has noted today how they are."""
    today = ContactDay.objects.filter(contact=OuterRef("pk"), day=local_date(at))
    rows = Contact.objects.filter(
        contacts_seen(by), release_at__gt=at, placed_at__lte=at, became_case=None
    )
    return rows.filter(~Exists(today))


def checks_owed(by: Actor, at: datetime) -> int:
    """How many checks of today are still to do in the reader's place. One query."""
    return due_checks(by, at).count()


def place_rows(*, by: Actor, at: datetime) -> tuple[PlaceRow, ...]:
    """Townships of the reader's place with contacts under management. Three queries."""
    rows = Contact.objects.filter(
        contacts_seen(by), found_at__lte=at, release_at__gt=at, became_case=None
    )
    done = set(
        ContactDay.objects.filter(contact__in=rows, day=local_date(at)).values_list(
            "contact_id", flat=True
        )
    )
    counted: dict[str, list[int]] = {}
    for pk, scope, reached, placed, due in rows.values_list(
        "pk", "scope", "reached_at", "placed_at", "placed_due_at"
    ):
        line = counted.setdefault(scope[:TOWNSHIP], [0] * 5)
        line[0] += 1
        line[1] += reached is None
        line[2] += placed is None and due is not None and due < at
        line[3] += placed is not None and pk not in done
        line[4] += pk in done
    names = dict(Place.objects.filter(path__in=counted).values_list("path", "name"))
    found = [PlaceRow(names.get(path, path), *line) for path, line in counted.items()]
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
