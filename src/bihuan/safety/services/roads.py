"""Keep the crash history of road segments, name who looks after them, order an interim limit."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.cells import Refusal, Report
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import sight
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import within
from bihuan.safety.models import CrashCount, Establishment, InterimLimit, RoadOfficer
from bihuan.safety.rules.roads import COLUMNS, NEEDED
from bihuan.safety.rules.tables import Left, Line, Rows, difference, each_once, lines_of
from bihuan.safety.selectors.establishments import fetch_establishment
from bihuan.safety.selectors.roads import SEGMENTS, bounds, segment
from bihuan.safety.services.hazards import Grading, NewHazard, grade_hazard, report_hazard

CRITERION = "road.no_barrier"


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many crashes with injured people a segment had on a day, and who says so."""

    establishment_id: int
    day: date
    injury: int
    source: str = ""


def _may(by: Actor, duty: str = "task.assign") -> None:
    if not by.has(duty):
        raise NotAllowed("not_allowed", duty=duty)


@transaction.atomic
def note_crashes(*, given: DayCount, by: Actor, at: datetime) -> CrashCount:
    """Say how many crashes a segment had on a day; said again, the later figure stands.

    Raises NotFound, NotAllowed, Invalid("crash.day" | "crash.injury").
    """
    _may(by)
    found = segment(establishment_id=given.establishment_id, by=by, at=at)
    if given.day > local_date(at):
        raise Invalid("crash.day", field="day")
    if given.injury < 0:
        raise Invalid("crash.injury", field="injury")
    row = _put(given, by=by, at=at)
    record(action="road.crashes", subject=found.row.subject, by=by, at=at, scope=found.row.scope,
           facts={"day": given.day.isoformat(), "injury": given.injury})  # fmt: skip
    return row


def _put(given: DayCount, *, by: Actor, at: datetime) -> CrashCount:
    told = {"injury": given.injury, "source": given.source.strip()[:120], "at": at, "by": by.name}
    row, _new = CrashCount.objects.update_or_create(
        establishment_id=given.establishment_id, day=given.day, defaults=told
    )
    return row


@transaction.atomic
def take_crashes(*, rows: Rows, keep: bool, by: Actor, at: datetime) -> Report:
    """A table of crashes by segment and day; without `keep` only say what would happen.

    The same table again changes nothing. Raises NotAllowed, Invalid("table.headings").
    """
    _may(by)
    given, refused = _read(lines_of(rows, COLUMNS, NEEDED), by, at)
    ids = {one.establishment_id for one in given.values()}
    known = {
        (row.establishment_id, row.day): (row.injury, row.source)
        for row in CrashCount.objects.filter(establishment__in=ids)
    }
    found = difference(given, known, lambda one: (one.injury, one.source))
    if keep:
        for one in found.to_write:
            _put(one, by=by, at=at)
        record(action="road.import", subject=f"place:{by.place_id}", by=by, at=at, scope=by.scope,
               facts={"days": len(found.to_write), "refused": len(refused)})  # fmt: skip
    return found.report(refused)


def _read(
    lines: tuple[Line, ...], by: Actor, at: datetime
) -> tuple[dict[tuple[int, date], DayCount], tuple[Refusal, ...]]:
    names = {line.cells.get("segment", "") for line in lines}
    seen = Establishment.objects.filter(sight(by), SEGMENTS)
    found: dict[str, list[int]] = {}
    named = seen.filter(venue__name__in=names).values_list("pk", "venue__name")
    for key, name in named:
        found.setdefault(name, []).append(key)
    for key, code in seen.filter(code__in=names - {""}).values_list("pk", "code"):
        found[code] = [key]
    return each_once(lines, lambda line: _count(line, found, at), twin=("day", "crash.twice"))


def _count(
    line: Line, found: dict[str, list[int]], at: datetime
) -> tuple[tuple[int, date], DayCount]:  # fmt: skip
    keys = found.get(line.cells.get("segment", ""), [])
    if len(keys) != 1:
        raise Left("segment", "crash.ambiguous" if keys else "crash.segment")
    day = line.day("day")
    if day > local_date(at):
        raise Left("day", "crash.day")
    source = line.cells.get("source", "")[:120]
    return (keys[0], day), DayCount(keys[0], day, line.whole("injury"), source)


@transaction.atomic
def name_officer(
    *, establishment_id: int, post_id: int, by: Actor, at: datetime
) -> RoadOfficer:  # fmt: skip
    """Name the post that looks after a segment. Locks the place. Raises NotFound, NotAllowed."""
    _may(by)
    place = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    post = Post.objects.filter(within("scope", by.scope), pk=post_id, valid_to=None).first()
    if post is None:
        raise NotFound("post.not_found", id=post_id)
    row, _new = RoadOfficer.objects.update_or_create(
        establishment=place, defaults={"post": post, "named_at": at, "named_by": by.name}
    )
    record(action="road.officer", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"post": post.title})  # fmt: skip
    return row


@transaction.atomic
def limit_speed(*, establishment_id: int, speed: int, by: Actor, at: datetime) -> InterimLimit:
    """Order an interim limit: the missing barrier is a major hazard from the same minute.

    Whoever looks after the segment owes both. It holds until that hazard is closed. Locks the
    place. Raises NotFound, NotAllowed, Invalid("road.speed"), Conflict("road.not_black" |
    "road.limited" | "hazard.no_owner").
    """
    _may(by, "problem.grade")
    place = fetch_establishment(establishment_id=establishment_id, by=by, lock=True)
    found = segment(establishment_id=place.pk, by=by, at=at)
    held = bounds(scope=place.scope, at=at)
    if found.limit is not None:
        raise Conflict("road.limited", number=found.limit.hazard.number)
    if not found.black:
        raise Conflict("road.not_black", least=held.least)
    if not 0 < speed <= held.speed.value:
        raise Invalid("road.speed", field="speed", most=held.speed.value)
    if found.officer is None:
        raise Conflict("hazard.no_owner", name=place.venue.name)
    crashes = found.history.crashes
    given = NewHazard(
        "事故多发路段没有护栏", f"近 {held.months.value} 个月伤人事故 {crashes} 起,没有护栏。",
        "缺少护栏", owner_post_id=found.officer.pk,
    )  # fmt: skip
    hazard = report_hazard(establishment_id=place.pk, given=given, by=by, at=at)
    interim = f"临时限速 {speed} km/h,设置标志"
    grade_hazard(hazard_id=hazard.pk, given=Grading(CRITERION, interim, found.officer.pk),
                 by=by, at=at)  # fmt: skip
    row = InterimLimit.objects.create(
        establishment=place, hazard=hazard, speed=speed, ordered_at=at, ordered_by=by.name
    )
    record(action="road.limit", subject=place.subject, by=by, at=at, scope=place.scope,
           facts={"speed": speed, "crashes": crashes, "hazard": hazard.number})  # fmt: skip
    return row
