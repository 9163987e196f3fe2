"""Traditional and mixed script to simplified, never to traditional first.

OpenCC's t2s works character by character with phrase exceptions; what it gets wrong on pages of
this genre is corrected here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from opencc import OpenCC

from bihuan.intake.communique.tracked import Edit, Tracked

# 著 is a particle (着) unless it stands in one of these words.
_ZHU_KEPT: Final = re.compile("(?<=[显卓昭名原论编专译巨合遗土执撰])著|著(?=[名作称述书录者文])")
_ZHU: Final = re.compile("著")
# 帐 is an account (账) unless it is made of cloth.
_ZHANG: Final = re.compile("(?<![蚊营纱罗军毡])帐(?![篷幕子下房顶])")
# Characters of both scripts that phrase rules may change; any other simplified one stays.
_SHARED: Final = frozenset("乾菸薹捱摺後徵夥於糖麽")
_SINGLE: Final = {
    "锺": "钟",
    "麽": "么",
    "衹": "只",
    "妳": "你",
    "祂": "他",
    "裡": "里",
    "徬": "彷",
    "痺": "痹",
}
_SINGLE_PATTERN: Final = re.compile("[" + "".join(_SINGLE) + "]")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _simplified_characters() -> frozenset[str]:
    """The characters of GB 2312, the set that simplified pages are written in."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return frozenset("".join(code.decode("gb2312", "ignore") for code in codes)) - _SHARED


def to_simplified(text: Tracked) -> None:
    """Convert line by line, so that a phrase rule can never move an offset past its line."""
    edits: list[Edit] = []
    here = 0
    for line in text.text.split("\n"):
        new = _convert(line)
        if new != line:
            edits += _differences(line, new, here)
        here += len(line) + 1
    text.edit(edits, "traditional")


def simplified(text: str) -> str:
    """`text` in simplified script, with the exceptions above."""
    return "\n".join(_convert(line) for line in text.split("\n"))


def _convert(line: str) -> str:
    if line.isascii():
        return line
    new: str = _converter().convert(line)
    if len(new) != len(line):
        new = "".join(_converter().convert(one)[:1] or one for one in line)
    if new == line and "著" not in line:
        return line
    keep = _simplified_characters()
    new = "".join(one if one in keep else two for one, two in zip(line, new, strict=True))
    if "著" in new:
        kept = {m.start() for m in _ZHU_KEPT.finditer(new)}
        new = _ZHU.sub(lambda m: "著" if m.start() in kept else "着", new)
    if "帳" in line:
        new = _ZHANG.sub("账", new)
    return _SINGLE_PATTERN.sub(lambda m: _SINGLE[m.group()], new)


def _differences(old: str, new: str, offset: int) -> list[Edit]:
    """Runs of changed characters of two lines of equal length."""
    edits: list[Edit] = []
    start = -1
    for index, (one, other) in enumerate(zip(old, new, strict=True)):
        if one != other and start < 0:
            start = index
        elif one == other and start >= 0:
            edits.append((offset + start, offset + index, new[start:index]))
            start = -1
    if start >= 0:
        edits.append((offset + start, offset + len(old), new[start:]))
    return edits
