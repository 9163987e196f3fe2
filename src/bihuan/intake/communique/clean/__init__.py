"""From a page as found to the main text: each repair recorded, uncertain ones only proposed."""

from __future__ import annotations

from bihuan.intake.communique.clean.brand import drop_brands
from bihuan.intake.communique.clean.contacts import drop_contacts
from bihuan.intake.communique.clean.lines import drop_furniture
from bihuan.intake.communique.clean.marks import (
    collapse_doubled_marks,
    drop_heading_words,
    drop_invisible,
    drop_markdown,
    drop_pinyin,
    join_cut_lines,
    propose_lost_signs,
    tidy_spaces,
)
from bihuan.intake.communique.clean.paragraphs import break_long_lines
from bihuan.intake.communique.clean.script import to_simplified
from bihuan.intake.communique.clean.slip import mend_slips
from bihuan.intake.communique.tracked import Tracked

__all__ = ["clean"]


def clean(text: Tracked, furniture: frozenset[int] = frozenset()) -> None:
    """Clean `text` in place.

    `furniture` numbers lines already known to belong to the site (from HTML). The order matters:
    byte slips before anything normalises width, pinyin before script, script before word lists.
    """
    _drop_lines(text, furniture)
    drop_invisible(text)
    mend_slips(text)
    drop_pinyin(text)
    to_simplified(text)
    collapse_doubled_marks(text)
    drop_markdown(text)
    tidy_spaces(text)
    join_cut_lines(text)
    drop_brands(text)
    break_long_lines(text)
    drop_heading_words(text)
    drop_furniture(text)
    drop_contacts(text)
    tidy_spaces(text)
    propose_lost_signs(text)


def _drop_lines(text: Tracked, numbers: frozenset[int]) -> None:
    if not numbers:
        return
    edits = []
    here = 0
    for number, line in enumerate(text.text.split("\n")):
        if number in numbers:
            edits.append((here, here + len(line), ""))
        here += len(line) + 1
    text.edit(edits, "dropped.navigation")
