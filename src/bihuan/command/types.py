"""Frozen records of command work: what services take and selectors give."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.core.loops.types import BriefInput


class ActKind(models.TextChoices):
    """What a unit did for its staff, told as a number (M017)."""

    TRAINING = "training", _("培训")
    OFFER = "offer", _("已提供接种")


class Form(models.TextChoices):
    """How a node met, or that it decided without meeting."""

    PLENARY = "plenary", _("全体会议")
    ENLARGED = "enlarged", _("扩大会议")
    TELEVISED = "televised", _("电视电话会议")
    VIDEO = "video", _("视频会议")
    SPECIAL = "special", _("专题会议")
    ON_SITE = "on_site", _("现场会")
    DECISION = "decision", _("直接决定(未开会)")
    STUDY = "study", _("传达学习")


class Came(models.TextChoices):
    """Whether a member of a body came to its plenary session."""

    OPEN = "open", _("未点名")
    PRESENT = "present", _("到会")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺席")


class Joined(models.TextChoices):
    """How a branch venue takes part."""

    VIDEO = "video", _("视频")
    PHONE = "phone", _("电话")
    ABSENT = "absent", _("未接入")


@dataclass(frozen=True, slots=True)
class MeetingInput:
    """A meeting to be recorded. `branches` are pairs of name and video | phone | absent."""

    title: str
    form: str
    held_at: datetime
    body_ids: tuple[int, ...] = ()
    chair: str = ""
    speakers: tuple[str, ...] = ()
    attendees: tuple[str, ...] = ()
    attendees_complete: bool = True
    agenda: str = ""
    relays_text: str = ""
    relay_id: int | None = None
    branches: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DemandInput:
    """One demand of a directive to be issued."""

    brief: BriefInput
    label: str = ""
    section: str = ""
    speaker: str = ""
    responsible: str = ""
    deadline_text: str = ""
    due_at: datetime | None = None
    owner_post_id: int | None = None
    support_post_ids: tuple[int, ...] = ()
    body_id: int | None = None
    direct_level: str = ""


@dataclass(frozen=True, slots=True)
class DirectiveInput:
    """A directive to be issued to chosen child nodes; `relay_id` when it hands one down."""

    title: str
    demands: tuple[DemandInput, ...]
    place_ids: tuple[int, ...] = ()
    meeting: MeetingInput | None = None
    later_meetings: tuple[MeetingInput, ...] = ()  # under the same headline, each with its chair
    meeting_id: int | None = None
    source: str = ""
    basis: str = ""
    relay_id: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """How many obligations a directive will open before anybody presses the button."""

    relays: int
    own_tasks: int
    direct_tasks: int
    without_desk: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """All obligations together."""
        return self.relays + self.own_tasks + self.direct_tasks


@dataclass(frozen=True, slots=True)
class StricterRow:
    """A demand that is stricter than its upper: why, until when, and whether it still holds."""

    brief_id: int
    title: str
    text: str
    upper_text: str
    place: str
    reason: str
    until: date | None
    state: str  # waiting | consented | lapsed | ended
    decide_by: datetime
    consented_by: str
    mine_to_decide: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of one demand everywhere below: tasks opened, proven, accepted."""

    tasks: int = 0
    proven: int = 0
    closed: int = 0
    overdue: int = 0
    none_here: int = 0

    @property
    def share(self) -> float | None:
        """Accepted tasks of all; None where none was opened."""
        return self.closed / self.tasks if self.tasks else None


@dataclass(frozen=True, slots=True)
class DemandRow:
    """One demand as the pages show it."""

    id: int
    brief_id: int
    ordinal: int
    label: str
    section: str
    speaker: str
    title: str
    text: str
    domain: str
    responsible: str
    deadline_text: str
    due_at: datetime | None
    criterion: str
    owner: str
    supports: tuple[str, ...]
    body: str
    body_number: str
    direct_level: str
    upper_id: int | None
    stricter: str
    stricter_state: str
    repeats: "RepeatRow | None" = None
    progress: Progress = field(default_factory=Progress)


@dataclass(frozen=True, slots=True)
class DemandLine:
    """One demand in a line: enough to compare it and to name it."""

    id: int
    brief_id: int
    number: str
    ordinal: int
    title: str
    text: str
    domain: str


