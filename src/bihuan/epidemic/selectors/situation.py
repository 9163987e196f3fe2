"""Cases as they were known at a moment, and what was judged and reported of them."""

from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.places.models import Place
from bihuan.core.places.types import COUNTY, within
from bihuan.epidemic.models import (
    Case,
    CaseClass,
    Charge,
    Contact,
    Event,
    Judgement,
    SituationReport,
)
from bihuan.epidemic.rules.situation import Known
from bihuan.epidemic.selectors.sight import apart, cards_then, events_seen
from bihuan.epidemic.types import CONTROLLED

OUTCOMES = ("cured", "died")


def known_cases(*, at: datetime, scope: str, event: Event | None = None,
                disease: str = "") -> list[Known]:  # fmt: skip
    """Cases reported by `at` with the class and the outcome known then. Three queries.

    Excluded cases and files that were merged by then are left out.
    """
    then = CaseClass.objects.filter(case=OuterRef("pk"), at__lte=at).order_by("-at", "-pk")
    rows = Case.objects.filter(apart(at), within("scope", scope), reported_at__lte=at)
    if event is not None:
        rows = rows.filter(event=event)
    if disease:
        rows = rows.filter(event__disease=disease)
    told = rows.annotate(then=Subquery(then.values("kind")[:1])).values_list(
        "pk", "onset", "diagnosed_at", "reported_at", "then", "kind", "origin", "scope", "found_in"
    )
    ends, cards = _ends(rows, at), cards_then(rows, at)
    found = []
    for pk, ill, diagnosed, reported, kind, latest, whence, where, way in told:
        held = kind or latest
        if held == "excluded":
            continue
        card = cards.get(pk)
        onset, origin, found_in = (
            (card.onset, card.origin, card.found_in) if card else (ill, whence, way)
        )
        outcome, ended = ends.get(pk, ("", None))
        happened = min(onset or local_date(diagnosed), local_date(reported))
        found.append(
            Known(happened, local_date(reported), held, origin, where[:COUNTY],
                  found_in in CONTROLLED, outcome, ended, found_in)
        )  # fmt: skip
    return found


def _ends(rows: object, at: datetime) -> dict[int, tuple[str, date]]:
    ended = Charge.objects.filter(case__in=rows, closed_at__lte=at, outcome__in=OUTCOMES)  # type: ignore[misc]
    told = ended.values_list("case_id", "outcome", "closed_at")
    return {pk: (outcome, local_date(closed)) for pk, outcome, closed in told if closed is not None}


def contacts_placed(*, at: datetime, scope: str, event: Event) -> int:
    """Contacts of an event who were placed at a moment and had neither left nor fallen ill. One query."""
    rows = Contact.objects.filter(within("scope", scope), event=event, placed_at__lte=at)
    return rows.filter(release_at__gt=at).exclude(became_case__reported_at__lte=at).count()


def fetch_place(*, code: str, by: Actor, otherwise: Place) -> Place:
    """A place of the reader's by its code; empty means the one given. Raises NotFound."""
    if not code:
        return otherwise
    row = Place.objects.filter(within("path", by.scope), code=code, valid_to=None).first()
    if row is None:
        raise NotFound("place.not_found", code=code)
    return row


def judgements(*, event: Event, scope: str, day: date, at: datetime) -> list[Judgement]:
    """Every version of the judgement of a day, the latest first. One query."""
    rows = Judgement.objects.filter(event=event, scope=scope, day=day, written_at__lte=at)
    return list(rows.order_by("-version"))


def reports_seen(by: Actor) -> Q:
    """Reports of the place, for whoever reads epidemic figures."""
    return events_seen(by)


def report_rows(*, event: Event, by: Actor, at: datetime) -> list[SituationReport]:
    """Reports of an event, the latest first. One query."""
    rows = SituationReport.objects.filter(reports_seen(by), event=event, made_at__lte=at)
    return list(rows.select_related("place").order_by("-pk")[:200])


def fetch_report(*, report_id: int, by: Actor) -> SituationReport:
    """Raises NotFound("sitreport.not_found")."""
    rows = SituationReport.objects.select_related("event", "place", "judgement")
    row = rows.filter(reports_seen(by), pk=report_id).first()
    if row is None:
        raise NotFound("sitreport.not_found", id=report_id)
    return row


def fetch_judgement(*, judgement_id: int, by: Actor, lock: bool = False) -> Judgement:
    """Raises NotFound("judgement.not_found")."""
    rows = Judgement.objects.select_related("event", "place")
    if lock:
        rows = rows.select_for_update(of=("self",))
    row = rows.filter(events_seen(by), pk=judgement_id).first()
    if row is None:
        raise NotFound("judgement.not_found", id=judgement_id)
    return row
