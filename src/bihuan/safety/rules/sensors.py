"""When a value is an alarm, and who may shut down. Pure."""

from dataclasses import dataclass
from datetime import datetime

DEEDS = ("ask", "shut", "reopen")


def beyond(value: float, *, low: float | None, high: float | None) -> str:
    """high | low | "": a value at the threshold is an alarm."""
    if high is not None and value >= high:
        return "high"
    if low is not None and value <= low:
        return "low"
    return ""


@dataclass(frozen=True, slots=True)
class Latest:
    """What a batch says of one sensor: its newest reading and the first one beyond a threshold."""

    value: float
    at: datetime
    alarm: str = ""
    alarm_value: float = 0.0
    alarm_at: datetime | None = None

    @property
    def calm(self) -> bool:
        """Whether the newest reading is within limits; an earlier one may not have been."""
        return not self.alarm or (self.alarm_at is not None and self.alarm_at < self.at)


def fold(
    known: Latest | None, value: float, at: datetime, *, low: float | None, high: float | None
) -> Latest:
    """Take one more reading of a sensor into account; readings may come in any order."""
    kind = beyond(value, low=low, high=high)
    if known is None:
        return Latest(value, at, kind, value if kind else 0.0, at if kind else None)
    newer = at >= known.at
    first = known.alarm_at
    if kind and (first is None or at > first):  # the latest excess: is it over by now?
        return Latest(
            value if newer else known.value, max(at, known.at), kind,
            max(value, known.alarm_value) if kind == "high" else value, at,
        )  # fmt: skip
    return Latest(
        value if newer else known.value, max(at, known.at), known.alarm, known.alarm_value,
        known.alarm_at,
    )  # fmt: skip


def may_do(deed: str, *, authority: int | None, owner_org: int | None, post: int, org: int) -> bool:
    """Anybody who works there may ask; only the authority shuts and reopens.

    Where no post is named as the authority, it is whoever runs the place.
    """
    if deed == "ask":
        return True
    return post == authority if authority is not None else org == owner_org
