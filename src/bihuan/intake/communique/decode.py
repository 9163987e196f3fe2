"""Bytes to text: byte order marks, declared and undeclared encodings, text encoded twice."""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.errors import BINARY, Unreadable

_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_DECLARED: Final = re.compile(rb"""charset\s{0,3}=\s{0,3}["']?([A-Za-z0-9_-]{3,20})""")
_ALIASES: Final = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030"}
_BIG5: Final = {"big5": "cp950", "big5-hkscs": "big5hkscs", "x-x-big5": "cp950"}
_SAMPLE: Final = 60_000
_CONTROL: Final = re.compile("[\x00-\x08\x0e-\x1f]")
_HAN: Final = re.compile("[\u3400-\u9fff]+")
# The commonest characters of the genre in both scripts: a wrong decoding hits almost none of them.
_COMMON: Final = re.compile(
    "["
    "的一是在不了有和人中大上国工作会议要各全市县省区安产生防控疫情强调指出部门责任落实"
    "加召开领导书记长主持时日月年地方对把为做好到重点以及行员人民公单位进一步"
    "產會議強調國領導書記長時對為點業務責實單進應學開發經過這個來們說員區縣與關]+"
)


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding. Line ends become `\\n`.

    Raises `Unreadable(intake.binary)` for bytes that are no text in any supported encoding.
    """
    text, encoding = _decode(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    if text.count("\x00") > len(text) // 100 or _control_share(text) > 0.05:
        raise Unreadable(BINARY)
    mended = _encoded_twice(text)
    if mended is not None:
        return mended, f"{encoding} read twice"
    return text, encoding


def _decode(data: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), encoding
    wide = _wide(data)
    if wide is not None:
        return wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and error.reason == "unexpected end of data":
            return data.decode("utf-8", "ignore"), "utf-8"
    return _eight_bit(data)


def _wide(data: bytes) -> tuple[str, str] | None:
    """UTF-16 without a mark: a line feed or a digit there carries a zero byte on one side only."""
    head = data[:_SAMPLE]
    if b"\x00" not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = data.decode(encoding, "replace")
    if _quality(text) > 0.1:
        return text, encoding
    raise Unreadable(BINARY)


def _eight_bit(data: bytes) -> tuple[str, str]:
    """The best of UTF-8 with a few bad bytes, GB18030 and Big5; a declaration breaks ties."""
    declared = _DECLARED.search(data[:2048])
    wish = declared.group(1).decode("ascii").lower() if declared else ""
    candidates = ["utf-8", "gb18030", "big5hkscs", "cp950"]
    named = _ALIASES.get(wish) or _BIG5.get(wish)
    best = ("", "utf-8", -1.0)
    for encoding in candidates:
        text = data.decode(encoding, "replace")
        score = _quality(text) - 3 * text.count("\ufffd") / max(1, len(text))
        score += 0.05 if encoding == named else 0.0
        if score > best[2] + 1e-9:
            best = (text, encoding, score)
    if best[2] < 0.01:
        raise Unreadable(BINARY)
    return best[0], best[1]


def _quality(text: str) -> float:
    """The share of Chinese characters that are common ones; plain ASCII counts as good."""
    sample = text[:_SAMPLE]
    han = sum(map(len, _HAN.findall(sample)))
    if not han:
        return 0.2 if sample.isascii() else 0.0
    return sum(map(len, _COMMON.findall(sample))) / han


def _control_share(text: str) -> float:
    sample = text[:_SAMPLE]
    return len(_CONTROL.findall(sample)) / max(1, len(sample))


def _encoded_twice(text: str) -> str | None:
    """UTF-8 that someone read as GBK or Latin-1 and stored again."""
    before = _quality(text)
    if before > 0.12:
        return None
    for encoding in ("gb18030", "cp1252", "latin-1"):
        mended = text.encode(encoding, "ignore").decode("utf-8", "ignore")
        if len(mended) * 4 > len(text) and _HAN.search(mended) and _quality(mended) > 0.25:
            return mended
    return None
