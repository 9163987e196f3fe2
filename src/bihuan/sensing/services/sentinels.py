"""Register sentinels, take their counts, note which cases they saw."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import under
from bihuan.sensing.models import Report, Sentinel, Visit
from bihuan.sensing.selectors.sentinels import reportable, reporting_bodies, visible
from bihuan.sensing.services.silence import answer_silence, end_silence
from bihuan.sensing.types import Count, Kind, NewSentinel

OLDEST = timedelta(days=60)  # what is later than this is history, not surveillance


@transaction.atomic
def register_sentinel(*, given: NewSentinel, by: Actor, at: datetime) -> Sentinel:
    """Enter a sentinel into the register. Raises NotAllowed, Invalid("sentinel.…"), Conflict."""
    if not by.has("sensing.manage"):
        raise NotAllowed("not_allowed", duty="sensing.manage")
    place = Place.objects.filter(pk=given.place_id, valid_to=None).first()
    if place is None or not under(place.path, by.scope):
        raise Invalid("sentinel.place", field="place")
    if not given.name.strip() or given.kind not in Kind.values:
        raise Invalid("sentinel.no_name", field="name")
    known = {row["key"]: row["of"] for row in registry.table("stream", at, scope=place.path)}
    wrong = [s for s in given.streams if given.kind not in known.get(s, ())]
    if wrong or not given.streams:
        raise Invalid("sentinel.streams", field="streams", streams=wrong)
    _reports(given.org_id, by)
    name = given.name.strip()
    if Sentinel.objects.filter(place=place, name=name, until=None).exists():
        raise Conflict("sentinel.exists", name=name)
    row = Sentinel.objects.create(
        name=name, kind=given.kind, place=place, scope=place.path, org_id=given.org_id,
        streams=list(given.streams), catchment=given.catchment, since=local_date(at),
    )  # fmt: skip
    record(action="sentinel.register", subject=f"sentinel:{row.pk}", by=by, at=at, scope=row.scope)
    return row


def _reports(org_id: int | None, by: Actor) -> None:
    """Only a body of the place with a post that reports. Raises Invalid("sentinel.org")."""
    if org_id is not None and str(org_id) not in dict(reporting_bodies(by=by)):
        raise Invalid("sentinel.org", field="org")


def _managed(sentinel_id: int, by: Actor) -> Sentinel:
    if not by.has("sensing.manage"):
        raise NotAllowed("not_allowed", duty="sensing.manage")
    rows = Sentinel.objects.select_for_update(of=("self",)).select_related("org")
    row = rows.filter(visible(by), pk=sentinel_id, until=None).first()
    if row is None:
        raise NotFound("sentinel.not_found", id=sentinel_id)
    return row


@transaction.atomic
def assign_sentinel(
    *, sentinel_id: int, org_id: int | None, by: Actor, at: datetime
) -> Sentinel:  # fmt: skip
    """Say which body reports for a sentinel; None: disease control or the township does.

    Locks the sentinel. Raises NotAllowed, NotFound, Invalid("sentinel.org").
    """
    row = _managed(sentinel_id, by)
    _reports(org_id, by)
    before = row.org.name if row.org else ""
    row.org_id = org_id
    row.save(update_fields=["org"])
    record(action="sentinel.assign", subject=f"sentinel:{row.pk}", by=by, at=at, scope=row.scope,
           before=before, facts={"org": org_id})  # fmt: skip
    return row


@transaction.atomic
def retire_sentinel(*, sentinel_id: int, reason: str, by: Actor, at: datetime) -> Sentinel:
    """Take a sentinel out of the register; what it reported stays. Locks it.

    Raises NotAllowed, NotFound, Invalid("sentinel.reason").
    """
    row = _managed(sentinel_id, by)
    if not reason.strip():
        raise Invalid("sentinel.reason", field="reason")
    row.until = local_date(at)
    row.save(update_fields=["until"])
    end_silence(row, reason.strip(), at)
    record(action="sentinel.retire", subject=f"sentinel:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"reason": reason.strip()[:200]})  # fmt: skip
    return row


@transaction.atomic
def report_counts(*, counts: Sequence[Count], by: Actor, at: datetime) -> int:
    """File counts; each is kept with the moment it came, however late. How many were new.

    A count that repeats what is known is not filed twice; another number is a correction and
    stands beside the first. Raises NotAllowed, NotFound("sentinel.not_found"), Invalid("count.…").
    """
    if not by.has("sensing.report"):
        raise NotAllowed("not_allowed", duty="sensing.report")
    wanted = {count.sentinel_id for count in counts}
    sentinels = {row.pk: row for row in reportable(by).filter(pk__in=wanted)}
    if wanted - set(sentinels):
        raise NotFound("sentinel.not_found", id=min(wanted - set(sentinels)))
    today = local_date(at)
    for count in counts:
        _check(count, sentinels[count.sentinel_id], today)
    known = _known(wanted)
    fresh = [c for c in counts if known.get((c.sentinel_id, c.stream, c.day)) != c.n]
    Report.objects.bulk_create(
        Report(sentinel_id=c.sentinel_id, stream=c.stream, day=c.day, n=c.n, reported_at=at,
               reporter=by.name)
        for c in fresh
    )  # fmt: skip
    if fresh:
        record(action="sentinel.report", subject=f"sentinel:{min(wanted)}", by=by, at=at,
               facts={"counts": len(fresh), "sentinels": len(wanted)})  # fmt: skip
        answer_silence({c.sentinel_id for c in fresh}, by, at)
    return len(fresh)


def _check(count: Count, sentinel: Sentinel, today: object) -> None:
    if count.stream not in sentinel.streams:
        raise Invalid("count.stream", sentinel=sentinel.name, stream=count.stream)
    if count.n < 0 or count.n > 1_000_000:
        raise Invalid("count.number", sentinel=sentinel.name, value=count.n)
    if count.day > today or today - count.day > OLDEST:  # type: ignore[operator]
        raise Invalid("count.day", sentinel=sentinel.name, day=count.day.isoformat())


def _known(sentinel_ids: set[int]) -> dict[tuple[int, str, object], int]:
    rows = Report.objects.filter(sentinel__in=sentinel_ids).order_by("reported_at")
    return {
        (row[0], row[1], row[2]): row[3]
        for row in rows.values_list("sentinel_id", "stream", "day", "n")
    }


@transaction.atomic
def note_visit(
    *, sentinel_id: int, case_number: str, visited_at: datetime, flagged_at: datetime | None,
    by: Actor, at: datetime,
) -> Visit:  # fmt: skip
    """A confirmed case was at a sentinel before: flagged there, or missed. Once for each case.

    Raises NotAllowed, NotFound, Invalid("visit.…"), Conflict("visit.noted").
    """
    if not by.has("case.read"):
        raise NotAllowed("not_allowed", duty="case.read")
    sentinel = Sentinel.objects.filter(pk=sentinel_id).first()
    if sentinel is None or not under(sentinel.scope, by.scope):
        raise NotFound("sentinel.not_found", id=sentinel_id)
    if not case_number.strip():
        raise Invalid("visit.no_case", field="case_number")
    if visited_at > at or (flagged_at is not None and flagged_at < visited_at):
        raise Invalid("visit.order", field="visited_at")
    number = case_number.strip()[:24]
    if Visit.objects.filter(sentinel=sentinel, case_number=number).exists():
        raise Conflict("visit.noted", case=number)
    row = Visit.objects.create(
        sentinel=sentinel, case_number=number, visited_at=visited_at, flagged_at=flagged_at,
        noted_by=by.name,
    )  # fmt: skip
    record(action="sentinel.visit", subject=f"sentinel:{sentinel.pk}", by=by, at=at,
           scope=sentinel.scope, facts={"case": number, "flagged": flagged_at is not None})  # fmt: skip
    return row
