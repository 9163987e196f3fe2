"""Shapes of the API. Times are UTC (RFC 3339); ids are numbers; places go by code."""

from datetime import date, datetime
from typing import Any

from ninja import Schema


class VerdictOut(Schema):
    """A move from the present state, and what it still lacks."""

    move: str
    allowed: bool
    missing: list[str]


class LoopOut(Schema):
    """One obligation."""

    id: int
    number: str
    flow: str
    title: str
    domain: str
    state: str
    state_since: datetime
    place: str
    place_id: int
    owner: str
    owner_post_id: int
    issuer: str
    due_at: datetime
    closed_at: datetime | None
    overdue: bool
    returns: int
    version: int
    moves: list[VerdictOut] = []


class LoopPageOut(Schema):
    """One page; pass `after` on to continue, empty at the end."""

    rows: list[LoopOut]
    after: str


class EvidenceOut(Schema):
    """One proof."""

    id: int
    kind: str
    file_name: str
    sha256: str | None
    text: str
    quantity: float | None
    measure: str
    made_at: datetime
    recorded_at: datetime
    maker: str
    twin: bool


class ActOut(Schema):
    """One line of a timeline."""

    at: datetime
    actor: str
    action: str
    before: str
    after: str
    facts: dict[str, Any]


class LoopDetailOut(Schema):
    """One obligation with everything that belongs to it."""

    loop: LoopOut
    text: str
    criterion: str
    basis: str
    due_rule: str
    due_reason: str
    parent_id: int | None
    parts: list[LoopOut]
    evidence: list[EvidenceOut]
    timeline: list[ActOut]


class MoveIn(Schema):
    """A move and what a person adds to it."""

    move: str
    note: str = ""
    until: datetime | None = None
    grade: str = ""
    interim: str = ""
    interim_post_id: int | None = None
    owner_post_id: int | None = None
    external_accepted: bool = False


class StatementIn(Schema):
    """A typed proof: reading, countersign or statement."""

    kind: str
    text: str = ""
    quantity: float | None = None
    measure: str = ""
    made_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None


class TaskIn(Schema):
    """A task for one post below."""

    title: str
    text: str
    domain: str
    criterion: str
    owner_post_id: int
    due_at: datetime | None = None
    sector: str = ""
    basis: str = ""
    upper_brief_id: int | None = None
    parent_id: int | None = None


class RequestIn(Schema):
    """A matter to be brought up: `kind` is request, report or feedback."""

    kind: str
    title: str
    text: str
    domain: str
    place_code: str
    direct: bool = False
    urgent: bool = False


class ProblemIn(Schema):
    """A finding at a place."""

    title: str
    text: str
    domain: str
    owner_post_id: int
    type_code: str = ""
    origin: str = "self"
    origin_name: str = ""
    external: bool = False


class PlaceOut(Schema):
    """One place of the tree."""

    id: int
    code: str
    name: str
    level: str


class TallyOut(Schema):
    """The counters of a place and everything below it."""

    code: str
    name: str
    open: int
    submitted: int
    overdue: int
    closed: int
    late: int
    withdrawn: int


class MeOut(Schema):
    """Who the token acts as."""

    person: str
    post: str
    post_id: int
    org: str
    place: str
    role: str
    duties: list[str]


class NoticeOut(Schema):
    """News for the post."""

    id: int
    kind: str
    obligation_id: int | None
    facts: dict[str, Any]
    at: datetime
    read_at: datetime | None


class RuleOut(Schema):
    """One limit or value in force."""

    key: str
    title: str
    title_en: str
    value: Any
    measure: str
    pack: str
    source: str
    article: str
    mark: str


class PackOut(Schema):
    """One edition in force."""

    id: str
    family: str
    version: str
    title: str
    title_en: str
    source: str
    valid_from: date
    valid_to: date | None
    mark: str
    rules: list[RuleOut]


class EntryOut(Schema):
    """One entry of the audit."""

    id: int
    chain: str
    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    before: str
    after: str
    facts: dict[str, Any]
    hash: str


class EntryPageOut(Schema):
    """One page of the audit, newest first."""

    rows: list[EntryOut]
    after: str
