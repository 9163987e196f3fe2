"""Pages whose paragraphs and headlines ran together in one line get their line breaks back."""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.tracked import Edit, Tracked

_LONG: Final = 600
_AFTER_STOP: Final = re.compile(r"(?<=[。！”；;]) (?=\S)")
_DATELINE: Final = re.compile(
    r" (?=(?:20\d\d年)?\d{1,2}月\d{1,2}[日号]|(?:昨|今|近)[日天]|日前|"
    r"[\u4e00-\u9fff]{2,8}(?:讯|消息)[ （(])"
)


def break_long_lines(text: Tracked) -> None:
    """Turn the blanks of a long line that stand for line breaks into line breaks."""
    edits: list[Edit] = []
    here = 0
    for line in text.text.split("\n"):
        if len(line) >= _LONG and " " in line:
            places = {m.start() for m in _AFTER_STOP.finditer(line)}
            for match in _DATELINE.finditer(line):
                places |= _headline_breaks(line, match.start())
            edits += [(here + place, here + place + 1, "\n") for place in sorted(places)]
        here += len(line) + 1
    text.edit(edits, "", recorded=False)


def _headline_breaks(line: str, dateline: int) -> set[int]:
    """The blanks of the headline block that ends where the dateline begins."""
    start = max(line.rfind(stop, 0, dateline) for stop in "。！；") + 1
    block = line[start:dateline]
    if not block.strip() or len(block) > 200 or "," in block or "，" in block:
        return set()
    return {start + m.start() for m in re.finditer(" ", block)} - {start} | {dateline}
