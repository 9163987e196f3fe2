"""Notices outward: who has to be told, whether they were in time, and what is still missing. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bihuan.core.places.types import COUNTY, TOWNSHIP, under


def receiver_of(event_scope: str, scope: str) -> str | None:
    """The node that must know of somebody at `scope`: their county, within the event's own county
    their township; None where they did not leave the event's place.
    """
    if under(scope, event_scope):
        return None
    county = scope[:COUNTY]
    return scope[:TOWNSHIP] if under(event_scope, county) else county


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one notice stands at a moment: owed | late | sent | more | received."""

    state: str
    took: timedelta  # from detection to the notice, or until now while there is none
    breach: bool  # sent after its limit, or missing past it


def standing(
    *, detected_at: datetime, due_at: datetime, sent_at: datetime | None, more: bool,
    acknowledged: bool, at: datetime,
) -> Standing:  # fmt: skip
    """`more`: people are known whom the last notice did not tell of; `acknowledged`: of that notice."""
    took = (sent_at or at) - detected_at
    breach = (sent_at or at) > due_at
    if sent_at is None:
        return Standing("late" if breach else "owed", took, breach)
    said = "received" if acknowledged else "sent"
    return Standing("more" if more else said, took, breach)


@dataclass(frozen=True, slots=True)
class Outward:
    """An event's notices together."""

    nodes: int
    exposed: int
    exported: int
    sent: int
    missing: int  # past the limit without a notice
    late: int  # sent, but after the limit
    median: timedelta | None  # from detection to notice, of those sent


def outward(rows: list[tuple[Standing, int, int]]) -> Outward:
    """From the standing, the exposed and the exported cases of each node."""
    sent = [one for one, _exposed, _cases in rows if one.state not in {"owed", "late"}]
    return Outward(
        nodes=len(rows), exposed=sum(row[1] for row in rows), exported=sum(row[2] for row in rows),
        sent=len(sent), missing=sum(one.state == "late" for one, _e, _c in rows),
        late=sum(one.breach for one in sent),
        median=timedelta(seconds=median(one.took.total_seconds() for one in sent)) if sent else None,
    )  # fmt: skip
