"""Who must be trained anew for another edition, by organisation, and how far it is (M070)."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db.models import Count, Min, Q

from bihuan.core.clock import day_start, local_date
from bihuan.core.loops.models import Obligation
from bihuan.core.loops.services.opening import Deadline
from bihuan.core.orgs.models import Org, OrgKind, Post
from bihuan.core.orgs.types import Actor
from bihuan.core.packs import registry
from bihuan.core.packs.diff import diff
from bihuan.core.packs.types import Pack
from bihuan.core.places.types import within
from bihuan.epidemic.models import Worker
from bihuan.epidemic.rules.trainings import Subject, touched

CLOCK = "edition.training"


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """An organisation whose posts, and staff by number, an edition concerns."""

    org: Org
    owner_post_id: int  # whoever would owe it
    posts: int
    staff: int
    subjects: tuple[Subject, ...]
    task: Obligation | None

    @property
    def people(self) -> int:
        """Posts and staff together."""
        return self.posts + self.staff


@dataclass(frozen=True, slots=True)
class Trainings:
    """What has to be trained, by whom and until when."""

    subjects: tuple[Subject, ...]
    deadline: Deadline
    rows: tuple[TrainingRow, ...]

    @property
    def people(self) -> int:
        """Everybody concerned."""
        return sum(row.people for row in self.rows)

    @property
    def unassigned(self) -> int:
        """Organisations without a task."""
        return sum(row.task is None for row in self.rows)

    @property
    def acknowledged(self) -> int:
        """Organisations that took note of their task."""
        return sum(row.task is not None and row.task.state != "issued" for row in self.rows)

    @property
    def trained(self) -> int:
        """People of organisations whose task is closed."""
        closed = [row for row in self.rows if row.task is not None and row.task.state == "closed"]
        return sum(row.people for row in closed)


def origin_of(new: Pack) -> str:
    """Where the tasks of an edition come from; a task of an organisation is given once."""
    return f"training:{sha256(new.ref.encode()).hexdigest()[:16]}"


def deadline_of(new: Pack, by: Actor, at: datetime) -> Deadline:
    """Before the edition begins, but never sooner than the limit from now."""
    due, rule = registry.due(CLOCK, at, scope=by.scope)
    return Deadline(max(due, day_start(new.valid_from)), rule)


def trainings(*, old: Pack, new: Pack, by: Actor, at: datetime) -> Trainings:
    """By organisation of the reader's place, those without a task first. Four queries."""
    rows = registry.table("edition_training", at, scope=by.scope)
    subjects = touched(rows, diff(old, new))
    roles = {role for subject in subjects for role in subject.row["roles"]}
    posts = Post.objects.filter(within("scope", by.scope), role__in=roles, valid_to=None)
    posts = posts.exclude(org__kind=OrgKind.SAFETY_COMMITTEE)  # its offices control no epidemic
    held: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    for org, role, n, first in posts.values_list("org", "role").annotate(Count("pk"), Min("pk")):
        held[org][role] = (n, first)
    orgs = Org.objects.filter(pk__in=held, valid_to=None).select_related("place")
    here = Q(left_on=None) | Q(left_on__gt=local_date(at))
    staff = dict(
        Worker.objects.filter(here, facility__org__in=held).values_list("facility__org")
        .annotate(Count("pk"))
    )  # fmt: skip
    given = Obligation.objects.filter(within("scope", by.scope), origin=origin_of(new))
    tasks = {task.owner_org_id: task for task in given.exclude(state="withdrawn")}
    found = [
        TrainingRow(
            org, min(first for _n, first in held[org.pk].values()),
            sum(n for n, _first in held[org.pk].values()), staff.get(org.pk, 0),
            tuple(one for one in subjects if one.is_for(held[org.pk])), tasks.get(org.pk),
        )
        for org in orgs.order_by("scope", "name")
    ]  # fmt: skip
    found.sort(key=lambda row: row.task is not None)
    return Trainings(subjects, deadline_of(new, by, at), tuple(found))
