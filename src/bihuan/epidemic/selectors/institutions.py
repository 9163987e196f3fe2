"""The rolling plan of checks of medical institutions: what is due, in which form, how it went."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet

from bihuan.core.clock import local_date
from bihuan.core.errors import NotFound
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Org, Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.packs import registry
from bihuan.core.places.types import within
from bihuan.epidemic.models import Institution, InstitutionCheck, WardFile
from bihuan.epidemic.rules.checks import Limits, Next, Past, next_check
from bihuan.epidemic.selectors.sight import NOTHING

RUNS = (Role.CARE.value, Role.SENTINEL.value)
YEAR = timedelta(days=365)
ORIGIN = "check:"  # of the task for a check that was missed
CHUNK = 2_000


def institutions_seen(by: Actor) -> Q:
    """Institutions of the place, for whoever reads figures of care: never for themselves."""
    return within("scope", by.scope) if by.has("care.read") else NOTHING


def fetch_institution(*, institution_id: int, by: Actor) -> Institution:
    """Raises NotFound("institution.not_found")."""
    rows = Institution.objects.select_related("org").filter(institutions_seen(by))
    row = rows.filter(pk=institution_id).first()
    if row is None:
        raise NotFound("institution.not_found", id=institution_id)
    return row


def runners_of(row: Institution) -> QuerySet[Post]:
    """Posts of an institution that answer for it."""
    return Post.objects.filter(org=row.org_id, role__in=RUNS, valid_to=None).order_by("pk")


def institution_choices(*, by: Actor) -> list[tuple[str, str]]:
    """Organisations of the place that may be in the plan. One query."""
    rows = Org.objects.filter(within("scope", by.scope), valid_to=None, posts__role__in=RUNS,
                              posts__valid_to=None)  # fmt: skip
    return [(str(row.pk), row.name) for row in rows.distinct().order_by("scope", "name")]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """An institution in the plan."""

    institution: Institution
    next: Next
    last: InstitutionCheck | None
    wards: int  # open ward files (M083)
    overdue: bool


@dataclass(frozen=True, slots=True)
class CheckPlan:
    """The plan of a place: the overdue first, and how well it is kept."""

    rows: tuple[PlanRow, ...]
    checks: int  # of the last year
    hidden: int  # of these, unannounced or mystery visits
    mystery: int
    untriaged: int

    @property
    def within(self) -> int:
        """Institutions checked within their interval."""
        return sum(not row.overdue for row in self.rows)

    @property
    def hidden_share(self) -> float | None:
        """Share of checks nobody was told of."""
        return self.hidden / self.checks if self.checks else None


def check_plan(*, by: Actor, at: datetime) -> CheckPlan:
    """Every institution of the place with its next check. Three queries."""
    rows = list(Institution.objects.filter(institutions_seen(by)).select_related("org"))
    found, everything = planned(rows, at)
    return CheckPlan(
        tuple(sorted(found, key=lambda r: (r.next.due, r.institution.org.name))), len(everything),
        sum(c.form != "announced" for c in everything),
        sum(c.form == "mystery" for c in everything), sum(c.triaged is False for c in everything),
    )  # fmt: skip


def planned(
    rows: Sequence[Institution], at: datetime
) -> tuple[list[PlanRow], list[InstitutionCheck]]:
    """The next check of each institution, and all checks of them in a year. Two queries."""
    today = local_date(at)
    made: dict[int, list[InstitutionCheck]] = defaultdict(list)
    past = InstitutionCheck.objects.filter(institution__in=rows, at__lte=at)
    for check in past.filter(day__gt=today - YEAR).order_by("-day", "-pk"):
        made[check.institution_id].append(check)
    troubled: dict[int, int] = defaultdict(int)
    files = WardFile.objects.filter(reviewed_at=None, opened_at__lte=at)
    for org in files.filter(facility__org__in=[r.org_id for r in rows]).values_list(
        "facility__org_id", flat=True
    ):
        troubled[org] += 1
    found = [_row(row, made[row.pk], troubled[row.org_id], today, at) for row in rows]
    return found, [check for checks in made.values() for check in checks]


def missed_checks(at: datetime) -> Iterator[PlanRow]:
    """Institutions whose check is overdue. Three queries for each chunk of them."""
    last = 0
    while rows := list(
        Institution.objects.filter(pk__gt=last).select_related("org__place").order_by("pk")[:CHUNK]
    ):
        yield from (one for one in planned(rows, at)[0] if one.overdue)
        last = rows[-1].pk


def check_task(row: Institution) -> Obligation | None:
    """The open task for its missed check. One query."""
    return Obligation.objects.filter(origin=f"{ORIGIN}{row.pk}", closed_at=None).first()


def _row(
    row: Institution, made: list[InstitutionCheck], wards: int, today: date, at: datetime
) -> PlanRow:  # fmt: skip
    past = [Past(c.day, c.form, c.passed) for c in made]
    coming = next_check(past, since=row.since, trouble=wards > 0, limits=_limits(row, at))
    return PlanRow(row, coming, made[0] if made else None, wards, coming.due < today)


def _limits(row: Institution, at: datetime) -> Limits:
    days = {str(r["key"]): int(r["days"]) for r in
            registry.table("institution_risk", at, scope=row.scope)}  # fmt: skip
    share, mystery = (
        float(registry.value(key, at, scope=row.scope).value)
        for key in ("check.unannounced_share", "check.mystery_days")
    )
    shortest = min(days.values())
    return Limits(days.get(row.risk, shortest), shortest, int(mystery), share)


def checks_of(row: Institution) -> list[InstitutionCheck]:
    """The checks of one institution, latest first. One query."""
    return list(row.checks.order_by("-day", "-pk")[:100])


def ward_files_of(row: Institution) -> list[WardFile]:
    """Its ward files, the open ones first. One query."""
    files = WardFile.objects.filter(facility__org=row.org_id).select_related("facility")
    return sorted(files.order_by("-opened_at")[:50], key=lambda f: f.reviewed_at is not None)
