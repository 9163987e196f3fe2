"""What follows an accident: telephone log, investigation, review, reading back, lessons."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.rules import TASK_FLOW
from bihuan.core.loops.services import issue, write_brief
from bihuan.core.loops.services.moves import advance
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.loops.services.raising import raise_loop
from bihuan.core.loops.types import BriefInput, MoveInput
from bihuan.core.orgs.models import Party, Post
from bihuan.core.orgs.selectors import desk_of
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.places.models import Place
from bihuan.core.places.rules import upper_paths
from bihuan.safety.models import Accident, PhoneCall, ReadBack
from bihuan.safety.rules.accidents import LEVELS, serious_enough
from bihuan.safety.selectors.accidents import fetch_accident
from bihuan.safety.selectors.aftermath import PARTIES, statement_at
from bihuan.safety.types import AccidentClass


def follow_class(row: Accident, *, at: datetime) -> None:
    """Open what the class asks: the investigation of its level, and the top level's review.

    A class that rises opens those of the higher level (art. 19, 20), which takes the place of an
    investigation below it that is not closed; what it gathered stays on it.
    """
    table = registry.table("accident_investigator", row.occurred_at, scope=row.scope)
    line = next(one for one in table if one["key"] == row.grade)
    desk = _desk(row, line["level"])
    if desk is not None and not _opened(row, "investigation", desk):
        rule = registry.clock("accident.investigate", row.occurred_at, scope=row.scope)
        due = registry.due(rule.key, row.occurred_at, scope=row.scope)
        basis = f"{rule.source} {line['article']}、{rule.article}"
        fresh = _raise(row, "investigation", f"事故调查:{row.what}", "调查报告已提交并批复",
                       basis, desk, Deadline(*due), at)  # fmt: skip
        _supersede(row, fresh, basis=f"{rule.source} {line['takeover_article']}", at=at)
    if not serious_enough(row.grade):
        return
    top = _desk(row, "province")
    if top is not None and not _opened(row, "review", top):
        due = registry.due("accident.review", at, scope=row.scope)
        _raise(row, "review", f"最高层级复盘:{row.what}",
               "已召开复盘会议,原因、责任和整改措施已形成任务", "坚决防止重特大事故",
               top, Deadline(*due), at)  # fmt: skip


def _supersede(row: Accident, by: Obligation, *, basis: str, at: datetime) -> None:
    """End the investigations that a higher one takes over. Locks them."""
    grade = AccidentClass(row.grade).label
    note = f"升为{grade},由 {by.number} 接续调查({basis})"
    rows = Obligation.objects.select_for_update().filter(
        origin=f"investigation:{row.pk}", closed_at=None
    )
    for former in rows.exclude(pk=by.pk):
        advance(TASK_FLOW, former, "supersede", facts={"note": note}, by=SYSTEM, at=at,
                given=MoveInput(note=note))  # fmt: skip


def _opened(row: Accident, name: str, desk: Post) -> bool:
    return Obligation.objects.filter(origin=f"{name}:{row.pk}", owner_post=desk).exists()


def _desk(row: Accident, level: str) -> Post | None:
    """The desk of a level above the place, or the highest one there is below it."""
    places = Place.objects.filter(path__in=[*upper_paths(row.scope), row.scope], valid_to=None)
    desks = desk_of(place_ids=[place.pk for place in places])
    reach = LEVELS.index(level)
    fitting = [
        (LEVELS.index(place.level), desks[place.pk])
        for place in places
        if place.pk in desks and place.level in LEVELS and LEVELS.index(place.level) <= reach
    ]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _raise(
    row: Accident, name: str, title: str, criterion: str, basis: str, desk: Post, due: Deadline,
    at: datetime,
) -> Obligation:  # fmt: skip
    brief = write_brief(
        given=BriefInput(
            title=title[:200], text=f"{row.number} {row.what}\n{row.where}", basis=basis,
            domain=Domain.SAFETY, sector=row.sector, criterion=criterion,
        ),
        place=desk.place, at=at,
    )  # fmt: skip
    return raise_loop(flow="task", brief=brief, owner=desk, issuer=desk, deadline=due,
                      origin=f"{name}:{row.pk}", by=SYSTEM, at=at)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Called:
    """A telephone call: who told whom what, and when."""

    outgoing: bool
    who: str
    text: str
    called_at: datetime
    level: str = ""


@transaction.atomic
def log_call(*, accident_id: int, given: Called, by: Actor, at: datetime) -> PhoneCall:
    """Write a telephone call into the log of an accident. Locks the accident.

    Raises NotFound, NotAllowed, Invalid("phone_call.empty" | "phone_call.level" |
    "accident.time").
    """
    row = fetch_accident(accident_id=accident_id, by=by, lock=True)
    if not by.has("evidence.add"):
        raise NotAllowed("not_allowed", duty="evidence.add")
    for name in ("who", "text"):
        if not getattr(given, name).strip():
            raise Invalid("phone_call.empty", field=name)
    if given.level and given.level not in LEVELS:
        raise Invalid("phone_call.level", field="level")
    if not row.occurred_at <= given.called_at <= at:
        raise Invalid("accident.time", field="called_at")
    call = PhoneCall.objects.create(
        accident=row, outgoing=given.outgoing, level=given.level, who=given.who.strip()[:120],
        text=given.text.strip(), called_at=given.called_at, at=at, by=by.name,
    )  # fmt: skip
    record(action="accident.phone", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"who": call.who, "level": call.level, "outgoing": call.outgoing})  # fmt: skip
    return call


@transaction.atomic
def read_back(
    *, accident_id: int, party: str, kept: bool, finding: str, by: Actor, at: datetime
) -> ReadBack:
    """Say whether a party kept its statement of responsibility; it does not judge itself (M125).

    Locks the accident. Raises NotFound, NotAllowed, Invalid("statement.party" |
    "loop.no_reason"), Conflict("read_back.own" | "read_back.done" | "read_back.unsigned").
    """
    row = fetch_accident(accident_id=accident_id, by=by, lock=True)
    if not by.has("problem.accept"):
        raise NotAllowed("not_allowed", duty="problem.accept")
    if party not in PARTIES:
        raise Invalid("statement.party", field="party")
    if not finding.strip():
        raise Invalid("loop.no_reason", field="finding")
    if row.read_backs.filter(party=party).exists():
        raise Conflict("read_back.done")
    statement = statement_at(row, party)
    judged = statement.post.org_id if statement is not None else None
    if by.org_id == (judged or (row.owner_org_id if party == Party.UNIT else None)):
        raise Conflict("read_back.own")
    if kept and (statement is None or statement.signed_at is None):
        raise Conflict("read_back.unsigned")
    found = ReadBack.objects.create(
        accident=row, party=party, statement=statement, kept=kept, finding=finding.strip(),
        at=at, by=by.name,
    )  # fmt: skip
    record(action="accident.read_back", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"party": party, "kept": kept})  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class Lesson:
    """What must change, how one sees that it has, and who owes it."""

    title: str
    text: str
    criterion: str
    post_id: int


@transaction.atomic
def teach(*, accident_id: int, given: Lesson, by: Actor, at: datetime) -> Obligation:
    """Make a lesson of an accident a task with an owner and a clock. Locks the accident.

    Raises NotFound, NotAllowed and what `issue` and `write_brief` raise.
    """
    row = fetch_accident(accident_id=accident_id, by=by, lock=True)
    if not by.has("task.assign"):
        raise NotAllowed("not_allowed", duty="task.assign")
    brief = write_brief(
        given=BriefInput(
            given.title, given.text, Domain.SAFETY, sector=row.sector, criterion=given.criterion,
            basis=f"{row.number} {row.what}"[:200],
        ),
        place=Place.objects.get(pk=by.place_id), at=at,
    )  # fmt: skip
    task = issue(brief=brief, owner_post_id=given.post_id, by=by, at=at,
                 origin=f"lesson:{row.pk}")  # fmt: skip
    record(action="accident.lesson", subject=row.subject, by=by, at=at, scope=row.scope,
           facts={"task": task.number})  # fmt: skip
    return task
