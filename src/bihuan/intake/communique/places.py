"""Level and jurisdiction: from titles of office, 我市 and 全县, the organiser, and the gazetteer.

What a meeting merely watched or passed on (收听收看全省会议后) says nothing about its own level, so
callers hand in text without such clauses (`without_watched`).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from bihuan.intake.communique.types import Level

_SHORT: Final = re.compile(
    "(?:省|市|自治区|壮族自治区|回族自治区|维吾尔自治区|特别行政区|"
    "县|区|地区|盟|自治州|自治县|自治旗|旗)$"
)
_MUNICIPALITIES: Final = ("北京", "上海", "天津", "重庆")
_ABBREVIATIONS: Final = dict(
    zip(
        "粤桂湘鄂豫冀鲁晋秦陕陇甘蒙辽吉黑苏浙皖闽赣川蜀黔贵滇云藏青宁新琼京沪津渝",
        [
            "广东",
            "广西",
            "湖南",
            "湖北",
            "河南",
            "河北",
            "山东",
            "山西",
            "陕西",
            "陕西",
            "甘肃",
            "甘肃",
            "内蒙古",
            "辽宁",
            "吉林",
            "黑龙江",
            "江苏",
            "浙江",
            "安徽",
            "福建",
            "江西",
            "四川",
            "四川",
            "贵州",
            "贵州",
            "云南",
            "云南",
            "西藏",
            "青海",
            "宁夏",
            "新疆",
            "海南",
            "北京",
            "上海",
            "天津",
            "重庆",
        ],
        strict=True,
    )
)
_WATCHED: Final = re.compile(
    r"(?:收听收看|收看|收听|参加|列席|按照|根据|落实|传达|贯彻|学习|"
    r"认领|对照|反馈)[^,。;]{0,6}(?:国务院|国家|全国|全省|省|自治区|"
    r"全市|市|上级)[^,。;]{0,40}|"
    r"(?:国务院|国家|全国|全省|省|自治区|全市|市|县)[^,。;]{2,40}(?:会议?|"
    r"大会)(?:结束|召开)?(?:之?后)(?=,|我|接|随|立|紧|即)|省里[^,。;]{0,8}|"
    r"总书记[^,。;]{0,60}"
)
_TITLES: Final[tuple[tuple[Level, str], ...]] = (
    (
        "国家",
        (
            r"国务院|国务委员|国家[\u4e00-\u9fff]{2,10}(?:局|委|部|总局|总站)|"
            r"(?:^|[、,])(?:教育|应急管理|公安|卫生健康|交通运输|水利|农业农村|"
            r"工业和信息化|民政|自然资源|住房和城乡建设|生态环境|商务|财政)部(?:党组)?(?:副?部"
            r"长|书记)|水利委员会|流域|中央"
        ),
    ),
    (
        "省",
        (
            r"省委|省长|省政府|省[\u4e00-\u9fff]{1,8}(?:厅|局|委|办)|自治区|"
            r"省级?领导|省[\u4e00-\u9fff]{2,14}(?:指挥部|领导小组)"
        ),
    ),
    (
        "乡",
        (
            r"(?:镇|乡|街道)(?:党委|党工委|人大|政府|办事处|纪委)?(?:副?书记|"
            r"副?[镇乡]长|主任|主席)|镇长|乡长|[镇乡]党委|街道|社区(?:党委|"
            r"党总支)|村(?:党支部|支书)"
        ),
    ),
    (
        "县",
        (
            r"新区|开发区|高新区|经开区|管委会|党工委|县委|县长|区委|区长|"
            r"旗委|旗长|县[\u4e00-\u9fff]{1,10}(?:局|办|中心|指挥部|领导小组)|"
            r"区[\u4e00-\u9fff]{1,10}(?:局|办|指挥部|领导小组)|县级?领导|区领导|"
            r"县人|区人|区政府|县政府"
        ),
    ),
    (
        "市",
        (
            r"市委|市长|市政府|州委|州长|盟委|盟长|地委|行署专员|市[\u4e00-\u9fff]{1,10}(?:局|"
            r"委|办|指挥部|领导小组)|市领导|州领导"
        ),
    ),
    (
        "单位",
        (
            r"公司|集团|总经理|董事长|厂长|矿长|校长|校党委|学校|学院|大学|"
            r"中学|小学|园长|医院|院党委|院长|车间|项目部|厂党委|矿党委|景区管理"
        ),
    ),
)
_OURS: Final[tuple[tuple[Level, str], ...]] = (
    ("国家", "全国"),
    ("省", "[我全本]省|我区(?=自治)"),
    ("市", "[我全本]市|[我全]州|[我全]盟"),
    ("县", "[我全本]县|[我全本]区|[我全]旗"),
    ("乡", "[我全本](?:镇|乡|街道)|我街"),
    ("单位", "[我全本](?:校|院|公司|厂|矿|集团)"),
)
_SUFFIX: Final[dict[Level, str]] = {
    "省": "省|自治区",
    "市": "市|州|盟|地区",
    "县": "新区|县|区|旗|市",
    "乡": "镇|乡|街道|社区",
    "国家": "(?!)",
    "单位": "(?!)",
}
_NOT_PLACE: Final = re.compile(
    r"[我全本各该县省区上超夜都门集股楼地闹街周邻外他此两三四五六七八九十每一]$|"
    r"直辖|以上|设区|城区|要|时|的|在|和(?=.)|与|及|了|是|对|为|到|由|将|把|从|"
    r"向|会|县委|市委|主持|召开|工作|有关|农村|受灾|沿河|重点|省市|"
    r"州县|部"
)


_NOT_DISTRICT: Final = re.compile(
    "(?:社|园|小|灾|库|山|林|景|辖|校|厂|片|疫|开发|封控|管控|防范|"
    "风险|学|牧|矿|港|郊|老|战|服务|城|功能|保税|旅游|特|自治|地|"
    "新|生活|居民)$"
)
_OFFICE: Final = re.compile(
    "研究|部署|落实|传达|学习|听取|审议|通过|成立|组织|推进|加强|"
    "全面|结合|根据|进一步|认真|切实|要求|强调|指出|本|常务|副|代表|"
    "书记|领导|响应|号召|贯彻|中央|按|席|讯|报|市场|统筹|围绕|关于|"
    "针对|方位|优势|整个|总|全|体|会|同|属|级|请|因|让|听|由|外|周|"
    "地方|大|各|某|先行|示范|经济|高新|核心|中心"
)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Names of provinces, cities and counties, full and without their class word."""

    provinces: dict[str, str]
    cities: dict[str, tuple[str, str]]
    counties: dict[str, tuple[str, str]]


