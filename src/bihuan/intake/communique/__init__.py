"""Reads meeting communiqués: bytes or text in, frozen records out. No Django, no network.

from bihuan.intake.communique import read
for record in read(open("page.html", "rb").read(), name="page.html"):
    print(record.title, len(record.directives))
"""

from bihuan.intake.communique.errors import CODES, Unreadable
from bihuan.intake.communique.reading import merged, read
from bihuan.intake.communique.schema import to_json
from bihuan.intake.communique.types import (
    Communique,
    Deadline,
    Directive,
    DocType,
    Domain,
    Fact,
    Hint,
    Level,
    Repair,
)

__all__ = [
    "CODES",
    "Communique",
    "Deadline",
    "Directive",
    "DocType",
    "Domain",
    "Fact",
    "Hint",
    "Level",
    "Repair",
    "Unreadable",
    "merged",
    "read",
    "to_json",
]
