"""Several communiqués in one text: a second headline block over a second dateline starts another."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from bihuan.intake.communique.width import narrow

_DATELINE: Final = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}讯[^,。]{0,30})?(?:20\d\d年)?(?:\d{1,2}月\d{1,2}[日号]|"
    r"昨[日天]|今[日天]|近日|日前)"
)
_EVENT: Final = re.compile(r"召开|举行|主持|批示|调研|督[导查]|检查")
_SHORTEST: Final = 120


def parts(text: str) -> list[tuple[int, int]]:
    """Bounds of the communiqués of a cleaned text; one pair when there is only one."""
    lines = narrow(text).split("\n")
    starts: list[int] = []
    here = 0
    head: int | None = None
    seen_body = False
    for line in lines:
        headline = (
            bool(line)
            and "。" not in line
            and len(line) <= 60
            and not re.match(r"[一二三四五六七八九十(\d]", line)
            and line[-1:] not in ":;,"
        )
        if headline:
            head = here if head is None else head
        elif line:
            opens = bool(_DATELINE.match(line) and _EVENT.search(line[:160]))
            if seen_body and head is not None and opens:
                starts.append(head)
            seen_body = True
            head = None
        here += len(line) + 1
    bounds = [0, *starts, len(text) + 1]
    out = [(a, b - 1) for a, b in pairwise(bounds)]
    if any(end - start < _SHORTEST for start, end in out):
        return [(0, len(text))]
    return out