@cache
def gazetteer() -> Gazetteer:
    """The divisions shipped beside this module."""
    provinces: dict[str, str] = {}
    cities: dict[str, tuple[str, str]] = {}
    counties: dict[str, tuple[str, str]] = {}
    text = (files("bihuan.intake.communique") / "divisions.tsv").read_text("utf-8")
    for line in text.splitlines():
        if line.startswith("#") or not line:
            continue
        province, city, below = line.split("\t")
        provinces[province] = provinces[_SHORT.sub("", province)] = province
        for key in {city, _SHORT.sub("", city)}:
            if len(key) > 1:
                cities.setdefault(key, (city, province))
        for county in below.split():
            counties.setdefault(county, (county, province))
    return Gazetteer(provinces, cities, counties)


def without_watched(text: str) -> str:
    """`text` with the clauses about a higher meeting that was only watched or passed on blotted."""
    return _WATCHED.sub(lambda m: "□" * len(m.group()), text)


def level_of_title(title: str) -> Level | None:
    """The level of the first office in a run of titles."""
    parts = re.split(r"[、,]", title)
    members = [part for part in parts if re.search("常委|委员|党组成员|班子成员", part)]
    for part in [*(one for one in parts if one not in members), *members]:
        for level, signs in _TITLES:
            if re.search(signs, part):
                return level
    return None


def level_of(lead: str, head: str, titles: list[str], body: str) -> tuple[Level | None, bool]:
    """The level, and whether the signs agree. `titles` are those of chair and speakers, in order."""
    votes: Counter[Level] = Counter()
    for weight, title in zip((5, 3, 2), titles, strict=False):
        level = level_of_title(title)
        if level:
            votes[level] += weight
    for weight, source in ((3, head), (3, lead), (1, body)):
        for level, signs in _OURS:
            found = re.search(signs, source)
            if found:
                votes[level] += weight
                break
    opening = re.split(r"召开|举行|主持", lead)[0][-40:]
    organiser = level_of_title(opening)
    if organiser:
        votes[organiser] += 2
    if (
        votes
        and not titles
        and re.search(r"公司|集团|学校|医院|大学|学院|中学|小学", opening + head)
    ):
        votes["单位"] += 3
    if not votes:
        return None, False
    (best, count), *rest = votes.most_common()
    return best, not rest or rest[0][1] * 2 <= count


def jurisdiction_of(level: Level | None, lead: str, body: str, original: str) -> str | None:
    """The place governed, when the page itself names it; national is 全国."""
    if level == "国家":
        return "全国"
    if level is None or level == "单位":
        return None
    named = _named_place(level, lead, 1) or _by_news(level, original)
    named = named or (_by_host(lead + body) if level == "省" else None)
    named = named or _named_place(level, without_watched(body), 1)
    named = named or _named_place(level, without_watched(original), 3)
    return named or (_by_short_name(without_watched(body)) if level == "市" else None)


def inspected_place(lead: str) -> str | None:
    """The city or county that an inspection went to: 深入某县某林场 gives the county."""
    found = re.search(
        r"(?:到|赴|深入|来到|前往|走进|督导|检查)([\u4e00-\u9fff]{2,3}[市县区旗州])(?![长委政])",
        lead,
    )
    if found is None or _no_place(found.group(1)[:-1], found.group(1)[-1]):
        return None
    return found.group(1)


