"""How codes, paths and names of places hang together. Pure."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

NATION = "00"

_GRID = re.compile(r"(?P<community>\d{12})-(?P<serial>\d{3})")
_LEVEL_OF_LENGTH = {2: "province", 4: "city", 6: "county", 9: "township", 12: "community"}
_CUTS = (2, 4, 6, 9, 12)

_PEOPLE = (
    "蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|"
    "毛南|仡佬|锡伯|阿昌|普米|塔吉克|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|"
    "珞巴|基诺|回|藏|苗|彝|壮|满|侗|瑶|白|傣|黎|佤|畲|水|土|羌|怒|京|各"
)
_AUTONOMOUS = re.compile(
    rf"^(?P<root>.{{2,}}?)(?:(?:(?:{_PEOPLE})族)+|(?:维吾尔|哈萨克|柯尔克孜|蒙古)*)自治(?:区|州|县|旗)$"
)
_ETHNIC_TOWNSHIP = re.compile(rf"^(?P<root>.{{2,}}?)(?:(?:{_PEOPLE})族)+乡$")
_SUFFIXES = {
    "province": ("特别行政区", "省", "市"),
    "city": ("地区", "市", "盟"),
    "county": ("林区", "特区", "区", "县", "市", "旗"),
    "township": ("街道", "地区", "镇", "乡", "苏木"),
    "community": ("社区", "嘎查", "村"),
}


def short_code(text: str) -> str:
    """The shortest official form of a code: "440100", "440100000000" and "4401" are one city.

    Raises ValueError where `text` is not a code of any level.
    """
    text = text.strip()
    if text == NATION or _GRID.fullmatch(text):
        return text
    if not text.isascii() or not text.isdigit() or len(text) not in _CUTS:
        raise ValueError(text)
    if not text.strip("0"):
        return NATION
    for cut in _CUTS:
        if cut < len(text) and not text[cut:].strip("0"):
            return text[:cut]
    return text


def level_of(code: str) -> str:
    """The level a short code stands for."""
    if code == NATION:
        return "nation"
    return "grid" if "-" in code else _LEVEL_OF_LENGTH[len(code)]


def is_code(text: str) -> bool:
    """Whether `text` is a code of some level, in any official length."""
    try:
        short_code(text)
    except ValueError:
        return False
    return True


def path_of(code: str) -> str:
    """The path of a short code: "440103001" is "44.01.03.001."; the nation's is empty."""
    if code == NATION:
        return ""
    digits, _, serial = code.partition("-")
    bounds = [0, *(cut for cut in _CUTS if cut <= len(digits))]
    segments = [digits[low:high] for low, high in pairwise(bounds)]
    if serial:
        segments.append(f"g{serial}")
    return "".join(f"{segment}." for segment in segments)


def upper_paths(path: str) -> list[str]:
    """The paths strictly above `path`, from the nation down."""
    segments = path.split(".")[:-1]
    return ["".join(f"{part}." for part in segments[:n]) for n in range(len(segments))]


def upper_codes(code: str) -> list[str]:
    """The codes that may stand above `code`, nearest first; a level may be skipped."""
    digits, dash, _ = code.partition("-")
    above = [digits] if dash else []
    above += [digits[:cut] for cut in reversed(_CUTS) if cut < len(digits)]
    return above if code == NATION else [*above, NATION]


def is_pseudo(code: str) -> bool:
    """Whether a township code is of the classes 4 to 9: a unit without a government of its own."""
    return len(code) == 9 and code[6] >= "4"


def short_name(name: str, level: str) -> str:
    """The name without its kind, never shorter than two characters: "广州市" is "广州"."""
    for pattern in (_AUTONOMOUS, _ETHNIC_TOWNSHIP):
        if match := pattern.fullmatch(name):
            return match["root"]
    for suffix in _SUFFIXES.get(level, ()):
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            return name[: -len(suffix)]
    return name


def tile_grid(
    codes: Sequence[str], laid_out: Mapping[str, tuple[int, int]]
) -> dict[str, tuple[int, int]]:
    """Column and row of a tile for each place: the map of a province without boundaries.

    The hand-made layout where it has all of them, otherwise rows in the order of the codes.
    """
    if all(code in laid_out for code in codes):
        return {code: laid_out[code] for code in codes}
    width = math.ceil(math.sqrt(len(codes) * 1.4))
    return {code: (n % width, n // width) for n, code in enumerate(sorted(codes))}


_READINGS = {
    "重庆": "chong qing", "重阳": "chong yang", "长子": "zhang zi", "六安": "lu an",
    "六合": "lu he", "蔚县": "yu xian", "单县": "shan xian", "莘县": "shen xian",
    "歙县": "she xian", "任县": "ren xian", "任丘": "ren qiu", "任城": "ren cheng",
    "番禺": "pan yu", "大埔": "da bu", "黄埔": "huang pu", "台山": "tai shan", "台州": "tai zhou",
    "丽水": "li shui", "乐清": "yue qing", "乐亭": "lao ting", "乐陵": "lao ling",
    "乐昌": "le chang", "尉犁": "yu li", "洪洞": "hong tong", "涡阳": "guo yang",
    "盱眙": "xu yi", "铅山": "yan shan", "东阿": "dong e", "牟平": "mu ping", "中牟": "zhong mu",
    "井陉": "jing xing", "鹿泉": "lu quan", "获鹿": "huo lu", "柏乡": "bai xiang",
    "繁峙": "fan shi", "枞阳": "zong yang", "渑池": "mian chi", "浚县": "xun xian",
    "覃塘": "qin tang", "行唐": "xing tang", "曾都": "zeng du", "厦门": "xia men",
    "荔湾": "li wan", "濠江": "hao jiang", "勐海": "meng hai", "筠连": "jun lian",
    "犍为": "qian wei", "郫都": "pi du", "儋州": "dan zhou", "吴堡": "wu bu", "堡子": "pu zi",
    "石堡": "shi bao", "大城": "dai cheng", "解州": "hai zhou", "燕山": "yan shan",
    "行政": "xing zheng", "白术": "bai zhu", "朝阳": "chao yang", "华阴": "hua yin",
}  # fmt: skip
"""Readings of place names that a general dictionary gets wrong; 长 alone is chang in names."""

_READING = re.compile("|".join(sorted(_READINGS, key=len, reverse=True)) + "|长")


@lru_cache(maxsize=10_000)  # every province has its many 新村
def pinyin(name: str) -> str:
    """The search key of a name: the full reading and the initials, "guangzhoushi gzs"."""
    syllables: list[str] = []
    done = 0
    for match in _READING.finditer(name):
        syllables += _syllables(name[done : match.start()])
        syllables += _READINGS.get(match[0], "chang").split()
        done = match.end()
    syllables += _syllables(name[done:])
    full = "".join(syllables)
    return f"{full} {''.join(s[0] for s in syllables)}".lower()


def _syllables(text: str) -> list[str]:
    from pypinyin import lazy_pinyin

    return [part for part in lazy_pinyin(text) if part.strip()] if text else []
