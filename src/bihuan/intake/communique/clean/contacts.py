"""Private reaches: telephone, QQ, e-mail, address. Deleted and counted, never kept.

Names of officials in their public act stay: who said what in office is the point of the record.
"""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.tracked import Tracked
from bihuan.intake.communique.width import narrow

_BLOT: Final = re.compile("██*")
_GAP: Final = r"[- ]?"
_ABROAD: Final = rf"(?:(?:\+|00)86{_GAP})"
_LOCAL: Final = rf"[2-8]\d{{2,3}}{_GAP}\d{{4}}"
_MORE: Final = r"(?:转|-)\d{1,5}(?!\d)"
_LABEL: Final = (
    r"(?:电 ?话|手 ?机|座 ?机|总机|热线|传 ?真|联系方式|(?<![A-Za-z])(?i:tel|phone|fax|mobile))"
    r"(?:号码?)?[:为是.]? ?"
)
_NUMBER: Final = (
    rf"(?<!\d){_ABROAD}?(?:1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}|"
    rf"(?:\(?0?\d{{2,3}}\)?{_GAP})?{_LOCAL}(?:{_MORE})?)(?!\d)"
)
# What no match can be without, quick to look for in a page that has none of it, and the expression.
_LONG_NUMBER: Final = r"\d\d\d[- ]?\d{4}"
_KINDS: Final = tuple(
    (re.compile(trace), re.compile(pattern, flags))
    for trace, pattern, flags in (
        # a number said to be one, and those listed after it; 110, 12345 and their like are too short
        (_LONG_NUMBER, rf"{_LABEL}{_NUMBER}(?:[、,/或和 ] ?{_NUMBER}){{0,9}}", 0),
        (_LONG_NUMBER, rf"(?<!\d){_ABROAD}?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)", 0),
        (
            _LONG_NUMBER,
            (
                rf"(?<![\d.])(?:{_ABROAD}\(?\d{{2,3}}\)?|86-\d{{2,3}}|\(?0\d{{2,3}}\)?){_GAP}{_LOCAL}"
                rf"(?:{_MORE})?(?!\d)"
            ),
            0,
        ),
        (
            _LONG_NUMBER,
            rf"(?<![\d.])[48]00{_GAP}(?:\d{{3}}{_GAP}\d{{4}}|\d{{4}}{_GAP}\d{{3}})(?!\d)",
            0,
        ),
        (
            r"[一幺][三四五六七八九][零〇幺一二三四五六七八九]",
            (
                r"(?<![零〇幺一二三四五六七八九])[一幺][三四五六七八九][零〇幺一二三四五六七八九]{9}"
                r"(?![零〇幺一二三四五六七八九])"
            ),
            0,
        ),
        (r"\d\d{4}", r"(?:(?i:Q ?Q)|扣扣|加 ?[Qq])(?:群号?|号码?)?[:为是]? ?\d{5,12}(?!\d)", 0),
        (
            r"[VvWw微钉飞]",
            (
                r"(?:微信|[Vv]信|(?<![A-Za-z])(?i:vx|wechat)|钉钉|飞信)(?:号码?|(?i:id))?[:为是]? ?"
                r"[A-Za-z0-9][\w-]{4,19}"
            ),
            re.ASCII,
        ),
        ("微博", r"微博[:为]? ?@[\w-]{2,20}", 0),
        (
            r"[@(\[](?:(?<=@)|(?i:at))",
            (
                r"(?<![\w.])[\w.+-]{1,40} ?(?:@|\((?i:at)\)|\[(?i:at)\]) ?[\w-]{2,40}"
                r"(?:\.[A-Za-z]{2,8}){1,3}"
            ),
            re.ASCII,
        ),
        (
            "#",
            r"(?<![\w.])[\w.+-]{2,40}#(?:163|126|139|189|qq|sina|sohu|gmail|outlook|hotmail|foxmail)\.com",
            re.ASCII,
        ),
        (r"\d\d{16}", r"(?<!\d)\d{6}(?:19|20)\d{2}[01]\d[0-3]\d{4}[\dXx](?!\d)", 0),
        ("护照", r"护照(?:号码?)?[:为是]? ?[A-Z][A-Z]?\d{7,8}", 0),
        (r"\d\d{11}", r"(?:卡号|账号|帐号)[:为是]? ?\d{12,19}(?!\d)|(?<!\d)62\d{14,17}(?!\d)", 0),
        (
            r"[A-Z]·?[A-Z\d]{5}",
            (
                r"(?:车牌(?:号码?)?[:为是]? ?)?[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]"
                r"[A-Z]·?(?=[A-Z]{0,3}\d)[A-Z\d]{5,6}(?![A-Z\d])"
            ),
            0,
        ),
        ("址:", r"(?:家庭|联系|通讯|通信|单位|公司|协会)?(?:住址|地址):[^,。;\n]{4,40}", 0),
        (
            "家住|现住|住在|住址",
            (
                r"(?:家住|现住|住在|住址)[^,。;\n]{2,30}?(?:\d+号楼?|\d+室|单元|栋|幢|号院)"
                r"(?:[^,。;\n]{0,12}?(?:室|楼|户))?"
            ),
            0,
        ),
    )
)


def contact_spans(text: str) -> list[tuple[int, int]]:
    """Where reaches stand in `text`, sorted and disjoint."""
    plain = narrow(text)  # of the same length: full-width figures hide nothing
    found = sorted(
        match.span()
        for trace, pattern in _KINDS
        if trace.search(plain)
        for match in pattern.finditer(plain)
    )
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
    text.edit(((m.start(), m.end(), "") for m in _BLOT.finditer(text.text)), "dropped.contact")