def _by_short_name(text: str) -> str | None:
    """The city that the text keeps naming without its class word."""
    known = gazetteer()
    counts = Counter(
        text[i : i + 2] for i in range(len(text) - 1) if text[i : i + 2] in known.cities
    )
    best = counts.most_common(1)
    return known.cities[best[0][0]][0] if best and best[0][1] >= 3 else None


def _named_place(level: Level, text: str, least: int) -> str | None:
    """The commonest place of the level's class; known names first, then by form."""
    counts: Counter[str] = Counter()
    known = gazetteer()
    for match in re.finditer(
        rf"([\u4e00-\u9fff]{{2,9}}?)({_SUFFIX[level]})(?![长委民场镇区]|"
        rf"[\u4e00-\u9fff]?级)",
        text,
    ):
        name = _trim(match.group(1))
        full = name + match.group(2)
        real = full in known.provinces or full in known.cities or full in known.counties
        if not name or (not real and _no_place(name, match.group(2))):
            continue
        opens = re.search(
            r"(?:^|[,。;、:(]|[于在到赴日午晚获悉从据讯]|□)$",
            text[max(0, match.end() - len(full) - 1) : match.end() - len(full)] or ",",
        )
        if real or (opens and 2 <= len(name) <= 3):
            counts[full] += 3 if real else 1
    for match in re.finditer(
        rf"(?:^|[,。;、:\n(]|[于在到赴日午晚]|□)([\u4e00-\u9fff]{{2,3}})({_SUFFIX[level]})(?=委"
        rf"|长|政府|人民政府)",
        text,
    ):
        name = match.group(1)
        if not _no_place(name, match.group(2)):
            counts[name + match.group(2)] += 2
    best = counts.most_common(1)
    return best[0][0] if best and best[0][1] >= least else None


def _no_place(name: str, suffix: str) -> bool:
    if suffix == "区" and _NOT_DISTRICT.search(name):
        return True
    return bool(_NOT_PLACE.search(name) or _OFFICE.search(name))


def _trim(name: str) -> str:
    """Cut verbs and particles in front of a place name."""
    return re.sub(
        r"^.*(?:[日号时在于到赴从对向由为及与获悉据讯了]|和(?=..)|上午|下午|记者|"
        r"召开|位于|来到|走进|通过|按照|去年以来|近日|今天|昨天)",
        "",
        name,
    )


def _by_news(level: Level, original: str) -> str | None:
    """The place of the newspaper or site that published: 江门日报 → 江门市."""
    for match in re.finditer(
        r"(?:^|[^\u4e00-\u9fff]|来源)([\u4e00-\u9fff]{2,6}?)(?:日报|晚报|"
        r"新闻|发布(?=[\s)）】\]|]|$)|新闻网|政府网|融媒|广播电视台|晨报|电视台|人民政府|"
        r"报讯)",
        original,
    ):
        name = match.group(1).removeprefix("来源")
        if re.search("[本我各]", name):
            continue
        known = gazetteer()
        if level == "市":
            return known.cities[name][0] if name in known.cities else _with_suffix(name, "市")
        if level == "省":
            if name in known.provinces:
                return known.provinces[name]
            if name in known.cities:
                return known.cities[name][1]
        if level == "县" and name not in known.provinces and name not in known.cities:
            return name if re.search("[县区旗市]$", name) else None
    return None


def _with_suffix(name: str, suffix: str) -> str | None:
    if re.search("本|市|县|人民|中国|新华|我|各", name) and not name.endswith(suffix):
        return None
    return name if name.endswith(suffix) else name + suffix


def _by_host(text: str) -> str | None:
    """The province of the city where a provincial meeting sat, or of an abbreviation (驻粤)."""
    host = re.search(r"在([\u4e00-\u9fff]{2,4})(?:市)?(?:召开|举行)", text)
    known = gazetteer()
    if host and host.group(1) in known.cities:
        return known.cities[host.group(1)][1]
    desk = re.search(r"(?:本报|新华社|中新网)([\u4e00-\u9fff]{2,4})\d", text)
    if desk and desk.group(1) in known.cities:
        return known.cities[desk.group(1)][1]
    short = re.search(
        r"[驻在入来抵离]([粤桂湘鄂豫冀鲁晋陕甘蒙辽吉黑苏浙皖闽赣川黔滇藏青宁新琼京沪津渝])(?=[\u4e00-\u9fff])",
        text,
    )
    if short:
        return known.provinces.get(_ABBREVIATIONS[short.group(1)])
    return None


def raised(level: Level | None, jurisdiction: str | None) -> Level | None:
    """A city of provincial rank is 省; a city that is a county in the gazetteer is 县."""
    if level != "市" or jurisdiction is None:
        return level
    if jurisdiction.removesuffix("市") in _MUNICIPALITIES:
        return "省"
    known = gazetteer()
    if jurisdiction in known.counties and jurisdiction not in known.cities:
        return "县"
    return level
