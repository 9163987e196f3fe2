"""Draw a list of who must be checked, fill it, note what came of each line, assign the overdue."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.clock import local_date
from bihuan.core.errors import Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Domain
from bihuan.core.loops.services.opening import Deadline, brief_of
from bihuan.core.loops.services.raising import Raised, raise_many
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.selectors import nearest_desks
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.types import within
from bihuan.epidemic.models import ScreeningLine, ScreeningList, ScreeningState
from bihuan.epidemic.rules.screening import OPEN, Fault, Line, endings, labels_of, read_lines
from bihuan.epidemic.selectors.lists import FAMILY
from bihuan.epidemic.selectors.screening import fetch_list
from bihuan.epidemic.services.teams import SECTOR

NAMED = 20  # lines that the words of a task name


@dataclass(frozen=True, slots=True)
class NewList:
    """What a list is, before it has lines."""

    title: str
    source: str
    drawn_on: date
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Filled:
    """What a text of lines would add or added, what was there, what cannot be taken and why."""

    added: int
    known: int
    faults: tuple[Fault, ...]


def _does(by: Actor) -> None:
    if not by.has("contact.do"):
        raise NotAllowed("not_allowed", duty="contact.do")


@transaction.atomic
def draw_list(*, given: NewList, by: Actor, at: datetime) -> ScreeningList:
    """A list of one's own place. Raises NotAllowed, Invalid("screening.…")."""
    _does(by)
    if not given.title.strip() or not given.source.strip():
        raise Invalid("screening.source", field="source")
    if given.drawn_on > local_date(at) or given.due_at <= at:
        raise Invalid("screening.days", field="due_at")
    keep = timedelta(days=int(registry.value("keep.contact_days", at).value))
    row = ScreeningList.objects.create(
        title=given.title.strip()[:120], source=given.source.strip()[:200],
        drawn_on=given.drawn_on, due_at=given.due_at, place_id=by.place_id, scope=by.scope,
        opened_at=at, opened_by=by.name, expires_at=given.due_at + keep,
    )  # fmt: skip
    record(action="screening.draw", subject=f"screening:{row.pk}", by=by, at=at, scope=row.scope,
           facts={"source": row.source, "due": row.due_at.isoformat()})  # fmt: skip
    return row


@transaction.atomic
def fill_list(
    *, screening_id: int, text: str, keep: bool, by: Actor, at: datetime
) -> Filled:  # fmt: skip
    """Add lines to a list of one's own place; without `keep` only say what would happen.

    The same text again adds nothing. Raises NotAllowed, NotFound.
    """
    _does(by)
    row = fetch_list(screening_id=screening_id, by=by)
    if row.scope != by.scope:
        raise NotAllowed("not_allowed", duty="contact.do")
    lines, faults = _read(text, row, at)
    codes = {line.place for line in lines if line.place}
    found = Place.objects.filter(within("path", row.scope), code__in=codes, valid_to=None)
    places = {place.code: (place.pk, place.path) for place in found} | {
        "": (row.place_id, row.scope)
    }
    lost = tuple(
        Fault(line.row, line.code, "screening.row_place")
        for line in lines
        if line.place not in places
    )
    known = set(
        row.lines.filter(code__in=[line.code for line in lines]).values_list("code", flat=True)
    )
    fresh = [line for line in lines if line.place in places and line.code not in known]
    if keep and fresh:
        ScreeningLine.objects.bulk_create(
            [ScreeningLine(screening=row, code=line.code, place_id=places[line.place][0],
                           scope=places[line.place][1], expires_at=row.expires_at)
             for line in fresh], batch_size=2_000,
        )  # fmt: skip
        record(action="screening.fill", subject=f"screening:{row.pk}", by=by, at=at,
               scope=row.scope, facts={"lines": len(fresh)})  # fmt: skip
    return Filled(len(fresh), len(known), tuple(sorted(faults + lost, key=lambda one: one.row)))


