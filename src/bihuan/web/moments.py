"""Read a moment as people type it: `3-29`, `昨天`, `today 14:00`, `2026-03-29 08:00`."""

import re
from datetime import UTC, date, datetime, time, timedelta

from bihuan.core.clock import TZ, local_date
from bihuan.core.errors import Invalid

_DAYS = {
    "今天": 0, "今日": 0, "today": 0, "昨天": -1, "昨日": -1, "yesterday": -1, "前天": -2,
    "明天": 1, "明日": 1, "tomorrow": 1, "后天": 2,
}  # fmt: skip
_DATE = re.compile(r"(?:(\d{4})[-/年.])?(\d{1,2})[-/月.](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：点时](\d{2})?(?::\d{2})?分?")


def read_moment(text: str, *, at: datetime, last: bool = False) -> datetime:
    """The moment a text means, aware, UTC; a day alone is its start, or its end with `last`.

    A day without a year is the one nearest to `at`. Raises Invalid("moment.unreadable").
    """
    words = text.strip().lower()
    if words[:1].isdigit():
        words = words.replace("t", " ", 1)  # as browsers write it: 2026-03-29T08:00
    day, rest = _day(words, at)
    rest = rest.strip()
    if not rest:
        clock = time(23, 59) if last else time(0, 0)
    else:
        found = _TIME.fullmatch(rest)
        if found is None:
            raise Invalid("moment.unreadable", text=text)
        clock = _clock(found, text)
    return datetime.combine(day, clock, TZ).astimezone(UTC)


def _clock(found: re.Match[str], text: str) -> time:
    try:
        return time(int(found[1]), int(found[2] or 0))
    except ValueError:
        raise Invalid("moment.unreadable", text=text) from None


def _day(words: str, at: datetime) -> tuple[date, str]:
    today = local_date(at)
    for word, step in _DAYS.items():
        if words.startswith(word):
            return today + timedelta(days=step), words[len(word) :]
    found = _DATE.match(words)
    if found is None:
        if _TIME.fullmatch(words.strip()):
            return today, words
        raise Invalid("moment.unreadable", text=words)
    years = [int(found[1])] if found[1] else [today.year - 1, today.year, today.year + 1]
    days = []
    for year in years:
        try:
            days.append(date(year, int(found[2]), int(found[3])))
        except ValueError:
            continue
    if not days:
        raise Invalid("moment.unreadable", text=words)
    return min(days, key=lambda day: abs(day - today)), words[found.end() :]
