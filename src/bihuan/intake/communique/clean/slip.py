"""Byte-slip mojibake: GBK text that lost the first byte of a character.

Type A: the byte becomes `?`, the bytes behind it pair up one off until an ASCII byte or the end of
the run, pairs outside the code page vanish. It cannot be inverted, since bytes are gone; so words
of the trade are damaged the same way and the damaged form is looked up. Type B: the pinyin filter
ran over such a place and left `?xì)?`. Both must be mended before anything normalises width.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import islice
from typing import Final

from opencc import OpenCC

from bihuan.intake.communique.clean.marks import HAN, TONED
from bihuan.intake.communique.lexicon import words
from bihuan.intake.communique.tracked import Tracked

_WORDS: Final = words("slip_words")
_RUN_END: Final = re.compile("[\n。，、；：！”（）]")
_DEEPEST: Final = 4
_MOST: Final = 4
_MOST_SLIPS: Final = 60  # a text with more question marks than that is not a slipped one
_LONGEST_RUN: Final = 24
_SLIP_A: Final = re.compile(r"\?(?=[^\s?(),.!:，。、；：”）（！])")
_SLIP_B: Final = re.compile(rf"([{HAN}])\?([a-z{TONED}ü]{{1,7}}) ?[)）]\??")


@cache
def _encoded_words() -> tuple[tuple[str, bytes], ...]:
    traditional = OpenCC("s2t")
    forms: dict[str, None] = {}
    for word in _WORDS:
        forms[word] = None
        forms[traditional.convert(word)] = None
    return tuple((word, word.encode("gbk")) for word in forms)


@lru_cache(maxsize=300)
def _shown_words(pending: bytes) -> tuple[tuple[str, str, bytes], ...]:
    """Each word as it shows behind the unpaired byte `pending`; without one its first byte is lost."""
    out = []
    for word, code in _encoded_words():
        shown, left = slipped(pending + code if pending else code[1:])
        out.append((word, shown, left))
    return tuple(out)


def slipped(data: bytes) -> tuple[str, bytes]:
    """What a page shows for GBK bytes read from the middle of a character, and a last odd byte."""
    out: list[str] = []
    index = 0
    while index < len(data):
        if data[index] < 0x80:
            out.append(chr(data[index]))
            index += 1
            continue
        if index + 1 == len(data):
            return unicodedata.normalize("NFKC", "".join(out)), data[index:]
        out.append(data[index : index + 2].decode("gbk", "ignore"))
        index += 2
    return unicodedata.normalize("NFKC", "".join(out)), b""


def mend_slips(text: Tracked) -> None:
    """Mend what has exactly one reading; propose what has several; mark what has none."""
    if "?" not in text.text:
        return
    _mend_b(text)
    edits, kept = [], []
    for match in islice(_SLIP_A.finditer(text.text), _MOST_SLIPS):
        start = match.start()
        found = _read_run(text.text[start + 1 : start + 1 + _LONGEST_RUN])
        if len(found) == 1:
            end, word = found[0]
            edits.append((start, start + 1 + end, word))
        elif found:
            kept.append((start, start + 1 + found[0][0], found[0][1]))
    for start, end, word in kept:
        text.propose(start, end, word, "slip.a")
    text.edit(edits, "slip.a")


def _mend_b(text: Tracked) -> None:
    edits, kept = [], []
    for match in _SLIP_B.finditer(text.text):
        before = text.text[max(0, match.start() - 12) : match.start(2)]
        if before.count("(") > before.count(")"):
            continue
        first = match.group(1)
        seconds = {word[1] for word, _ in _encoded_words() if len(word) == 2 and word[0] == first}
        whole = (match.start(), match.end(), first + min(seconds, default=""))
        if len(seconds) == 1:
            edits.append(whole)
        elif "氣" in seconds and len(seconds) == 2:
            edits.append((match.start(), match.end(), first + "气"))
        else:
            kept.append(whole)
    for start, end, word in kept:
        text.propose(start, end, word, "slip.b")
    text.edit(edits, "slip.b")


@lru_cache(maxsize=256)
def _read_run(run: str) -> list[tuple[int, str]]:
    """Readings (characters consumed, text) of the run behind a `?`.

    The longest readings only, and of those the ones with the fewest words: 危化品 beats 。 + 化 + 品.
    Works forward over states (characters matched, byte still unpaired), so that the work is bounded
    by the length of the run whatever stands in it.
    """
    pieces = [unicodedata.normalize("NFKC", one) for one in _RUN_END.split(run, maxsplit=1)[0]]
    joined = "".join(pieces)
    states: dict[tuple[int, bytes], list[str]] = {(0, b""): [""]}
    best: tuple[int, int, list[str]] = (0, 0, [])
    for depth in range(_DEEPEST):
        following: dict[tuple[int, bytes], list[str]] = {}
        for (place, pending), texts in states.items():
            if depth and not pending:
                continue
            for word, shown, left in _shown_words(pending):
                if joined.startswith(shown, place):
                    known = following.setdefault((place + len(shown), left), [])
                    known += [text + word for text in texts][: _MOST - len(known)]
        for (place, _), texts in following.items():
            if place > best[0] and place >= 2:
                best = (place, depth, list(texts))
            elif best[2] and place == best[0] and depth == best[1]:
                best[2].extend(texts)
        states = following
    if not best[2]:
        return []
    end = _consumed(pieces, best[0])
    end += run[end : end + 1] == "?"
    shortest = min(map(len, best[2]))
    return [(end, one) for one in dict.fromkeys(best[2]) if len(one) == shortest]


def _consumed(pieces: list[str], length: int) -> int:
    total = 0
    for index, piece in enumerate(pieces):
        if total >= length:
            return index
        total += len(piece)
    return len(pieces)
