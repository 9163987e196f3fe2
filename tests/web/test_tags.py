"""Times, deadlines and states say themselves in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.template import Context, Template
from django.utils import translation

HOUR = timedelta(hours=1)


@dataclass
class Row:
    due_at: datetime
    state: str = "issued"
    closed_at: datetime | None = None


def drawn(text: str, **context: object) -> str:
    with translation.override("zh-hans"):
        return Template("{% load bihuan %}" + text).render(Context(context))


def test_a_moment_is_told_absolutely_and_relatively(at: datetime) -> None:
    html = drawn("{% when moment %}", moment=at - 3 * HOUR, at=at)
    assert 'datetime="2026-03-10T01:00:00+00:00"' in html
    assert "03-10 09:00" in html
    assert "3 小时 0 分前" in html


def test_nothing_is_a_dash(at: datetime) -> None:
    assert drawn("{% when moment %}", moment=None, at=at) == "—"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (lambda at: Row(at + 3 * HOUR), "还剩 3 小时 0 分"),
        (lambda at: Row(at - 50 * HOUR), "已逾期 2 天 2 小时"),
        (lambda at: Row(at - 50 * HOUR, "suspended"), "计时暂停"),
        (lambda at: Row(at - 50 * HOUR, "closed", at - 60 * HOUR), "按期办结"),
        (lambda at: Row(at - 50 * HOUR, "closed", at - 49 * HOUR), "逾期 1 小时 0 分办结"),
    ],
)
def test_a_deadline_says_what_is_left_or_how_late_it_is(row, told: str, at: datetime) -> None:
    assert told in drawn("{% due row %}", row=row(at), at=at)


def test_late_is_never_told_by_colour_alone(at: datetime) -> None:
    html = drawn("{% due row %}", row=Row(at - HOUR), at=at)
    assert "due-late" in html
    assert "#alert-triangle" in html
    assert "已逾期" in html


def test_a_state_says_its_name() -> None:
    assert "待验收" in drawn("{% state 'submitted' %}")


def test_what_people_wrote_is_escaped(at: datetime) -> None:
    html = drawn("{% icon 'bell' words %}{% state name %}", words='"><b>', name="<b>")
    assert "<b>" not in html
