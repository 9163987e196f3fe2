"""What the rows of known tables must say. A pack that breaks this does not load.

A table that is not named here may hold anything; one that is named may be read without asking.
"""

from typing import Any

from bihuan.core.errors import Invalid
from bihuan.core.packs.types import Mark

_NAMED = ("key", "title", "title_en")
COLUMNS: dict[str, tuple[str, ...]] = {
    "disease": (*_NAMED, "class", "managed_as_a", "route"),
    "event_rule": (*_NAMED, "disease", "unit", "window_days", "min_cases"),
    "criterion": (*_NAMED, "group"),
    "case_class": (*_NAMED, "rank", "any"),
    "exposure": (*_NAMED, "gives"),
    "plan": (*_NAMED, "anchor", "segments"),
    "zone": (*_NAMED, "rank", "units", "measures", "lift_days"),
    "measure": _NAMED,
    "lint": (*_NAMED, "check", "level"),
    "alert": (*_NAMED, "stream", "method", "clock"),
    "severity": (*_NAMED, "rank", "any"),
    "care": (*_NAMED, "when", "to"),
    "question": (*_NAMED, "kind"),
    "event_report": (*_NAMED, "clock", "asks"),
    "report_ask": _NAMED,
    "co_question": (*_NAMED, "side", "fields", "answers"),
    "co_answer": _NAMED,
    "bed_line": (*_NAMED, "bands", "icu"),
    "fever_triage": _NAMED,
    "institution_kind": _NAMED,
    "institution_risk": (*_NAMED, "days"),
    "reserve_skill": (*_NAMED, "valid_days"),
    "cluster_task": (*_NAMED, "hours"),
    "cluster_outcome": _NAMED,
    "site_checklist": (*_NAMED, "for", "wards", "days"),
    "site_check_item": (*_NAMED, "checklist", "flow"),
    "staff_group": (*_NAMED, "days"),
    "site_zone": (*_NAMED, "guests", "modules"),
    "training_module": (*_NAMED, "days"),
    "staff_kind": _NAMED,
    "incident_kind": (*_NAMED, "clock"),
    "care_resource": (
        *_NAMED,
        "group",
        "measure",
        "measure_en",
        "per_bed",
        "per_icu",
        "stock",
        "whole",
        "mark",
    ),
    "strategy": (*_NAMED, "figures"),
    "denominator": (*_NAMED, "measure", "measure_en", "counts", "per", "sectors"),
    "plan_kind": (*_NAMED, "side", "measure"),
    "defence_line": (*_NAMED, "found_in", "contacts"),
    "edition_training": (*_NAMED, "tables", "roles"),
    "period_kind": (*_NAMED, "lead_days", "after_days"),
    "period_measure": (*_NAMED, "kinds", "owner", "level", "offset", "domain", "criterion"),
}
ORDER = ("basis", "max_days", "services", "appeal_hours")
SEGMENT = ("place", "days", "tests")
# What no rule may ask about a person: REQUIREMENTS 3.2, the no-schema list.
FORBIDDEN = (
    "ethnic", "nationality_group", "religion", "political", "native_place", "household_register",
    "hukou", "rumour_author", "face_template", "voice_template", "decliner", "private_message",
    "social_relation", "民族", "宗教", "籍贯", "户籍", "政治面貌",
)  # fmt: skip


def lint_tables(file: str, tables: dict[str, tuple[dict[str, Any], ...]]) -> None:
    """Raise Invalid("pack.…") naming file, table, row and what is missing or may not be."""
    for name, rows in tables.items():
        for row in rows:
            _lint_row(file, name, row)
        keys = [str(row["key"]) for row in rows if "key" in row]
        twins = sorted({key for key in keys if keys.count(key) > 1})
        if name in COLUMNS and twins:
            raise Invalid("pack.key_twice", file=file, keys=twins)


def _lint_row(file: str, table: str, row: dict[str, Any]) -> None:
    missing = [column for column in COLUMNS.get(table, ()) if column not in row]
    if missing:
        raise Invalid("pack.field_missing", file=file, table=table, fields=missing)
    if "mark" in row and row["mark"] not in list(Mark):
        raise Invalid("pack.mark", file=file, mark=row["mark"], allowed=[str(m) for m in Mark])
    asked = forbidden_words(row)
    if asked:
        raise Invalid("pack.forbidden", file=file, table=table, words=asked)
    if table == "measure":
        _lint_measure(file, row)
    if table == "plan":
        _lint_plan(file, row)


def _lint_measure(file: str, row: dict[str, Any]) -> None:
    """A measure that may be ordered has a basis, an end, services and an appeal (M057, E6)."""
    open_ends = [name for name in ORDER if not row.get(name)]
    if open_ends:
        raise Invalid("pack.order_open", file=file, key=row["key"], fields=open_ends)


def _lint_plan(file: str, row: dict[str, Any]) -> None:
    for segment in row["segments"]:
        missing = [name for name in SEGMENT if name not in segment]
        late = [day for day in segment.get("tests", ()) if not 1 <= day <= segment.get("days", 0)]
        if missing or late or segment["days"] < 1:
            raise Invalid("pack.segment", file=file, key=row["key"], fields=missing, tests=late)


def forbidden_words(row: dict[str, Any]) -> list[str]:
    """Words of the no-schema list among the names and criteria of a row."""
    said = " ".join(_strings({k: v for k, v in row.items() if k not in {"note", "source"}}))
    return [word for word in FORBIDDEN if word in said.lower()]


def _strings(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [s for key, inner in value.items() for s in (str(key), *_strings(inner))]
    if isinstance(value, list | tuple):
        return [s for inner in value for s in _strings(inner)]
    return [value] if isinstance(value, str) else []
