"""Deadlines: verbatim time limits, windows and frequencies, and the rule each stands for."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Final, cast

from bihuan.intake.communique.types import Deadline, DeadlineKind

_N: Final = r"(?:[一二三四五六七八九十两半几]{1,3}|\d{1,3})"
_CLOCK: Final = (
    r"(?:上午|下午|晚上|晚|早上|早|凌晨|中午|夜间)?(?:[一二三四五六七八九十两]{1,3}|"
    r"\d{1,2})(?:时|点|:)(?:半|[一二三四五\d]{1,2}分?)?"
)
_DAY: Final = (
    r"(?:(?:今年|明年|本月|20\d\d年)?\d{1,2}月\d{1,2}[日号]|(?<!\d)\d{1,2}[日号](?=\d|"
    r"前|起|之前|上午|下午|晚)|今[日天晚夜早]|明[日天晚早]|后天|当[日天晚]|"
    r"次日)"
)
_FEAST: Final = (
    r"(?:清明节?|春节|国庆节?|元旦|“?五一”?(?:假期|劳动节)?|“?十一”?假期|"
    r"中秋节?|端午节?|两节|双节|“?七一”?|“?八一”?|除夕|年三十|天亮|节日|节假日|假期|假日|寒假|暑假|暑期|"
    r"汛期|主汛期|"
    r"[\u4e00-\u9fff]{0,2}火险期|防火期|全国两会|两会|春运|高考|中考|"
    r"开学|静默期|静默|封控|强降雨|台风|过渡期|高温|冬春|夏季|冬季|"
    r"采暖季)"
)
# An expression, its kind, and characters of which a match holds at least one.
_PATTERNS: Final = tuple(
    (re.compile(pattern), cast("DeadlineKind", kind), frozenset(holds))
    for pattern, kind, holds in (
        (r"\d{1,2}月\d{1,2}[日号](?:至|到|—|-|~)(?:\d{1,2}月)?\d{1,2}[日号]", "during", "月"),
        (
            (
                rf"每(?:天|日|晚|夜|早|周[一二三四五六日天末]?|星期[一二三四五六日天]?|"
                rf"旬|月|季度|季|年|{_N}个?(?:天|日|周|小时|月|分钟))"
                rf"(?:{_CLOCK})?(?:之?前|[一二两三四\d]次)?"
            ),
            "every",
            "每",
        ),
        (rf"{_DAY}(?:{_CLOCK})?(?:之?前|起)?", "by", "日号今明后当次"),
        (r"\d{1,2}月(?:底|初|末|中旬|上旬|下旬|份)(?:之?前)?", "by", "月"),
        (r"(?:今年|明年)?(?:第?[一二三四]季度)(?:末|底)?(?:之?前)?(?:及全年)?", "by", "季"),
        (
            (
                r"(?:今年|明年)?年[底末内](?:之?前)?|(?:本)?月底(?:之?前)?|本周(?:内|"
                r"末)|周末前|(?:上|下)半年|今年内"
            ),
            "by",
            "年底周",
        ),
        (rf"(?:会后)?{_N}个?(?:小时|分钟|工作日|日|天|周|月|年|星期)(?:之?内)", "within", "内"),
        (rf"{_N}个工作日", "within", "个"),
        (rf"(?<=连续){_N}(?:天|日|周|个月|小时)", "during", "天日周月时"),
        (
            (
                r"(?:24|二十四)小时(?=专人|有人|值班|值守|不间断|轮|开放|待命|"
                r"巡|在岗|双岗|响应|在线|运转|监测)"
            ),
            "every",
            "时",
        ),
        (
            (
                rf"(?<=提前){_N}(?:天|日|小时)(?!向|报备)|{_N}小时(?=一换|一轮|"
                rf"轮换)|(?<=[,、]){_N}天(?=有|见)"
            ),
            "within",
            "天日时",
        ),
        (rf"{_FEAST}(?:期间|前后|之前|前(?!提)|期内)", "during", "期前"),
        (r"节[前后]|汛前|雨前|今冬明春|今冬|明春|当前汛期", "during", "节汛雨冬春"),
        (rf"{_CLOCK}(?:之?前)", "by", "前"),
        (r"(?:假期|假日)(?=[^,。]{0,10}(?:不|离|疫情|值))|晴好天气", "during", "假晴"),
        (r"即日起|即刻起|从即日|今日起|从现在起", "from", "即起"),
        (r"定期|不定期", "every", "定"),
    )
)
_THRESHOLD: Final = re.compile(r"^(?:出现|发生|报告)[^,]{0,20}的|^核酸|^抗原|^以上|^阴性")
_TRIGGER: Final = re.compile(
    "[日月周天时年季节期内前起晚夜早底]|定期|晴好|“?五一|今冬|明春|清明|国庆|元旦|静默"
)
_SPAN: Final = re.compile(rf"({_N})个?(小时|分钟|工作日|星期|日|天|周|月|年)")
_EACH_FEW: Final = re.compile(rf"每({_N})个?(天|日|周|小时|月|分钟)")
_EACH: Final = re.compile(r"每(天|日|晚|夜|早|周|星期|旬|月|季|年)([一二三四五六日天])?")
_HOUR: Final = re.compile(rf"(上午|下午|晚上?|早上?|凌晨|中午|夜间)?({_N})(?:时|点)(半)?")
_ONE_DAY: Final = re.compile(r"(\d{1,2})月(\d{1,2})[日号](?![至到—~-])")
_LAST_DAY: Final = re.compile(r"[至到—~-](?:(\d{1,2})月)?(\d{1,2})[日号]")
_MONTH: Final = re.compile(r"(\d{1,2})月")
_MONTH_END: Final = re.compile(r"(\d{1,2})月(底|末)")
_QUARTER: Final = re.compile(r"([一二三四])季度")
_TODAY: Final = re.compile(r"今[日天晚夜]|当[日天晚]")
_DIGITS: Final = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "十": 10,
    "半": 0.5,
    "几": 0,
}
_HOURS: Final = {
    "分钟": 1 / 60,
    "小时": 1.0,
    "工作日": 24.0,
    "日": 24.0,
    "天": 24.0,
    "周": 168.0,
    "星期": 168.0,
    "月": 720.0,
    "年": 8760.0,
}
_PERIODS: Final = {
    "天": "P1D",
    "日": "P1D",
    "晚": "P1D",
    "夜": "P1D",
    "早": "P1D",
    "周": "P1W",
    "星期": "P1W",
    "旬": "P10D",
    "月": "P1M",
    "季": "P3M",
    "年": "P1Y",
}
_WEEKDAYS: Final = dict(
    zip("一二三四五六日天", ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN", "SUN"], strict=True)
)


def limits_in(text: str, offset: int, anchor: str | None) -> tuple[Deadline, ...]:
    """The time limits of a demand in their order; `anchor` is the meeting's ISO date, if known."""
    if not _TRIGGER.search(text):
        return ()
    taken: list[tuple[int, int, DeadlineKind]] = []
    characters = frozenset(text)
    for pattern, kind, holds in _PATTERNS:
        if characters.isdisjoint(holds):
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if any(start < e and s < end for s, e, _ in taken):
                continue
            if _THRESHOLD.match(text[end : end + 24]):
                continue
            taken.append((start, end, "from" if match.group().endswith("起") else kind))
    return tuple(
        _rule(text[start:end], start + offset, kind, anchor) for start, end, kind in sorted(taken)
    )


