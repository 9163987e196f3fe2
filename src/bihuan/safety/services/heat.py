"""Take forecasts of heat, start the day's checks by them, tell the results in the evening (M132)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.evidence.cells import Refusal, Report
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import write_brief
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.proof import Proof, prove
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import within
from bihuan.safety.models import Checklist, Establishment, Forecast, InspectionPlan
from bihuan.safety.rules.heat import COLUMNS, NEEDED, plausible
from bihuan.safety.rules.tables import Left, Line, Rows, difference, each_once, lines_of
from bihuan.safety.selectors.heat import evening_of, heat_day
from bihuan.safety.selectors.inspections import checklists
from bihuan.safety.services.plans import MOST_CHECKS, assign_stops

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewForecast:
    """The highest temperature of a day in a place, and who says so."""

    place: Place
    day: date
    celsius: float
    source: str = ""


def _may(by: Actor) -> None:
    if not by.has("supervise.plan"):
        raise NotAllowed("not_allowed", duty="supervise.plan")


@transaction.atomic
def forecast_heat(
    *, celsius: float, day: date, by: Actor, at: datetime, source: str = ""
) -> Forecast:
    """One forecast for one's own place, typed: the day's checks begin at once.

    Raises NotAllowed, Invalid("heat.below" | "heat.no_list" | "inspection_plan.no_places"),
    Conflict("heat.planned").
    """
    _may(by)
    limit = float(registry.value("heat.celsius", at, scope=by.scope).value)
    if celsius < limit or day < local_date(at):
        raise Invalid("heat.below", field="celsius", limit=limit)
    if not plausible(celsius):
        raise Invalid("heat.celsius", field="celsius")
    if _started(by.scope, day):
        raise Conflict("heat.planned", title=f"{day:%m-%d}")
    place = Place.objects.get(pk=by.place_id)
    row = _put(NewForecast(place, day, celsius, source), by=by, at=at)
    if not _start(row, by=by, at=at):
        raise Invalid("inspection_plan.no_places", field="celsius")
    return row


def _started(scope: str, day: date) -> bool:
    """Whether the checks of a day have begun for a place, by itself or with one above it."""
    paths = [*upper_paths(scope), scope]
    return Forecast.objects.filter(scope__in=paths, day=day, plan__isnull=False).exists()


def _put(given: NewForecast, *, by: Actor, at: datetime) -> Forecast:
    told = {"scope": given.place.path, "celsius": given.celsius, "at": at, "by": by.name,
            "source": given.source.strip()[:120]}  # fmt: skip
    row, _new = Forecast.objects.update_or_create(place=given.place, day=given.day, defaults=told)
    return row


def _start(row: Forecast, *, by: Actor, at: datetime) -> bool:
    """Put the places of the pack's sectors on the routes of their townships' desks.

    False where there are none. Whoever runs the campaign owes the results in the evening.
    """
    code = registry.value("heat.list", at, scope=row.scope).value
    checklist = next((one for one in checklists() if one.code == code), None)
    if checklist is None:
        raise Invalid("heat.no_list", field="celsius")
    sectors = [one["sector"] for one in registry.table("heat_sector", at, scope=row.scope)]
    found = Establishment.objects.filter(
        within("scope", row.scope), sector__in=sectors, closed_at=None
    )
    places = list(found.select_related("venue__place")[:MOST_CHECKS])
    if not places:
        return False
    row.plan = InspectionPlan.objects.create(
        title=f"高温 {row.celsius:g}℃ {row.day:%m-%d} {row.place.short_name}"[:120],
        scope=row.scope, org_id=by.org_id, starts=row.day, ends=row.day, share=0, created_at=at,
        created_by=by.name,
    )  # fmt: skip
    stops = _on_routes(row.plan, places, checklist, by)
    row.task = _task(row, stops, by=by, at=at)
    row.save(update_fields=["plan", "task"])
    record(action="heat.start", subject=f"inspection_plan:{row.plan.pk}", by=by, at=at,
           scope=row.scope, facts={"celsius": row.celsius, "places": stops})  # fmt: skip
    return True


def _on_routes(
    plan: InspectionPlan, places: Sequence[Establishment], checklist: Checklist, by: Actor
) -> int:
    towns = {".".join(place.scope.split(".")[:4]) + "." for place in places}
    keys = Place.objects.filter(path__in=towns, valid_to=None).values_list("pk", flat=True)
    posts = [*desk_of(place_ids=list(keys)).values(), Post.objects.get(pk=by.post_id)]
    return assign_stops(plan, [(place, checklist, False, None) for place in places], posts)


def _task(row: Forecast, stops: int, *, by: Actor, at: datetime) -> Obligation:
    """The desk of the place owes the day's results by the evening hour of the pack."""
    owner = desk_of(place_ids=[row.place_id]).get(row.place_id)
    owner = owner or Post.objects.select_related("org", "place").get(pk=by.post_id)
    issuer = Post.objects.select_related("org", "place").get(pk=by.post_id)
    evening, hour = evening_of(row.day, scope=row.scope, at=at)
    brief = write_brief(
        given=BriefInput(
            title=f"高温专项当日结果:{row.day.month}月{row.day.day}日 {row.place.name}",
            text=f"预报最高 {row.celsius:g}℃。应查 {stops} 处:已查、不合格、未到各多少。",
            domain=Domain.SAFETY, criterion="应查的都有结果,没到的写明原因", basis=hour.source[:200],
        ),
        place=row.place, at=at,
    )  # fmt: skip
    return raise_loop(
        flow="task", brief=brief, owner=owner, issuer=issuer, by=by, at=at,
        deadline=Deadline(max(evening, at + HOUR)), origin=f"forecast:{row.pk}",
    )  # fmt: skip


