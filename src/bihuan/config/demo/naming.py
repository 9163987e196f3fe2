"""Invented names of places and people. No city, county or township is named like a real one."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from random import Random

from bihuan.core.places import rules
from bihuan.core.places.data import lines

PROVINCE = "岚屿省"

_FIRST = (
    "岚沧澜溪汐霁珀瑾翎槐榆桐楠苇蘅芷蔚澄湛滢漪汀沅渚岱岫嵘崧峤磬砚笙箫筠篁梧枫柘棠葵荻芦菱荷苔蓼"
    "珞琅琼璞瑜璟砺碧绮绛缃翠霓虹霖露雁鹭鹤鸥鹿麓"
)
_SECOND = "宁川江阳安州平海原陵浦渡泽丰台岭岗湾坪源清和庆昌兴远城河塘洲屏汇"
_DWELLING = "园苑里居庭湖桥井坊巷田埔岗塘墩屋围寨洞坑"
_FAMILY = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    "卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万"
)
_GIVEN = (
    "明华建国伟强军平志勇海波涛斌辉鹏飞超宇浩然文博思远子涵雨欣晓东春梅秋月丽娟秀英桂兰玉珍淑芳慧敏静怡"
    "佳琪梦瑶俊杰天佑永康长青立新景行若水致远怀瑾清源云帆启航承志守正"
)
_FAMILY_READINGS = {"曾": "zeng", "任": "ren", "沈": "shen", "万": "wan", "长": "chang"}


def place_names(random: Random) -> Iterator[str]:
    """Two-character names in the order of `random`, each once; no real place begins with one."""
    real = {name[:2] for _code, name, *_ in lines("places")}
    names = [a + b for a, b in product(_FIRST, _SECOND)]
    random.shuffle(names)
    return (name for name in names if name not in real)


def community_names(random: Random, count: int, *, rural: bool) -> list[str]:
    """Different names for the communities of one township."""
    pairs = list(product(_FAMILY if rural else _FIRST, _DWELLING))
    return [a + b for a, b in random.sample(pairs, count)]


def person_names(random: Random) -> Iterator[tuple[str, str]]:
    """Invented people without end: the name and its search key."""
    while True:
        family = random.choice(_FAMILY)
        given = "".join(random.choices(_GIVEN, k=random.choice((1, 2, 2, 2))))
        syllables = [_reading(sign) for sign in family + given]
        yield family + given, f"{''.join(syllables)} {''.join(s[0] for s in syllables)}"


@cache
def _reading(sign: str) -> str:
    return _FAMILY_READINGS.get(sign) or rules.pinyin(sign).split()[0]
