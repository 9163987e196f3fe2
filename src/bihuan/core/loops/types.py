"""Frozen records of loops that leave the kernel."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class MoveInput:
    """What a person adds to a move: a reason, a date, an owner, a grade."""

    note: str = ""
    until: datetime | None = None
    grade: str = ""
    interim: str = ""
    interim_post_id: int | None = None
    owner_post_id: int | None = None
    external_accepted: bool = False


@dataclass(frozen=True, slots=True)
class BriefInput:
    """A demand to be stored once, however many posts will owe it."""

    title: str
    text: str
    domain: str
    domains: tuple[str, ...] = ()
    sector: str = ""
    criterion: str = ""
    basis: str = ""
    upper_id: int | None = None
    repeats_id: int | None = None
    stricter: str = ""
    stricter_until: date | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """One post's part of a joint task: lead or support, and its own words where it has any."""

    post_id: int
    part: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class JointRow:
    """One part of a joint task: whose it is, and where it stands."""

    task_id: int
    number: str
    org: str
    post: str
    part: str
    state: str
    due_at: datetime
    closed_at: datetime | None
    mine: bool
    visible: bool

    @property
    def answered(self) -> bool:
        """Whether whoever owes it has taken it on."""
        return self.state != "issued"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a post may make a move now, and what is missing."""

    move: str
    allowed: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LoopRow:
    """One obligation as lists show it."""

    id: int
    number: str
    flow: str
    title: str
    domain: str
    state: str
    state_since: datetime
    place: str
    place_id: int
    scope: str
    owner: str
    owner_post_id: int
    issuer: str
    due_at: datetime
    closed_at: datetime | None
    overdue: bool
    returns: int
    version: int
    moves: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class LoopPage:
    """One page of a list, by key: `after` continues it, empty at the end."""

    rows: tuple[LoopRow, ...]
    after: str = ""


@dataclass(frozen=True, slots=True)
class TallyRow:
    """The counters of one place."""

    path: str
    name: str
    place_id: int
    code: str
    open: int = 0
    submitted: int = 0
    overdue: int = 0
    closed: int = 0
    late: int = 0
    withdrawn: int = 0

    @property
    def total(self) -> int:
        """All obligations ever opened here and below."""
        return self.open + self.submitted + self.overdue + self.closed + self.late + self.withdrawn

    @property
    def active(self) -> int:
        """Those still open."""
        return self.open + self.submitted + self.overdue


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list of loops is narrowed to; every field is optional."""

    flow: str = ""
    domain: str = ""
    state: str = ""
    stage: str = ""  # open | overdue | closed
    text: str = ""
    under: str = ""  # path of a place
    origin: str = ""
    ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class WhyLine:
    """One step of the answer to "why do I owe this?", from the local task upward."""

    brief_id: int
    title: str
    text: str
    place: str
    basis: str
    stricter: str
    local: bool
