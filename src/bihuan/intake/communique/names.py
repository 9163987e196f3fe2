"""Persons: who is named, with which titles, and where. A name follows its title and a verb follows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bihuan.intake.communique.lexicon import words

SURNAMES: Final = frozenset(words("surnames"))
COMPOUND: Final = words("compound_surnames")
_TITLE_WORDS: Final = words("titles")
_TITLE: Final = "|".join(sorted(dict.fromkeys(_TITLE_WORDS), key=len, reverse=True))
_VERBS: Final = (
    "主持|出席|随同|陪同|一道|一起|到场|同行|讲话|指出|强调|要求|说|表示|参加|通报|部署|作|传达|"
    "宣读|安排|介绍|带队|在|就|对|到|深入|赴|前往|率|陪同|代表|还|"
    "也|"
    "紧接着|分别|先后|随后|随即|逐|当场|一行|布置|明确|提出|书面|"
    "列席|任|于|出席|组织|召开|宣布|致辞|发言|汇报|点评|总结|解读|"
    "听取|听完|实地|现场|调研|检查|督导|督查|督促|察看|查看|走访|"
    "慰问|指挥|坐镇|连线|通过|以|同志|同时|最后|首先|则|又|再|今天|"
    "昨天|"
    "昨日|今日|近日|日前|上午|下午|晚|当天|当日|当晚|参会|带头|结合|"
    "围绕|针对|认为|提醒|号召|希望|叮嘱|告诫|重申|批示|作出|下达|"
    "签发|主讲|领学|受|向|与|和|及|等|为|给|把|从|用|按|将|已|正|"
    "亲自|专程|冒雨|连夜|一同|共同|牵头|负责|担任|来到|走进|先|进行|"
    "拍板|点题|指定|责成|交办|听|看|问|充分|高度|专门|特别|进一步|"
    "继续|逐条|逐个|逐项|逐一|主持人|的|是|第一|一并|报告|随机|追问"
)
_BOUNDARY: Final = re.compile(rf"(?:[,，。、;；:：!！()（）\s“”\"·]|$|{_VERBS})")
_HAN: Final = r"[\u4e00-\u9fff]"
_ALL_HAN: Final = re.compile(rf"{_HAN}+")
_DOTTED: Final = re.compile(rf"{_HAN}{{2,6}}(?:[·•]{_HAN}{{2,6}}?){{1,2}}(?={_BOUNDARY.pattern})")
_SPACED: Final = re.compile(rf"({_HAN}) ({_HAN})(?={_BOUNDARY.pattern})")
_NOT_NAME: Final = re.compile(
    "[的了在或是要把被让对从到于就也还都各县区省部局委办院校厂们等]|"
    "会议|安全|防控|疫情|工作|应急|街道|政府|部门|党委|党组|等级|"
    "指挥|"
    "领导|书记|主任|同志|负责|人员|群众|干部|企业|单位|小组|成员|"
    "大会|主持|出席|讲话|强调|指出|要求|表示|全体|有关|相关|常务|"
    "一行|分管|联系|职务|代表|机关|办公|秘书|常委|公安|消防|卫健|教育"
)
_TITLED: Final = re.compile(rf"(?:{_TITLE})(?:[(（][^()（）]{{1,20}}[)）])?\s?(?={_HAN})")
_ACTS: Final = re.compile(
    r"(?:主持|出席|讲话|指出|强调|要求|表示|部署|安排|参加|带队|作(?:重要)?(?:讲话|"
    r"批示|部署|安排)|赴|率|宣读|通报|传达|一行|、[\u4e00-\u9fff]{2,4}(?:参加|"
    r"出席|陪同))"
)
_PRESS: Final = re.compile(
    r"(?:记者|通讯员|编辑|摄影|撰稿|供稿|主播|作者|责编|审核|校对)[/:：\s]{0,3}$"
)
_SPEAKS: Final = ("说", "问", "在", "对")
_LONGEST_GIVEN: Final = 6  # Tibetan, Mongolian and Uyghur names carry no surname
_LIST_END: Final = re.compile("参加|出席|陪同|列席|参会|随同|在主会场|在分会场|到会|与会|分别")


@dataclass(frozen=True, slots=True)
class Mention:
    """A person named at a place; `title` is the run of office words directly before, or empty."""

    name: str
    start: int
    end: int
    title: str


def surname_length(text: str) -> int:
    """How many characters at the start are a surname; 0 when none is."""
    for size in (4, 3, 2):
        if text[:size] in _COMPOUND_SET and len(text[:size]) == size:
            return size
    return 1 if text[:1] in SURNAMES else 0


_COMPOUND_SET: Final = frozenset(COMPOUND)
_TITLE_SET: Final = frozenset(_TITLE_WORDS)


def name_at(text: str, start: int, *, strict: bool = True) -> int:
    """The end of the name that starts at `start`, or `start` when none does.

    The longest reading wins whose next characters can follow a name. `strict` asks for a known
    surname; without it two or three characters are taken when a boundary follows.
    """
    opening = text[start : start + 24]
    if ("·" in opening or "•" in opening) and (dotted := _DOTTED.match(opening)):
        return start + dotted.end()
    family = surname_length(text[start : start + 4])
    if not family and strict:
        return start
    spaced = _SPACED.match(text[start : start + 12]) if family == 1 else None
    if spaced and _plausible(spaced.group(1) + spaced.group(2), 1):
        return start + 3
    longest = start + (family or 1) + 2
    ends = [end for end in range(longest, start + max(1, family or 1), -1)
            if _may_end(text, start, end, family)]  # fmt: skip
    if not ends and not strict:
        wider = range(start + _LONGEST_GIVEN, longest, -1)
        ends = [end for end in wider if _may_end(text, start, end, 0)]
    return _commoner(text, start, ends) if ends else start


def _may_end(text: str, start: int, end: int, family: int) -> bool:
    """Whether a name may stand between the two: characters of names, and something that follows one."""
    given = text[start:end]
    follows = _BOUNDARY if family else _ACTS
    whole = len(given) == end - start
    return whole and bool(follows.match(text, end)) and _plausible(given, family or 1)


def _commoner(text: str, start: int, ends: list[int]) -> int:
    """The longest reading, unless a shorter one also stands where the longer does not.

    陆文作部署 reads as a name of three characters until the text says 陆文要求.
    """
    longest = ends[0]
    for end in ends[1:]:
        if text.count(text[start:end]) > text.count(text[start:longest]):
            return end
    return longest


def _plausible(name: str, family: int) -> bool:
    if not _ALL_HAN.fullmatch(name):
        return False
    return name[family:] not in _TITLE_SET and not _NOT_NAME.search(name[family:])


def mentions(text: str) -> list[Mention]:
    """Every named person in `text` (one width, no blanks inside names), in order."""
    found: dict[int, Mention] = {}
    behind = [match.end() for match in _TITLED.finditer(text)]
    for place in behind:
        _follow_list(text, place, _title_before(text, place), found)
    for place in behind:
        if place not in found:
            _recurring(text, place, _title_before(text, place), found)
    for match in _LIST_END.finditer(text):
        _bare_list(text, match.start(), found)
    return [found[start] for start in sorted(found)]


def _title_before(text: str, end: int) -> str:
    """The office words before a name, back to the last comma or stop (titles join by 、)."""
    start = max(text.rfind(stop, max(0, end - 60), end) for stop in ",，。;；:：\n")
    return text[start + 1 : end]


def _follow_list(text: str, start: int, title: str, found: dict[int, Mention]) -> None:
    """A name behind a title and the names joined to it: 副市长甲、乙、丙等."""
    here = start
    while True:
        end = name_at(text, here, strict=here != start)
        if end == here or _TITLED.match(text, here):
            return
        if here not in found and not _PRESS.search(text[max(0, here - 6) : here]):
            name = text[here:end].replace(" ", "")
            found[here] = Mention(name, here, end, title)
        if text[end : end + 1] != "、":
            return
        here, title = end + 1, title if text[end : end + 1] == "、" else ""


def _recurring(text: str, start: int, title: str, found: dict[int, Mention]) -> None:
    """A name behind a title without a clear end here, known by standing elsewhere with one.

    It need not open with a surname: names of several peoples have none.
    """
    if _BOUNDARY.match(text, start):
        return
    family = surname_length(text[start : start + 4])
    for size in range(family + 2, family, -1) if family else range(4, 1, -1):
        name = text[start : start + size]
        if len(name) < size or not _plausible(name, family or 1):
            continue
        if _said_again(text, name, start + size):
            found[start] = Mention(name, start, start + size, title)
            return


def _said_again(text: str, name: str, start: int) -> bool:
    place = text.find(name, start)
    while place >= 0:
        if _ACTS.match(text, place + len(name)) or text.startswith(_SPEAKS, place + len(name)):
            return True
        place = text.find(name, place + 1)
    return False


def _bare_list(text: str, end: int, found: dict[int, Mention]) -> None:
    """Names without a title before 参加, 出席 …: 甲、乙参加."""
    start = max(text.rfind(stop, max(0, end - 120), end) for stop in ",，。;；:：\n") + 1
    here = start
    pending: list[Mention] = []
    while here < end:
        stop = name_at(text, here)
        if stop == here or stop > end + 1:
            break
        pending.append(Mention(text[here:stop].replace(" ", ""), here, stop, ""))
        here = stop
        if text[here : here + 1] not in "、和及":
            break
        here += 1
    for mention in pending:
        found.setdefault(mention.start, mention)
