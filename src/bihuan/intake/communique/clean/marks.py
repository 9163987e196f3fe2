"""Marks and signs: invisible characters, pinyin in brackets, doubled commas, Markdown, spaces."""

from __future__ import annotations

import re
from typing import Final

from bihuan.intake.communique.tracked import Edit, Tracked

HAN: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
TONED: Final = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿ"
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0f]+")
_READING: Final = re.compile(rf"(?<=[{HAN}])[ \u3000]?[(（][ ]?([a-z{TONED}üêɡ]{{1,7}})[ ]?[)）]")
_BOPOMOFO: Final = re.compile(rf"(?<=[{HAN}])[(（][\u3105-\u3129ˊˇˋ˙ˉ]{{1,4}}[)）]")
_MAYBE_READING: Final = re.compile(rf"[(（][ ]?[a-z{TONED}üêɡ\u3105-\u3129]")
_HAS_TONE: Final = re.compile(f"[{TONED}]")
_DOUBLED: Final = re.compile("[，,][，,]+|[，,]+(?=[。；;！!？?：:、])|(?<=[。；;！：:、])[，,]+")
_TWO_MARKS: Final = re.compile("[，,。；;！!？?：:、][，,。；;！!？?：:、]")
_MARKDOWN: Final = re.compile(
    r"^[ ]{0,3}#{1,6}[ ]+|^[ ]{0,3}>[ ]?|\*\*|(?<![\w*])\*(?=\S)|!?\[(?=[^\[\]\n]{0,200}\]\([^()\s]{1,300}\))"
    r"|\]\([^()\s]{1,300}\)|^[ ]{0,3}(?:-{3,}|\*{3,}|={3,})[ ]*$",
    re.MULTILINE,
)
_MARKDOWN_SIGN: Final = re.compile(r"^#{1,6} |\*\*|\]\(", re.MULTILINE)
_GAP: Final = re.compile(
    r"[ \t\u00a0\u3000\x0b\f][ \t\u00a0\u3000\x0b\f]*"
)  # a set first: quick to look for
_LINE_END: Final = "\n"  # and nothing at all, at either end of the text
_BLANK: Final = re.compile(r"\n\n+")
_CUT: Final = re.compile(r"(?<=[，、,])\n(?=[^\n])")
_HEADING: Final = re.compile(r"^(?:标题|题目)[:：][ ]?", re.MULTILINE)
_LOST_PLUS: Final = re.compile(rf"[“\"‘]([{HAN}]{{2,8}}) ([{HAN}]{{2,8}})[”\"’]")
_PLUS_WORDS: Final = (
    "互联网",
    "大数据",
    "人工智能",
    "智慧",
    "云",
    "网格",
    "党建",
    "标准地",
    "数字",
)


def drop_invisible(text: Tracked) -> None:
    """Zero-width characters, direction marks and soft hyphens."""
    text.edit(((m.start(), m.end(), "") for m in _INVISIBLE.finditer(text.text)), "invisible")


def drop_pinyin(text: Tracked) -> None:
    """Readings in brackets directly behind a character: `會(huì)議`, `會(huì )`.

    A bracket without a tone mark (`(app)`) counts only on a page that is full of toned ones.
    """
    if not _MAYBE_READING.search(text.text):
        return
    found = list(_READING.finditer(text.text))
    toned = sum(bool(_HAS_TONE.search(m.group(1))) for m in found)
    edits: list[Edit] = [
        (m.start(), m.end(), "") for m in found if toned >= 5 or _HAS_TONE.search(m.group(1))
    ]
    text.edit(edits, "pinyin")
    text.edit(((m.start(), m.end(), "") for m in _BOPOMOFO.finditer(text.text)), "pinyin")


def collapse_doubled_marks(text: Tracked) -> None:
    """`,,` `,、` `。,` become the one real mark."""
    if not _TWO_MARKS.search(text.text):
        return
    edits: list[Edit] = []
    for match in _DOUBLED.finditer(text.text):
        start, end = match.span()
        before, after = text.text[start - 1 : start], text.text[end : end + 1]
        plain = (before in "。；;！：:、" and before != "") or (
            after in "。；;！!？?：:、" and after != ""
        )
        edits.append((start, end, "" if plain else text.text[start]))
    text.edit(edits, "comma.doubled")


def drop_markdown(text: Tracked) -> None:
    """Heading signs, stars, rules and link brackets of Markdown."""
    if _MARKDOWN_SIGN.search(text.text):
        text.edit(((m.start(), m.end(), "") for m in _MARKDOWN.finditer(text.text)), "markdown")


def tidy_spaces(text: Tracked) -> None:
    """No indent, no blank line, one space where there were several."""
    whole = text.text
    gaps: list[Edit] = []
    for start, end in (match.span() for match in _GAP.finditer(whole)):
        if whole[start - 1 : start] in _LINE_END or whole[end : end + 1] in _LINE_END:
            gaps.append((start, end, ""))
        elif whole[start:end] != " ":
            gaps.append((start, end, " "))
    text.edit(gaps, "", recorded=False)
    whole = text.text
    first, last = len(whole) - len(whole.lstrip("\n")), len(whole.rstrip("\n"))
    if first >= last:
        text.edit([(0, len(whole), "")], "", recorded=False)
        return
    inside = ((m.start(), m.end(), "\n") for m in _BLANK.finditer(whole, first, last))
    edits = ((0, first, ""), *inside, (last, len(whole), ""))
    text.edit(edits, "", recorded=False)


def join_cut_lines(text: Tracked) -> None:
    """A line that ends in a comma goes on in the next: no paragraph ends so."""
    text.edit(((m.start(), m.end(), "") for m in _CUT.finditer(text.text)), "", recorded=False)


def drop_heading_words(text: Tracked) -> None:
    """`标题：` in front of a headline."""
    text.edit(((m.start(), m.end(), "") for m in _HEADING.finditer(text.text)), "heading")


def propose_lost_signs(text: Tracked) -> None:
    """A blank inside a quoted pair that is usually joined by a plus: `“大数据 网格化”`."""
    for match in _LOST_PLUS.finditer(text.text):
        if match.group(1).endswith(_PLUS_WORDS):
            gap = match.end(1)
            text.propose(gap, gap + 1, "+", "sign.lost")
