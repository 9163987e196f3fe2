"""Persons: who is named, with which titles, and where. A name follows its title and a verb follows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

SURNAMES: Final = frozenset(
    "赵钱孙李郤逯么占丘岳闾步利周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧肖尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓"
    "郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴郁胥苍双闻莘党翟谭贡劳逄姬申扶堵"
    "冉宰郦雍却璩桑桂濮牛寿边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容古易慎戈廖庾终暨居衡耿满弘匡国文寇禄阙东欧"
    "殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚简饶空曾毋沙乜养鞠须丰巢关蒯查后荆游竺权逯盖益桓公仉督晋楚闫法汝鄢涂钦归海岳"
    "帅缑亢况琴商牟佘佴伯赏墨哈谯笪年爱阳佟言福仝覃粟邝辜揭麦卻占幺邸芦苟兰闪鹿苑原麴佤楼植练官付代亓柘戢雒睢矫扬藏敬"
    "撒买税豆衣门芈历啜竹刚皇羌呼延旷庹枚冼蹇郇昌稽刑信隋臾战候鲜宝仓甯祖迟晃郄檀普尧锺邾卿宏虎冶车卯逢闭扎"
)
COMPOUND: Final = (
    "欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政 濮阳 公冶 太叔 申屠 公孙 慕容 "
    "仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马 公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 "
    "段干 百里 呼延 东郭 南门 羊舌 微生 梁丘 左丘 东门 西门 南荣 侯莫陈 贺若 乞伏 贺兰 叱罗 纳兰 完颜 耶律 达奚 尔朱 斛律 "
    "屈突 豆卢 万纽于 阿史那 第五 即墨 公叔 公仲 叔孙 季孙 淳于 单于 哥舒 谯笪 年爱 阳佟 呼衍 西陵 東郭 折娄 步六孤 普六茹 "
    "乙弗 破多罗 若干 宿勤 沮渠 秃发 尉迟 独孤 长谷 费莫 钮祜禄 富察 叶赫 那拉 爱新觉罗 佟佳 伊尔 索绰"
).split()
_TITLE_WORDS: Final = (
    "书记 副书记 第一书记 市长 副市长 省长 副省长 县长 副县长 区长 副区长 镇长 副镇长 乡长 副乡长 州长 副州长 盟长 旗长 主席 副主席 "
    "主任 副主任 局长 副局长 厅长 副厅长 部长 副部长 委员 常委 秘书长 副秘书长 总指挥 副总指挥 指挥长 副指挥长 常务副总指挥 "
    "常务副指挥长 组长 副组长 第一组长 政委 副政委 政治委员 校长 副校长 园长 院长 副院长 总经理 副总经理 经理 董事长 副董事长 "
    "总裁 总监 厂长 副厂长 矿长 支队长 副支队长 大队长 副大队长 总队长 副总队长 队长 副队长 站长 所长 副所长 处长 副处长 科长 "
    "股长 司令员 检察长 代市长 代省长 代县长 代区长 巡视员 调研员 二级巡视员 一级巡视员 一级调研员 行长 司长 副司长 署长 副署长 "
    "总工程师 总规划师 安全总监 专职副书记 党委书记 党组书记 党工委书记 负责人 负责同志 领导 领导同志 班长 教授 研究员 院士 "
    "主任医师 副主任医师 会长 副会长 理事长 总督学 督学 街道办主任 村支书 支书 总师 专员 副专员 关长 副关长 台长 社长 主委 "
    "新闻发言人 发言人 主持人 组成员 党组成员 党委委员 四级调研员 三级调研员 县级干部 参谋长 主官 首席专家 专家 联络员 班子成员 "
    "总会计师 副校长 教导员 教务长 工会主席 武装部长 人武部长 派出所长 村主任 社区书记 护士长 车间主任 厂领导"
).split()
_TITLE: Final = "|".join(sorted(dict.fromkeys(_TITLE_WORDS), key=len, reverse=True))
_VERBS: Final = (
    "主持|出席|讲话|指出|强调|要求|说|表示|参加|通报|部署|作|传达|宣读|安排|介绍|带队|在|就|对|到|深入|赴|前往|率|陪同|代表|还|也|"
    "紧接着|分别|先后|随后|随即|逐|当场|一行|布置|明确|提出|书面|列席|任|于|出席|组织|召开|宣布|致辞|发言|汇报|点评|总结|解读|"
    "听取|听完|实地|现场|调研|检查|督导|督查|督促|察看|查看|走访|慰问|指挥|坐镇|连线|通过|以|同志|同时|最后|首先|则|又|再|今天|昨天|"
    "昨日|今日|近日|日前|上午|下午|晚|当天|当日|当晚|参会|带头|结合|围绕|针对|认为|提醒|号召|希望|叮嘱|告诫|重申|批示|作出|下达|"
    "签发|主讲|领学|受|向|与|和|及|等|为|给|把|从|用|按|将|已|正|亲自|专程|冒雨|连夜|一同|共同|牵头|负责|担任|来到|走进|先|进行|"
    "拍板|点题|指定|责成|交办|听|看|问|充分|高度|专门|特别|进一步|继续|逐条|逐个|逐项|逐一|主持人|的|是|第一|一并|报告|随机|追问"
)
_BOUNDARY: Final = re.compile(rf"(?:[,，。、;；:：!！()（）\s“”\"·]|$|{_VERBS})")
_HAN: Final = r"[\u4e00-\u9fff]"
_NOT_NAME: Final = re.compile(
    "[的了在或是要把被让对从到于就也还都各县区省部局委办院校厂们等]|会议|安全|防控|疫情|工作|应急|街道|政府|部门|党委|党组|等级|指挥|"
    "领导|书记|主任|同志|负责|人员|群众|干部|企业|单位|小组|成员|大会|主持|出席|讲话|强调|指出|要求|表示|全体|有关|相关|常务|"
    "一行|分管|联系|职务|代表|机关|办公|秘书|常委|公安|消防|卫健|教育"
)
_TITLED: Final = re.compile(rf"(?:{_TITLE})(?:[(（][^()（）]{{1,20}}[)）])?\s?(?={_HAN})")
_ACTS: Final = re.compile(
    r"(?:主持|出席|讲话|指出|强调|要求|表示|部署|安排|参加|带队|作(?:重要)?(?:讲话|批示|部署|安排)|赴|率|宣读|通报|传达|一行|、[\u4e00-\u9fff]{2,4}(?:参加|出席|陪同))"
)
_PRESS: Final = re.compile(r"(?:记者|通讯员|编辑|摄影|撰稿|供稿|主播|作者|责编|审核|校对)[/:：\s]{0,3}$")
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
    dotted = re.match(rf"{_HAN}{{2,6}}(?:[·•]{_HAN}{{2,6}}?){{1,2}}(?={_BOUNDARY.pattern})", text[start : start + 24])
    if dotted:
        return start + dotted.end()
    family = surname_length(text[start : start + 4])
    if not family and strict:
        return start
    spaced = re.match(rf"({_HAN}) ({_HAN})(?={_BOUNDARY.pattern})", text[start : start + 12])
    if spaced and family == 1 and _plausible(spaced.group(1) + spaced.group(2), 1):
        return start + 3
    longest = (family or 1) + 2
    for size in range(longest, max(1, family or 1), -1):
        end = start + size
        given = text[start:end]
        follows = _BOUNDARY if family else _ACTS
        if len(given) == size and follows.match(text, end) and _plausible(given, family or 1):
            return end
    return start


def _plausible(name: str, family: int) -> bool:
    if not re.fullmatch(rf"{_HAN}+", name):
        return False
    return name[family:] not in _TITLE_SET and not _NOT_NAME.search(name[family:])


def mentions(text: str) -> list[Mention]:
    """Every named person in `text` (one width, no blanks inside names), in order."""
    found: dict[int, Mention] = {}
    for match in _TITLED.finditer(text):
        _follow_list(text, match.end(), _title_before(text, match.end()), found)
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
