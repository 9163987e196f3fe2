"""When: the publication date of a page and the days of the meeting, with the year or without.

A crawl date (今天是…) dates nothing. A year that nothing in the page gives stays `XXXX`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from bihuan.intake.communique.types import Hint
from bihuan.intake.communique.years import lunar_day, year_of, years_in

_FULL: Final = re.compile(
    r"(?<!\d)(20\d\d|19\d\d)\s?[-年./]\s?(\d{1,2})\s?[-月./]\s?(\d{1,2})(?!\d)"
)
_URL: Final = re.compile(
    r"/(20\d\d)[-/]?(\d{2})[-/]?(\d{2})?/|[t_](20\d\d)(\d{2})(\d{2})_|"
    r"/(20\d\d)-(\d{2})/(\d{2})/"
)
_CRAWL: Final = re.compile(r"今天是|现在是|当前时间|今日是|欢迎")
_LABELLED: Final = re.compile(
    r"发布|时间|日期|来源|稿源|发稿|更新|发表|播稿|编辑|点击|浏览|"
    r"阅读|字号|日报|客户端"
)
_DAY: Final = re.compile(
    r"(?:(?P<year>20\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]?"
    r"(?:\s?(?:至|到|—|-|~|、|和)\s?(?:(?P<month2>\d{1,2})月)?(?P<day2>\d{1,2})[日号])?"
)
_CLIPPED: Final = re.compile(r"^月(?P<day>\d{1,2})[日号]")
_DAY_ONLY: Final = re.compile(
    r"(?:^|[,。(])(?:本月)?(?P<day>\d{1,2})[日号](?=上午|下午|晚|,|"
    r"召开|,)"
)
_EVENT: Final = re.compile(
    r"召开|举行|主持|会议|[例大]会|批示|指示|调研|检查|督[导查]|暗访|"
    r"慰问|调度|部署|出席|强调|会商|座谈"
)
_NOT_THEN: Final = re.compile(r"以来|前(?!,)|起|[讯电]")
_LATER: Final = re.compile(r"召开|举行|主持|批示|调研|督[导查]|暗访")
_WHOLE: Final = re.compile(r"(20\d\d)年(?<!\d\d{4}年)(\d{1,2})月(\d{1,2})[日号]")
_NAMED_YEAR: Final = re.compile(r"(20\d\d)年度?(?!\d{1,2}月)[^。,\d\n]{2,30}会")
_SITTING: Final = 130
_HEADLINES: Final = 200
_LAST_MONTH: Final = 12
_NEWS: Final = timedelta(days=15)  # a paper appears within days of what it reports
_SISTER: Final = timedelta(days=31)


YearFrom = Literal["text", "publication", "context"]


@dataclass(frozen=True, slots=True)
class Published:
    """The publication date and where it stands in the original; `start` is None for a URL or hint."""

    day: date
    start: int | None
    end: int | None


def published(original: str, kept: list[tuple[int, int]], hint: Hint) -> Published | None:
    """The page's publication date: in a labelled line, then in any line outside the article.

    `kept` are the spans of the original that became the main text, where a date is no label.
    """
    best: tuple[int, Published] | None = None
    here = 0
    for line in original.split("\n"):
        written = _FULL.finditer(line) if "20" in line or "19" in line else ()
        for match in written:
            day = _safe(*map(int, match.groups()))
            place = here + match.start()
            if day is None or _CRAWL.search(line[: match.start()]):
                continue
            inside = any(start <= place < end for start, end in kept)
            if inside and len(line) > 40:
                continue
            rank = (2 if _LABELLED.search(line) else 1) - (1 if inside else 0)
            found = Published(day, place, here + match.end())
            if best is None or rank > best[0]:
                best = (rank, found)
        here += len(line) + 1
    if best is not None:
        return best[1]
    if hint.publish_date is not None:
        return Published(hint.publish_date, None, None)
    return _from_url(f"{hint.url} {original[:500]}")


def _from_url(text: str) -> Published | None:
    match = _URL.search(text)
    if match is None:
        return None
    groups = [int(one) for one in match.groups() if one]
    day = _safe(*[*groups, 1][:3]) if len(groups) >= 2 else None
    return Published(day, None, None) if day else None


@dataclass(frozen=True, slots=True)
class Sitting:
    """One day of a meeting, `XXXX-MM-DD` when the year is open, and its place in the clean text."""

    day: str
    start: int
    end: int
    year_from: YearFrom


@dataclass(frozen=True, slots=True)
class _Known:
    """What may tell the year of a day in the text."""

    text: str
    release: date | None
    hint: Hint
    spoken: frozenset[int]
    dated: dict[tuple[int, int], frozenset[int]]  # the years written with each day of the text


def sittings(text: str, start: int, release: date | None, hint: Hint) -> list[Sitting]:
    """The days in the openings of the paragraphs that report a meeting; `text` is half width.

    The first body paragraph always counts; a later one only when it opens with a date.
    """
    known = _Known(text, release, hint, years_in(text), _dated(text))
    out: dict[str, Sitting] = {}
    here = 0
    first = True
    for line in text.split("\n"):
        if here >= start and line and (first or _LATER.search(line.split("。")[0])):
            limit = _SITTING if first else 12
            for one in _in_opening(line, here, limit, known):
                out.setdefault(one.day[-5:], one)
            first = False
        here += len(line) + 1
    return list(out.values())


def _in_opening(line: str, offset: int, limit: int, known: _Known) -> list[Sitting]:
    sentence = line.split("。", maxsplit=1)[0]
    if not _EVENT.search(sentence):
        return []
    clipped = _CLIPPED.match(line)
    if clipped and known.release is not None:
        return [_of_month(known.release, clipped, offset)]
    for match in _DAY.finditer(sentence[:limit]):
        if _NOT_THEN.match(sentence[match.end() : match.end() + 2]):
            continue
        return _days(match, offset, known)
    only = _DAY_ONLY.search(sentence[:limit])
    if only and known.release is not None:
        return [_of_month(known.release, only, offset)]
    if known.release is not None and (
        feast := lunar_day(sentence[: limit // 2], known.release.year)
    ):
        day, first, end = feast
        if abs(known.release - day) <= _NEWS:
            return [Sitting(day.isoformat(), offset + first, offset + end, "publication")]
    return []


def _of_month(release: date, match: re.Match[str], offset: int) -> Sitting:
    """A day without its month: the last one before the publication."""
    day = int(match["day"])
    month = release.month if day <= release.day else (release.month - 2) % 12 + 1
    year = release.year - (month > release.month)
    span = offset + match.start("day"), offset + match.end()
    return Sitting(f"{year:04d}-{month:02d}-{day:02d}", *span, "publication")


def _days(match: re.Match[str], offset: int, known: _Known) -> list[Sitting]:
    year = int(match["year"]) if match["year"] else None
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return []
    span = offset + match.start(), offset + match.end()
    out = [_sitting(year, month, day, span, known)]
    if match["day2"]:
        last = int(match["month2"] or month)
        if 1 <= last <= 12:
            out.append(_sitting(year, last, int(match["day2"]), span, known))
    return out


def _sitting(
    year: int | None, month: int, day: int, span: tuple[int, int], known: _Known
) -> Sitting:
    source: YearFrom = "text"
    if year is None:
        year, source = _resolved(month, day, span[1], known)
    shown = f"{year:04d}" if year else "XXXX"
    return Sitting(f"{shown}-{month:02d}-{day:02d}", *span, source)


def _resolved(month: int, day: int, end: int, known: _Known) -> tuple[int | None, YearFrom]:
    """The year of a day that names none, and what told it; surest first."""
    release = known.release
    if release is not None:
        later = (month, day) > (release.month, release.day) and month - release.month > 1
        return release.year - later, "publication"
    told = known.dated.get((month, day), frozenset())
    if len(told) == 1:
        return next(iter(told)), "text"
    named = _NAMED_YEAR.search(known.text[:_HEADLINES])
    if named and month < _LAST_MONTH:  # in December the name may already be the next year's
        return int(named.group(1)), "context"
    beside = (_beside(sister, month, day) for sister in known.hint.sister_dates)
    if (near := next((one for one in beside if one), None)) is not None:
        return near, "context"
    beside_it = known.text[end : end + 10]
    return year_of(beside_it, month, day, known.spoken, known.hint), "context"


def _dated(text: str) -> dict[tuple[int, int], frozenset[int]]:
    found: dict[tuple[int, int], set[int]] = {}
    for year, month, day in _WHOLE.findall(text):
        found.setdefault((int(month), int(day)), set()).add(int(year))
    return {day: frozenset(years) for day, years in found.items()}


def _beside(sister: date, month: int, day: int) -> int | None:
    """The year that puts a day within a month of a sister meeting, over New Year too."""
    years = (sister.year - 1, sister.year, sister.year + 1)
    days = (found for year in years if (found := _safe(year, month, day)) is not None)
    return next((one.year for one in days if abs(one - sister) <= _SISTER), None)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
