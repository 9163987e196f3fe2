"""Looks at a place that the domains owe, so that one visit may serve several of them (M005).

A domain writes itself in when it is loaded: `LOOKS["institution"] = Source(due, settle)`. Whoever
plans visits asks every domain what falls due at the places it goes to, and tells it what a look
found. Neither side knows the other's tables.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bihuan.core.orgs.models import Org, OrgKind, Post
from bihuan.core.orgs.types import Actor, Role
from bihuan.core.places.rules import upper_paths


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that somebody goes to: the key place, and the unit that runs it."""

    venue_id: int
    unit_id: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """A look that an office owes at a place or unit, at the latest on a day.

    `key` begins with the word of its source; `checklist` is the code of the list that asks what
    the look must answer.
    """

    key: str
    office: Org
    due: date
    checklist: str
    venue_id: int | None = None
    unit_id: int | None = None

    def is_at(self, spot: Spot) -> bool:
        """Whether somebody who goes to a spot could take it."""
        if self.venue_id is not None:
            return self.venue_id == spot.venue_id
        return self.unit_id is not None and self.unit_id == spot.unit_id


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a look found: the gaps in words, and the loops that were opened for them."""

    day: date
    reference: str  # "inspection:15"
    gaps: tuple[str, ...] = ()
    problems: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One domain's side: what is due at some spots, and what to do with an outcome."""

    due: Callable[[Sequence[Spot], datetime], Sequence[Look]]
    settle: Callable[[str, Outcome, Actor, datetime], None]


LOOKS: dict[str, Source] = {}


def looks_at(spots: Sequence[Spot], at: datetime) -> list[Look]:
    """What every domain owes at some spots, the most urgent first. A fixed number of queries."""
    if not spots:
        return []
    found = [look for source in LOOKS.values() for look in source.due(spots, at)]
    return sorted(found, key=lambda look: (look.due, look.key))


def settle_look(key: str, outcome: Outcome, *, by: Actor, at: datetime) -> None:
    """Tell the domain that owes a look what it found."""
    LOOKS[key.partition(":")[0]].settle(key, outcome, by, at)


def offices_over(scopes: Iterable[str]) -> dict[str, Org]:
    """The office of the headquarters that answers for each place, the nearest above. One query."""
    chains = {scope: (*upper_paths(scope), scope) for scope in scopes}
    paths = {path for chain in chains.values() for path in chain}
    posts = Post.objects.filter(
        scope__in=paths, role=Role.OFFICE, org__kind=OrgKind.HEADQUARTERS, valid_to=None
    )
    held = {post.scope: post.org for post in posts.select_related("org").order_by("-order", "-pk")}
    nearest = {scope: [path for path in chain if path in held] for scope, chain in chains.items()}
    return {scope: held[max(paths, key=len)] for scope, paths in nearest.items() if paths}