def number(text: str) -> float | None:
    """The value of a small Arabic or Chinese number; None when it is neither."""
    if text.isdigit():
        return float(text)
    if not text or any(one not in _DIGITS for one in text):
        return None
    if "十" in text:
        tens, _, ones = text.partition("十")
        return float((_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0))
    return float(_DIGITS[text]) if len(text) == 1 else None


def _rule(text: str, start: int, kind: DeadlineKind, anchor: str | None) -> Deadline:
    end = start + len(text)
    if kind == "within":
        found = _SPAN.search(text)
        value = number(found.group(1)) if found else None
        hours = value * _HOURS[found.group(2)] if found and value is not None else None
        return Deadline(text, start, end, kind, hours=hours)
    if kind == "every":
        return Deadline(text, start, end, kind, every=_period(text))
    return Deadline(text, start, end, kind, due=_due(text, anchor))


def _period(text: str) -> str | None:
    found = _EACH_FEW.match(text)
    if found:
        value = number(found.group(1)) or 1
        unit = {"小时": "H", "分钟": "M"}.get(found.group(2))
        size = int(value) if value >= 1 else 1
        return (
            f"PT{size}{unit}"
            if unit
            else f"P{size}{ {'天': 'D', '日': 'D', '周': 'W', '月': 'M'}[found.group(2)] }"
        )
    named = _EACH.match(text)
    if not named:
        return None
    rule = _PERIODS[named.group(1)]
    if named.group(2):
        rule += f" {_WEEKDAYS[named.group(2)]}"
    clock = _clock(text)
    return f"{rule} {clock}" if clock else rule


def _clock(text: str) -> str | None:
    found = _HOUR.search(text)
    value = number(found.group(2)) if found else None
    if found is None or value is None or value > 24:
        return None
    hour = int(value)
    if (found.group(1) or "")[:1] in ("下", "晚") or (
        hour < 12 and text.startswith(("每晚", "今晚", "当晚"))
    ):
        hour += 12 if hour < 12 else 0
    return f"{hour:02d}:{'30' if found.group(3) else '00'}"


def _due(text: str, anchor: str | None) -> str | None:
    year, month = (anchor or "XXXX-00-00").split("-")[:2]
    day = _ONE_DAY.search(text)
    clock = _clock(text)
    tail = f"T{clock}" if clock else ""
    if day:
        return f"{_year(year, month, int(day.group(1)))}-{int(day.group(1)):02d}-{int(day.group(2)):02d}{tail}"
    span = _LAST_DAY.search(text)
    if span:
        first = _MONTH.match(text)
        last = int(span.group(1) or (first.group(1) if first else 0))
        return f"{_year(year, month, last)}-{last:02d}-{int(span.group(2)):02d}"
    if (whole := _MONTH_END.search(text)) and 1 <= int(whole.group(1)) <= 12:
        number_ = int(whole.group(1))
        years = _year(year, month, number_)
        days = monthrange(int(years), number_)[1] if years.isdigit() else 30
        return f"{years}-{number_:02d}-{days:02d}"
    quarter = _QUARTER.search(text)
    if quarter:
        return f"{year}-{('03-31', '06-30', '09-30', '12-31')['一二三四'.index(quarter.group(1))]}"
    if text.startswith(("今年", "年底", "年末", "年内")):
        return f"{year}-12-31"
    if anchor and _TODAY.match(text):
        return f"{anchor}{tail}"
    return None


def _year(year: str, month: str, due_month: int) -> str:
    """A month long gone by at the meeting belongs to the next year."""
    if year.isdigit() and month.isdigit() and due_month + 6 < int(month):
        return str(int(year) + 1)
    return year
