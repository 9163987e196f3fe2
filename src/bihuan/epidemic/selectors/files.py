"""Events, cases, contacts and curves as pages show them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from bihuan.core.clock import local_date
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import within
from bihuan.epidemic.models import Case, CaseClass, Contact, Event
from bihuan.epidemic.rules.care import Care, place_of_care
from bihuan.epidemic.selectors.sight import (
    apart,
    cards_then,
    cases_seen,
    contacts_traced,
    events_seen,
)
from bihuan.epidemic.types import Bar, CaseRow, Curve, EventRow, Twin

PAGE = 100
MOST_ROWS = 500
MOST_COUNTED = 1_000  # of an event in a list of events; its own page counts them all
CURVE_DAYS = 180  # longest curve that one picture holds
TAIL_DAYS = 14  # quiet days that are still drawn
VARIABLES = {
    "kind": "kind", "origin": "origin", "found_in": "found_in", "age_band": "age_band",
    "place": "place__name", "known": "known_before",
}  # fmt: skip
MOST_VALUES = 8  # a curve of more colours than this cannot be read


def _few(table: str) -> RawSQL:
    """Rows of an event, counted as far as `MOST_COUNTED`: a list of events must not read them all."""
    return RawSQL(  # noqa: S611 - the tables are named here
        f"(SELECT count(*) FROM (SELECT FROM {table} t WHERE t.event_id = epidemic_event.id"  # noqa: S608
        f" LIMIT {MOST_COUNTED + 1}) few)",
        (),
    )


def event_rows(*, by: Actor, at: datetime) -> tuple[EventRow, ...]:
    """Events of the place, open ones first. One query."""
    rows = (
        Event.objects.filter(events_seen(by), opened_at__lte=at)
        .select_related("place")
        .annotate(
            n_cases=_few("epidemic_case"), n_contacts=_few("epidemic_contact"),
            n_orders=_few("epidemic_controlorder"),
        )
        .order_by("-pk")[:PAGE]
    )  # fmt: skip
    found = [
        EventRow(r.pk, r.title, r.disease, r.place.name, r.opened_at, r.closed_at, r.n_cases,
                 r.n_contacts, r.n_orders)
        for r in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda r: r.closed_at is not None))


def event_of(*, origin: str, by: Actor) -> Event | None:
    """The event that was opened from something, where the reader may see it. One query."""
    return Event.objects.filter(events_seen(by), origin=origin).first()


def reportable_events(*, by: Actor) -> list[Event]:
    """Open events of the reporter's area, above and below: where a card may go. One query."""
    above = Q(scope__in=[*upper_paths(by.scope), by.scope])
    rows = Event.objects.filter(above | within("scope", by.scope), closed_at=None)
    return list(rows.select_related("place").order_by("-pk")[:PAGE])


@dataclass(frozen=True, slots=True)
class Likely:
    """Somebody known who may be the one on a card, and the file of theirs the reader may open."""

    code: str
    score: float
    case: Case | None
    contact: Contact | None


def likely_files(*, twins: Sequence[Twin], by: Actor) -> tuple[Likely, ...]:
    """Likely twins with their files, as far as the reader sees them. Two queries."""
    codes = [twin.pseudonym for twin in twins]
    cases = {row.pseudonym: row for row in
             Case.objects.filter(cases_seen(by), pseudonym__in=codes).order_by("pk")}  # fmt: skip
    contacts = {row.pseudonym: row for row in
                Contact.objects.filter(contacts_traced(by), pseudonym__in=codes).order_by("pk")}  # fmt: skip
    return tuple(
        Likely(t.pseudonym, t.score, cases.get(t.pseudonym), contacts.get(t.pseudonym))
        for t in twins
    )


def case_rows(*, by: Actor, event: Event, at: datetime) -> tuple[CaseRow, ...]:
    """Cases of an event in the reader's place, newest first, with class and card of then. Three queries."""
    rows = Case.objects.filter(apart(at), cases_seen(by), event=event, reported_at__lte=at)
    then, cards = _classes_then(event, at), cards_then(rows, at)
    found = []
    for row in rows.select_related("place", "event").order_by("-pk")[:MOST_ROWS]:
        row.kind = then.get(row.pk, row.kind)
        if (card := cards.get(row.pk)) is not None:
            row.onset, row.age_band = card.onset, card.age_band
            row.origin, row.found_in = card.origin, card.found_in
        found.append(case_row(row, at))
    return tuple(found)


