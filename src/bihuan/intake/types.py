"""Frozen records of intake: what a person changes, and what the review page shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final


class Keep:
    """The value of a field that a change leaves as it is."""


KEEP: Final = Keep()


@dataclass(frozen=True, slots=True)
class DraftChange:
    """A change of some fields of a draft; what is KEEP stays, None empties."""

    text: str | Keep = KEEP
    speaker: str | Keep = KEEP
    label: str | Keep = KEEP
    domain: str | Keep = KEEP
    responsible: str | Keep = KEEP
    deadline_text: str | Keep = KEEP
    due_at: datetime | Keep | None = KEEP
    criterion: str | Keep = KEEP
    owner_post_id: int | Keep | None = KEEP
    support_post_ids: Sequence[int] | Keep = KEEP
    body_id: int | Keep | None = KEEP
    direct_level: str | Keep = KEEP
    upper_id: int | Keep | None = KEEP
    repeats_id: int | Keep | None = KEEP
    stricter: str | Keep = KEEP
    stricter_until: date | Keep | None = KEEP
    actionable: bool | Keep = KEEP

    def given(self) -> dict[str, object]:
        """The fields that change, with their new values."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: new for name, new in told.items() if not isinstance(new, Keep)}


@dataclass(frozen=True, slots=True)
class Minutes:
    """The proposed record of a meeting, as a person may correct it."""

    title: str
    form: str = "plenary"
    held_at: datetime | None = None
    chair: str = ""
    speakers: tuple[str, ...] = ()
    attendees: tuple[str, ...] = ()
    attendees_complete: bool = True
    body_ids: tuple[int, ...] = ()
    relays_text: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text with the draft it belongs to, or the repair made in it."""

    text: str
    draft_id: int | None = None
    ordinal: int = 0
    actionable: bool = True
    rejected: bool = False
    after: str | None = None  # of a repair: what stands in its place; "" when it was dropped
    kind: str = ""
    certain: bool = True
    start: int = 0


@dataclass(frozen=True, slots=True)
class Likeness:
    """A demand that a draft may repeat or implement, and how alike they are (0–1)."""

    demand_id: int
    number: str
    ordinal: int
    title: str
    score: float
    standing: str = ""  # answered | stricter | looser, against an upper demand
    why: str = ""


@dataclass(frozen=True, slots=True)
class Owing:
    """Posts that the text seems to name: the first leads, the others support. A person decides."""

    post_ids: tuple[int, ...]
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpinionRow:
    """What a model says of one stretch of the text; `differs` names where the draft says otherwise."""

    text: str
    start: int
    end: int
    speaker: str
    domain: str
    actionable: bool
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondOpinion:
    """A model that was asked, and the demands that only it proposes."""

    model: str
    only: tuple[OpinionRow, ...]


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One card of the review."""

    id: int
    document_id: int
    ordinal: int
    text: str
    start: int | None
    speaker: str
    label: str
    section: str
    domain: str
    responsible: str
    deadline_text: str
    due_at: datetime | None
    criterion: str
    owner: str
    owner_post_id: int | None
    supports: tuple[str, ...]
    support_post_ids: tuple[int, ...]
    body: str
    body_id: int | None
    direct_level: str
    upper: Likeness | None
    repeats: Likeness | None
    stricter: str
    stricter_until: date | None
    actionable: bool
    status: str
    cuts: tuple[tuple[int, str], ...] = ()
    may_repeat: Likeness | None = None
    may_implement: Likeness | None = None
    opinion: OpinionRow | None = None
    unseen: bool = False  # the model was asked and proposes nothing here
    may_owe: "Owing | None" = None

    @property
    def goes_out(self) -> bool:
        """Whether it will be a demand of the directive."""
        return self.actionable and self.status in {"proposed", "kept"}

    @property
    def deadline_passed(self) -> bool:
        """A deadline was written that could not become one: unreadable, or already over."""
        return bool(self.deadline_text) and self.due_at is None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document as lists show it."""

    id: int
    name: str
    title: str
    uploaded_at: datetime
    uploaded_by: str
    is_communique: bool
    drafts: int
    directive_id: int | None
    directive_number: str
    relay_id: int | None


@dataclass(frozen=True, slots=True)
class Review:
    """Everything the review page shows."""

    document: DocumentRow
    reason: str
    forced_by: str
    encoding: str
    warnings: tuple[str, ...]
    pieces: tuple[Piece, ...]
    original: tuple[Piece, ...]
    repairs: int
    proposals: int  # repairs that were not applied
    minutes: tuple[Minutes, ...]  # one for each meeting under the headline
    drafts: tuple[DraftRow, ...]
    undo: str  # the verb that can be taken back, or ""
    uppers: tuple[Likeness, ...] = field(default=())
    second: SecondOpinion | None = None

    @property
    def going(self) -> int:
        """How many demands will be issued."""
        return sum(1 for draft in self.drafts if draft.goes_out)

    @property
    def unchecked(self) -> int:
        """How many of them nobody has looked at one by one."""
        return sum(1 for draft in self.drafts if draft.goes_out and draft.status == "proposed")


@dataclass(frozen=True, slots=True)
class FieldAgreement:
    """How often the reader and the person said the same of one field.

    `precision` is the share of the proposed demands that were kept word for word, `recall` the share
    of the kept demands that were proposed so.
    """

    field: str
    agreed: int
    compared: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None when nothing was compared."""
        return self.agreed / self.compared if self.compared else None


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well documents were read, by what people made of the drafts one by one."""

    documents: int
    drafts: int
    in_bulk: int  # kept all at once: not counted
    fields: tuple[FieldAgreement, ...]


@dataclass(frozen=True, slots=True)
class Example:
    """A reviewed document as a labelled example: the text as it came, the clean one, the labels."""

    ident: str
    raw: str
    clean: str
    labels: dict[str, object]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two demands set against each other: its pieces, and whether both have them."""

    ordinal: int
    pieces: tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Compared:
    """A row of the coverage table; a side is None where a meeting says nothing of it."""

    standing: str  # answered | stricter | looser | missing | added | repeated
    why: str  # deadline | number | absolute
    upper: Side | None
    lower: Side | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A document against its upper or sister meeting."""

    document_id: int
    title: str
    other_title: str
    rows: tuple[Compared, ...]
    repeats: tuple[Compared, ...]
