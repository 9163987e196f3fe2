"""Synthetic communiqués with labels, and every kind of damage a crawled page shows. All seeded.

The texts are made of invented names and places; nothing here comes from a real paper.
"""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

S2T = OpenCC("s2t")
FAMILIES = "赵钱孙李周吴郑王冯陈蒋沈韩杨何吕施张孔曹魏陶姜谢邹潘葛范彭鲁韦马苗方任袁柳史唐薛雷贺"
COMPOUND = ("欧阳", "上官", "司马", "诸葛", "皇甫", "令狐", "慕容", "端木")
GIVEN = "晨朗若舟青禾云岚知远书怀景行思齐望舒子衿清越嘉树承宇安澜星野"
PLACES = ("临川", "清水", "石城", "云溪", "安州", "东陵", "永泉", "南浦")
LEVELS = (
    ("市", "市委书记", "市长", "副市长", "全市"),
    ("县", "县委书记", "县长", "副县长", "全县"),
    ("乡", "镇党委书记", "镇长", "副镇长", "全镇"),
)
SUFFIX = {"市": "市", "县": "县", "乡": "镇"}
TOPICS = ("疫情防控", "安全生产", "防汛抗旱", "森林防灭火")
DEMANDS = (
    ("公安局要对出城路口逐车登记", "公安局"),
    ("应急管理局要在6月20日前完成一轮隐患排查", "应急管理局"),
    ("卫生健康局要每天公布发热门诊数据", "卫生健康局"),
    ("教育局要组织学校开展一次疏散演练", "教育局"),
    ("各乡镇要对沿河低洼地带逐户转移", "各乡镇"),
    ("水利局要对小型水库落实二十四小时巡查", "水利局"),
    ("交通运输局要对客运车辆每日消毒", "交通运输局"),
    ("商务局要储备七天的粮油和蔬菜", "商务局"),
    ("财政局要三日内拨付救灾资金", "财政局"),
    ("要加强值班值守和信息报送", ""),
    ("要严厉打击囤积居奇行为", ""),
    ("要用通俗的语言做好宣传引导", ""),
)
FACTS = (
    "入夏以来，雨水比往年偏多两成，群众生产生活总体平稳。",
    "会前，与会人员一同察看了仓库和值班室，询问了轮班情况。",
    "上半年没有发生较大事故，受到上级肯定。",
)


@dataclass(frozen=True)
class Labelled:
    """A generated paper and what a reader should find in it."""

    text: str
    title: str
    day: str
    level: str
    place: str
    chair: str
    speaker: str
    demands: tuple[tuple[str, str], ...]


def communique(seed: int) -> Labelled:
    """One undamaged communiqué with two speakers and five to nine demands."""
    rng = random.Random(seed)
    level, first, second, third, whole = rng.choice(LEVELS)
    place = rng.choice(PLACES) + SUFFIX[level]
    chair, speaker, guest = (person(rng) for _ in range(3))
    topic = rng.choice(TOPICS)
    month, day = rng.randint(1, 9), rng.randint(1, 28)
    meeting = f"{whole}{topic}工作会议"
    chosen = rng.sample(DEMANDS, rng.randint(5, 9))
    cut = len(chosen) // 2
    numbered = rng.random() < 0.5
    own, others = chosen[:cut], chosen[cut:]
    first_part, found = speech(own, numbered)
    title = f"{place}召开{meeting}"
    lines = [
        title,
        (
            f"{month}月{day}日，{place}召开{meeting}。{first}{speaker}出席会议并讲话，"
            f"{second}{chair}主持会议，{third}{guest}参加会议。"
        ),
        rng.choice(FACTS),
        f"{speaker}强调，{first_part}。",
        f"{chair}要求，{'；'.join(text for text, _ in others)}。",
        "会议以视频形式开到各单位。",
    ]
    demands = [(text, speaker) for text in found] + [(text, chair) for text, _ in others]
    return Labelled(
        text="\n".join(lines),
        title=title,
        day=f"2023-{month:02d}-{day:02d}",
        level=level,
        place=place,
        chair=chair,
        speaker=speaker,
        demands=tuple(demands),
    )


