"""The three lists as sheets: their columns in both languages, and how a cell is read. Pure.

A cell is read generously (full-width digits, other ways to write a date) and every mend is
reported; what cannot be read is refused with a code, never guessed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a cell that begins so would be run by a spreadsheet


@dataclass(frozen=True, slots=True)
class Column:
    """A column under its name in the code and in both languages."""

    key: str
    zh: str
    en: str

    def title(self, language: str) -> str:
        """The heading in a language."""
        return self.en if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Sheet:
    """One of the three lists."""

    key: str
    zh: str
    en: str
    columns: tuple[Column, ...]

    def title(self, language: str) -> str:
        """The sheet's name in a language."""
        return self.en if language.startswith("en") else self.zh


_ID = Column("number", "编号", "Number")
_DEMAND = (
    Column("title", "标题", "Title"),
    Column("text", "内容", "Text"),
    Column("domain", "领域", "Domain"),
    Column("sector", "行业", "Sector"),
    Column("place", "地方", "Place"),
    Column("owner_post_id", "责任岗位编号", "Owner post no."),
    Column("owner", "责任岗位", "Owner post"),
    Column("state", "状态", "State"),
    Column("due_at", "期限", "Due"),
)

PROBLEMS = Sheet(
    "problems", "问题清单", "Problems",
    (
        _ID, *_DEMAND,
        Column("opened_at", "发现时间", "Found"),
        Column("grade", "等级", "Grade"),
        Column("type_code", "类型", "Type"),
        Column("origin", "来源", "Origin"),
        Column("cause", "原因", "Cause"),
        Column("extent", "范围", "Extent"),
        Column("similar", "同类排查", "Similar places"),
        Column("countermeasure", "对策", "Countermeasure"),
        Column("figure_name", "指标", "Figure"),
        Column("figure_before", "现值", "Before"),
        Column("figure_target", "目标值", "Target"),
        Column("remeasure_on", "复测日期", "Re-measure on"),
        Column("figure_after", "复测值", "After"),
        Column("found_out_at", "查清日期", "Gate 1"),
        Column("verified_at", "整改验收日期", "Gate 2"),
        Column("answered_for_at", "追责日期", "Gate 3"),
        Column("tasks", "任务编号", "Tasks"),
    ),
)  # fmt: skip
TASKS = Sheet(
    "tasks", "任务清单", "Tasks",
    (
        _ID, *_DEMAND,
        Column("criterion", "验收标准", "Criterion"),
        Column("reason", "延期理由", "Reason for extension"),
        Column("problems", "问题编号", "Problems"),
    ),
)  # fmt: skip
RESPONSIBILITIES = Sheet(
    "responsibilities", "责任清单", "Responsibilities",
    (
        _ID,
        Column("subject", "事项编号", "Loop"),
        Column("party", "责任方", "Party"),
        Column("post_id", "岗位编号", "Post no."),
        Column("post", "岗位", "Post"),
        Column("duty", "职责", "Duty"),
        Column("reply", "申辩", "Reply"),
        Column("met", "是否履行", "Met"),
        Column("consequence", "处理", "Consequence"),
        Column("decided_at", "认定日期", "Decided"),
        Column("tasks", "任务编号", "Tasks"),
    ),
)  # fmt: skip
FINDINGS = Sheet(
    "findings", "反馈问题", "Findings",
    (
        Column("number", "序号", "No."),
        Column("text", "问题", "Finding"),
        Column("title", "标题", "Title"),
        Column("domain", "领域", "Domain"),
        Column("type_code", "类型", "Type"),
        Column("owner_post_id", "责任岗位编号", "Owner post no."),
        Column("owner", "责任岗位", "Owner post"),
    ),
)  # fmt: skip
REGISTER = Sheet(
    "register", "名册", "Register",
    (Column("name", "名称", "Name"), Column("address", "地址", "Address")),
)  # fmt: skip
SHEETS = (PROBLEMS, TASKS, RESPONSIBILITIES)


class CellFault(ValueError):
    """A cell that cannot be read; the message is the code."""


def plain(text: str) -> str:
    """One width, no blanks at the ends: how typed text is compared."""
    return unicodedata.normalize("NFKC", text).strip()


def shielded(text: str) -> str:
    """Text that no spreadsheet runs as a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def unshielded(text: str) -> str:
    """The text without the mark that `shielded` put before it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def columns_of(sheet: Sheet, heads: Sequence[str]) -> dict[str, int]:
    """Where each column of a sheet stands, by its heading in either language."""
    seen = {plain(head).casefold(): place for place, head in enumerate(heads) if plain(head)}
    return {
        column.key: seen[plain(name).casefold()]
        for column in sheet.columns
        for name in (column.en, column.zh)
        if plain(name).casefold() in seen
    }


def match_sheet(heads: Sequence[str]) -> tuple[Sheet, dict[str, int]] | None:
    """The list whose headings these are, in either language, and where each column stands."""
    best: tuple[Sheet, dict[str, int]] | None = None
    for sheet in SHEETS:
        places = columns_of(sheet, heads)
        if _is_list(sheet, places) and (best is None or len(places) > len(best[1])):
            best = sheet, places
    return best


def _is_list(sheet: Sheet, places: Mapping[str, int]) -> bool:
    must = {"problems": {"title"}, "tasks": {"title", "criterion"}}
    return must.get(sheet.key, {"subject", "duty"}) <= places.keys()


_NUMBER = re.compile(r"(WT|RW|ZR|CD)-?(\d{4})-?(\d{1,12})")


def read_number(text: str, kinds: str) -> tuple[int, str]:
    """The serial of a number such as WT-2026-000123, and the number as it should be written.

    `kinds` are the prefixes that may stand here. Raises CellFault("table.number").
    """
    found = _NUMBER.fullmatch(plain(text).upper().replace(" ", ""))
    if found is None or found[1] not in kinds.split():
        raise CellFault("table.number")
    return int(found[3]), f"{found[1]}-{found[2]}-{int(found[3]):06d}"


def split_numbers(text: str) -> list[str]:
    """The numbers of a cell that names several."""
    return [part for part in re.split(r"[、,;\s]+", plain(text)) if part]


_DATE = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]+(\d{1,2}):(\d{2})(?::\d{2})?)?"
)


def read_date(text: str) -> date:
    """A day. Raises CellFault("table.date")."""
    return _moment(text).date()


def read_moment(text: str) -> datetime:
    """A moment on the wall clock, without zone; a day alone means its last minute.

    Raises CellFault("table.date").
    """
    return _moment(text)


def _moment(text: str) -> datetime:
    found = _DATE.fullmatch(plain(text))
    if found is None:
        raise CellFault("table.date")
    clock = time(int(found[4]), int(found[5])) if found[4] and int(found[4]) < 24 else time(23, 59)
    try:
        return datetime.combine(date(int(found[1]), int(found[2]), int(found[3])), clock)
    except ValueError:
        raise CellFault("table.date") from None


def read_figure(text: str) -> float:
    """A number, its thousands marked or not. Raises CellFault("table.figure")."""
    try:
        figure = float(plain(text).replace(",", "").replace(" ", ""))
    except ValueError:
        raise CellFault("table.figure") from None
    if not isfinite(figure):
        raise CellFault("table.figure")
    return figure


def write_figure(figure: float | None) -> str:
    """A number as people write it."""
    return "" if figure is None else f"{figure:.10g}"
