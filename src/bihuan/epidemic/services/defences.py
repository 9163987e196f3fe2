"""Draw the lines of screening of an event, count what they catch, review each leak (M065)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.loops.models import Domain
from bihuan.core.loops.services.opening import Deadline, brief_of
from bihuan.core.loops.services.raising import Raised, raise_many
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.epidemic.models import Defence, DefenceCount, DefenceLine, Event, Leak, ScreeningList
from bihuan.epidemic.rules.screening import endings, may_be_a_name
from bihuan.epidemic.selectors.lists import FAMILY
from bihuan.epidemic.selectors.screening import lists_seen
from bihuan.epidemic.selectors.sight import fetch_event
from bihuan.epidemic.services.teams import SECTOR, judge_for, team_for

REVIEW = "leak.review"
MOST_LINES, MOST_LEAKS = 6, 50


@dataclass(frozen=True, slots=True)
class NewCount:
    """What a line caught on a day, and the list it was counted from, where there is one."""

    order: int
    day: date
    caught: int
    screening_id: int | None = None


@transaction.atomic
def draw_lines(
    *, event_id: int, at_risk: int, source: str, titles: Sequence[str] = (), by: Actor, at: datetime
) -> Defence:
    """Say how many are at risk; the first time also which lines there are, else the pack's.

    Raises NotAllowed, NotFound, Invalid("defence.…").
    """
    event = _event(event_id, by)
    if at_risk < 1 or not source.strip():
        raise Invalid("defence.source", field="source")
    own = [title.strip()[:60] for title in titles if title.strip()]
    if len(own) > MOST_LINES:
        raise Invalid("defence.lines", field="titles", most=MOST_LINES)
    ends = endings(registry.edition(FAMILY, at, scope=event.scope), "site", "check")
    named = next((title for title in own if may_be_a_name(title, ends)), None)
    if named is not None:
        raise Invalid("defence.person", field="titles", title=named)
    row = Defence.objects.select_for_update().filter(event=event).first()
    told = {"at_risk": at_risk, "source": source.strip()[:200], "set_at": at, "set_by": by.name}
    if row is None:
        row = Defence.objects.create(event=event, scope=event.scope, **told)
        DefenceLine.objects.bulk_create(_lines(row, own, at))
    elif at_risk < _found(row):
        raise Invalid("defence.too_many", field="at_risk", at_risk=at_risk)
    else:
        Defence.objects.filter(pk=row.pk).update(**told)
        row.refresh_from_db()
    record(action="defence.draw", subject=f"event:{event.pk}", by=by, at=at, scope=event.scope,
           facts={"at_risk": at_risk})  # fmt: skip
    return row


def _lines(row: Defence, own: Sequence[str], at: datetime) -> list[DefenceLine]:
    if own:
        return [DefenceLine(defence=row, order=n, title=title) for n, title in enumerate(own, 1)]
    kinds = registry.table("defence_line", at, scope=row.scope)
    return [DefenceLine(defence=row, order=n, key=k["key"]) for n, k in enumerate(kinds, 1)]


def _event(event_id: int, by: Actor) -> Event:
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    return fetch_event(event_id=event_id, by=by)


def _locked(event: Event) -> Defence:
    row = Defence.objects.select_for_update().filter(event=event).first()
    if row is None:
        raise NotFound("defence.not_found", event=event.pk)
    return row


def _found(row: Defence) -> int:
    """Caught by any line, or found by symptoms."""
    counts = DefenceCount.objects.filter(line__defence=row).aggregate(n=Sum("caught"))
    return (counts["n"] or 0) + row.leaks.count()


@transaction.atomic
def note_caught(*, event_id: int, given: NewCount, by: Actor, at: datetime) -> DefenceCount:
    """What a line caught on a day; noted again it replaces what was noted. Locks the lines.

    Raises NotAllowed, NotFound, Invalid("defence.…").
    """
    event = _event(event_id, by)
    row = _locked(event)
    line = row.lines.filter(order=given.order).first()
    if line is None or given.day > local_date(at) or given.caught < 0:
        raise Invalid("defence.count", field="caught")
    screening = None
    if given.screening_id is not None:
        seen = ScreeningList.objects.filter(lists_seen(by), pk=given.screening_id)
        screening = seen.first()
        if screening is None:
            raise Invalid("defence.list", field="screening")
    made, _fresh = DefenceCount.objects.update_or_create(
        line=line, day=given.day, defaults={"caught": given.caught, "screening": screening,
                                            "noted_at": at, "noted_by": by.name},
    )  # fmt: skip
    if _found(row) > row.at_risk:
        raise Invalid("defence.too_many", field="caught", at_risk=row.at_risk)
    record(action="defence.count", subject=f"event:{event.pk}", by=by, at=at, scope=event.scope,
           facts={"line": line.order, "caught": given.caught})  # fmt: skip
    return made


@transaction.atomic
def note_leaks(*, event_id: int, found_on: date, n: int, by: Actor, at: datetime) -> list[Leak]:
    """People found by symptoms whom no line caught: a review each, owed by a team. Locks the lines.

    Raises NotAllowed, NotFound, Invalid("defence.…"), Conflict("defence.no_team").
    """
    event = _event(event_id, by)
    row = _locked(event)
    if not 1 <= n <= MOST_LEAKS or found_on > local_date(at):
        raise Invalid("defence.leaks", field="leaks", most=MOST_LEAKS)
    held = row.leaks.count()
    if _found(row) + n > row.at_risk:
        raise Invalid("defence.too_many", field="leaks", at_risk=row.at_risk)
    reviews = raise_many(_reviews(event, range(held + 1, held + n + 1), at), by=by, at=at)
    made = Leak.objects.bulk_create(
        Leak(defence=row, found_on=found_on, review=review, noted_at=at, noted_by=by.name)
        for review in reviews
    )
    record(action="defence.leak", subject=f"event:{event.pk}", by=by, at=at, scope=event.scope,
           facts={"leaks": n})  # fmt: skip
    return made


def _reviews(event: Event, numbers: range, at: datetime) -> list[Raised]:
    due = registry.due(REVIEW, at, scope=event.scope, disease=event.disease)
    found = []
    for n in numbers:
        team, desk = team_for(event.scope, at)
        if team is None or desk is None:
            raise Conflict("defence.no_team", place=event.place.name)
        brief = brief_of(
            given=BriefInput(
                title=f"漏检复盘:{event.title} 第 {n} 例"[:120],
                text="各道防线都没有查出,因症状就诊才发现:查明哪一道漏了、为什么漏", sector=SECTOR,
                domain=Domain.INVESTIGATION, criterion="写明漏在哪一道、原因和补救", basis=due[1],
            ),
            place=event.place, at=at,
        )  # fmt: skip
        found.append(Raised("task", brief, team, judge_for(team, desk), Deadline(*due),
                            f"leak:{event.pk}:{n}"))  # fmt: skip
    return found


@transaction.atomic
def explain_leak(
    *, event_id: int, leak_id: int, order: int, cause: str, by: Actor, at: datetime
) -> Leak:
    """Which line should have caught somebody, and why it did not. Locks the leak.

    Raises NotAllowed, NotFound, Invalid("defence.cause").
    """
    event = _event(event_id, by)
    rows = Leak.objects.select_for_update().filter(defence__event=event, pk=leak_id)
    row = rows.first()
    if row is None:
        raise NotFound("defence.not_found", event=event.pk)
    line = DefenceLine.objects.filter(defence=row.defence_id, order=order).first()
    if line is None or not cause.strip():
        raise Invalid("defence.cause", field="cause")
    row.line, row.cause = line, cause.strip()[:400]
    row.save(update_fields=["line", "cause"])
    record(action="defence.explain", subject=f"event:{event.pk}", by=by, at=at, scope=event.scope,
           facts={"leak": row.pk, "line": line.order})  # fmt: skip
    return row
