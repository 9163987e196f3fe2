"""The three lists as sheets: their columns in both languages. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bihuan.core.evidence.cells import CellFault, Column, columns_of, plain


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
VENUES = Sheet(
    "venues", "场所清单", "Venues",
    (
        Column("name", "场所名称", "Venue"),
        Column("venue_kind", "场所类别", "Venue kind"),
        Column("place_code", "所在地代码", "Place code"),
        Column("venue_sector", "所属行业", "Venue sector"),
        Column("department", "主管部门", "Department"),
        Column("unit", "经营单位", "Operator"),
        Column("person", "个人责任", "Individual duty"),
    ),
)  # fmt: skip
SHEETS = (PROBLEMS, TASKS, RESPONSIBILITIES)


def match_sheet(heads: Sequence[str]) -> tuple[Sheet, dict[str, int]] | None:
    """The list whose headings these are, in either language, and where each column stands."""
    best: tuple[Sheet, dict[str, int]] | None = None
    for sheet in SHEETS:
        places = columns_of(sheet.columns, heads)
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
