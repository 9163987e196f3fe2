"""What a reading of one communiqué is: frozen rows, offsets, and nothing that can be changed later.

Offsets without a prefix count characters of `clean_text`; those named `original_*`, and the two of
a `Repair`, count characters of `original_text`. Both are 0-based and half-open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Level = Literal["国家", "省", "市", "县", "乡", "单位"]
DocType = Literal["meeting", "inspection", "instruction", "other"]
Domain = Literal[
    "command",
    "epidemic-sensing",
    "epidemic-investigation",
    "testing",
    "isolation-treatment",
    "vaccination",
    "entry",
    "key-venues",
    "work-safety",
    "natural-hazards",
    "emergency-drill",
    "resources",
    "economy",
    "public-communication",
    "supervision",
    "governance-political",
]
DeadlineKind = Literal["by", "within", "every", "during", "from"]


@dataclass(frozen=True, slots=True)
class Hint:
    """What the uploader already knows. A hint only fills what the text itself leaves open.

    `sister_dates` are the days of meetings that this one relays or answers; `latest` is a day by
    which it must have been held.
    """

    publish_date: date | None = None
    url: str = ""
    jurisdiction: str = ""
    sister_dates: tuple[date, ...] = ()
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """One change between the original and the clean text.

    A repair that is not `certain` was *not* applied: `after` is only what the reader proposes, and
    the clean text still shows `before`. `kind` is a dotted name: `pinyin`, `traditional`,
    `slip.a`, `slip.b`, `comma.doubled`, `brand`, `dropped.navigation`, `dropped.spam`, …
    """

    kind: str
    start: int
    end: int
    before: str
    after: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit as written, and the rule it stands for.

    `due` is ISO (`2024-05-31`, `2024-06-18T20:00`; an unknown year is `XXXX`); `hours` is set for
    `within`; `every` is an ISO 8601 duration (`PT1H`, `P1D`, `P1W`) with the weekday or hour after
    a blank where the text gives one (`P1W FRI 17:00`).
    """

    text: str
    start: int
    end: int
    kind: DeadlineKind
    due: str | None = None
    hours: float | None = None
    every: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Where a document field came from. `start` and `end` are None when no single place says it."""

    field: str
    value: str
    start: int | None
    end: int | None
    source: Literal["text", "publication", "context", "hint"]
    certain: bool


@dataclass(frozen=True, slots=True)
class Directive:
    """One atomic demand. `index` counts from 1 within the communiqué."""

    index: int
    text: str
    start: int
    end: int
    original_start: int
    original_end: int
    speaker: str
    number_label: str | None
    group: str | None
    domain: Domain
    domains: tuple[Domain, ...]
    responsible: tuple[str, ...]
    responsible_inherited: tuple[str, ...]
    deadline: tuple[Deadline, ...]
    objects: tuple[str, ...]
    places: tuple[str, ...]
    actionable: bool
    problem: str | None


@dataclass(frozen=True, slots=True)
class Communique:
    """One document as read.

    `is_communique` False leaves every list of people and demands empty; `reason` is then the code
    of the refusal (`notice`, `press_conference`, `no_meeting`, `no_demand`, …), else empty.
    """

    original_text: str
    clean_text: str
    is_communique: bool
    reason: str
    title: str | None
    doc_type: DocType
    dates: tuple[str, ...]
    publish_date: str | None
    level: Level | None
    jurisdiction: str | None
    meetings: tuple[str, ...]
    chair: tuple[str, ...]
    speakers: tuple[str, ...]
    reporter: tuple[str, ...]
    attendees: tuple[str, ...]
    attendees_complete: bool
    relayed_meetings: tuple[str, ...]
    truncated: bool
    damage: tuple[str, ...]
    encoding: str
    repairs: tuple[Repair, ...]
    warnings: tuple[str, ...]
    dropped_contacts: int
    facts: tuple[Fact, ...]
    directives: tuple[Directive, ...]
