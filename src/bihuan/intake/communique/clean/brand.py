"""Brand strings that search-engine spam wrote over names inside sentences.

Such a string is repeated in grammatically odd places. It is deleted and nothing is put there: what
stood there before is not known.
"""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.clean.marks import HAN
from bihuan.intake.communique.tracked import Edit, Tracked

_OFFER: Final = (
    "平台|下载|官网|入口|注册|登录|登陆|网址|网站|在线|客户端|手机版|电脑版|最新版|安卓版|苹果版|"
    "官方版|app|APP|App|娱乐|体育|彩票|棋牌|商城|旗舰店|专卖店|直播|免费|充值|开户|代理|加盟"
)
_DOUBLE: Final = re.compile(
    rf"([{HAN}A-Za-z0-9]{{2,10}}?)(?:{_OFFER})(?:[ ·|-]{{1,2}}\1(?:{_OFFER})){{1,3}}"
)
_OFFERED: Final = re.compile(_OFFER)
_NAME: Final = re.compile(rf"[{HAN}A-Za-z0-9]{{1,10}}$")
_SITE: Final = re.compile(
    r"(?<![\w@.])(?:www\.)?[a-z0-9-]{2,20}\.(?:com|cn|net|vip|cc|top)(?![\w.])"
)
_ENDING: Final = re.compile(r"\.(?:com|cn|net|vip|cc|top)")
_LONGEST_NAME: Final = 10


def drop_brands(text: Tracked) -> None:
    """Delete doubled brand strings, then single ones that recur behind different words."""
    text.edit(_doubled(text.text), "brand")
    text.edit(_recurring(text.text), "brand")


def _doubled(text: str) -> list[Edit]:
    edits: list[Edit] = []
    for offer in _OFFERED.finditer(text):
        start = max(0, offer.start() - _LONGEST_NAME)
        match = _DOUBLE.search(text, start, offer.end() + 60)
        if match and (not edits or match.start() >= edits[-1][1]):
            edits.append((match.start(), match.end(), ""))
    return edits


def _recurring(text: str) -> list[Edit]:
    """Strings `name + offer` seen at least three times after three different characters."""
    seen: dict[str, list[tuple[int, int]]] = {}
    for offer in _OFFERED.finditer(text):
        name = _NAME.search(text, max(0, offer.start() - _LONGEST_NAME), offer.start())
        stem, end = offer.span()
        for size in range(2, len(name.group()) + 1 if name else 0):
            seen.setdefault(text[stem - size : end], []).append((stem - size, end))
    found = [
        name
        for name, places in seen.items()
        if len(places) >= 3 and len({text[start - 1 : start] for start, _ in places}) >= 3
    ]
    edits: list[Edit] = []
    for brand in sorted(found, key=len, reverse=True):
        taken = {place for start, end, _ in edits for place in range(start, end)}
        inside = (place for place in seen[brand] if _in_sentence(text, *place))
        edits += [(start, end, "") for start, end in inside if start not in taken]
    sites = _SITE.finditer(text) if _ENDING.search(text) else ()
    edits += [(m.start(), m.end(), "") for m in sites if _in_sentence(text, *m.span())]
    return sorted(edits)


def _in_sentence(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return bool(re.match(rf"[{HAN}]", before or " ") and re.match(rf"[{HAN}]", after or " "))