def speech(own: list[tuple[str, str]], numbered: bool) -> tuple[str, list[str]]:
    """A list of demands as one sentence, and each demand as it then stands."""
    if not numbered:
        return "；".join(text for text, _ in own), [text for text, _ in own]
    labels = "一二三四五"
    items = [f"{label}是{text}" for label, (text, _) in zip(labels, own, strict=False)]
    return "；".join(items), items


def person(rng: random.Random) -> str:
    """An invented name, one in eight with a compound surname."""
    family = rng.choice(COMPOUND) if rng.random() < 0.125 else rng.choice(FAMILIES)
    return family + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))


def with_pinyin(text: str, rng: random.Random) -> str:
    """Readings in brackets behind a third of the characters, after conversion to traditional."""
    out = []
    for one in S2T.convert(text):
        out.append(one)
        if "\u4e00" <= one <= "\u9fff" and rng.random() < 0.33:
            gap = " " if rng.random() < 0.1 else ""
            out.append(f"({lazy_pinyin(one, style=Style.TONE)[0]}{gap})")
    return "".join(out)


def traditional(text: str, rng: random.Random) -> str:
    return str(S2T.convert(text))


def doubled_commas(text: str, rng: random.Random) -> str:
    out = []
    for one, following in pairwise(f"{text}\n"):
        out.append(one)
        if one in "，、；。" and following != "\n" and rng.random() < 0.4:
            out.append(",")
    return "".join(out)


def half_width(text: str, rng: random.Random) -> str:
    return unicodedata.normalize("NFKC", text)


def furniture(text: str, rng: random.Random) -> str:
    return (
        "网站首页 > 要闻 > 正文\n来源：本县融媒体中心　发布时间：2023-10-02　浏览：12次\n【字号：大 中 小】\n"
        f"{text}\n责任编辑：某某\n上一篇：没有了\n版权所有 ICP备00000001号\n扫一扫在手机打开当前页"
    )


def spam_line(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    place = rng.randint(2, len(lines) - 1)
    lines.insert(place, "鱼竿评测网站| 风筝线轴排行| 跳绳批发在线| 露营灯大全一览| 球拍入门套装")
    return "\n".join(lines)


def brand(text: str, rng: random.Random) -> str:
    """A brand string dropped behind three commas."""
    pieces = text.split("，")
    for place in sorted(rng.sample(range(1, len(pieces)), 3), reverse=True):
        pieces[place] = "青鸟文具平台 青鸟文具下载" + pieces[place]
    return "，".join(pieces)


def indented(text: str, rng: random.Random) -> str:
    return "\r\n\r\n".join(f"\u3000\u3000{line}\u00a0" for line in text.split("\n"))


def byte_slip(text: str, rng: random.Random) -> str:
    """危化品安全 with its first byte lost, in a sentence of its own."""
    lost = "危化品安全".encode("gbk")[1:]
    shown = "".join(lost[i : i + 2].decode("gbk", "ignore") for i in range(0, len(lost) - 1, 2))
    return text.replace(
        "会议以视频", f"下一步继续加强?{unicodedata.normalize('NFKC', shown)}。会议以视频"
    )


def html_page(text: str, rng: random.Random) -> str:
    lines = "".join(f"<p>\u3000\u3000{line}</p>\n" for line in text.split("\n")[1:])
    return (
        "<!DOCTYPE html><html><head><title>页面标题</title><script>var a='要';</script></head><body>"
        '<div class="nav"><ul><li><a href="#">首页</a></li><li><a href="#">要闻</a></li></ul></div>'
        f'<div class="con"><h1>{text.splitlines()[0]}</h1>{lines}</div>'
        '<div class="footer">网站地图 | 联系我们</div></body></html>'
    )


def tail(text: str, rng: random.Random) -> str:
    return f"{text}\n相关链接\n公园周末延长开放\n记者从公园获悉，自下周起延长开放两小时，游客须预约入园。"


DAMAGES: dict[str, Callable[[str, random.Random], str]] = {
    "pinyin": with_pinyin,
    "traditional": traditional,
    "doubled_commas": doubled_commas,
    "half_width": half_width,
    "furniture": furniture,
    "spam_line": spam_line,
    "brand": brand,
    "indented": indented,
    "html": html_page,
    "tail": tail,
}
