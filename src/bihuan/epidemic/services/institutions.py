"""The rolling plan of checks: enter institutions, note checks, open a problem where one failed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from bihuan.core.audit.services import SYSTEM, record
from bihuan.core.clock import local_date
from bihuan.core.errors import Conflict, Invalid, NotAllowed
from bihuan.core.loops.models import Domain, Obligation
from bihuan.core.loops.services import open_problem, task_problem, write_brief
from bihuan.core.loops.services.opening import Deadline, Mandate, brief_of
from bihuan.core.loops.services.raising import Raised, held_open, raise_many
from bihuan.core.loops.types import BriefInput
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.selectors import nearest_desk, nearest_desks
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.rules import upper_paths
from bihuan.core.places.types import under
from bihuan.epidemic.models import Institution, InstitutionCheck
from bihuan.epidemic.models.institutions import CheckForm
from bihuan.epidemic.selectors.institutions import (
    ORIGIN,
    PlanRow,
    fetch_institution,
    missed_checks,
    runners_of,
)
from bihuan.epidemic.services.teams import SECTOR
from bihuan.epidemic.services.wards import answered

MENDED = "整改到位,附照片或记录"
UNTRIAGED = "发热暗访:门口未预检分诊"


@dataclass(frozen=True, slots=True)
class NewCheck:
    """A check as it is noted."""

    form: str
    day: date
    passed: bool
    findings: str = ""
    triaged: bool | None = None


def _manages(by: Actor) -> None:
    if not by.has("care.manage"):
        raise NotAllowed("not_allowed", duty="care.manage")


@transaction.atomic
def enter_institution(
    *, org_id: int, kind: str, risk: str, by: Actor, at: datetime
) -> Institution:  # fmt: skip
    """Put an institution into the plan, or change its risk. Raises NotAllowed, Invalid."""
    _manages(by)
    org = Org.objects.filter(pk=org_id, valid_to=None).first()
    if org is None or not under(org.scope, by.scope):
        raise Invalid("facility.org", field="org")
    for table, key in (("institution_kind", kind), ("institution_risk", risk)):
        if key not in {row["key"] for row in registry.table(table, at)}:
            raise Invalid("institution.kind", field="kind")
    row, _new = Institution.objects.update_or_create(
        org=org, defaults={"kind": kind, "risk": risk, "scope": org.scope},
        create_defaults={"kind": kind, "risk": risk, "scope": org.scope, "since": local_date(at),
                         "registered_by": by.name},
    )  # fmt: skip
    record(action="institution.enter", subject=f"institution:{row.pk}", by=by, at=at,
           scope=row.scope, facts={"risk": risk})  # fmt: skip
    return row


@transaction.atomic
def note_check(
    *, institution_id: int, given: NewCheck, by: Actor, at: datetime
) -> InstitutionCheck:
    """Note a check. One that failed opens a problem of the institution with its three gates.

    A mystery fever visit without triage has failed, whatever else it found. Raises NotAllowed,
    NotFound, Invalid("check.…"), Conflict("check.no_owner").
    """
    _manages(by)
    row = fetch_institution(institution_id=institution_id, by=by)
    mystery = given.form == CheckForm.MYSTERY
    if given.form not in CheckForm.values or mystery != (given.triaged is not None):
        raise Invalid("check.form", field="form")
    if not row.since <= given.day <= local_date(at):
        raise Invalid("check.day", field="day")
    passed = given.passed and given.triaged is not False
    found = given.findings.strip()[:400] or (UNTRIAGED if given.triaged is False else "")
    if not passed and not found:
        raise Invalid("check.findings", field="findings")
    problem = None if passed else _problem(row, found, by, at)
    made = InstitutionCheck.objects.create(
        institution=row, form=given.form, day=given.day, triaged=given.triaged, passed=passed,
        findings=found, problem_id=problem.pk if problem else None, at=at, by=by.name,
    )  # fmt: skip
    record(action="institution.check", subject=f"institution:{row.pk}", by=by, at=at,
           scope=row.scope, facts={"form": given.form, "passed": passed})  # fmt: skip
    answered(f"{ORIGIN}{row.pk}", by, at)
    return made


@transaction.atomic
def owe_checks(*, at: datetime) -> int:
    """One task for each check of the plan that was missed and has none; how many. Repeatable.

    The nearest disease control owes it, and the check ends it, nothing else. A place without any
    keeps it on the list alone.
    """
    missed = list(missed_checks(at))
    origins = {f"{ORIGIN}{one.institution.pk}": one for one in missed}
    held = held_open(origins)
    posts = Post.objects.filter(role=Role.EPIDEMIOLOGY.value, valid_to=None)
    experts = {post.scope: post for post in posts.select_related("org").order_by("-pk")}
    desks = nearest_desks(experts)
    wanted = []
    for origin, one in origins.items():
        scope = one.institution.scope
        paths = [path for path in (*upper_paths(scope), scope) if path in experts]
        if paths and origin not in held:
            owner = experts[max(paths, key=len)]
            wanted.append(_missed_task(one, origin, owner, desks.get(owner.scope, owner), at))
    return len(raise_many(wanted, by=SYSTEM, at=at)) if wanted else 0


def _missed_task(one: PlanRow, origin: str, owner: Post, issuer: Post, at: datetime) -> Raised:
    row = one.institution
    due = Deadline(*registry.due("check.overdue", at, scope=row.scope))
    brief = brief_of(
        given=BriefInput(
            title=f"逾期未检查:{row.org.name}"[:120], text=f"按计划 {one.next.due:%m-%d} 前应检查",
            domain=Domain.CARE, sector=SECTOR, criterion="按计划检查并登记结果", basis=due.rule,
        ),
        place=row.org.place, at=at,
    )  # fmt: skip
    return Raised("need", brief, owner, issuer, due, origin)


def check_gates(_row: Obligation, _grade: str) -> dict[str, tuple[str, ...]]:
    """A missed check is answered by making it, not by words."""
    return {"answer": ("check.not_made",)}


def _problem(row: Institution, found: str, by: Actor, at: datetime) -> Obligation:
    owner = runners_of(row).first()
    if owner is None:
        raise Conflict("check.no_owner")
    return open_fault(f"{row.org.name}:{found}", owner, clock="check.rectify",
                      found_in=f"institution:{row.pk}", by=by, at=at)  # fmt: skip


def open_fault(
    words: str, owner: Post, *, clock: str, found_in: str, by: Actor, at: datetime
) -> Obligation:
    """A problem that whoever runs a house owes, with the task that mends it by the pack's clock.

    The nearest desk judges it. Whoever calls has asked for the duty and for the sight of the house.
    """
    judge = nearest_desk(by.scope) or Post.objects.get(pk=by.post_id)
    said = BriefInput(words[:120], words, Domain.CARE, sector=SECTOR)
    loop = open_problem(
        brief=write_brief(given=said, place=owner.place, at=at), owner_post_id=owner.pk, by=by,
        at=at, found_in=found_in, mandate=Mandate(owner.scope, judge.pk, judge.org_id),
    )  # fmt: skip
    due = Deadline(*registry.due(clock, at, scope=owner.scope))
    task_problem(problem=loop, criterion=MENDED, deadline=due, by=by, at=at)
    return loop
