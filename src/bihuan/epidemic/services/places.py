"""Where cases were, and who is held to be their source: what an interview brings."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed, NotFound
from bihuan.core.orgs.types import Actor
from bihuan.epidemic.models import Case, CasePlace
from bihuan.epidemic.rules.chains import above
from bihuan.epidemic.selectors.sight import fetch_case
from bihuan.epidemic.services.cases import edition_of, file_inquiry
from bihuan.epidemic.services.sources import hold_sources
from bihuan.epidemic.types import Setting

Stay = tuple[str, str, date, date]  # name, setting, first and last day


@transaction.atomic
def note_place(
    *, case_id: int, name: str, setting: str, days: tuple[date, date], by: Actor, at: datetime
) -> CasePlace:
    """A case was at a place on these days; said again it changes nothing. Locks the case.

    Raises NotAllowed, NotFound, Invalid("visited.…").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    case = fetch_case(case_id=case_id, by=by, lock=True)
    first, last = days
    if not name.strip():
        raise Invalid("visited.no_name", field="name")
    if setting not in Setting.values:
        raise Invalid("visited.setting", field="setting")
    if first > last or last > local_date(at):
        raise Invalid("visited.days", field="last")
    row, new = CasePlace.objects.get_or_create(
        case=case, name=name.strip()[:80], first=first,
        defaults={"setting": setting, "last": last, "noted_at": at, "noted_by": by.name},
    )  # fmt: skip
    if new:
        record(action="case.visited", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope,
               facts={"setting": setting})  # fmt: skip
    return row


@transaction.atomic
def save_interview(
    *, case_id: int, answers: Mapping[str, str], stays: Sequence[Stay], part: str, by: Actor,
    at: datetime,
) -> Case:  # fmt: skip
    """Keep what an interview brought; with a part, file it and stop that clock. Locks the case.

    Raises NotFound, Invalid("inquiry.answer" | "visited.…"), MoveBlocked("inquiry.incomplete").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    for name, setting, first, last in stays:
        note_place(case_id=case_id, name=name, setting=setting, days=(first, last), by=by, at=at)
    case = fetch_case(case_id=case_id, by=by, lock=True)
    names = sorted(set(case.places.values_list("name", flat=True)))
    asked = edition_of(case.event, at, scope=case.scope).rows("question")
    unknown = sorted(set(answers) - set(asked))
    if unknown:
        raise Invalid("inquiry.answer", questions=unknown)
    visited = {key: "; ".join(names) for key, row in asked.items() if row["kind"] == "places"}
    told = {**answers, **{key: words for key, words in visited.items() if words}}
    if part:
        return file_inquiry(case_id=case_id, part=part, answers=told, by=by, at=at)
    case.answers = {**case.answers, **told}
    case.save(update_fields=["answers"])
    record(action="case.interview", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope,
           facts={"answers": sorted(told)})  # fmt: skip
    return case


@transaction.atomic
def set_source(*, case_id: int, source_number: str, by: Actor, at: datetime) -> Case:
    """Say whom a case was infected by, by its number; an empty number takes it back.

    Locks the case. Raises NotAllowed, NotFound, Invalid("source.unknown"), Conflict("source.circle").
    """
    if not by.has("case.write"):
        raise NotAllowed("not_allowed", duty="case.write")
    case = fetch_case(case_id=case_id, by=by, lock=True)
    source = _source(case, source_number.strip(), by) if source_number.strip() else None
    before = case.source_id
    hold_sources({case.pk: source.pk if source else None}, at=at)
    case.source = source
    record(action="case.source", subject=f"case:{case.pk}", by=by, at=at, scope=case.scope,
           before=str(before or ""), after=source.number if source else "")  # fmt: skip
    return case


def _source(case: Case, number: str, by: Actor) -> Case:
    tail = number.rpartition("-")[2]
    if not tail.isdecimal():
        raise Invalid("source.unknown", field="source")
    try:
        source = fetch_case(case_id=int(tail), by=by)
    except NotFound:
        source = None
    if source is None or source.event_id != case.event_id or source.merged_into_id:
        raise Invalid("source.unknown", field="source")
    parents = dict(Case.objects.filter(event=case.event_id).values_list("pk", "source_id"))
    if source.pk == case.pk or case.pk in above(source.pk, parents):
        raise Conflict("source.circle", number=source.number)
    return source
