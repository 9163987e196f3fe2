"""What the field app sends, read strictly; and what changed while it was away. Pure."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bihuan.core.errors import Invalid

_DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_HAZARDS = 200
MOST_PHOTOS = 200
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class Shot:
    """A photo or a signature by the digest of its bytes, with its stamp."""

    sha256: str
    at: datetime
    item: str = ""
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A hazard found on the spot; graded at once when `criterion` says so."""

    title: str
    text: str
    type: str
    item: str = ""
    criterion: str = ""
    interim: str = ""
    rehousing: str = ""
    photos: tuple[Shot, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """One inspection of a day without a signal."""

    establishment_id: int
    checklist_id: int
    seen: Mapping[str, Any]  # what the device knew of the place
    begun_at: datetime
    ended_at: datetime
    answers: Mapping[str, Any]
    hazards: tuple[Found, ...]
    photos: tuple[Shot, ...]
    signature: Shot | None
    signer: str

    @property
    def digests(self) -> frozenset[str]:
        """Every photo it needs."""
        shots = [*self.photos, *(shot for one in self.hazards for shot in one.photos)]
        return frozenset(s.sha256 for s in (*shots, *([self.signature] if self.signature else ())))


def read_sent(raw: Any) -> Sent:
    """Read what a device sent. Raises Invalid("field.malformed") naming the field."""
    box = _Box(raw)
    signature = box.get("signature")
    sent = Sent(
        box.whole("establishment"), box.whole("checklist"),
        box.mapping("seen"), box.moment("begun_at"), box.moment("ended_at"),
        box.mapping("answers"), box.many("hazards", MOST_HAZARDS, _found),
        box.many("photos", MOST_PHOTOS, _shot), _shot(_Box(signature)) if signature else None,
        box.text("signer", 50),
    )  # fmt: skip
    if sent.ended_at < sent.begun_at:
        raise Invalid("field.malformed", field="ended_at")
    return sent


def _found(box: "_Box") -> Found:
    return Found(
        box.text("title", 120), box.text("text", 2000), box.text("type", 60),
        box.text("item", 40), box.text("criterion", 60), box.text("interim", 500),
        box.text("rehousing", 200), box.many("photos", MOST_PHOTOS, _shot),
    )  # fmt: skip


def _shot(box: "_Box") -> Shot:
    digest = box.text("sha256", 64)
    if _DIGEST.fullmatch(digest) is None:
        raise Invalid("field.malformed", field="sha256")
    return Shot(digest, box.moment("at"), box.text("item", 40), box.figure("lon", 180),
                box.figure("lat", 90))  # fmt: skip


class _Box:
    """A JSON object read field by field; the first that does not fit is named."""

    def __init__(self, raw: Any) -> None:
        if not isinstance(raw, dict):
            raise Invalid("field.malformed", field="entry")
        self.raw = raw

    def get(self, name: str) -> Any:
        return self.raw.get(name)

    def whole(self, name: str) -> int:
        value = self.get(name)
        if type(value) is not int or not 0 < value < 2**63:
            raise Invalid("field.malformed", field=name)
        return value

    def text(self, name: str, longest: int) -> str:
        value = self.get(name)
        if value is None:
            return ""
        if not isinstance(value, str) or "\x00" in value:
            raise Invalid("field.malformed", field=name)
        return value.strip()[:longest]

    def figure(self, name: str, most: float) -> float | None:
        value = self.get(name)
        if value is None:
            return None
        if type(value) not in {int, float} or not -most <= value <= most:
            raise Invalid("field.malformed", field=name)
        return float(value)

    def moment(self, name: str) -> datetime:
        try:
            value = datetime.fromisoformat(str(self.get(name)))
        except ValueError:
            raise Invalid("field.malformed", field=name) from None
        if value.tzinfo is None:
            raise Invalid("field.malformed", field=name)
        return value

    def mapping(self, name: str) -> Mapping[str, Any]:
        value = {} if self.get(name) is None else self.get(name)
        if not isinstance(value, dict):
            raise Invalid("field.malformed", field=name)
        return value

    def many(self, name: str, most: int, read: Callable[["_Box"], Part]) -> tuple[Part, ...]:
        rows = [] if self.get(name) is None else self.get(name)
        if not isinstance(rows, list) or len(rows) > most:
            raise Invalid("field.malformed", field=name)
        return tuple(read(_Box(row)) for row in rows)


def differences(seen: Mapping[str, Any], there: Mapping[str, Any]) -> list[list[Any]]:
    """[field, as the device saw it, as it is]: what changed meanwhile. Empty: nothing did."""
    return [[name, seen.get(name), there[name]] for name in there if seen.get(name) != there[name]]


def changed_answers(
    codes: Sequence[str], mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[str, ...]:
    """The items that two inspections of one place answer otherwise."""
    return tuple(code for code in codes if mine.get(code) != theirs.get(code))
