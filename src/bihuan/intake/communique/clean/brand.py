"""Brand strings that search-engine spam wrote over names inside sentences.

Such a string is repeated in grammatically odd places. It is deleted and nothing is put there: what
stood there before is not known.
"""

from __future__ import annotations

import re
from collections import Counter
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
_SINGLE: Final = re.compile(rf"[{HAN}A-Za-z0-9]{{2,10}}(?:{_OFFER})")
_SITE: Final = re.compile(r"(?<![\w@.])(?:www\.)?[a-z0-9-]{2,20}\.(?:com|cn|net|vip|cc|top)(?![\w.])")
_SHORTEST_NAME: Final = 2


def drop_brands(text: Tracked) -> None:
    """Delete doubled brand strings, then single ones that recur behind different words."""
    text.edit(((m.start(), m.end(), "") for m in _DOUBLE.finditer(text.text)), "brand")
    edits = _recurring(text.text)
    text.edit(edits, "brand")


def _recurring(text: str) -> list[Edit]:
    """Strings `name + offer` seen at least three times after three different characters."""
    seen: dict[str, list[tuple[int, int]]] = {}
    for match in _SINGLE.finditer(text):
        start, end = match.span()
        offer = re.search(rf"(?:{_OFFER})$", text[start:end])
        stem = end - len(offer.group()) if offer else end
        for size in range(_SHORTEST_NAME, stem - start + 1):
            seen.setdefault(text[stem - size : end], []).append((stem - size, end))
    best: dict[str, int] = {}
    for name, places in seen.items():
        before = {text[start - 1 : start] for start, _ in places}
        if len(places) >= 3 and len(before) >= 3:
            best[name] = len(places)
    counts = Counter(best)
    edits: list[Edit] = []
    for name, _ in sorted(counts.items(), key=lambda item: -len(item[0])):
        inside = [place for place in seen[name] if _in_sentence(text, *place)]
        edits += [(s, e, "") for s, e in inside if not any(a <= s < b for a, b, _ in edits)]
    edits += [(m.start(), m.end(), "") for m in _SITE.finditer(text) if _in_sentence(text, *m.span())]
    return sorted(edits)


def _in_sentence(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return bool(re.match(rf"[{HAN}]", before or " ") and re.match(rf"[{HAN}]", after or " "))
