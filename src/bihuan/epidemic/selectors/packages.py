"""Line list and links of an event as they leave the house: numbers and codes, nobody's name."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from bihuan.core.clock import local_date
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import Case, Contact, Event, LineRow
from bihuan.epidemic.selectors.sight import apart, cases_seen


@dataclass(frozen=True, slots=True)
class ListCase:
    """A case of an exported line list."""

    number: str
    label: str
    kind: str
    onset: date | None
    diagnosed: date
    reported: date
    isolated: date | None
    treated: date | None
    age_band: str
    place: str
    found_in: str
    origin: str
    known: bool
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link of an exported line list: who infected whom, or who was exposed to whom."""

    source: str
    target: str
    kind: str
    exposure: str = ""
    first: date | None = None
    last: date | None = None


PAGE = 500


def list_rows(*, by: Actor, event: Event, at: datetime) -> Iterator[ListCase]:
    """Every case of an event in the reader's place, oldest first. Three queries."""
    yield from _listed(_cases(by, event, at).select_related("place").order_by("pk"))


def list_page(
    *, by: Actor, event: Event, at: datetime, after: str
) -> tuple[list[ListCase], str]:  # fmt: skip
    """A page of the same, and the key that goes on; empty at the end. Three queries."""
    rows = _cases(by, event, at).select_related("place").order_by("pk")
    if after.isascii() and after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__gt=int(after))
    found = list(rows[: PAGE + 1])
    more = str(found[PAGE - 1].pk) if len(found) > PAGE else ""
    return list(_listed(found[:PAGE])), more


def _listed(rows: Iterable[Case]) -> Iterator[ListCase]:
    cases = list(rows)
    keys = [c.pk for c in cases]
    labels = dict(LineRow.objects.filter(case__in=keys).values_list("case_id", "label"))
    known = set(
        Contact.objects.filter(became_case__in=keys).values_list("became_case_id", flat=True)
    )
    for c in cases:
        yield ListCase(
            c.number, labels.get(c.pk, ""), c.kind, c.onset, local_date(c.diagnosed_at),
            local_date(c.reported_at), _day(c.isolated_at), _day(c.treated_at), c.age_band,
            c.place.code, c.found_in, c.origin, c.pk in known, tuple(c.findings),
        )  # fmt: skip


def link_rows(*, by: Actor, event: Event, at: datetime) -> Iterator[LinkRow]:
    """Sources a person named, then exposed contacts, of cases the reader sees. Two queries."""
    cases = _cases(by, event, at)
    for c in cases.exclude(source=None).select_related("source").order_by("pk"):
        assert c.source is not None
        yield LinkRow(c.source.number, c.number, "infected")
    told = Contact.objects.filter(event=event, case__in=cases, found_at__lte=at)
    for row in told.select_related("case", "became_case").order_by("pk"):
        target = row.became_case.number if row.became_case else row.number
        assert row.case is not None  # one of `cases`
        yield LinkRow(row.case.number, target, "contact", row.exposure, row.first_exposure,
                      row.last_exposure)  # fmt: skip


def _cases(by: Actor, event: Event, at: datetime) -> QuerySet[Case]:
    return Case.objects.filter(apart(at), cases_seen(by), event=event, reported_at__lte=at)


def _day(moment: datetime | None) -> date | None:
    return local_date(moment) if moment else None
