"""Frozen records of supervision that leave the domain."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class Source(models.TextChoices):
    """Where a register comes from."""

    LICENCE = "licence", _("证照登记")
    TAX = "tax", _("税务登记")
    POWER = "power", _("用电户")
    MAP = "map", _("地图兴趣点")
    COMPLAINT = "complaint", _("投诉举报")


class Decision(models.TextChoices):
    """How a candidate ends."""

    ADDED = "added", _("纳入监管")
    CLOSED = "closed", _("已停业")
    ELSEWHERE = "elsewhere", _("属其他辖区")
    OUT_OF_SCOPE = "out_of_scope", _("不属监管范围")


class Answer(models.TextChoices):
    """What was answered to a step."""

    MET = "met", _("做到")
    NOT_MET = "not_met", _("未做到")
    EXEMPT = "exempt", _("申请例外")


class Outcome(models.TextChoices):
    """What was found in a cell."""

    FINE = "fine", _("合格")
    GAP = "gap", _("有问题")
    ABSENT = "absent", _("无此环节")


@dataclass(frozen=True, slots=True)
class Coverage:
    """Filled cells of all cells."""

    filled: int
    cells: int

    @property
    def full(self) -> bool:
        """Full coverage is every cell, not nearly every one (2.7)."""
        return self.cells > 0 and self.filled == self.cells

    @property
    def empty(self) -> int:
        """Cells without a result."""
        return self.cells - self.filled

    @property
    def percent(self) -> float | None:
        """Per cent with one place, rounded down, so that 100.0 is said of full coverage only."""
        if not self.cells:
            return None
        return self.filled * 1000 // self.cells / 10

    @property
    def band(self) -> str:
        """full | most | half | little | none: the colour of a cell of the heat table."""
        if self.full:
            return "full"
        share = self.percent or 0
        return "most" if share >= 80 else "half" if share >= 40 else "little" if share else "none"


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What one of the three lists is narrowed to; it lives in the page's address."""

    text: str = ""
    domain: str = ""
    state: str = ""
    stage: str = ""  # open | overdue | closed | untasked
    under: str = ""  # path of a place
    party: str = ""
    sort: str = ""  # "" newest first | due | -due
    ids: tuple[int, ...] = ()  # only these, for an import that compares rows


@dataclass(frozen=True, slots=True)
class Ref:
    """Another loop by its number."""

    id: int
    number: str
    closed: bool


@dataclass(frozen=True, slots=True)
class DemandRow:
    """What problems and tasks have in common in a list."""

    id: int
    number: str
    title: str
    text: str
    domain: str
    sector: str
    place: str
    place_code: str
    owner_post_id: int
    owner: str
    issuer: str
    state: str
    opened_at: datetime
    due_at: datetime
    closed_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True)
class ProblemRow(DemandRow):
    """One line of the list of problems."""

    grade: str
    type_code: str
    origin_kind: str
    origin_name: str
    external: bool
    untasked: bool  # longer without a task than the limit allows: red
    cause: str
    extent: str
    similar: str
    countermeasure: str
    figure_name: str
    figure_before: float | None
    figure_target: float | None
    figure_after: float | None
    remeasure_on: date | None
    found_out_at: datetime | None
    verified_at: datetime | None
    answered_for_at: datetime | None
    tasks: tuple[Ref, ...]
    unanswered: tuple[str, ...]  # of territory, department, unit: without a responsibility

    @property
    def gates(self) -> tuple[datetime | None, datetime | None, datetime | None]:
        """When each of the three gates was passed."""
        return self.found_out_at, self.verified_at, self.answered_for_at


@dataclass(frozen=True, slots=True)
class TaskRow(DemandRow):
    """One line of the list of tasks."""

    criterion: str
    problems: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class ResponsibilityRow:
    """One line of the list of responsibilities."""

    id: int
    number: str
    subject_id: int
    subject_number: str
    subject_title: str
    party: str
    post_id: int
    post: str
    duty: str
    met: bool | None
    consequence: str
    reply: str
    proposed_at: datetime
    decided_at: datetime | None
    tasks: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the list, with the coverage of the reader's own part."""

    id: int
    title: str
    place: str
    starts: date
    ends: date
    coverage: Coverage
    second: bool


@dataclass(frozen=True, slots=True)
class HeatCell:
    """The sites of one area in one step."""

    coverage: Coverage
    gaps: int


@dataclass(frozen=True, slots=True)
class HeatRow:
    """One area of a plan: all its steps."""

    path: str
    name: str
    sites: int
    coverage: Coverage
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class StepHead:
    """A column of the heat table."""

    id: int
    link: str
    name: str


@dataclass(frozen=True, slots=True)
class EmptyCell:
    """A cell without a result, by name."""

    site_id: int
    site: str
    step_id: int
    link: str
    step: str


@dataclass(frozen=True, slots=True)
class Weakness:
    """A figure and how far it is from its target."""

    problem_id: int
    number: str
    title: str
    owner: str
    figure: str
    before: float
    now: float
    target: float
    shortfall: float
    remeasure_on: date | None
    tasks: int


@dataclass(frozen=True, slots=True)
class Load:
    """What filling in forms took one township in one week."""

    place_id: int
    place: str
    week: date  # its Monday
    figures: int
    minutes: float
