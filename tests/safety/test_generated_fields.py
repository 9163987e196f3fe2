"""Whatever fields a kind declares, form, table, check and list agree on every value."""

import json
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from bihuan.core.evidence.cells import CellFault, columns_of
from bihuan.safety.rules.fields import (
    OwnCells,
    faults,
    fields_of,
    read_cell,
    schema_fault,
    write_cell,
)
from bihuan.safety.rules.sheet import OWN, columns_for
from bihuan.web.safety.forms import OwnField

titles = st.text("甲乙丙丁戊己abc", min_size=1, max_size=8)
words = st.text("东西南北xyz-", min_size=1, max_size=6).filter(lambda said: said == said.strip())


@st.composite
def columns(draw):
    """One property of a schema, of every kind that a kind may declare."""
    told = {"title": draw(titles), "title_en": draw(titles)}
    kind = draw(st.sampled_from(("string", "enum", "date", "integer", "number", "boolean")))
    if kind == "enum":
        values = draw(st.lists(words, min_size=1, max_size=4, unique_by=str.casefold))
        return told | {"type": "string", "enum": values}
    if kind == "date":
        return told | {"type": "string", "format": "date"}
    if kind in {"integer", "number"}:
        low = draw(st.integers(-1000, 1000))
        return told | {"type": kind, "minimum": low, "maximum": low + draw(st.integers(0, 1000))}
    return told | {"type": kind}


@st.composite
def schemas(draw):
    names = draw(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=6, unique=True))
    properties = {name: draw(columns()) for name in names}
    must = draw(st.lists(st.sampled_from(names), unique=True))
    return {"type": "object", "required": must, "properties": properties, "order": names}


def fitting(told):
    """Values that a property allows."""
    if "enum" in told:
        return st.sampled_from(told["enum"])
    if told.get("format") == "date":
        return st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(date.isoformat)
    if told["type"] in {"integer", "number"}:
        return st.integers(told["minimum"], told["maximum"])
    return st.booleans() if told["type"] == "boolean" else words


@settings(max_examples=80, deadline=None)
@given(schemas(), st.data())
def test_a_fitting_value_passes_the_check_and_comes_back_from_its_cell(schema, data):
    assert schema_fault(json.loads(json.dumps(schema))) is None
    own = {field.key: field for field in fields_of(schema)}
    assert list(own) == schema["order"]
    values = {key: data.draw(fitting(told)) for key, told in schema["properties"].items()}
    assert faults(schema, values) == ()
    for key, value in values.items():
        for language in ("zh", "en"):
            assert read_cell(own[key], write_cell(own[key], value, language)) == value
        assert OwnField(own[key]).clean(OwnField(own[key]).prepare_value(value)) == value


@settings(max_examples=80, deadline=None)
@given(schemas(), st.text(max_size=20))
def test_any_text_in_any_cell_is_a_value_or_a_named_fault(schema, text):
    for field in fields_of(schema):
        try:
            value = read_cell(field, text)
        except CellFault as fault:
            code = str(fault)
        else:
            code = ""
        if code:
            assert code.startswith(("field.", "table."))
            continue
        told = {} if value is None else {field.key: value}
        for fault in faults(schema, told):
            assert fault.code.startswith("field.")
            assert fault.key in schema["properties"]


@settings(max_examples=60, deadline=None)
@given(schemas())
def test_a_template_has_a_column_for_each_field_and_finds_it_again(schema):
    made = columns_for(schema)
    keys = {column.key for column in made}
    assert {f"{OWN}{name}" for name in schema["properties"]} <= keys
    heads = [column.title("zh") for column in made]
    if len({head.casefold() for head in heads}) == len(heads):
        found = columns_of(made, heads)
        assert found.keys() <= keys


@settings(max_examples=60, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ("type", "properties", "required", "title", "enum", "a", "$ref", "pattern")), inner,
        max_size=4), max_leaves=8,
))  # fmt: skip
def test_anything_else_is_refused_as_a_schema_and_breaks_nothing(thing):
    assert schema_fault(thing) is None or schema_fault(thing).startswith("kind.")


@given(schemas(), st.data())
@settings(max_examples=60)
def test_rows_of_cells_are_judged_as_their_values_are_one_by_one(schema, data):
    cells = OwnCells(schema)
    for _ in range(3):
        row = [
            data.draw(
                st.one_of(st.just(""), fitting(told).map(str), st.sampled_from(("9999", "x")))
            )
            for told in (schema["properties"][name] for name in schema["order"])
        ]
        values, fault = cells.read(row)
        if fault is None:
            assert faults(schema, values) == ()
            assert {k: v for k, v in _read(schema, row).items() if v is not None} == values
        else:
            try:
                wrong = [one.key for one in faults(schema, _filled(_read(schema, row)))]
            except CellFault as unread:
                wrong = [fault.key] if str(unread) == fault.code else []
            assert fault.key in wrong


def _read(schema, row):
    fields = fields_of(schema)
    return {f.key: read_cell(f, text) for f, text in zip(fields, row, strict=True)}


def _filled(values):
    return {key: value for key, value in values.items() if value is not None}


def test_a_unit_is_told_in_english_where_it_has_one_or_is_the_same_everywhere():
    told = {
        "people": {"unit": "人"},
        "area": {"unit": "㎡"},
        "length": {"unit": "米", "unit_en": "m"},
    }
    properties = {key: {"type": "number", "title": "量", "title_en": "Amount"} | unit
                  for key, unit in told.items()}  # fmt: skip
    fields = fields_of({"type": "object", "properties": properties})
    assert [field.words("en") for field in fields] == ["Amount", "Amount (㎡)", "Amount (m)"]
    assert [field.words("zh") for field in fields] == ["量 (人)", "量 (㎡)", "量 (米)"]
