"""A package for R and Python: line list, links and a dictionary of what the columns mean.

Pseudonymous by construction: no column here identifies. Names of columns and codes are English
whatever the reader's language, so that a script works for everybody.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from bihuan.epidemic.selectors.packages import LinkRow, ListCase
from bihuan.web.table import cell

Column = tuple[str, str, str, Callable[[Any], Any]]  # name, kind, meaning, value
CASES: tuple[Column, ...] = (
    ("id", "character", "number of the case", lambda r: r.number),
    ("list_id", "character", "number in the list it was imported from", lambda r: r.label),
    ("class", "factor", "class a person gave last, a key of the edition", lambda r: r.kind),
    ("date_onset", "date", "day of onset, empty: not known", lambda r: r.onset),
    ("date_diagnosis", "date", "local day of the diagnosis", lambda r: r.diagnosed),
    ("date_report", "date", "local day of the report", lambda r: r.reported),
    ("date_isolation", "date", "local day isolation began", lambda r: r.isolated),
    ("date_treatment", "date", "local day treatment began", lambda r: r.treated),
    ("age_band", "factor", "age in years, from-to", lambda r: r.age_band),
    ("place", "character", "code of the place of residence", lambda r: r.place),
    ("found_in", "factor", "how found: clinic screening community isolation closed_loop gate",
     lambda r: r.found_in),
    ("origin", "factor", "local_unknown local_known imported import_linked", lambda r: r.origin),
    ("known_contact", "logical", "was a listed contact before", lambda r: str(r.known).upper()),
    ("findings", "character", "keys of criteria, separated by |", lambda r: "|".join(r.findings)),
)  # fmt: skip
LINKS: tuple[Column, ...] = (
    ("from", "character", "number of the source or of the case contacted", lambda r: r.source),
    ("to", "character", "number of the case, or of the contact", lambda r: r.target),
    ("kind", "factor", "infected: a source; contact: somebody exposed", lambda r: r.kind),
    ("exposure", "factor", "how exposed, a key of the edition", lambda r: r.exposure),
    ("date_first", "date", "first day of exposure", lambda r: r.first),
    ("date_last", "date", "last day of exposure", lambda r: r.last),
)  # fmt: skip
README = """Line list and links of one event, pseudonymous.

R:      cases <- read.csv("linelist.csv", na.strings = "", fileEncoding = "UTF-8")
        links <- read.csv("contacts.csv", na.strings = "", fileEncoding = "UTF-8")
        # epicontacts::make_epicontacts(cases, links, id = "id", from = "from", to = "to")
Python: import polars as pl
        cases = pl.read_csv("linelist.csv", try_parse_dates=True)

dictionary.csv says what each column means.
"""
STAMP = (2020, 1, 1, 0, 0, 0)  # the same rows make the same bytes


def packed(*, cases: Iterable[ListCase], links: Iterable[LinkRow]) -> bytes:
    """The ZIP file."""
    files = {
        "linelist.csv": _csv(CASES, cases), "contacts.csv": _csv(LINKS, links),
        "dictionary.csv": _dictionary(), "README.txt": README,
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, text in files.items():
            box.writestr(zipfile.ZipInfo(name, STAMP), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _csv(columns: tuple[Column, ...], rows: Iterable[Any]) -> str:
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow([name for name, *_rest in columns])
    writer.writerows([cell(value(row)) for *_told, value in columns] for row in rows)
    return paper.getvalue()


def _dictionary() -> str:
    paper = io.StringIO()
    writer = csv.writer(paper, lineterminator="\n")
    writer.writerow(["file", "column", "type", "meaning"])
    for file, columns in (("linelist.csv", CASES), ("contacts.csv", LINKS)):
        writer.writerows([file, name, kind, meaning] for name, kind, meaning, _v in columns)
    return paper.getvalue()
