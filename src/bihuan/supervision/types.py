"""Frozen records of supervision that leave the domain."""

from dataclasses import dataclass, field
from datetime import date, datetime

from bihuan.supervision.rules.coverage import Coverage


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What one of the three lists is narrowed to; it lives in the page's address."""

    text: str = ""
    domain: str = ""
    state: str = ""
    stage: str = ""  # open | overdue | closed | untasked
    under: str = ""  # path of a place
    party: str = ""
    sort: str = ""  # "" newest first | due
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
class Refusal:
    """A cell or row that an import leaves out, and why."""

    sheet: str
    row: int
    column: str
    value: str
    code: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Correction:
    """A cell that an import reads otherwise than it is written."""

    sheet: str
    row: int
    column: str
    value: str
    mended: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an import will do, or did. `added` and `changed` name rows as "sheet row: number"."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    corrections: tuple[Correction, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def idle(self) -> bool:
        """Nothing to do: the file says what is here already."""
        return not (self.added or self.changed)


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
