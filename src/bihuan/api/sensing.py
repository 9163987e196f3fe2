"""Sensing over the API: a sentinel's system files its counts, signals are read."""

from datetime import date, datetime
from typing import Any

from ninja import Field, Router, Schema, Status

from bihuan.api.access import READ, WRITE, ApiRequest
from bihuan.core.errors import NotAllowed
from bihuan.core.places.types import COUNTY
from bihuan.sensing.selectors.signals import signal_rows
from bihuan.sensing.services.sentinels import report_counts
from bihuan.sensing.services.signals import detect
from bihuan.sensing.types import Count

router = Router(tags=["sensing"])

MOST = 2**63 - 1  # what a number of a row can be


class CountIn(Schema):
    """One count of one day of one sentinel; zero is a report."""

    sentinel_id: int = Field(ge=1, le=MOST)
    stream: str = Field(max_length=24)
    day: date
    n: int = Field(ge=0, le=1_000_000)


class CountsOut(Schema):
    """How many counts were new, and how many signals rose from them."""

    filed: int
    signals: int


class SignalOut(Schema):
    """A signal and where it stands."""

    id: int
    title: str
    place: str
    day: date
    observed: int
    expected: float
    bound: float
    raised_at: datetime
    due_at: datetime
    verdict: str
    overdue: bool


class SignalPageOut(Schema):
    """One page, newest first within it the open ones."""

    rows: list[SignalOut]
    after: str


@router.post("/sensing/counts", auth=WRITE, response={201: CountsOut}, operation_id="report_counts")
def file_counts(request: ApiRequest, given: list[CountIn]) -> Any:
    """File counts of sentinels the caller reports for; detection runs at once."""
    counts = [Count(c.sentinel_id, c.stream, c.day, c.n) for c in given]
    filed = report_counts(counts=counts, by=request.actor, at=request.at)
    raised = detect(at=request.at, scope=request.actor.scope[:COUNTY]) if filed else 0
    return Status(201, {"filed": filed, "signals": raised})


@router.get("/sensing/signals", auth=READ, response=SignalPageOut, operation_id="list_signals")
def list_signals(request: ApiRequest, after: str = "") -> Any:
    """Signals of the caller's place."""
    if not request.actor.has("sensing.read"):
        raise NotAllowed("not_allowed", duty="sensing.read")
    rows, more = signal_rows(by=request.actor, at=request.at, after=after)
    return {"rows": rows, "after": more}
