"""What is out of control in a place: overdue by rung, gaps in posts and departments, invariants."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import get_language

from bihuan.core.loops.counters import Check
from bihuan.core.loops.discipline import Proposal, proposals
from bihuan.core.loops.invariants import latest
from bihuan.core.loops.models import Obligation
from bihuan.core.orgs.models import Post, Tenure
from bihuan.core.orgs.selectors import sight, tenures_at
from bihuan.core.orgs.types import Actor
from bihuan.core.places.types import prefix_range, within
from bihuan.web.situation.duties import Duties, duties

SHOWN = 12
STALE = timedelta(hours=26)  # the check runs each night; older means it did not run


@dataclass(frozen=True, slots=True)
class Late:
    """One overdue loop on the ladder."""

    id: int
    number: str
    title: str
    place: str
    owner: str
    due_at: datetime
    closed_at: None
    state: str


@dataclass(frozen=True, slots=True)
class Rung:
    """Overdue work that has climbed as far as this level of the portfolio chain."""

    level: int
    n: int
    first: tuple[Late, ...]


def ladder(*, by: Actor) -> tuple[Rung, ...]:
    """Overdue work by how far it climbed, highest first, the oldest of each. Two queries."""
    late = Obligation.objects.filter(sight(by), closed_at__isnull=True, overdue_at__isnull=False)
    counted = dict(late.values_list("level").annotate(n=Count("pk")).order_by("-level"))
    oldest = late.select_related("brief", "place", "owner_post").order_by("-level", "due_at", "pk")
    first: dict[int, list[Late]] = {}
    for row in oldest[: 4 * SHOWN]:
        first.setdefault(row.level, []).append(
            Late(row.pk, row.number, row.brief.title, row.place.name, row.owner_post.title,
                 row.due_at, None, row.state)
        )  # fmt: skip
    return tuple(
        Rung(level, n, tuple(first.get(level, ())[:SHOWN])) for level, n in counted.items()
    )


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that nobody holds: a post, a department, a sector."""

    name: str
    place: str
    place_id: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """The first gaps of a kind, and how many there are."""

    first: tuple[Gap, ...]
    n: int


def vacant_posts(*, path: str, at: datetime) -> Gaps:
    """Posts that nobody holds. Two queries."""
    held = Tenure.objects.filter(tenures_at(at), post=OuterRef("pk"))
    posts = Post.objects.filter(~Exists(held), within("scope", path), valid_to=None)
    first = posts.select_related("place").order_by("scope", "pk")[:SHOWN]
    found = tuple(Gap(post.title, post.place.name, post.place_id) for post in first)
    return Gaps(found, posts.count() if len(found) == SHOWN else len(found))


# A department is in a portfolio when a deputy of its place leads one of its sectors, or when one
# of its posts names a leader.
_LED_BY_NOBODY = """
SELECT o.name, p.name, p.id, count(*) OVER ()
FROM orgs_org o JOIN places_place p ON p.id = o.place_id
WHERE o.kind = 'department' AND o.valid_to IS NULL AND o.scope >= %(low)s AND o.scope < %(high)s
  AND NOT EXISTS (SELECT 1 FROM orgs_post d WHERE d.place_id = o.place_id AND d.role = 'deputy'
                  AND d.valid_to IS NULL AND d.sectors && o.sectors)
  AND NOT EXISTS (SELECT 1 FROM orgs_post own WHERE own.org_id = o.id AND own.valid_to IS NULL
                  AND own.leader_id IS NOT NULL)
ORDER BY o.scope, o.id LIMIT %(most)s
"""

# Only levels that have departments; a sector of the province itself and of each place right below.
_RUN_BY_NOBODY = """
SELECT CASE WHEN %(english)s THEN s.name_en ELSE s.name END, p.name, p.id, count(*) OVER ()
FROM orgs_sector s CROSS JOIN places_place p
WHERE (p.id = %(place)s OR p.parent_id = %(place)s) AND p.valid_to IS NULL
  AND p.level IN ('province', 'city', 'county')
  AND NOT EXISTS (SELECT 1 FROM orgs_sectorowner w WHERE w.sector_id = s.code AND w.place_id = p.id)
ORDER BY p.path, s.code LIMIT %(most)s
"""


def _gaps(sql: str, asked: dict[str, str | int]) -> Gaps:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found = cursor.fetchall()
    rows = tuple(Gap(name, place, pk) for name, place, pk, _n in found)
    return Gaps(rows, found[0][-1] if found else 0)


def departments_without_leader(*, path: str) -> Gaps:
    """Departments in nobody's portfolio (M014). One query."""
    low, high = prefix_range(path)
    return _gaps(_LED_BY_NOBODY, {"low": low, "high": high, "most": SHOWN})


def sectors_without_department(*, place_id: int) -> Gaps:
    """Sectors that no department runs, here and right below (M013). One query."""
    english = (get_language() or "").startswith("en")
    return _gaps(_RUN_BY_NOBODY, {"place": place_id, "most": SHOWN, "english": english})


@dataclass(frozen=True, slots=True)
class Invariants:
    """The last nightly check; `stale` when it is older than a night, or never ran."""

    checks: tuple[Check, ...]
    broken: int
    ran_at: datetime | None
    stale: bool


def invariants(checks: Sequence[Check], *, at: datetime) -> Invariants:
    """The last results, the broken ones first. Pure."""
    ran = min((check.at for check in checks), default=None)
    ordered = tuple(sorted(checks, key=lambda check: (-check.broken, check.name)))
    broken = sum(1 for check in checks if check.broken)
    return Invariants(ordered, broken, ran, stale=ran is None or at - ran > STALE)


@dataclass(frozen=True, slots=True)
class Board:
    """What is out of control in a place."""

    ladder: tuple[Rung, ...]
    unowned: Duties
    vacant: Gaps
    unled: Gaps
    unrun: Gaps
    invariants: Invariants
    proposals: tuple[Proposal, ...]

    @property
    def overdue(self) -> int:
        """All overdue loops in sight."""
        return sum(rung.n for rung in self.ladder)


def board(*, by: Actor, at: datetime) -> Board:
    """The board of the actor's place. At most fourteen queries."""
    return Board(
        ladder=ladder(by=by),
        unowned=duties(path=by.scope, at=at, show="empty", most=SHOWN),
        vacant=vacant_posts(path=by.scope, at=at),
        unled=departments_without_leader(path=by.scope),
        unrun=sectors_without_department(place_id=by.place_id),
        invariants=invariants(latest(), at=at),
        proposals=tuple(proposals(by=by, at=at)),
    )
