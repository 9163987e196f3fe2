"""The one place where the product reads the clock, and how it speaks of local time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TZ = ZoneInfo("Asia/Shanghai")


def read_clock() -> datetime:
    """The present moment, aware, UTC. Only edges (pages, API, jobs, commands) may ask."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """`at` as the clock on the wall shows it."""
    return at.astimezone(TZ)


def local_date(at: datetime) -> date:
    """The calendar day of `at` on the wall."""
    return local(at).date()


def day_start(day: date) -> datetime:
    """The first instant of a local day, aware, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=TZ).astimezone(UTC)


def day_end(day: date) -> datetime:
    """The first instant after a local day, aware, UTC."""
    return day_start(day + timedelta(days=1))