@transaction.atomic
def take_forecasts(*, rows: Rows, keep: bool, by: Actor, at: datetime) -> Report:
    """A table of forecasts by place and day; without `keep` only say what would happen.

    Where the limit is reached the day's checks start, once. The same table again changes
    nothing. Raises NotAllowed, Invalid("table.headings" | "heat.no_list").
    """
    _may(by)
    return keep_forecasts(lines_of(rows, COLUMNS, NEEDED), keep=keep, by=by, at=at)


@transaction.atomic
def keep_forecasts(lines: Sequence[Line], *, keep: bool, by: Actor, at: datetime) -> Report:
    """The same from rows that are read already, as the API has them."""
    _may(by)
    given, refused = _read(lines, by, at)
    known = {
        (row.place_id, row.day): (row.celsius, row.source)
        for row in Forecast.objects.filter(place__in={one.place.pk for one in given.values()})
    }
    found = difference(given, known, lambda one: (one.celsius, one.source))
    if keep and found.to_write:
        for one in sorted(found.to_write, key=lambda one: len(one.place.path)):
            _follow(_put(one, by=by, at=at), by=by, at=at)
        record(action="heat.forecasts", subject=f"place:{by.place_id}", by=by, at=at,
               scope=by.scope,
               facts={"rows": len(found.to_write), "refused": len(refused)})  # fmt: skip
    return found.report(refused)


def _follow(row: Forecast, *, by: Actor, at: datetime) -> None:
    """Start the day's checks where the limit is reached and nothing has started them."""
    limit = float(registry.value("heat.celsius", at, scope=row.scope).value)
    if row.celsius >= limit and row.plan_id is None and not _started(row.scope, row.day):
        _start(row, by=by, at=at)


def _read(
    lines: Sequence[Line], by: Actor, at: datetime
) -> tuple[dict[tuple[int, date], NewForecast], tuple[Refusal, ...]]:
    names = {line.cells.get("place", "") for line in lines}
    seen = Place.objects.filter(within("path", by.scope), valid_to=None)
    found: dict[str, list[Place]] = {}
    for place in seen.filter(name__in=names):
        found.setdefault(place.name, []).append(place)
    found |= {place.code: [place] for place in seen.filter(code__in=names)}
    return each_once(lines, lambda line: _forecast(line, found, at), twin=("day", "heat.twice"))


def _forecast(
    line: Line, found: dict[str, list[Place]], at: datetime
) -> tuple[tuple[int, date], NewForecast]:  # fmt: skip
    places = found.get(line.cells.get("place", ""), [])
    if len(places) != 1:
        raise Left("place", "heat.place")
    day, celsius = line.day("day"), line.figure("celsius")
    if day < local_date(at):
        raise Left("day", "heat.past")
    if not plausible(celsius):
        raise Left("celsius", "heat.celsius")
    row = NewForecast(places[0], day, celsius, line.cells.get("source", "")[:120])
    return (row.place.pk, day), row


@transaction.atomic
def tell_results(*, day: date, by: Actor, at: datetime) -> int:
    """Prove one's tasks of the day with the results as they stand now; how many.

    Raises NotFound("heat.nothing_owed") and what proving a task raises.
    """
    found = heat_day(day=day, by=by, at=at)
    mine = [
        one.task for one in found.tasks
        if one.task is not None and one.task.owner_org_id == by.org_id
        and one.task.state in {"issued", "acknowledged", "returned"}
    ]  # fmt: skip
    if not mine:
        raise NotFound("heat.nothing_owed", day=f"{day:%m-%d}")
    whole = found.whole
    text = f"应查 {whole.owed} 处,已查 {whole.checked} 处,不合格 {whole.failed} 处,未到 {whole.left} 处"
    left = "、".join(f"{name} {one.left}" for name, one in found.places if one.left)
    given = Proof(text=f"{text}。未到:{left}" if left else text)
    for task in mine:
        prove(obligation_id=task.pk, given=given, by=by, at=at)
    return len(mine)
