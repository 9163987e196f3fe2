"""The year that a page leaves out: from a weekday, a festival, or the years it speaks of.

Each sign alone leaves several years; together they often leave one. Only one year counts as an
answer; two or more stay open, since a wrong year is worse than none.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

from bihuan.intake.communique.types import Hint

# Month and day of the first day of the first lunar month, of 端午 and of 中秋, by year.
_FEASTS: Final[dict[int, tuple[str, str, str]]] = {
    2010: ("02-14", "06-16", "09-22"), 2011: ("02-03", "06-06", "09-12"),
    2012: ("01-23", "06-23", "09-30"), 2013: ("02-10", "06-12", "09-19"),
    2014: ("01-31", "06-02", "09-08"), 2015: ("02-19", "06-20", "09-27"),
    2016: ("02-08", "06-09", "09-15"), 2017: ("01-28", "05-30", "10-04"),
    2018: ("02-16", "06-18", "09-24"), 2019: ("02-05", "06-07", "09-13"),
    2020: ("01-25", "06-25", "10-01"), 2021: ("02-12", "06-14", "09-21"),
    2022: ("02-01", "06-03", "09-10"), 2023: ("01-22", "06-22", "09-29"),
    2024: ("02-10", "06-10", "09-17"), 2025: ("01-29", "05-31", "10-06"),
    2026: ("02-17", "06-19", "09-25"), 2027: ("02-06", "06-09", "09-15"),
    2028: ("01-26", "05-28", "10-03"), 2029: ("02-13", "06-16", "09-22"),
    2030: ("02-03", "06-05", "09-12"),
}  # fmt: skip
_WEEKDAY: Final = re.compile(r"^\s?[(（,，]?\s?(?:星期|周|礼拜)([一二三四五六日天])")
_YEAR: Final = re.compile(r"(20[0-4]\d)年(?<!\d\d{4}年)")  # a known start is quick to look for
_NUMBERS: Final = {c: n for n, c in enumerate("一二三四五六七八九十", 1)}
_LUNAR: Final = re.compile(
    r"(?:大年|正月)(?:(?P<eve>三十|二十九)|初(?P<first>[一二三四五六七八九十])|(?P<full>十五))|(?P<night>除夕)|(?P<lamp>元宵节?)"
)
_FEAST_BESIDE: Final = re.compile(
    r"^\s?[(（,，]\s?(?:即|也就是)?(端午|中秋|除夕|元宵|春节|正月初一)"
)
_BACK: Final = 4  # a weekday of one date comes again after five years at the earliest


def years_in(text: str) -> frozenset[int]:
    """The years a text speaks of."""
    return frozenset(int(one) for one in _YEAR.findall(text))


def year_of(beside: str, month: int, day: int, spoken: frozenset[int], hint: Hint) -> int | None:
    """The one year in which a day can have been, by what stands `beside` it; None when it stays open.

    The years the text speaks of bound the search, or the latest day that the uploader knows of.
    """
    weekday = _WEEKDAY.match(beside)
    feast = _FEAST_BESIDE.match(beside)
    if weekday is None and feast is None:
        return None
    found = _feast_years(feast.group(1), month, day) if feast else _window(spoken, hint)
    if weekday is not None:
        wanted = "一二三四五六日".find(weekday.group(1).replace("天", "日"))
        found = {y for y in found if _weekday(y, month, day) == wanted}
    if len(found) > 1 and found & spoken:
        found &= spoken
    return found.pop() if len(found) == 1 else None


def _feast_years(feast: str, month: int, day: int) -> set[int]:
    return {year for year in _FEASTS if _day_of(feast, year) == (month, day)}


def _window(spoken: frozenset[int], hint: Hint) -> set[int]:
    if hint.latest is not None:
        return set(range(hint.latest.year - _BACK, hint.latest.year + 1))
    return {year for year in spoken if year >= max(spoken) - 1}


def _weekday(year: int, month: int, day: int) -> int:
    try:
        return date(year, month, day).weekday()
    except ValueError:
        return -1


def _day_of(feast: str, year: int) -> tuple[int, int]:
    spring, dragon, moon = _FEASTS[year]
    first = date.fromisoformat(f"{year}-{spring}")
    told = {
        "端午": date.fromisoformat(f"{year}-{dragon}"),
        "中秋": date.fromisoformat(f"{year}-{moon}"),
        "除夕": first - timedelta(days=1),
        "元宵": first + timedelta(days=14),
    }.get(feast, first)
    return told.month, told.day


def lunar_day(opening: str, year: int) -> tuple[date, int, int] | None:
    """The day of a 大年初四 in the opening of a paper of a known year, and where it stands."""
    match = _LUNAR.search(opening)
    if match is None or year not in _FEASTS:
        return None
    first = date.fromisoformat(f"{year}-{_FEASTS[year][0]}")
    shift = 14
    if match["eve"] or match["night"]:
        shift = -1
    elif match["first"]:
        shift = _NUMBERS[match["first"]] - 1
    return first + timedelta(days=shift), match.start(), match.end()
