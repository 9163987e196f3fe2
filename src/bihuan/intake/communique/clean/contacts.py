"""Private reaches: telephone, QQ, e-mail, address. Deleted and counted, never kept.

Names of officials in their public act stay: who said what in office is the point of the record.
"""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.tracked import Tracked

_LABEL: Final = r"(?:(?:联系)?电话|手机|热线|传真|微信号?|QQ群?号?|邮箱|邮编|E-?mail|Tel)"
_PATTERNS: Final = (
    re.compile(r"(?<![\w.])[\w.+-]{2,40}@[\w-]{2,40}(?:\.[a-z]{2,8}){1,3}", re.ASCII),
    re.compile(r"QQ(?:群|号)?[:：]?\s?\d{5,12}(?!\d)"),
    re.compile(rf"(?:{_LABEL}[:：]?\s?)?(?<!\d)1[3-9]\d-?\d{{4}}-?\d{{4}}(?!\d)"),
    re.compile(rf"(?:{_LABEL}[:：]?\s?)?(?<!\d)[(（]?0\d{{2,3}}[)）]?[- ]?[2-8]\d{{6,7}}(?!\d)"),
    re.compile(r"(?<!\d)400-?\d{3}-?\d{4}(?!\d)"),
    re.compile(r"微信号?[:：]\s?[A-Za-z][\w-]{5,19}", re.ASCII),
    re.compile(
        r"(?:住址|家住|联系地址|协会地址|公司地址|通讯地址|通信地址)[:：]?[^,，。;；\n]{4,40}"
    ),
    re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\d)"),
)


def contact_spans(text: str) -> list[tuple[int, int]]:
    """Where reaches stand in `text`, sorted and disjoint."""
    found = sorted(m.span() for pattern in _PATTERNS for m in pattern.finditer(text))
    spans: list[tuple[int, int]] = []
    for start, end in found:
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def masked(text: str) -> tuple[str, int]:
    """`text` of the same length with every reach blotted out, and how many there were."""
    spans = contact_spans(text)
    pieces: list[str] = []
    here = 0
    for start, end in spans:
        pieces += (text[here:start], "█" * (end - start))
        here = end
    pieces.append(text[here:])
    return "".join(pieces), len(spans)


def drop_contacts(text: Tracked) -> None:
    """Delete what `masked` blotted out."""
    text.edit(((m.start(), m.end(), "") for m in re.finditer("█+", text.text)), "dropped.contact")
