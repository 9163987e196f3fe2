"""Moments as people type them."""

from datetime import UTC, datetime

import pytest

from bihuan.core.errors import Invalid
from bihuan.web.moments import read_moment

NOON = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("3-29", "2026-03-29 00:00"),
        ("3月29日", "2026-03-29 00:00"),
        ("12-30", "2025-12-30 00:00"),  # nearest to March: last year's
        ("昨天", "2026-03-09 00:00"),
        ("今天 14:00", "2026-03-10 14:00"),
        ("today 14:00", "2026-03-10 14:00"),
        ("明天8点", "2026-03-11 08:00"),
        ("14:30", "2026-03-10 14:30"),
        ("2026-03-29 08:00", "2026-03-29 08:00"),
        ("2026-03-29T08:00", "2026-03-29 08:00"),
        ("2026/3/29", "2026-03-29 00:00"),
    ],
)
def test_a_moment_is_read_on_the_wall_clock_of_shanghai(text: str, wall: str) -> None:
    from bihuan.core.clock import local

    assert f"{local(read_moment(text, at=NOON)):%Y-%m-%d %H:%M}" == wall


def test_a_day_alone_is_its_end_where_a_deadline_is_asked() -> None:
    assert read_moment("3-29", at=NOON, last=True) == datetime(2026, 3, 29, 15, 59, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "soon", "2-30", "2026-13-01", "今天 25:00", "3-29 foo"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match=r"moment\.unreadable"):
        read_moment(text, at=NOON)
