"""A table read in pieces says what it says as a whole."""

import io

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bihuan.core.errors import Invalid
from bihuan.core.evidence import streams
from bihuan.core.evidence.streams import stream_rows
from bihuan.core.evidence.tables import read_tables


def rows(data, *, size=7):
    def pieces():
        return (data[at : at + size] for at in range(0, len(data), size))

    return [row for _sheet, _number, row in stream_rows(pieces, "a.csv")]


@given(
    st.lists(st.lists(st.text("甲乙a,;\"'\n\r ", max_size=5), min_size=2, max_size=4), max_size=5),
    st.sampled_from(("utf-8", "utf-8-sig", "gb18030", "utf-16")),
    st.integers(1, 9),
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_pieces_of_any_size_give_the_rows_of_the_whole(lines, encoding, size):
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines]
    data = ("名称,代码\n" + "\n".join(quoted)).encode(encoding)
    assert rows(data, size=size) == read_tables(data, "a.csv")["csv"]


def test_a_workbook_is_read_sheet_by_sheet():
    paper = io.BytesIO()
    with xlsxwriter.Workbook(paper, {"in_memory": True}) as book:
        for name in ("甲", "乙"):
            book.add_worksheet(name).write_row(0, 0, [name, 1])
    found = list(stream_rows(lambda: iter([paper.getvalue()]), "a.xlsx"))
    assert found == [("甲", 1, ["甲", "1"]), ("乙", 1, ["乙", "1"])]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b"a,b\n\x00,1\n", "unreadable"), (b"\xff\xff\x81", "unreadable"),
     (b"\xd0\xcf\x11\xe0", "encrypted"), (b"a\n1\n2\n3\n", "too_many_rows"),
     (b"a\n" + b"1" * 40, "too_large")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(data, code, monkeypatch):
    monkeypatch.setattr(streams, "MOST_LINES", 3)
    monkeypatch.setattr(streams, "MOST_STREAMED", 30)
    with pytest.raises(Invalid) as refused:
        rows(data)
    assert refused.value.code == f"table.{code}"