def _classes_then(event: Event, at: datetime) -> dict[int, str]:
    """The class held at a moment by cases that were classified again later. One query."""
    held = CaseClass.objects.filter(case=OuterRef("case"), at__lte=at).order_by("-at", "-pk")
    later = CaseClass.objects.filter(case__event=event, at__gt=at, case__reported_at__lte=at)
    rows = later.order_by("case").distinct("case").annotate(then=Subquery(held.values("kind")[:1]))
    return {pk: kind for pk, kind in rows.values_list("case_id", "then") if kind is not None}


def case_row(c: Case, at: datetime) -> CaseRow:
    """One case without anything that identifies."""
    pack = registry.edition("control-plan", at, scope=c.scope, disease=c.event.disease)
    words = pack.rows("case_class").get(c.kind, {})
    late = max(c.reported_at - c.report_due_at, timedelta(0)) if c.report_due_at else timedelta(0)
    return CaseRow(
        c.pk, c.number, c.kind, words.get("title", c.kind), words.get("title_en", c.kind),
        c.place.name, c.age_band, c.onset, c.diagnosed_at, c.reported_at, c.origin, c.found_in,
        late,
    )  # fmt: skip


def managed_for(*, case: Case, at: datetime) -> QuerySet[Contact]:
    """Contacts who are under management because of one case."""
    rows = Contact.objects.filter(case=case, release_at__gt=at, became_case=None)
    return rows.order_by("pk")


def history_of(case: Case) -> list[CaseClass]:
    """Every classification with its date, latest first. One query."""
    return list(case.classes.order_by("-at", "-pk"))


def care_of(case: Case, at: datetime) -> Care | None:
    """What the treatment plan in force proposes; None where no edition holds for the disease."""
    held = registry.in_force(
        at, scope=case.scope, family="treatment-plan", disease=case.event.disease
    )
    return place_of_care(held[0], case.findings) if held else None


def inquiries_of(case: Case) -> list[Obligation]:
    """The clocks of an investigation. One query."""
    rows = Obligation.objects.filter(origin__startswith=f"case:{case.pk}:")
    return list(rows.select_related("owner_post", "brief").order_by("due_at"))


def curve(*, event: Event, by: Actor, at: datetime, variable: str = "kind") -> Curve:
    """Cases by day of onset (diagnosis where it is not known) and a variable. Three queries."""
    wanted = VARIABLES.get(variable, "kind")
    rows = Case.objects.filter(apart(at), events_seen(by), event=event, reported_at__lte=at)
    then, cards = _classes_then(event, at), cards_then(rows, at)
    told = []
    for pk, kind, ill, diagnosed, latest in rows.values_list(
        "pk", "kind", "onset", "diagnosed_at", wanted
    ):
        held = then.get(pk, kind)
        card = cards.get(pk)
        onset = card.onset if card else ill
        value = getattr(card, wanted, latest)  # what no card holds is that of now
        if held != "excluded":
            shown = held if wanted == "kind" else _value(variable, value)
            told.append((onset or local_date(diagnosed), shown))
    if not told:
        return Curve((), ())
    often = [value for value, _n in Counter(value for _, value in told).most_common(MOST_VALUES)]
    told = [(day, value if value in often else "other") for day, value in told]
    values = tuple(sorted({value for _, value in told}))
    last = min(local_date(at), max(day for day, _ in told) + timedelta(days=TAIL_DAYS))
    first = max(min(day for day, _ in told), last - timedelta(days=CURVE_DAYS))
    counted: dict[tuple[object, str], int] = {}
    for day, value in told:
        counted[day, value] = counted.get((day, value), 0) + 1
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return Curve(values, tuple(Bar(d, tuple(counted.get((d, v), 0) for v in values)) for d in days))


def _value(variable: str, value: object) -> str:
    """A value as the curve names it: whether known before is a yes or a no."""
    if variable == "known":
        return "yes" if value else "no"
    return str(value)


def known_before(*, event: Event, at: datetime) -> tuple[int, int]:
    """Cases that were listed contacts beforehand, of all (M062). One query."""
    rows = Case.objects.filter(apart(at), event=event, reported_at__lte=at)
    told = rows.aggregate(
        known=Count("pk", filter=Q(known_before__isnull=False), distinct=True),
        n=Count("pk", distinct=True),
    )
    return told["known"], told["n"]
