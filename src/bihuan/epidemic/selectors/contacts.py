"""Contacts in lists: by case, by what is owed today, by key; never more than a page at once."""

from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.types import CITY, COUNTY, in_order
from bihuan.epidemic.models import Case, Contact, Transfer
from bihuan.epidemic.models.cases import number_of
from bihuan.epidemic.models.contacts import contact_number
from bihuan.epidemic.rules.plans import timeline
from bihuan.epidemic.selectors.sight import NOTHING, contacts_seen, contacts_traced
from bihuan.epidemic.types import ContactRow

PAGE = 50
MOST = 500  # contacts of one case that a question may name
MANY = 100  # a counter need not go further
TO_DO = ("check", "reach", "place")
SHOWN = (
    "pk", "case_id", "case__reported_at", "place__name", "exposure", "risk", "edition",
    "last_exposure", "found_at", "release_at", "reached_at", "placed_at", "checked_on",
    "became_case_id",
)  # fmt: skip


class Standing(Protocol):
    """What tells where a contact stands: of the whole row, or of what a list shows."""

    became_case_id: int | None
    release_at: datetime | None
    placed_at: datetime | None
    reached_at: datetime | None


def contact_rows(
    *, by: Actor, at: datetime, case: Case, after: str = "", size: int = MOST
) -> tuple[tuple[ContactRow, ...], str]:
    """Contacts of a case that the reader may know of, the newest, and the key that goes on; on a page those
    with something to do come first. One query."""
    rows = Contact.objects.filter(contacts_traced(by), found_at__lte=at, case=case)
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    held = list(rows.order_by("-pk").values_list(*SHOWN, named=True)[: size + 1])
    more = str(held[size - 1].pk) if len(held) > size else ""
    found = [_row(row, at) for row in held[:size]]
    found.sort(key=lambda r: (r.state in {"released", "listed"}, r.checked_today))
    return tuple(found), more


def managed(by: Actor, at: datetime) -> QuerySet[Contact]:
    """Whoever is under a plan now in the reader's place, found by an index of that level.

    Whom another installation took over is managed there, and by nobody here.
    """
    gone = Transfer.objects.filter(incoming=False, released_at__lte=at).values("pseudonym")
    rows = Contact.objects.filter(release_at__gt=at, became_case=None).exclude(pseudonym__in=gone)
    if not by.has("contact.do"):
        return rows.filter(NOTHING)
    if len(by.scope) in {CITY, COUNTY}:
        return rows.filter(in_order(by.scope))
    return rows.filter(contacts_seen(by))


def owed(by: Actor, at: datetime, what: str) -> QuerySet[Contact]:
    """Of these, who is to be checked today, reached, or placed; everybody for "".

    A day is checked once somebody noted how the person is.
    """
    rows, today = managed(by, at), local_date(at)
    wanted = {
        "check": Q(placed_at__lte=at) & (Q(checked_on=None) | Q(checked_on__lt=today)),
        "reach": Q(reached_at=None),
        "place": Q(placed_at=None, placed_due_at__lt=at),
    }
    return rows.filter(wanted[what]) if what in wanted else rows


def contact_page(
    *, by: Actor, at: datetime, what: str = "", after: str = "", size: int = PAGE
) -> tuple[tuple[ContactRow, ...], str]:
    """A page by the end of the stay, the soonest first, and the key that goes on. One query."""
    rows = owed(by, at, what).order_by("release_at", "pk")
    moment, _sep, pk = after.partition("_")
    if moment and pk.isdecimal() and len(pk) < 19:
        try:
            ends = datetime.fromisoformat(moment)
        except ValueError:
            ends = at
        if ends.tzinfo is not None:
            rows = rows.filter(
                Q(release_at__gt=ends) | Q(release_at=ends, pk__gt=int(pk)), release_at__gte=ends
            )
    found = list(rows.values_list(*SHOWN, named=True)[: size + 1])
    more = ""
    if len(found) > size:
        last = found[size - 1]
        assert last.release_at is not None  # of everybody who is managed
        more = f"{last.release_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}_{last.pk}"
    return tuple(_row(row, at) for row in found[:size]), more


def counted(rows: QuerySet[Contact], *, most: int = MANY) -> int:
    """How many, counted as far as `most`."""
    return rows.order_by().values("pk")[:most].count()


def checks_owed(by: Actor, at: datetime) -> int:
    """Checks of today still to do, as far as `MANY`; above the county nobody checks. One query."""
    return counted(owed(by, at, "check")) if len(by.scope) >= COUNTY else 0


def checks_done(by: Actor, at: datetime, *, most: int) -> int:
    """Checks noted today in the reader's place, counted as far as `most`. One query."""
    return counted(managed(by, at).filter(checked_on=local_date(at)), most=most)


def state_of(c: Standing, at: datetime) -> str:
    """Where a contact stands: release comes by the hour, nobody has to grant it."""
    if c.became_case_id:
        return "became_case"
    if c.release_at is None:
        return "listed"
    if c.release_at <= at:
        return "released"
    return "placed" if c.placed_at else "reached" if c.reached_at else "named"


def _row(c: Any, at: datetime) -> ContactRow:
    today = local_date(at)
    plan = timeline(
        registry.by_edition(c.edition), c.risk, anchor=c.last_exposure,
        found=local_date(c.found_at),
    )  # fmt: skip
    case = number_of(c.case_id, c.case__reported_at) if c.case_id else ""
    return ContactRow(
        c.pk, c.case_id, case, contact_number(c.found_at, c.pk), c.place__name, c.exposure, c.risk,
        state_of(c, at), plan.place_on(today) if plan else "", c.last_exposure, c.release_at,
        plan is not None and today in plan.tests, c.checked_on == today, c.edition,
    )  # fmt: skip


def releases_at_home(*, by: Actor, at: datetime, span: timedelta) -> list[Contact]:
    """Contacts of the place whose management ends within a span or ended within it. One query."""
    rows = Contact.objects.filter(contacts_seen(by), became_case=None, release_at__gt=at - span,
                                  release_at__lte=at + span)  # fmt: skip
    return list(rows.select_related("place").order_by("release_at", "pk")[:500])