@dataclass(frozen=True, slots=True)
class CitingRow:
    """A demand or task that rests on a document, and whether its work is still open."""

    brief_id: int
    title: str
    place: str
    basis: str
    open: int


@dataclass(frozen=True, slots=True)
class RepeatRow:
    """The earlier demand that a demand repeats, with the state of that first issue (M009)."""

    demand_id: int
    directive_id: int
    number: str
    title: str
    issued_at: datetime
    progress: Progress

    @property
    def unfinished(self) -> bool:
        """Whether the first issue is still open: nothing done, or something left."""
        return self.progress.tasks == 0 or self.progress.closed < self.progress.tasks


@dataclass(frozen=True, slots=True)
class DirectiveRow:
    """One directive as lists show it."""

    id: int
    number: str
    title: str
    place: str
    issuer: str
    issued_at: datetime
    issued_by: str
    stage: str  # sending | open | done
    demands: int
    nodes: int
    answered: int
    open: int
    overdue: int
    mine_relay_id: int | None = None


@dataclass(frozen=True, slots=True)
class LevelReach:
    """How far down and how wide a cascade has come at one level (M033)."""

    level: str
    places: int
    reached: int
    acknowledged: int
    planned: int
    proven: int

    @property
    def missing(self) -> int:
        """Places of the level that it has not reached."""
        return self.places - self.reached


@dataclass(frozen=True, slots=True)
class NodeRow:
    """One place of the cascade tree: its own answer, and what is below it."""

    place_id: int
    path: str
    name: str
    level: str
    state: str  # of its relay; "direct" with tasks alone, "none" when not reached
    relay_id: int | None
    due_at: datetime | None
    overdue: bool
    tasks: int
    closed: int
    children: int
    reached_below: int
    studied: bool = False

    @property
    def completion(self) -> float:
        """Accepted tasks of all; a node with only a study session stays at 0 (M007)."""
        return self.closed / self.tasks if self.tasks else 0.0


@dataclass(frozen=True, slots=True)
class MissingRow:
    """A place that has not taken a step, by name and whose it is."""

    place_id: int
    path: str
    name: str
    above: str
    state: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One obligation in a line: a local task of a relay, or a relay to be answered."""

    id: int
    number: str
    title: str
    place: str
    owner: str
    issuer: str
    state: str
    due_at: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """How a node answers one upper demand: local tasks, none here, or nothing yet."""

    demand: DemandRow
    outcome: str  # tasks | none_here | direct | missing
    tasks: tuple[WorkRow, ...] = ()
    handed_down: tuple[str, ...] = ()  # numbers of the own directives that carry it
    reason: str = ""
    signed_by: str = ""
    signed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One meeting as lists show it."""

    id: int
    number: str
    title: str
    form: str
    held_at: datetime
    place: str
    bodies: tuple[str, ...]
    chair: str
    speakers: tuple[str, ...]
    attendees: int
    attendees_complete: bool
    demands: int


@dataclass(frozen=True, slots=True)
class MeetingDetail:
    """Everything the page of one meeting shows; `report` was frozen at `cutoff`."""

    row: MeetingRow
    attendees: tuple[str, ...]
    agenda: str
    relays_text: str
    relay_id: int | None
    cutoff: datetime
    report: tuple[tuple[str, int], ...]
    recorded_by: str
    branches: tuple[tuple[str, str], ...]
    directives: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True, slots=True)
class PlenaryRow:
    """A plenary session as listed: `came` of `members` were present."""

    id: int
    body: str
    year: int
    number: int
    planned_for: datetime
    members: int
    came: int
    meeting_id: int | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatRow:
    """A member on the roll."""

    org_id: int
    name: str
    came: str


@dataclass(frozen=True, slots=True)
class OverdueDemand:
    """A demand of an earlier session with late work, and what was told about it."""

    id: int
    number: str
    title: str
    directive_id: int
    overdue: int
    explanation: str


@dataclass(frozen=True, slots=True)
class PlenaryDetail:
    """Everything the page of a plenary session shows."""

    row: PlenaryRow
    called_by: str
    closed_by: str
    seats: tuple[SeatRow, ...]
    overdue: tuple[OverdueDemand, ...]
    missing: tuple[str, ...]  # codes of what stands in the way of closing
    leads: bool  # whether the reader may call the roll, hold and close
    meetings: tuple[tuple[int, str, str], ...]  # id, number, title of records it may be held at
