"""Frozen records of the epidemic domain. Persons appear by pseudonym alone."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.core.evidence.cells import Refusal
from bihuan.core.vault.types import Identity, Twin


class Origin(models.TextChoices):
    """Where an infection comes from (2.15)."""

    UNKNOWN = "local_unknown", _("本土,来源不明")
    KNOWN = "local_known", _("本土,来源已知")
    IMPORTED = "imported", _("输入")
    LINKED = "import_linked", _("输入关联")


class FoundIn(models.TextChoices):
    """How a case was found: inside control, or in the community."""

    CLINIC = "clinic", _("就诊")
    SCREENING = "screening", _("筛查")
    COMMUNITY = "community", _("社区排查")
    ISOLATION = "isolation", _("隔离管控中")
    LOOP = "closed_loop", _("闭环管理中")
    GATE = "gate", _("口岸")


class Setting(models.TextChoices):
    """What kind of place a case was at."""

    HOME = "home", _("家庭")
    WORK = "work", _("单位、工地")
    SCHOOL = "school", _("学校、托幼")
    CLINIC = "clinic", _("医疗机构")
    SHOP = "shop", _("商超、市场")
    MEAL = "meal", _("餐饮、聚会")
    TRANSPORT = "transport", _("交通工具")
    OTHER = "other", _("其他")


CONTROLLED = frozenset({FoundIn.ISOLATION, FoundIn.LOOP, FoundIn.GATE})
AGES = ("0-4", "5-14", "15-44", "45-64", "65+")


@dataclass(frozen=True, slots=True)
class Card:
    """A report card as it is handed in: the person for the vault, the rest for the file."""

    event_id: int
    person: Identity
    place_id: int
    age_band: str
    diagnosed_at: datetime
    findings: frozenset[str]
    found_in: str
    onset: date | None = None
    origin: str = Origin.UNKNOWN
    late_reason: str = ""
    other_than: frozenset[str] = frozenset()  # twins a person looked at: not the same


@dataclass(frozen=True, slots=True)
class NewContact:
    """Somebody who was exposed to a case."""

    case_id: int
    person: Identity
    place_id: int
    exposure: str
    first: date
    last: date
    via_id: int | None = None  # the contact through whom: a contact of a contact


@dataclass(frozen=True, slots=True)
class Illness:
    """A contact who fell ill: what the card asks beyond what is known of them."""

    age_band: str
    findings: frozenset[str]
    onset: date | None = None


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """An order as it is written: the smallest area, an end, services, exceptions."""

    event_id: int
    place_id: int
    level: str
    unit: str
    area: str
    measures: tuple[str, ...]
    days: int
    services: tuple[str, ...]
    help_line: str
    exceptions: str
    reason: str
    last_case: date
    households: int = 0
    people: int = 0
    enterprises: int = 0
    larger_reason: str = ""
    expert_note: str = ""
    outline: str = ""  # GeoJSON of a polygon, where one was drawn


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event in a list."""

    id: int
    title: str
    disease: str
    place: str
    opened_at: datetime
    closed_at: datetime | None
    cases: int
    contacts: int
    orders: int


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list: no name, no number, no telephone."""

    id: int
    number: str
    kind: str
    kind_title: str
    kind_title_en: str
    place: str
    age_band: str
    onset: date | None
    diagnosed_at: datetime
    reported_at: datetime
    origin: str
    found_in: str
    late: timedelta


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A contact in a list, with what the plan says for today."""

    id: int
    case_id: int | None  # None: the case is with the installation that handed them over
    case_number: str
    number: str
    place: str
    exposure: str
    risk: str
    state: str  # named | reached | placed | released | became_case | listed
    stay: str  # where the plan puts the person today
    last_exposure: date
    release_at: datetime | None
    test_today: bool
    checked_today: bool
    edition: str


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as lists and the public page show it."""

    id: int
    number: str
    title: str
    area: str
    place: str
    level: str
    unit: str
    measures: tuple[str, ...]
    basis: str
    reason: str
    starts_at: datetime | None
    ends_at: datetime
    services: tuple[str, ...]
    help_line: str
    exceptions: str
    state: str  # draft | in_force | lapsed | lifted
    people: int
    days: int

    @property
    def person_days(self) -> int:
        """What the order costs those it restricts."""
        return self.people * self.days


@dataclass(frozen=True, slots=True)
class OrderEffect:
    """An order in force whose grade the other edition words differently."""

    id: int
    number: str
    area: str
    gone: bool  # the other edition has no such grade
    unit: str  # the order's unit, where the other edition does not allow it
    before: int  # days without a case until it lapses
    after: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What another edition means for those managed now (M070)."""

    sooner: int
    freed: int  # no longer managed
    later: int  # longer under the new edition: not applied
    days: int  # person-days saved
    rows: tuple[tuple[int, str, date, date | None, int], ...] = field(
        default=()
    )  # contact, number, old, new, days
    sites: tuple[tuple[int, str, int], ...] = ()  # facility, name, how many leave it sooner
    orders: tuple["OrderEffect", ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One day of an epidemic curve, by the values of a variable."""

    day: date
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """An epidemic curve: values of the variable, bars without gaps."""

    values: tuple[str, ...]
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row of a list that may be somebody already known: a person decides."""

    row: int
    others: tuple[str, ...]  # pseudonyms, or "row 12" of the same file
    checked: bool  # somebody said: not the same


@dataclass(frozen=True, slots=True)
class ListPreview:
    """What taking a list would do, before anything is written."""

    heads: tuple[str, ...]
    total: int
    fresh: int
    known: int  # rows that are cases already
    named: int  # rows that say who somebody is
    refusals: tuple[Refusal, ...]
    doubts: tuple[Doubt, ...]
    kinds: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ListRow:
    """An import in the list of an event."""

    id: int
    file_name: str
    at: datetime
    by: str
    state: str  # draft | broken_off | taken | undone
    report: dict[str, int]
    undo_until: datetime | None


__all__ = [
    "AGES",
    "CONTROLLED",
    "Bar",
    "Card",
    "CaseRow",
    "ContactRow",
    "Curve",
    "Doubt",
    "Effect",
    "EventRow",
    "FoundIn",
    "Illness",
    "ListPreview",
    "ListRow",
    "NewContact",
    "OrderDraft",
    "OrderRow",
    "Origin",
    "Setting",
    "Twin",
]  # fmt: skip
