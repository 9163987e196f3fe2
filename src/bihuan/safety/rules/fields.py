"""A kind's own fields, declared as a flat JSON Schema: one reading for forms, tables and API. Pure.

Beside the words of JSON Schema a property may carry `title_en`, `unit`, `unit_en` and `enum_en`.
A unit that is written the same everywhere (㎡, km/h) needs no English; a Chinese one without it is
not shown in English.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError

from bihuan.core.evidence.cells import CellFault, plain, read_date, read_figure

TYPES = ("string", "integer", "number", "boolean")
YES = frozenset({"是", "有", "yes", "true", "1", "y"})
NO = frozenset({"否", "无", "no", "false", "0", "n"})
MOST_FIELDS = 40
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_FORMATS = FormatChecker(formats=("date",))


@dataclass(frozen=True, slots=True)
class Field:
    """One own field as forms, lists and import templates show it."""

    key: str
    title: str
    title_en: str
    type: str  # string | integer | number | boolean | date
    required: bool
    unit: str = ""
    unit_en: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # value, English
    least: float | None = None
    most: float | None = None

    def words(self, language: str) -> str:
        """The title in a language, with its unit of measure."""
        english = language.startswith("en")
        told, unit = (self.title_en, self.unit_en) if english else (self.title, self.unit)
        return f"{told} ({unit})" if unit else told


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one value."""

    key: str
    code: str
    facts: Mapping[str, object]


def schema_fault(schema: Any) -> str | None:
    """Why a schema cannot be used; None when it can. Flat, of plain types, each with a title."""
    if not isinstance(schema, dict) or schema.get("type") != "object":
        return "kind.not_object"
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        return "kind.not_schema"
    properties = schema.get("properties", {})
    if len(properties) > MOST_FIELDS:
        return "kind.too_many_fields"
    for name, told in properties.items():
        plain_type = isinstance(told, dict) and told.get("type") in TYPES
        if not plain_type or not name.isidentifier() or not told.get("title"):
            return "kind.field"
        if set(told) & {"$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "not", "pattern"}:
            return "kind.field"  # a pattern from outside may run for ever
    if not set(schema.get("required", ())) <= set(properties):
        return "kind.required"
    return None


def fields_of(schema: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields in the order of the schema."""
    must = set(schema.get("required", ()))
    found = []
    properties = schema.get("properties", {})
    for key in schema.get("order") or properties:
        told = properties[key]
        values = [str(value) for value in told.get("enum", ())]
        english = [str(value) for value in told.get("enum_en", values)]
        unit = told.get("unit", "")
        unit_en = told.get("unit_en", "" if _CHINESE.search(unit) else unit)
        kind = "date" if told.get("format") == "date" else told["type"]
        found.append(
            Field(
                key, told["title"], told.get("title_en", told["title"]), kind, key in must,
                unit, unit_en, tuple(zip(values, english, strict=False)),
                told.get("minimum"), told.get("maximum"),
            )
        )  # fmt: skip
    return tuple(found)


def faults(schema: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything that the schema does not allow, a field at a time."""
    checker = Draft202012Validator(dict(schema), format_checker=_FORMATS)
    found: dict[str, Fault] = {}
    for error in sorted(checker.iter_errors(dict(values)), key=lambda e: list(map(str, e.path))):
        key = str(error.path[0]) if error.path else ""
        if error.validator == "required":
            for missing in sorted(set(schema.get("required", ())) - set(values)):
                found.setdefault(missing, Fault(missing, "field.required", {}))
            continue
        code = _CODES.get(str(error.validator), "field.wrong")
        facts = {"limit": error.validator_value} if code != "field.wrong" else {}
        found.setdefault(key, Fault(key, code, facts))
    return tuple(found.values())


_CODES = {"minimum": "field.least", "maximum": "field.most", "maxLength": "field.too_long",
          "enum": "field.choice", "additionalProperties": "field.unknown"}  # fmt: skip


def read_cell(field: Field, text: str) -> Any:
    """What a cell or a box means for a field; None when it is empty.

    Raises CellFault with the code.
    """
    said = plain(text)
    if not said:
        return None
    if field.type == "boolean":
        return _yes_or_no(said)
    if field.type == "date":
        return read_date(said).isoformat()
    if field.type == "integer":
        figure = read_figure(said)
        if figure != int(figure):
            raise CellFault("field.whole")
        return int(figure)
    if field.type == "number":
        return read_figure(said)
    english = {words.casefold(): value for value, words in field.choices}
    return english.get(said.casefold(), said)


class OwnCells:
    """The own fields of many rows of cells; a text that came before is not judged again."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.fields = fields_of(schema)
        self._schema = schema
        self._must = sorted(schema.get("required", ()))
        self._known: dict[str, dict[str, tuple[Any, Fault | None]]] = {
            field.key: {} for field in self.fields
        }

    def read(self, cells: Sequence[str]) -> tuple[dict[str, Any], Fault | None]:
        """The filled values of a row, its cells in the order of the fields; or what is wrong."""
        values: dict[str, Any] = {}
        wrong: list[Fault] = []
        for field, text in zip(self.fields, cells, strict=True):
            known = self._known[field.key]
            found = known.get(text)
            if found is None:
                found = self._judge(field, text)
                if len(known) < MOST_KNOWN:
                    known[text] = found
            value, fault = found
            if fault is not None:
                wrong.append(fault)
            elif value is not None:
                values[field.key] = value
        there = {*values, *(fault.key for fault in wrong)}
        lacking = [key for key in self._must if key not in there]
        unread = next((fault for fault in wrong if fault.code in _UNREAD), None)
        if unread is not None:
            return {}, unread
        if lacking:
            return {}, Fault(lacking[0], "field.required", {})
        if wrong:
            return {}, min(wrong, key=lambda one: one.key)
        return values, None

    def _judge(self, field: Field, text: str) -> tuple[Any, Fault | None]:
        try:
            value = read_cell(field, text)
        except CellFault as fault:
            return None, Fault(field.key, str(fault), {})
        if value is None:
            return None, None
        alone = {"type": "object", "properties": {field.key: self._schema["properties"][field.key]}}
        return value, next(iter(faults(alone, {field.key: value})), None)


MOST_KNOWN = 50_000
_UNREAD = frozenset({"table.date", "table.figure", "field.whole", "field.yes_or_no"})


def _yes_or_no(said: str) -> bool:
    word = said.casefold()
    if word in YES:
        return True
    if word in NO:
        return False
    raise CellFault("field.yes_or_no")


def write_cell(field: Field, value: Any, language: str) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return ""
    english = language.startswith("en")
    if field.type == "boolean":
        return ("Yes" if value else "No") if english else ("是" if value else "否")
    if field.type == "date":
        return date.fromisoformat(str(value)).isoformat()
    if field.type in {"integer", "number"}:
        return f"{float(value):.10g}"
    return dict(field.choices).get(str(value), str(value)) if english else str(value)
