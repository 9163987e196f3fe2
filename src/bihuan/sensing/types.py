"""Frozen records of sensing that leave the domain."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from bihuan.core.evidence.cells import Refusal


class Kind(models.TextChoices):
    """What a sentinel is."""

    FEVER_CLINIC = "fever_clinic", _("发热门诊")
    PRIMARY_CARE = "primary_care", _("基层医疗卫生机构")
    PHARMACY = "pharmacy", _("药店")
    SCHOOL = "school", _("学校、托幼机构")
    VECTOR = "vector", _("媒介监测点")


class Verdict(models.TextChoices):
    """How a signal ends."""

    EVENT = "event", _("属实,转为事件")
    NOT = "not", _("排除")
    MERGED = "merged", _("并入其他信号")


class GateKind(models.TextChoices):
    """Where people arrive."""

    RAIL = "rail", _("火车站")
    COACH = "coach", _("汽车客运站")
    AIR = "air", _("机场")
    PORT = "port", _("港口码头")
    ROAD = "road", _("高速出口、公路卡口")


class FlowSource(models.TextChoices):
    """Who says how many come."""

    TOTAL = "total", _("总量预测(票务、路网)")
    SCHOOL = "school", _("学校返校方案")
    ENTERPRISE = "enterprise", _("企业、园区返岗方案")


@dataclass(frozen=True, slots=True)
class NewSentinel:
    """A sentinel to be registered."""

    name: str
    kind: str
    place_id: int
    org_id: int | None
    streams: tuple[str, ...]
    catchment: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """One count of one day. Zero is a report."""

    sentinel_id: int
    stream: str
    day: date
    n: int


@dataclass(frozen=True, slots=True)
class Judged:
    """One series judged on its last day."""

    path: str
    day: date
    observed: int
    expected: float
    bound: float
    score: float
    history: tuple[int | None, ...]  # oldest first, the judged day last; None: not reported


@dataclass(frozen=True, slots=True)
class SentinelRow:
    """A sentinel in its list."""

    id: int
    name: str
    kind: str
    place: str
    org: str
    streams: tuple[str, ...]
    last_day: date | None
    last_at: datetime | None
    missed: int  # due days without a report, up to yesterday
    silent: bool
    today: bool  # whether today's report is there


@dataclass(frozen=True, slots=True)
class Performance:
    """Whether a sentinel is sharp: cases it saw, flagged and missed; speed; false alarms."""

    visits: int
    flagged: int
    missed: tuple[str, ...]  # numbers of the cases
    median_delay: timedelta | None  # from visit to report
    signals: int
    false_alarms: int

    @property
    def sensitivity(self) -> float | None:
        """Share of the cases it saw that it flagged."""
        return self.flagged / self.visits if self.visits else None


@dataclass(frozen=True, slots=True)
class SignalRow:
    """A signal in a list."""

    id: int
    title: str
    title_en: str
    place: str
    day: date
    observed: int
    expected: float
    bound: float
    raised_at: datetime
    due_at: datetime
    closed_at: datetime | None
    state: str
    overdue: bool
    verdict: str
    owner: str
    obligation_id: int
    merged: int
    place_code: str


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a series as drawn."""

    day: date
    count: int | None
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class SignalDetail:
    """A signal with the series it was raised from, as it was known then."""

    row: SignalRow
    stream: str
    method: str
    parameters: dict[str, Any]
    rule: str
    mark: str
    points: tuple[Point, ...]
    reason: str
    judged_by: str
    may_judge: bool
    others: tuple[SignalRow, ...] = field(default=())  # open signals it may be merged into


@dataclass(frozen=True, slots=True)
class Precision:
    """What became of the signals of a period."""

    raised: int
    judged: int
    events: int
    within: int  # judged inside their limit

    @property
    def share(self) -> float | None:
        """Events of the judged signals."""
        return self.events / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class CasesOf:
    """Cases of a disease in a county on a day, as a file of earlier years says."""

    disease: str
    path: str
    day: date
    n: int


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What a file of counts would file."""

    counts: int
    cases: int
    zeros: int  # reports of nothing: they count
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class AlertRow:
    """What the signals of one alert were worth in a period."""

    title: str
    title_en: str
    raised: int
    judged: int
    events: int

    @property
    def share(self) -> float | None:
        """Events of the judged signals."""
        return self.events / self.judged if self.judged else None
