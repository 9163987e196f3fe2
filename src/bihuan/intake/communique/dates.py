"""When: the publication date of a page and the days of the meeting, with the year or without.

A crawl date (今天是…) dates nothing. A year that nothing in the page gives stays `XXXX`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from bihuan.intake.communique.types import Hint

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
_LATER: Final = re.compile(r"召开|举行|主持|批示|调研|督[导查]|暗访")
_SITTING: Final = 130


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
        for match in _FULL.finditer(line):
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
    year_from: str


def sittings(text: str, start: int, release: date | None, hint: Hint) -> list[Sitting]:
    """The days in the openings of the paragraphs that report a meeting; `text` is half width.

    The first body paragraph always counts; a later one only when it opens with a date.
    """
    out: dict[str, Sitting] = {}
    here = 0
    first = True
    for line in text.split("\n"):
        if here >= start and line and (first or _LATER.search(line.split("。")[0])):
            limit = _SITTING if first else 12
            for one in _in_opening(line, here, limit, release, hint):
                out.setdefault(one.day[-5:], one)
            first = False
        here += len(line) + 1
    return list(out.values())


def _in_opening(
    line: str, offset: int, limit: int, release: date | None, hint: Hint
) -> list[Sitting]:
    sentence = line.split("。", maxsplit=1)[0]
    if not _EVENT.search(sentence):
        return []
    clipped = _CLIPPED.match(line)
    if clipped and release is not None:
        day = int(clipped.group("day"))
        month = release.month if day <= release.day else (release.month - 2) % 12 + 1
        return [_sitting(None, month, day, (offset, offset + clipped.end()), release, hint)]
    for match in _DAY.finditer(sentence[:limit]):
        if re.match(r"以来|前(?!,)|起|[讯电]", sentence[match.end() : match.end() + 2]):
            continue
        span = (offset + match.start(), offset + match.end())
        return _days(match, span, release, hint)
    only = _DAY_ONLY.search(sentence[:limit])
    if only and release is not None:
        day = int(only.group("day"))
        month = release.month if day <= release.day else (release.month - 2) % 12 + 1
        return [
            _sitting(
                None, month, day, (offset + only.start("day"), offset + only.end()), release, hint
            )
        ]
    return []


def _days(
    match: re.Match[str], span: tuple[int, int], release: date | None, hint: Hint
) -> list[Sitting]:
    year = int(match.group("year")) if match.group("year") else None
    month, day = int(match.group("month")), int(match.group("day"))
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return []
    out = [_sitting(year, month, day, span, release, hint)]
    if match.group("day2"):
        last = int(match.group("month2") or month)
        if 1 <= last <= 12:
            out.append(_sitting(year, last, int(match.group("day2")), span, release, hint))
    return out


def _sitting(
    year: int | None, month: int, day: int, span: tuple[int, int], release: date | None, hint: Hint
) -> Sitting:
    source = "text"
    if year is None and release is not None:
        year, source = release.year, "publication"
        if (month, day) > (release.month, release.day) and month - release.month > 1:
            year -= 1
    if year is None:
        sisters = [one for one in hint.sister_dates if (one.month, one.day) == (month, day)]
        near = sisters or [one for one in hint.sister_dates if abs(one.month - month) <= 1]
        if near:
            year, source = near[0].year, "context"
    shown = f"{year:04d}" if year else "XXXX"
    return Sitting(f"{shown}-{month:02d}-{day:02d}", *span, source)


def _safe(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