def _read(
    text: str, row: ScreeningList, at: datetime
) -> tuple[tuple[Line, ...], tuple[Fault, ...]]:
    """The rows of a text. Names of places of the area and of bodies are labels; people's are not."""
    said = labels_of(text)
    places = Place.objects.filter(within("path", row.scope), name__in=said, valid_to=None)
    known = {*places.values_list("name", flat=True),
             *Org.objects.filter(name__in=said).values_list("name", flat=True)}  # fmt: skip
    ends = endings(registry.edition(FAMILY, at, scope=row.scope), "site")
    return read_lines(text, ends=ends, known=known)


@transaction.atomic
def note_line(
    *, line_id: int, state: str, reason: str = "", by: Actor, at: datetime
) -> ScreeningLine:
    """What came of a line in one's place; everything but a check needs a reason. Locks it.

    Raises NotAllowed, NotFound, Invalid("screening.state" | "screening.reason").
    """
    _does(by)
    rows = ScreeningLine.objects.select_for_update(of=("self",)).select_related("screening")
    row = rows.filter(within("scope", by.scope), pk=line_id).first()
    if row is None:
        raise NotFound("screening.not_found", id=line_id)
    if state not in set(ScreeningState.values) - {ScreeningState.DUE.value}:
        raise Invalid("screening.state", field="state")
    if state != ScreeningState.CHECKED and not reason.strip():
        raise Invalid("screening.reason", field="reason", code=row.code)
    before = row.state
    row.state, row.reason, row.noted_at, row.noted_by = state, reason.strip()[:200], at, by.name
    row.save(update_fields=["state", "reason", "noted_at", "noted_by"])
    record(action="screening.note", subject=f"screening:{row.screening_id}", by=by, at=at,
           scope=row.scope, before=before, after=state, facts={"line": row.pk})  # fmt: skip
    return row


@transaction.atomic
def assign_overdue(*, at: datetime) -> int:
    """One task for each list and place that has overdue lines without one; how many. Repeatable.

    The nearest desk at or above the place takes it; a place without any stays on its list.
    """
    late = ScreeningLine.objects.filter(
        state__in=OPEN, loop_id=None, screening__due_at__lt=at, screening__expires_at__gt=at
    ).select_related("screening", "place")
    grouped: dict[tuple[int, int], list[ScreeningLine]] = defaultdict(list)
    for line in late.order_by("screening_id", "place_id", "pk"):
        grouped[line.screening_id, line.place_id].append(line)
    desks = nearest_desks(
        {
            scope
            for lines in grouped.values()
            for scope in (lines[0].scope, lines[0].screening.scope)
        }
    )
    taken = [lines for lines in grouped.values() if lines[0].scope in desks]
    loops = raise_many([_task(lines, desks, at) for lines in taken], by=SYSTEM, at=at)
    for lines, loop in zip(taken, loops, strict=True):
        ScreeningLine.objects.filter(pk__in=[line.pk for line in lines]).update(loop_id=loop.pk)
    return len(loops)


def _task(lines: list[ScreeningLine], desks: dict[str, Post], at: datetime) -> Raised:
    screening, first = lines[0].screening, lines[0]
    due = registry.due("screening.overdue", at, scope=first.scope)
    named = "、".join(line.code for line in lines[:NAMED])
    brief = brief_of(
        given=BriefInput(
            title=f"应查必查:{screening.title}还有 {len(lines)} 项未查"[:120],
            text=f"{named}{'等' if len(lines) > NAMED else ''}(名单来源:{screening.source})",
            sector=SECTOR, domain=Domain.INVESTIGATION,
            criterion="逐项查清,或写明免查、拒绝、未找到的理由", basis=due[1],
        ),
        place=first.place, at=at,
    )  # fmt: skip
    owner = desks[first.scope]  # whoever has none was left out
    origin = f"screening:{screening.pk}:{first.place_id}"
    return Raised("task", brief, owner, desks.get(screening.scope, owner), Deadline(*due), origin)


def forget_screening(*, at: datetime) -> int:
    """Delete lists whose time has come; how many. Safe to repeat."""
    gone = ScreeningList.objects.filter(expires_at__lte=at).delete()[1]
    return gone.get("epidemic.ScreeningList", 0)
