"""Rounds through checklists, and tests of the staff: what fails or is missed becomes work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import SYSTEM
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotFound
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services.opening import Deadline, brief_of
from bihuan.core.loops.services.raising import Raised, held_open, raise_many
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Post
from bihuan.core.orgs.selectors import nearest_desks
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.epidemic.models import Facility, Round, RoundItem, StaffGroup, StaffTests, WardFile
from bihuan.epidemic.selectors.care import fetch_facility
from bihuan.epidemic.selectors.rounds import (
    ORIGIN,
    Missed,
    checklists_of,
    due_rounds,
    items_of,
    missed_rounds,
    open_faults,
    wards_of,
)
from bihuan.epidemic.services.facilities import tell, works
from bihuan.epidemic.services.institutions import open_fault
from bihuan.epidemic.services.teams import SECTOR
from bihuan.epidemic.services.wards import answered, ensure_ward_file


@dataclass(frozen=True, slots=True)
class NewRound:
    """A round as it was made: for each item whether it passed, and what was seen."""

    checklist: str
    ward: str
    answers: Mapping[str, tuple[bool, str]]


@transaction.atomic
def note_round(*, facility_id: int, given: NewRound, by: Actor, at: datetime) -> Round:
    """Note a round; every item that failed has a problem with its task, an open one is not doubled.

    Locks the facility. Raises NotAllowed, NotFound, Invalid("round.…"), Conflict("check.no_owner").
    """
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    Facility.objects.select_for_update().get(pk=row.pk)
    lists = {str(line["key"]): line for line in checklists_of(row, at)}
    wanted = lists.get(given.checklist)
    fitting = wards_of(row) if wanted is not None and wanted["wards"] else [""]
    if wanted is None or given.ward not in fitting:
        raise Invalid("round.unknown", field="ward")
    items = {str(item["key"]): item for item in items_of(given.checklist, row.scope, at)}
    if given.answers.keys() != items.keys():
        raise Invalid("round.incomplete", field=next(iter(items.keys() - given.answers.keys()), ""))
    silent = [
        key for key, (passed, note) in given.answers.items() if not passed and not note.strip()
    ]
    if silent:
        raise Invalid("round.note", field=silent[0])
    made = Round.objects.create(
        facility=row, checklist=given.checklist, ward=given.ward, day=local_date(at), at=at,
        edition=registry.edition("facility", at, scope=row.scope).ref, by=by.name,
    )  # fmt: skip
    problems = _problems(made, given, items, by, at)
    RoundItem.objects.bulk_create(
        RoundItem(round=made, item=key, passed=passed, note=note.strip()[:200],
                  problem_id=problems.get(key))
        for key, (passed, note) in given.answers.items()
    )  # fmt: skip
    tell("round.note", row, by, at, checklist=given.checklist, failed=len(problems))
    left = [d for d in due_rounds(row, at) if d.overdue and d.checklist["key"] == given.checklist]
    if not left:
        answered(f"{ORIGIN}{row.pk}:{given.checklist}", by, at)
    return made


@transaction.atomic
def owe_rounds(*, at: datetime) -> int:
    """One task for each list of a house in use that was missed and has none; how many. Repeatable.

    Whoever runs the house owes it; going through the list ends it, nothing else. Locks the houses.
    """
    missed = missed_rounds(at)
    houses = {house.pk: house for house, _key, _rows in missed}
    list(Facility.objects.select_for_update().filter(pk__in=houses).order_by("pk"))
    origins = [f"{ORIGIN}{house.pk}:{key}" for house, key, _rows in missed]
    held = held_open(origins)
    orgs = [house.org_id for house in houses.values()]
    posts = Post.objects.filter(org__in=orgs, role=Role.CARE.value, valid_to=None)
    runners = {post.org_id: post for post in posts.select_related("org").order_by("-pk")}
    desks = nearest_desks({house.scope for house in houses.values()})
    wanted = [
        _missed_task(one, origin, runners[one[0].org_id], desks, at)
        for one, origin in zip(missed, origins, strict=True)
        if origin not in held and one[0].org_id in runners
    ]
    return len(raise_many(wanted, by=SYSTEM, at=at)) if wanted else 0


def _missed_task(
    missed: Missed, origin: str, owner: Post, desks: Mapping[str, Post], at: datetime
) -> Raised:
    house, _key, rows = missed
    due = Deadline(*registry.due("round.overdue", at, scope=house.scope))
    where = "、".join(f"{row.ward or house.name}({row.due:%m-%d} 到期)" for row in rows)
    brief = brief_of(
        given=BriefInput(
            title=f"逾期未巡查:{rows[0].checklist['title']}({house.name})"[:120],
            text=f"{where}还没有巡查", domain=Domain.CARE, sector=SECTOR,
            criterion="逐项查完并提交清单", basis=due.rule,
        ),
        place=house.place, at=at,
    )  # fmt: skip
    return Raised("need", brief, owner, desks.get(house.scope, owner), due, origin)


def round_gates(_row: Obligation, _grade: str) -> dict[str, tuple[str, ...]]:
    """A missed list is answered by going through it, not by words."""
    return {"answer": ("round.not_made",)}


def _problems(
    made: Round, given: NewRound, items: Mapping[str, Mapping[str, object]], by: Actor, at: datetime
) -> dict[str, int]:
    """The problem of each failed item: the one that is open for it already, or a new one."""
    failed = [key for key, (passed, _note) in given.answers.items() if not passed]
    if not failed:
        return {}
    known = {f.item: f.problem_id for f in open_faults(made.facility) if f.ward == given.ward}
    runners = Post.objects.filter(org=made.facility.org_id, role=Role.CARE.value, valid_to=None)
    owner = runners.select_related("org", "place").order_by("pk").first()
    if owner is None:
        raise Conflict("check.no_owner")
    for key in failed:
        if key not in known:
            where = f"{made.facility.name}{given.ward}"
            said = f"{where}:{items[key]['title']}:{given.answers[key][1].strip()}"
            loop: Obligation = open_fault(said, owner, clock="round.rectify", by=by, at=at,
                                          found_in=f"round:{made.pk}")  # fmt: skip
            known[key] = loop.pk
    return {key: known[key] for key in failed}


@transaction.atomic
def set_staff_group(
    *, facility_id: int, ward: str, group: str, people: int, by: Actor, at: datetime
) -> StaffGroup:
    """How many of a group work in a ward. Raises NotAllowed, NotFound, Invalid("tests.…")."""
    row = fetch_facility(facility_id=facility_id, by=by)
    works(row, by)
    groups = {str(line["key"]) for line in registry.table("staff_group", at, scope=row.scope)}
    if group not in groups or ward not in wards_of(row) or not 0 <= people <= 10_000:
        raise Invalid("tests.group", field="group")
    made, _new = StaffGroup.objects.update_or_create(
        facility=row, ward=ward, group=group,
        defaults={"people": people, "set_at": at, "set_by": by.name},
    )  # fmt: skip
    tell("tests.group", row, by, at, group=group, ward=ward, people=people)
    return made


@transaction.atomic
def note_tests(
    *, group_id: int, day: date, tested: int, positive: int, by: Actor, at: datetime
) -> WardFile | None:
    """How many of a group were tested on a day; noted again, the day is replaced.

    A positive one more than was known opens the file of the ward. Locks the group. Raises
    NotAllowed, NotFound, Invalid("tests.…").
    """
    rows = StaffGroup.objects.select_for_update(of=("self",)).select_related("facility")
    group = rows.filter(pk=group_id).first()
    if group is None:
        raise NotFound("tests.not_found", id=group_id)
    row = fetch_facility(facility_id=group.facility_id, by=by)
    works(row, by)
    if day > local_date(at):
        raise Invalid("tests.day", field="day")
    if not 0 <= positive <= tested <= group.people:
        raise Invalid("tests.counts", field="tested", people=group.people)
    before = group.tests.filter(day=day).first()
    StaffTests.objects.update_or_create(
        staff_group=group, day=day,
        defaults={"tested": tested, "positive": positive, "at": at, "by": by.name},
    )  # fmt: skip
    tell("tests.note", row, by, at, group=group.group, ward=group.ward, tested=tested,
         positive=positive)  # fmt: skip
    if positive <= (before.positive if before else 0):
        return None
    return ensure_ward_file(row, group.ward, "staff", by, at)
